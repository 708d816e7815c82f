"""Opens the database that a URL names, SQLite or PostgreSQL, so that what is committed is durable; it runs no query."""

import os
import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

SECONDS_TO_CONNECT = 2
SECONDS_TO_WAIT = 2.5
"""How long to wait for a lock or a free connection; storing is to be refused within three seconds."""
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


def engine_of(written: str) -> Engine:
    """Make the engine for a URL; nothing is connected yet. Its connections are never shared with a forked process."""
    url = read_url(written)
    engine = _sqlite(url) if url.drivername == "sqlite" else _postgresql(url)
    event.listen(engine, "connect", _remember_process)
    event.listen(engine, "checkout", _refuse_other_process)
    return engine


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


def _postgresql(url: URL) -> Engine:
    return create_engine(
        url,
        connect_args={
            "connect_timeout": SECONDS_TO_CONNECT,
            # A server that went away without a word: unacknowledged data must not be waited for.
            "tcp_user_timeout": SECONDS_TO_CONNECT * 1000,
            "keepalives_idle": 5,
            "options": "-c synchronous_commit=on -c timezone=UTC -c lock_timeout=2500ms",
        },
        pool_size=CONNECTIONS,
        pool_timeout=SECONDS_TO_WAIT,
        pool_pre_ping=True,
        hide_parameters=True,
    )


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
    reads = connection.get_execution_options().get("reads", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _remember_process(_connection: object, entry: ConnectionPoolEntry) -> None:
    entry.info["process"] = os.getpid()


def _refuse_other_process(_connection: object, entry: Any, proxy: Any) -> None:  # noqa: ANN401 - the pool's own classes
    if entry.info["process"] != os.getpid():
        entry.dbapi_connection = proxy.dbapi_connection = None
        raise DisconnectionError("the connection belongs to the process that this one was forked from")
