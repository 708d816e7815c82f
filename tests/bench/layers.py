"""Measures where the time of one request goes, layer by layer, inside one process and without HTTP."""

from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter_ns
from typing import Any
from unittest.mock import patch

from service.mapping.writing.json_bytes import dump
from service.mapping.writing.kept import Kept
from service.settings import Settings
from service.usecases import triage as whole
from service.usecases import triage_one as one_response
from service.usecases.triage import Triage
from tests.bench.bodies import mix
from tests.bench.moment import authored_now
from tests.real_book import proven_book

ROUNDS, FIRST, OF_EACH = 7, 1, 100
PARTS: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("read the body", whole, ("open_body",)),
    ("answers to facts", one_response, ("facts_of_answers", "read_answers")),
    ("the record beside", one_response, ("facts_of_record", "join", "places_of_own_record")),
    ("engine", one_response, ("assess", "gravest")),
    ("digests and header", one_response, ("header_of",)),
    ("write the results", one_response, ("write_results",)),
)
"""Each layer, and the functions that the use case calls it by."""


@dataclass(slots=True)
class _Clock:
    spent: dict[str, int] = field(default_factory=dict)

    def around(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*arguments: Any, **named: Any) -> Any:
            begin = perf_counter_ns()
            try:
                return function(*arguments, **named)
            finally:
                self.spent[name] = self.spent.get(name, 0) + perf_counter_ns() - begin

        return timed


def measure() -> dict[str, float]:
    """Return the microseconds of each layer for one request of the mix, the median over rounds; ``total`` is all."""
    triage, bodies = Triage(proven_book(), Settings(), kept=Kept()), authored_now(mix(of_each=OF_EACH))
    rounds: dict[str, list[float]] = {}
    for number in range(ROUNDS + FIRST):
        clock = _Clock()
        total, written = _round(triage, bodies, clock)
        if number < FIRST:
            continue
        times = {**{name: clock.spent.get(name, 0) for name, _, _ in PARTS}, "bytes": written}
        times |= {"else": total - sum(times.values()), "total": total}
        for name, nanoseconds in times.items():
            rounds.setdefault(name, []).append(nanoseconds / len(bodies) / 1000)
    return {name: median(each) for name, each in rounds.items()}


def _round(triage: Triage, bodies: list[bytes], clock: _Clock) -> tuple[int, int]:
    patches = [
        patch.object(module, function, clock.around(name, getattr(module, function)))
        for name, module, functions in PARTS
        for function in functions
        if hasattr(module, function)
    ]
    for each in patches:
        each.start()
    begin, written = perf_counter_ns(), 0
    for body in bodies:
        answer = triage(body)
        before = perf_counter_ns()
        dump(answer.resource)
        written += perf_counter_ns() - before
    total = perf_counter_ns() - begin
    for each in patches:
        each.stop()
    return total, written
