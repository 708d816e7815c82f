"""Measures ``$triage`` beside an empty route, JSON echo, a straightforward service and HAPI, in interleaved rounds."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from tempfile import TemporaryDirectory

from tests.bench import hapi
from tests.bench.bodies import bare, mix
from tests.bench.figures import AT_LEAST, AT_MOST, Figure, Goal, Row, ratio
from tests.bench.load import CONNECTIONS, Measured, as_fast_as_it_goes, at_rate, request
from tests.bench.moment import authored_now
from tests.bench.plan import Plan
from tests.bench.servers import BUILD, TRIAGE, beside, service
from tests.judges.maven import PartMissingError

NAME = "serving"
EMPTY, ECHO, OURS, SLOW, HAPI = "empty route", "JSON echo", "$triage", "straightforward", "HAPI $apply, no HTTP"
ENOUGH_FOR_P99 = 100


@dataclass(frozen=True, slots=True)
class Contender:
    """Something to be measured: at full load for some seconds, and, where that has a meaning, at a rate."""

    name: str
    full: Callable[[float], Measured]
    at_rate: Callable[[float, float], Measured] | None = None


@dataclass(slots=True)
class Rounds:
    """What one contender gave, round by round."""

    full: list[Measured]
    half: list[Measured]


def measure(plan: Plan) -> Row:
    """Run every round of every contender, one right after the other."""
    with ExitStack() as stack:
        contenders, absent = _contenders(plan, stack)
        measured = {one.name: Rounds([], []) for one in contenders}
        for one in contenders:
            one.full(min(1.0, plan.seconds))
        for _ in range(plan.rounds):
            for one in contenders:
                _round(one, measured[one.name], plan.seconds)
    _demand_answers(measured)
    figures = (*_figures(measured), *_ratios(measured))
    return Row(NAME, f"{plan.conditions} each, one core for the server, one for the load{absent}", figures)


def _contenders(plan: Plan, stack: ExitStack) -> tuple[list[Contender], str]:
    bodies = authored_now(mix())
    folder = stack.enter_context(TemporaryDirectory(dir=BUILD))
    ours = service(plan, f"sqlite:///{folder}/store.sqlite3")
    running = [(EMPTY, beside("empty")), (ECHO, beside("echo")), (OURS, ours), (SLOW, beside("straightforward"))]
    contenders = []
    for name, server in running:
        path = TRIAGE if name == OURS else "/"
        requests = cycle([request(path, body) for body in bodies])
        port = stack.enter_context(server).port
        # Four at once in one process would only wait for each other for many seconds, and be cut off.
        full = partial(as_fast_as_it_goes, port, requests, connections=1 if name == SLOW else CONNECTIONS)
        contenders.append(Contender(name, full, None if name == SLOW else partial(at_rate, port, requests)))
    absent = "HAPI was not asked for" if not plan.java else hapi.missing_part()
    if not absent:
        try:
            ask = stack.enter_context(hapi.applying(authored_now(bare(of_each=60))))
            contenders.append(Contender(HAPI, ask))
        except PartMissingError as reason:
            absent = str(reason)
    return contenders, f"; NOT RUN: {absent}" if absent else ""


def _round(one: Contender, rounds: Rounds, seconds: float) -> None:
    rounds.full.append(one.full(seconds))
    if one.at_rate is not None:
        rounds.half.append(one.at_rate(seconds, rounds.full[-1].per_second / 2))


def _demand_answers(measured: Mapping[str, Rounds]) -> None:
    for name, rounds in measured.items():
        if any(one.refused for one in (*rounds.full, *rounds.half)):
            raise RuntimeError(f"{name} refused what it was measured with")


def rates(rounds: Sequence[Measured]) -> list[float]:
    """Return the answers per second of each round."""
    return [one.per_second for one in rounds]


def times(name: str, rounds: Sequence[Measured]) -> Iterator[Figure]:
    """Give p50 and, where every round had answers enough, p99."""
    yield Figure(f"{name}: p50", tuple(one.p50 for one in rounds), "ms")
    if all(len(one.milliseconds) >= ENOUGH_FOR_P99 for one in rounds):
        yield Figure(f"{name}: p99", tuple(one.p99 for one in rounds), "ms")


def _figures(measured: Mapping[str, Rounds]) -> Iterator[Figure]:
    for name, rounds in measured.items():
        yield Figure(name, tuple(rates(rounds.full)), "/s")
    for name, rounds in measured.items():
        yield from times(f"{name}, full load", rounds.full)
        if rounds.half:
            yield from times(f"{name}, half load", rounds.half)


def _ratios(measured: Mapping[str, Rounds]) -> Iterator[Figure]:
    for other in (one for one in measured if one != OURS):
        goal = Goal(AT_LEAST, 0.70) if other == ECHO else None
        yield ratio(f"throughput of $triage by {other}", rates(measured[OURS].full), rates(measured[other].full), goal)
    for other in (one for one, rounds in measured.items() if one != OURS and rounds.half):
        goal = Goal(AT_MOST, 2.5) if other == ECHO else None
        ours, others = ([one.p99 for one in measured[name].half] for name in (OURS, other))
        yield ratio(f"p99 at half load of $triage by {other}", ours, others, goal)
