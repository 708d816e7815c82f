"""Demands that a database keeps what it has committed, through a loss of power too; it changes no setting."""

import os
from pathlib import Path
from statistics import median
from time import perf_counter

from sqlalchemy import Connection, make_url

from service.edges.store.connect import engine_of

MEMORY = ("tmpfs", "ramfs")
SQLITE = {"journal_mode": "wal", "synchronous": "2"}
"""2 is FULL: a commit returns when it is on the disk."""
POSTGRESQL = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
BLOCK, TIMES = b"x" * 4096, 30


class NotDurableError(Exception):
    """A commit could be lost; what were measured then would not be storing."""


def demand_durable(database: str) -> str:
    """Say how the service's own connections keep what they commit; raise NotDurableError where they would not."""
    is_sqlite = make_url(database).drivername == "sqlite"
    engine = engine_of(database)
    try:
        with engine.connect().execution_options(reads=True) as connection:
            met = _met(connection, "PRAGMA {}" if is_sqlite else "SHOW {}", SQLITE if is_sqlite else POSTGRESQL)
    finally:
        engine.dispose()
    if met != (SQLITE if is_sqlite else POSTGRESQL):
        raise NotDurableError(f"met {met}")
    return ", ".join(f"{name} {value}" for name, value in met.items())


def _met(connection: Connection, asks: str, settings: dict[str, str]) -> dict[str, str]:
    return {name: str(connection.exec_driver_sql(asks.format(name)).scalar()) for name in settings}


def demand_disk(folder: Path) -> str:
    """Name the file system of a folder and how long one fsync takes there; raise NotDurableError where it is memory."""
    kind = file_system(folder)
    if kind in MEMORY:
        raise NotDurableError(f"a folder for databases is {kind}")
    return f"{kind}, one fsync of 4 KiB takes {_fsync(folder):.1f} ms here"


def file_system(folder: Path) -> str:
    """Name the kind of file system that a folder stands on."""
    mounts = [line.split()[1:3] for line in Path("/proc/mounts").read_text().splitlines()]
    above = {str(one) for one in (folder.resolve(), *folder.resolve().parents)}
    return max((len(place), kind) for place, kind in mounts if place in above)[1]


def _fsync(folder: Path) -> float:
    file = folder / "fsync"
    times = []
    with file.open("wb", buffering=0) as written:
        for _ in range(TIMES):
            begin = perf_counter()
            written.write(BLOCK)
            os.fsync(written.fileno())
            times.append((perf_counter() - begin) * 1000)
    file.unlink()
    return median(times)
