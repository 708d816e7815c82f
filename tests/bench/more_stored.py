"""Measures reads and searches in a store of many responses beside one of 2,000, one request at a time."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from random import Random
from statistics import quantiles
from urllib.parse import quote

from sqlalchemy import delete, func, select

from service.edges.store.connect import engine_of
from service.edges.store.schema import LATEST_REVISION, VALUE, VERSION
from tests.bench.figures import AT_MOST, Figure, Goal, Row, ratio
from tests.bench.fill_store import Filled, fill, id_of, identifier_of, moment_of, patient_of
from tests.bench.load import Measured, as_fast_as_it_goes, request
from tests.bench.plan import Plan
from tests.bench.servers import BUILD, Server, service
from tests.bench.storing import databases
from tests.postgres import folder_of_programs

NAMES = {"sqlite": "reads and searches, SQLite", "postgresql": "reads and searches, PostgreSQL"}
FEW = 2_000
ONE_AT_A_TIME = 1
Path = Callable[[int], str]


def _page(query: str) -> str:
    return f"{query}&_count=20"


KINDS: dict[str, dict[str, Path]] = {
    "read": {
        "a response": lambda number: f"QuestionnaireResponse/{id_of(number)}",
        "a RiskAssessment": lambda number: f"RiskAssessment/{id_of(number, 'RiskAssessment')}",
    },
    "search": {
        "by identifier": lambda number: f"QuestionnaireResponse?identifier={quote(identifier_of(number))}",
        "by patient": lambda number: f"QuestionnaireResponse?patient={patient_of(number)}",
        "a patient's results": lambda number: f"RiskAssessment?subject={patient_of(number)}&_sort=-date",
        "by response": lambda number: f"CarePlan?response=QuestionnaireResponse/{id_of(number)}",
        "of a level, 20": lambda number: _page("RiskAssessment?triage-level=emergency"),
        "since, 20": lambda number: _page(f"RiskAssessment?_lastUpdated=ge{moment_of(number):%Y-%m-%dT%H:%M:%SZ}"),
    },
}


UNRECORDED = ", not recorded"
WAYS = {"": "true", UNRECORDED: "false"}
"""Each read and search leaves an AuditEvent, which is a commit; without them it is seen what the store itself takes."""


@dataclass(frozen=True, slots=True)
class Stores:
    """A store of few and one of many responses: how many each holds, and the service on each, by the way it records."""

    filled: tuple[Filled, Filled]
    servers: Mapping[str, tuple[Server, Server]]


def measure(plan: Plan, kind: str) -> Row:
    """Ask both stores the same in turn; p99 of reads, and of searches, over all their kinds alike."""
    if kind == "postgresql" and not plan.postgresql_filled:
        return Row(NAMES[kind], "", (), not_run="filling takes long; --postgresql-filled asks for it")
    if kind == "postgresql" and folder_of_programs() is None:
        return Row(NAMES[kind], "", (), not_run="PostgreSQL is missing (apt-get install postgresql)")
    with ExitStack() as stack:
        urls = [stack.enter_context(_database(kind, size)) for size in (FEW, plan.stored)]
        few, many = fill(urls[0], FEW), fill(urls[1], plan.stored)
        for url in urls:
            stack.enter_context(_as_it_was(url))
        servers = {way: _servers(plan, stack, urls, recorded) for way, recorded in WAYS.items()}
        stores = Stores((few, many), servers)
        measured = [_round(plan, stores) for _ in range(plan.rounds + 1)][1:]
    stored = Figure("bytes per response, with indexes", (float(many.bytes_per_response),), "bytes")
    figures = (*_ratios(measured, plan.stored), *_each(measured), stored)
    conditions = f"{plan.conditions} for reads and for searches, one request at a time, each recorded or not"
    return Row(NAMES[kind], conditions, figures)


@contextmanager
def _database(kind: str, size: int) -> Iterator[str]:
    """Name a database to be filled; one of SQLite is kept for the next run, as it takes long to fill."""
    if kind == "sqlite":
        yield f"sqlite:///{BUILD}/filled-{LATEST_REVISION}-{size}.sqlite3"
        return
    with databases(kind) as made:
        yield made.url


@contextmanager
def _as_it_was(url: str) -> Iterator[None]:
    """Take away afterwards what the reading of a filled store has left in it: the record that it was read."""
    engine = engine_of(url)
    with engine.connect().execution_options(reads=True) as connection:
        last = connection.scalar(select(func.max(VERSION.c.sequence)))
    try:
        yield
    finally:
        with engine.begin() as connection:
            for table in (VALUE, VERSION):
                connection.execute(delete(table).where(table.c.sequence > last))
        engine.dispose()


def _servers(plan: Plan, stack: ExitStack, urls: Sequence[str], recorded: str) -> tuple[Server, Server]:
    few, many = (stack.enter_context(service(plan, url, AUDIT_READS=recorded)) for url in urls)
    return few, many


Round = dict[tuple[str, str, str], tuple[Measured, Measured]]


def _round(plan: Plan, stores: Stores) -> Round:
    measured: Round = {}
    for way, servers in stores.servers.items():
        for group, kinds in KINDS.items():
            for name, path in kinds.items():
                pairs = zip(servers, stores.filled, strict=True)
                few, many = (_asked(*pair, path, plan.seconds / len(kinds)) for pair in pairs)
                measured[group, way, name] = (few, many)
    return measured


def _asked(server: Server, filled: Filled, path: Path, seconds: float) -> Measured:
    random = Random(filled.responses)  # noqa: S311 - a seed, so that every run asks the same
    numbers = (random.randrange(filled.responses) for _ in count())
    requests = (request(f"/fhir/{path(number)}", b"", method="GET") for number in numbers)
    measured = as_fast_as_it_goes(server.port, requests, seconds, ONE_AT_A_TIME)
    if measured.refused:
        raise RuntimeError("the service refused what it was asked")
    return measured


def _ratios(rounds: list[Round], stored: int) -> Iterator[Figure]:
    for way in WAYS:
        for group in KINDS:
            few, many = ([_p99(one, group, way, place) for one in rounds] for place in (0, 1))
            name = f"{group}{way}"
            yield ratio(f"p99 of a {name} at {stored:,} by that at {FEW:,}", many, few, Goal(AT_MOST, 1.5))
            yield Figure(f"{name}: p99 at {FEW:,}", tuple(few), "ms")
            yield Figure(f"{name}: p99 at {stored:,}", tuple(many), "ms")


def _p99(measured: Round, group: str, way: str, place: int) -> float:
    """Take as many answers of each kind: else the fastest kind, of which most were given, would hide the others."""
    kinds = [pair[place].milliseconds for key, pair in measured.items() if key[:2] == (group, way)]
    least = min(map(len, kinds))
    return quantiles([one for times in kinds for one in times[:least]], n=100, method="inclusive")[98]


def _each(rounds: list[Round]) -> Iterator[Figure]:
    """Tell each kind apart, as the store alone makes it grow."""
    for key in (one for one in rounds[0] if one[1] == UNRECORDED):
        pairs = [one[key] for one in rounds]
        name = f"p50 of {key[0]} {key[2]}{UNRECORDED}"
        yield ratio(name, [many.p50 for _, many in pairs], [few.p50 for few, _ in pairs])
