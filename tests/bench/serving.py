"""Measures ``$triage`` beside an empty route, JSON echo and a straightforward service, in interleaved rounds."""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median

from tests.bench.bodies import mix
from tests.bench.load import Measured, as_fast_as_it_goes, at_rate, request
from tests.bench.servers import TRIAGE, beside, service

ROUNDS = 5
SLOW = "straightforward"
OURS, ECHO = "$triage", "JSON echo"


@dataclass(frozen=True, slots=True)
class Row:
    """One server: answers per second, and p50 and p99 in milliseconds, of each round."""

    name: str
    per_second: tuple[float, ...]
    p50: tuple[float, ...]
    p99: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Serving:
    """The rows at full load, and those of the service and of JSON echo at half of what each takes."""

    full: tuple[Row, ...]
    half: tuple[Row, ...]

    def ratios(self, name: str, to: str = ECHO) -> tuple[float, float, float]:
        """Return min, median and max of one server's throughput by another's, round by round."""
        pair = zip(_of(self.full, name).per_second, _of(self.full, to).per_second, strict=True)
        each = [one / other for one, other in pair]
        return min(each), median(each), max(each)

    def half_load_p99(self) -> tuple[float, float, float]:
        """Return min, median and max of the service's p99 at half load by that of JSON echo at half load."""
        each = [one / other for one, other in zip(_of(self.half, OURS).p99, _of(self.half, ECHO).p99, strict=True)]
        return min(each), median(each), max(each)


def _of(rows: tuple[Row, ...], name: str) -> Row:
    return next(row for row in rows if row.name == name)


def measure(seconds: float) -> Serving:
    """Run every round of every server; ``seconds`` is the length of one."""
    bodies = mix()
    with ExitStack() as stack:
        ports = {
            "empty route": (stack.enter_context(beside("empty")), "/"),
            ECHO: (stack.enter_context(beside("echo")), "/"),
            OURS: (stack.enter_context(service()), TRIAGE),
            SLOW: (stack.enter_context(beside(SLOW)), "/"),
        }
        sent = {name: [request(path, body) for body in bodies] for name, (_, path) in ports.items()}
        full: dict[str, list[Measured]] = {name: [] for name in ports}
        half: dict[str, list[Measured]] = {OURS: [], ECHO: []}
        for name, (port, _) in ports.items():
            as_fast_as_it_goes(port, sent[name], 1.0)
        for _ in range(ROUNDS):
            for name, (port, _path) in ports.items():
                full[name].append(as_fast_as_it_goes(port, sent[name], seconds))
            for name, rounds in half.items():
                rate = full[name][-1].per_second / 2
                rounds.append(at_rate(ports[name][0], sent[name], seconds, rate))
    return Serving(_rows(full), _rows(half))


def _rows(measured: Mapping[str, list[Measured]]) -> tuple[Row, ...]:
    for name, rounds in measured.items():
        if any(one.refused for one in rounds):
            raise RuntimeError(f"{name} refused what it was measured with")
    return tuple(
        Row(
            name,
            tuple(one.per_second for one in rounds),
            tuple(one.percentile(50) for one in rounds),
            tuple(one.percentile(99) for one in rounds),
        )
        for name, rounds in measured.items()
    )
