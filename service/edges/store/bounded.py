"""Connections to PostgreSQL that wait for an answer no longer than they are told; what is asked is not known here.

A server that hangs still has its machine acknowledge what is sent: no timeout of TCP notices, and those of the server
itself hang with it. So the client counts, and a connection that waited in vain is closed and never used again.
"""

from collections.abc import Callable
from typing import Any

import psycopg
from psycopg.abc import RV, PQGen
from psycopg.pq import TransactionStatus

SECONDS_TO_ANSWER = 2.2
"""For one statement. What the server can tell by itself, a lock or a slow statement, it tells after two seconds."""
SECONDS_TO_GREET = 0.5
"""For a connection that was idle to show that it still stands; connecting anew takes up to two seconds more."""


class BoundedConnection(psycopg.Connection[Any]):
    """A connection that is closed, with OperationalError, once it has waited too long; psycopg's own way to be told."""

    seconds = SECONDS_TO_ANSWER

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        """Wait for an answer."""
        try:
            return super().wait(gen, interval, self.seconds if timeout is None else timeout)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                # The answer is still to come, and would be taken for that to the next question.
                self.pgconn.finish()
            raise

    def greet(self) -> None:
        """Make sure that the connection still stands; raise OperationalError where it does not, and at once."""
        self.seconds = SECONDS_TO_GREET
        try:
            self.autocommit = True  # or a transaction would be begun and ended, in two more turns
            self.execute("")
            self.autocommit = False
        finally:
            self.seconds = SECONDS_TO_ANSWER


def connect_bounded(_dialect: object, _record: object, arguments: list[Any], named: dict[str, Any]) -> Any:  # noqa: ANN401 - as SQLAlchemy wants it
    """Connect in place of SQLAlchemy."""
    connect: Callable[..., psycopg.Connection[Any]] = BoundedConnection.connect
    return connect(*arguments, **named)
