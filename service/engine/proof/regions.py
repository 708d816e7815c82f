"""Cuts the range of a measure where the book's conditions cut it: inside a region no condition tells numbers apart."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from service.engine.proof import logic
from service.engine.proof.logic import Formula, Term, both
from service.knowledge.condition import Compares, Condition, walk
from service.knowledge.model import RuleBook


@dataclass(frozen=True, slots=True)
class Region:
    """The numbers from ``low`` to ``high``, without the ends themselves unless both are the same number.

    An end that is missing has no limit on that side. ``sample`` is a number of the region.
    """

    low: Decimal | None
    high: Decimal | None
    sample: Decimal

    def holds(self, value: Term) -> Formula:
        """Hold where the value stands in the region."""
        if self.low is not None and self.low == self.high:
            return logic.equals(value, self.low)
        above = logic.TRUE if self.low is None else logic.compared(value, "above", self.low)
        below = logic.TRUE if self.high is None else logic.compared(value, "below", self.high)
        return both(above, below)

    def __str__(self) -> str:
        if self.low is not None and self.low == self.high:
            return f"{self.low}"
        if self.low is None:
            return f"under {self.high}"
        return f"over {self.low}" if self.high is None else f"between {self.low} and {self.high}"


def regions(book: RuleBook, measure: str) -> list[Region]:
    """List the regions of a measure in ascending order, those alone that a form's bounds let an answer fall in."""
    thresholds = sorted({one.threshold for one in _comparisons(book) if one.measure == measure})
    if not thresholds:
        return []
    cut = list(_cut(thresholds))
    low, high = _bounds(book, measure)
    whole = book.findings[measure].kind == "integer"
    sampled = (_sampled(one, low, high, whole=whole) for one in cut)
    return [one for one in sampled if one is not None]


def measures(book: RuleBook) -> list[str]:
    """Name the measures that a condition compares."""
    return sorted({one.measure for one in _comparisons(book)})


def _comparisons(book: RuleBook) -> Iterator[Compares]:
    conditions: list[Condition] = [rule.when for rule in book.rules.values()]
    conditions += [one.when for one in book.derivations] + [one.when for one in book.contradictions]
    conditions += [one.when for one in book.withholdings.values()]
    conditions += [book.scope_out, *(item.shown_when for item in book.form.items() if item.shown_when is not None)]
    for condition in conditions:
        yield from (node for node in walk(condition) if isinstance(node, Compares))


def _cut(thresholds: list[Decimal]) -> Iterator[tuple[Decimal | None, Decimal | None]]:
    yield None, thresholds[0]
    for low, high in pairwise(thresholds):
        yield low, low
        yield low, high
    yield thresholds[-1], thresholds[-1]
    yield thresholds[-1], None


def _bounds(book: RuleBook, measure: str) -> tuple[Decimal, Decimal]:
    item = next((item for item in book.form.items() if item.link_id == measure), None)
    low = item.minimum if item is not None else None
    high = item.maximum if item is not None else None
    return (Decimal(0) if low is None else low), (Decimal(100_000) if high is None else high)


def _sampled(
    ends: tuple[Decimal | None, Decimal | None], least: Decimal, most: Decimal, *, whole: bool
) -> Region | None:
    """Choose a number of the region within the bounds; None where there is none."""
    low, high = ends
    if low is not None and low == high:
        return Region(low, high, low) if least <= low <= most else None
    bottom = least if low is None else max(low, least)
    top = most if high is None else min(high, most)
    middle = (bottom + top) / 2
    near = bottom + 1 if high is None else top - 1
    candidates = [near, bottom, top] if whole else [near, middle, bottom, top]
    fitting = (one for one in candidates if least <= one <= most and _inside(one, low, high))
    sample = next(fitting, None)
    return None if sample is None else Region(low, high, sample)


def _inside(value: Decimal, low: Decimal | None, high: Decimal | None) -> bool:
    return (low is None or value > low) and (high is None or value < high)
