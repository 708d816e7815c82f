"""Measures storing and triaging, durable and audited, on SQLite and on PostgreSQL, beside a bare insert of its rows."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.durable import demand_disk, demand_durable
from tests.bench.figures import AT_LEAST, AT_MOST, Figure, Goal, Row, ratio
from tests.bench.load import Measured, as_fast_as_it_goes
from tests.bench.plan import Plan
from tests.bench.servers import BUILD, SERVER_CORE, on_core, service
from tests.bench.serving import rates
from tests.bench.storable import storable
from tests.bench.told import told
from tests.postgres import folder_of_programs, running_server

NAMES = {"sqlite": "store and triage, SQLite", "postgresql": "store and triage, PostgreSQL"}
LONGEST_BARE = 2.0
"""Seconds of a round of bare inserts: they write much faster, and the disk is to hold them."""


@dataclass(frozen=True, slots=True)
class Database:
    """An empty database: its URL, and the folder it stands in."""

    url: str
    folder: Path


def measure(plan: Plan, kind: str) -> Row:
    """Store for some seconds, then insert bare rows into the same database, round after round."""
    if kind == "postgresql" and folder_of_programs() is None:
        return Row(NAMES[kind], "", (), not_run="PostgreSQL is missing (apt-get install postgresql)")
    with databases(kind) as database:
        disk = demand_disk(database.folder)
        with service(plan, database.url) as server, told(_bare(database.url)) as ask:
            kept = demand_durable(database.url)
            store = partial(as_fast_as_it_goes, server.port, storable().requests())
            store(min(1.0, plan.seconds))
            rounds = [(store(plan.seconds), ask(min(LONGEST_BARE, plan.seconds))) for _ in range(plan.rounds)]
    where = "the database on the server's core" if kind == "postgresql" else "in the server's process"
    conditions = f"{plan.conditions}, 4 connections, {where}; {kept}; {disk}"
    return Row(NAMES[kind], conditions, tuple(_figures([one for one, _ in rounds], [bare for _, bare in rounds])))


@contextmanager
def databases(kind: str) -> Iterator[Database]:
    """Make an empty database that keeps what it commits; PostgreSQL stands on the servers' core."""
    if kind == "sqlite":
        with TemporaryDirectory(dir=BUILD) as folder:
            yield Database(f"sqlite:///{folder}/store.sqlite3", Path(folder))
        return
    with ExitStack() as stack:
        with on_core(SERVER_CORE):
            server = stack.enter_context(running_server(is_durable=True))
        yield Database(server.new_database("bench"), server.folder)


def _bare(database: str) -> list[str]:
    return [sys.executable, "-m", "tests.bench.bare_insert", database]


def _figures(stored: list[Measured], bare: list[Measured]) -> Iterator[Figure]:
    if any(one.refused for one in stored):
        raise RuntimeError("the service refused what it was to store")
    yield Figure("responses stored", tuple(rates(stored)), "/s", Goal(AT_LEAST, 150))
    yield Figure("bare inserts of the same rows", tuple(rates(bare)), "/s")
    yield Figure("store: p50", tuple(one.p50 for one in stored), "ms")
    yield Figure("store: p99", tuple(one.p99 for one in stored), "ms", Goal(AT_MOST, 100))
    yield ratio("rate of storing by that of bare inserts", rates(stored), rates(bare))
