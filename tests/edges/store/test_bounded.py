"""PostgreSQL is waited for no longer than a request may take, also where it is connected and never answers."""

import time
from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from service.edges.store.bounded import BoundedConnection
from service.edges.store.connect import engine_of
from service.edges.store.migrate import upgrade
from service.edges.store.records import StoreDown
from service.edges.store.store import Store
from tests.postgres import Server, needs_postgresql

pytestmark = list(needs_postgresql)
BOUND = 3.0
"""Seconds: storing is refused within them."""


@pytest.fixture
def url(postgresql_server: Server) -> str:
    return postgresql_server.new_database(f"test-{uuid4()}")


@pytest.fixture
def known(url: str) -> Iterator[Store]:
    """A store that has been used, with a connection that waits in its pool."""
    engine = engine_of(url)
    upgrade(engine)
    store = Store(engine)
    store.ping()
    yield store
    engine.dispose()


@pytest.fixture
def hanging(postgresql_server: Server) -> Iterator[Server]:
    postgresql_server.pause()
    yield postgresql_server
    postgresql_server.resume()


@pytest.mark.parametrize("idle", [0.0, 1.2], ids=["just used", "idle"])
def test_a_server_that_hangs_is_given_up_on_and_used_again_when_it_answers(
    known: Store, postgresql_server: Server, idle: float
) -> None:
    time.sleep(idle)
    postgresql_server.pause()
    try:
        for _ in range(2):  # with the connection of the pool, and with a new one
            begun = time.monotonic()
            with pytest.raises(StoreDown):
                known.read("default", "CarePlan", "1")
            assert time.monotonic() - begun < BOUND
    finally:
        postgresql_server.resume()
    assert known.read("default", "CarePlan", "1") is None


def test_a_connection_that_waited_in_vain_is_never_used_again(url: str, postgresql_server: Server) -> None:
    connection = BoundedConnection.connect(url)
    connection.execute("SELECT 1")
    postgresql_server.pause()
    try:
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 2")
    finally:
        postgresql_server.resume()
    # What it asked for last would else be the answer to what it asks for next.
    assert connection.closed


def test_a_server_that_hangs_from_the_start_is_given_up_on(url: str, hanging: Server) -> None:
    engine = engine_of(url)
    begun = time.monotonic()
    with pytest.raises(StoreDown):
        Store(engine).ping()
    assert time.monotonic() - begun < BOUND
    assert hanging.port
    engine.dispose()


def test_a_statement_that_takes_long_is_ended_by_the_server(known: Store) -> None:
    begun = time.monotonic()
    with known.engine.connect() as connection, pytest.raises(OperationalError):
        connection.execute(text("SELECT pg_sleep(60)"))
    assert time.monotonic() - begun < BOUND
    assert known.read("default", "CarePlan", "1") is None


def test_what_takes_long_by_its_nature_is_waited_for(url: str) -> None:
    engine = engine_of(url, is_patient=True)
    with engine.connect() as connection:
        bounds = [connection.scalar(text(f"SHOW {name}")) for name in ("statement_timeout", "lock_timeout")]
        connection.execute(text("SELECT pg_sleep(2.5)"))
    assert bounds == ["0", "0"]
    engine.dispose()
