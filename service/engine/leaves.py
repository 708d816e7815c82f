"""Numbers the leaves of conditions, two bits each, and reads facts into one integer; it evaluates no condition."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from service.engine.facts import Facts
from service.engine.ordered import joined
from service.knowledge.condition import (
    CauseListed,
    Chosen,
    Compares,
    Condition,
    Holds,
    QuestionsOpen,
    walk,
)

Leaf = Holds | Compares | Chosen
OfResult = CauseListed | QuestionsOpen
"""What activities ask of the result: it is numbered like a leaf, and known once the result is."""

MIRRORED: Mapping[str, str] = {"below": "at-least", "at-most": "above"}
"""A comparison and its opposite share their bits: both are open while the measure is."""


@dataclass(frozen=True, slots=True)
class Bits:
    """The bit that is set where a leaf is known to hold, and the bit that is set where it is known not to."""

    holds: int
    fails: int

    @property
    def opposite(self) -> "Bits":
        """Return the bits of the opposite."""
        return Bits(self.fails, self.holds)


@dataclass(frozen=True, slots=True)
class Scale:
    """A measure's thresholds in order, and what is known of its leaves below, at and above each of them."""

    thresholds: tuple[Decimal, ...]
    known: tuple[int, ...]

    def read(self, value: Decimal) -> int:
        """Return the bits of all leaves of the measure."""
        return self.known[bisect_left(self.thresholds, value) + bisect_right(self.thresholds, value)]


@dataclass(frozen=True, slots=True)
class Leaves:
    """Every leaf of some conditions, numbered. Where neither of its two bits is set, a leaf is open.

    ``count`` is the number of leaves; ``present`` and ``absent`` are the bits of yes/no findings.
    """

    count: int
    bits: Mapping[Leaf | OfResult, Bits]
    present: Mapping[str, int]
    absent: Mapping[str, int]
    scales: Mapping[str, Scale]
    options: Mapping[str, tuple[tuple[str, Bits], ...]]

    def of(self, leaf: Leaf | OfResult) -> Bits:
        """Return the bits of a leaf."""
        if isinstance(leaf, Compares) and leaf.operator in MIRRORED:
            return self.bits[_shared(leaf)].opposite
        return self.bits[leaf]

    def in_condition(self, condition: Condition) -> Iterator[tuple[Leaf, Bits]]:
        """Visit the leaves of a condition with their bits."""
        yield from ((leaf, self.of(leaf)) for leaf in leaves_of(condition))

    def read_by(self, condition: Condition) -> int:
        """Return all bits that a condition's verdict can depend on."""
        return joined(bits.holds | bits.fails for _, bits in self.in_condition(condition))

    def known(self, facts: Facts) -> int:
        """Read facts into one integer. What no condition asks for, and a value of another kind, leaves no bit."""
        absent, present = self.absent, self.present
        known = 0
        for finding, fact in facts.items():
            value = fact.value
            if value is False:
                known |= absent.get(finding, 0)
            elif value is True:
                known |= present.get(finding, 0)
            elif finding in self.scales and isinstance(value, Decimal):
                known |= self.scales[finding].read(value)
            elif finding in self.options and isinstance(value, frozenset):
                known |= self._chosen(finding, value)
        return known

    def _chosen(self, choice: str, chosen: frozenset[str]) -> int:
        known = 0
        for option, bits in self.options[choice]:
            known |= bits.holds if option in chosen else bits.fails
        return known


def leaves_of(condition: Condition) -> Iterator[Leaf]:
    """Visit the leaves of a condition in the order they stand in it."""
    for node in walk(condition):
        if isinstance(node, Leaf):
            yield node


def finding_of(leaf: Leaf) -> str:
    """Name the finding that a leaf asks for."""
    if isinstance(leaf, Holds):
        return leaf.finding
    return leaf.measure if isinstance(leaf, Compares) else leaf.choice


def number_leaves(conditions: Iterable[Condition]) -> Leaves:
    """Give numbers to the leaves of conditions in the order they are met."""
    nodes = (node for condition in conditions for node in walk(condition))
    met = dict.fromkeys(_shared(node) for node in nodes if isinstance(node, Leaf | OfResult))
    bits = {leaf: Bits(1 << 2 * index, 2 << 2 * index) for index, leaf in enumerate(met)}
    yes_no = {leaf.finding: one for leaf, one in bits.items() if isinstance(leaf, Holds)}
    measures = dict.fromkeys(leaf.measure for leaf in bits if isinstance(leaf, Compares))
    options: dict[str, tuple[tuple[str, Bits], ...]] = {}
    for leaf, one in bits.items():
        if isinstance(leaf, Chosen):
            options[leaf.choice] = (*options.get(leaf.choice, ()), (leaf.option, one))
    return Leaves(
        count=len(bits),
        bits=bits,
        present={finding: one.holds for finding, one in yes_no.items()},
        absent={finding: one.fails for finding, one in yes_no.items()},
        scales={measure: _scale(measure, bits) for measure in measures},
        options=options,
    )


def _shared(leaf: Leaf | OfResult) -> Leaf | OfResult:
    match leaf:
        case Compares(measure, "below", threshold):
            return Compares(measure, "at-least", threshold)
        case Compares(measure, "at-most", threshold):
            return Compares(measure, "above", threshold)
        case _:
            return leaf


def _scale(measure: str, bits: Mapping[Leaf | OfResult, Bits]) -> Scale:
    """Work out what is known below the first threshold, at it, between it and the second, and so on."""
    leaves = {leaf: one for leaf, one in bits.items() if isinstance(leaf, Compares) and leaf.measure == measure}
    thresholds = sorted({leaf.threshold for leaf in leaves})
    between = [(low + high) / 2 for low, high in pairwise(thresholds)]
    values = sorted([thresholds[0] - 1, *thresholds, *between, thresholds[-1] + 1])
    return Scale(tuple(thresholds), tuple(_at(value, leaves) for value in values))


def _at(value: Decimal, leaves: Mapping[Compares, Bits]) -> int:
    known = 0
    for leaf, bits in leaves.items():
        met = value >= leaf.threshold if leaf.operator == "at-least" else value > leaf.threshold
        known |= bits.holds if met else bits.fails
    return known
