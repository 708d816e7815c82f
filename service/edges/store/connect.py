"""Opens the database that a URL names, SQLite or PostgreSQL, so that what is committed is durable; it runs no query."""

import os
import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DisconnectionError, InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry

SECONDS_TO_CONNECT = 2
SECONDS_TO_WAIT = 2.5
"""How long to wait for a lock or a free connection; storing is to be refused within three seconds."""
MILLISECONDS_FOR_A_LOCK = 1500
NOT_PLANNED = ("enable_seqscan", "enable_material", "enable_hashjoin", "enable_mergejoin", "jit")
"""What PostgreSQL must not plan: each page follows an index and looks up the rest row by row (see ``conditions``)."""
SECONDS_IDLE = 1
"""A connection that was used within is not asked whether it still stands: that would cost a turn to the server."""
CONNECTIONS = 16


def read_url(written: str) -> URL:
    """Read ``sqlite:///file`` or ``postgresql://user:password@host/name``; raise ValueError for anything else."""
    try:
        url = make_url(written)
    except ArgumentError:
        raise ValueError("not a database URL") from None
    if url.drivername == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    if url.drivername != "sqlite" or not url.database or url.database == ":memory:":
        raise ValueError("neither sqlite:/// with a file nor postgresql://")
    return url


def is_embedded(written: str) -> bool:
    """Tell whether the URL names a file of SQLite, which belongs to this service alone."""
    return read_url(written).drivername == "sqlite"


def engine_of(written: str, *, is_patient: bool = False) -> Engine:
    """Make the engine for a URL; nothing is connected yet. Its connections are never shared with a forked process.

    It gives up in time for a request to be refused; one that ``is_patient`` waits for as long as a backup takes.
    """
    url = read_url(written)
    engine = _sqlite(url) if url.drivername == "sqlite" else _postgresql(url, is_patient=is_patient)
    event.listen(engine, "connect", _remember_process)
    event.listen(engine, "checkout", _refuse_other_process)
    if engine.dialect.name == "postgresql" and not is_patient:
        # After the check of the process: what is said on a connection of another one, that one would hear.
        _never_wait_in_vain(engine)
    return engine


def for_single_statements(engine: Engine) -> Engine:
    """Return the engine for statements that each are a transaction: none is begun and ended, in turns of their own.

    A transaction that is only rolled back would also have psycopg forget all that PostgreSQL has prepared for it.
    """
    if engine.dialect.name == "sqlite":
        return engine.execution_options(single=True)
    return engine.execution_options(isolation_level="AUTOCOMMIT")


def _sqlite(url: URL) -> Engine:
    engine = create_engine(
        url,
        connect_args={"timeout": SECONDS_TO_WAIT, "check_same_thread": False},
        pool_size=CONNECTIONS,
        pool_timeout=SECONDS_TO_WAIT,
        # An error would otherwise quote the values of a statement, and they are a patient's.
        hide_parameters=True,
    )
    event.listen(engine, "do_connect", _make_private_file)
    event.listen(engine, "connect", _make_durable)
    event.listen(engine, "begin", _begin)
    return engine


def _postgresql(url: URL, *, is_patient: bool) -> Engine:
    chosen = {
        "lock_timeout": str(MILLISECONDS_FOR_A_LOCK),
        "statement_timeout": f"{SECONDS_TO_CONNECT}s",
        **dict.fromkeys(NOT_PLANNED, "off"),
        "max_parallel_workers_per_gather": "0",
    }
    bounds = "" if is_patient else "".join(f" -c {name}={value}" for name, value in chosen.items())
    return create_engine(
        url,
        connect_args={
            "connect_timeout": SECONDS_TO_CONNECT,
            # A server that went away without a word: unacknowledged data must not be waited for.
            "tcp_user_timeout": SECONDS_TO_CONNECT * 1000,
            "keepalives_idle": 5,
            "options": f"-c synchronous_commit=on -c timezone=UTC{bounds}",
        },
        pool_size=CONNECTIONS,
        pool_timeout=SECONDS_TO_WAIT,
        hide_parameters=True,
    )


def _never_wait_in_vain(engine: Engine) -> None:
    # Imported here: a server on SQLite starts without the client of PostgreSQL.
    from service.edges.store.bounded import connect_bounded  # noqa: PLC0415

    event.listen(engine, "do_connect", connect_bounded)
    event.listen(engine, "connect", _remember_use)
    event.listen(engine, "checkin", _remember_use)
    event.listen(engine, "checkout", _greet)


def _greet(connection: Any, entry: ConnectionPoolEntry, _proxy: object) -> None:  # noqa: ANN401 - the pool's own classes
    """Have a connection that was idle replaced, where its server was restarted or hangs."""
    if time.monotonic() - entry.info.get("used", 0.0) < SECONDS_IDLE:
        return
    from psycopg import OperationalError  # noqa: PLC0415 - as above

    try:
        connection.greet()
    except OperationalError:
        raise InvalidatePoolError("the connection does not stand any more, and nor do those beside it") from None


def _remember_use(_connection: object, entry: ConnectionPoolEntry) -> None:
    entry.info["used"] = time.monotonic()


def _make_private_file(_dialect: object, _record: object, arguments: list[Any], _named: dict[str, Any]) -> None:
    """Make a new file readable by its owner alone; SQLite gives the files beside it the same rights."""
    file = Path(arguments[0])
    if not file.exists():
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))


def _make_durable(connection: sqlite3.Connection, _entry: object) -> None:
    # SQLite's driver would begin transactions by its own rules; _begin does it by ours.
    connection.isolation_level = None
    cursor = connection.cursor()
    # WAL: readers never wait for the writer. FULL: a commit returns when it is on the disk.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-16000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Any) -> None:  # noqa: ANN401 - SQLAlchemy's Connection, whose event has no type
    # IMMEDIATE takes the write lock at once: a transaction that reads first and writes later could not be finished.
    options = connection.get_execution_options()
    if not options.get("single", False):
        connection.exec_driver_sql("BEGIN" if options.get("reads", False) else "BEGIN IMMEDIATE")


def _remember_process(_connection: object, entry: ConnectionPoolEntry) -> None:
    entry.info["process"] = os.getpid()


def _refuse_other_process(_connection: object, entry: Any, proxy: Any) -> None:  # noqa: ANN401 - the pool's own classes
    if entry.info["process"] != os.getpid():
        entry.dbapi_connection = proxy.dbapi_connection = None
        raise DisconnectionError("the connection belongs to the process that this one was forked from")
