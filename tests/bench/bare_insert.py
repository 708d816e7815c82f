"""Inserts the rows that the service would store for a response, and nothing else: no reading, no triage, no HTTP.

``python -m tests.bench.bare_insert URL`` says ``ready``; told a number of seconds, it says the milliseconds of each
transaction. The statements, the connections and the number of threads are the service's own; the rows are those that it
has stored for the same responses in a scratch store, under other ids.
"""

import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine, Table, insert, select

from service.edges.store.connect import engine_of
from service.edges.store.migrate import upgrade
from service.edges.store.schema import RECEIVED, VALUE, VERSION
from service.edges.store.store import Store
from service.settings import Settings
from service.usecases.caller import Caller
from service.usecases.responses import Responses
from tests.bench.storable import storable
from tests.real_book import proven_book

KINDS, THREADS = 30, Settings().threads
Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Storing:
    """The rows of one response: the versions, what each of them is found by, and the bytes received."""

    versions: Rows
    values: tuple[Rows, ...]
    received: Rows


def stored_rows(count: int = KINDS) -> list[Storing]:
    """Let the service store some responses in a scratch store, and read the rows back."""
    with TemporaryDirectory() as folder:
        engine = engine_of(f"sqlite:///{Path(folder)}/scratch.sqlite3")
        upgrade(engine)
        responses = Responses(proven_book(), Settings(), Store(engine))
        bodies = storable()
        ids = [responses.create(Caller(), bodies.body(number)).record.id for number in range(count)]
        rows = [_rows_of(engine, one) for one in ids]
        engine.dispose()
    return rows


def _rows_of(engine: Engine, response_id: str) -> Storing:
    versions = _read(engine, VERSION, "response_id", response_id)
    sequences = [row.pop("sequence") for row in versions]
    values = tuple(_read(engine, VALUE, "sequence", one) for one in sequences)
    return Storing(versions, values, _read(engine, RECEIVED, "response_id", response_id))


def _read(engine: Engine, table: Table, column: str, value: object) -> Rows:
    query = select(table).where(table.c[column] == value).order_by(*table.primary_key)
    with engine.connect().execution_options(reads=True) as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def write(engine: Engine, one: Storing) -> None:
    """Insert the rows of one response under new ids, in one transaction."""
    response = str(uuid4())
    versions = [{**row, "id": str(uuid4()), "response_id": response} for row in one.versions]
    returning = insert(VERSION).returning(VERSION.c.sequence, sort_by_parameter_order=True)
    with engine.begin() as connection:
        sequences = connection.scalars(returning, versions).all()
        pairs = zip(one.values, sequences, strict=True)
        connection.execute(insert(VALUE), [{**row, "sequence": number} for rows, number in pairs for row in rows])
        connection.execute(insert(RECEIVED), [{**row, "response_id": response} for row in one.received])


def measure(engine: Engine, storings: Sequence[Storing], seconds: float) -> list[float]:
    """Insert from several threads at once; return the milliseconds of each transaction."""
    times: list[float] = []
    end = perf_counter() + seconds

    def run() -> None:
        for one in cycle(storings):
            begin = perf_counter()
            if begin >= end:
                return
            write(engine, one)
            times.append((perf_counter() - begin) * 1000)

    threads = [threading.Thread(target=run) for _ in range(THREADS)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return times


def main(database: str) -> None:
    """Measure as often as is told."""
    engine, storings = engine_of(database), stored_rows()
    upgrade(engine)
    print("ready", flush=True)
    for line in sys.stdin:
        print(*measure(engine, storings, float(line)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
