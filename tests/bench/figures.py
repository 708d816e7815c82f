"""What a run of the bench gives: rows of figures with their goals, kept as JSON; it measures nothing."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

AT_LEAST, AT_MOST = "at least", "at most"


@dataclass(frozen=True, slots=True)
class Goal:
    """A limit that the median of a figure must keep; ``side`` is AT_LEAST or AT_MOST."""

    side: str
    limit: float

    def is_met(self, value: float) -> bool:
        return value >= self.limit if self.side == AT_LEAST else value <= self.limit


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: what was measured, its value in each round, and its unit; a ratio has none."""

    name: str
    values: tuple[float, ...]
    unit: str = ""
    goal: Goal | None = None

    @property
    def median(self) -> float:
        return median(self.values)

    @property
    def is_absolute(self) -> bool:
        """Tell whether it holds for this machine alone."""
        return bool(self.unit)

    @property
    def verdict(self) -> str:
        """Say whether the goal is met; empty where there is none."""
        if self.goal is None:
            return ""
        return "met" if self.goal.is_met(self.median) else "missed"


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one part of the bench and what they were measured under; ``not_run`` says why there are none."""

    name: str
    conditions: str
    figures: tuple[Figure, ...]
    not_run: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """Everything measured on one machine."""

    machine: str
    rows: tuple[Row, ...]

    def beside(self, earlier: "Run | None") -> "Run":
        """Return the rows of an earlier run on the same machine with those of this one in their place or behind."""
        if earlier is None or earlier.machine != self.machine:
            return self
        rows = {row.name: row for row in (*earlier.rows, *self.rows)}
        return Run(self.machine, tuple(rows.values()))

    def figure(self, row: str, name: str) -> Figure | None:
        """Find a figure; None where it was not measured."""
        return next((f for r in self.rows if r.name == row for f in r.figures if f.name == name), None)


def ratio(name: str, ones: Sequence[float], others: Sequence[float], goal: Goal | None = None) -> Figure:
    """Divide round by round: what is compared was measured in the same round, one right after the other."""
    return Figure(name, tuple(one / other for one, other in zip(ones, others, strict=True)), goal=goal)


def write_run(run: Run, path: Path) -> None:
    """Keep a run as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(asdict(run), indent=1, ensure_ascii=False) + "\n", "utf-8")


def read_run(path: Path) -> Run | None:
    """Read what was kept; None where nothing was."""
    if not path.is_file():
        return None
    written = json.loads(path.read_text("utf-8"))
    return Run(written["machine"], tuple(map(_row, written["rows"])))


def _row(written: Mapping[str, Any]) -> Row:
    return Row(written["name"], written["conditions"], tuple(_figures(written["figures"])), written["not_run"])


def _figures(written: Iterable[Mapping[str, Any]]) -> Iterable[Figure]:
    for one in written:
        goal = one["goal"] and Goal(one["goal"]["side"], one["goal"]["limit"])
        yield Figure(one["name"], tuple(one["values"]), one["unit"], goal)
