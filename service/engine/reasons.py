"""Says of one condition how it comes out and by which findings, from what is known as bits; it remembers nothing.

``table`` decides all rules at once but names nothing; this names the findings behind the few that are told. It says the
same as ``verdict`` does of facts.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

from service.engine.leaves import Leaves, finding_of
from service.engine.verdict import Verdict, at_least
from service.knowledge.condition import (
    Always,
    AtLeast,
    Chosen,
    Compares,
    Condition,
    Holds,
    Not,
    Term,
    UnlessAll,
)

Names = tuple[str, ...]


class Reason(NamedTuple):
    """How a condition comes out, the findings that make it hold, and those whose answers would decide it."""

    verdict: Verdict
    holding: Names = ()
    opened: Names = ()


Reasoning = Callable[[int], Reason]

HOLDS, FAILS = Reason(True), Reason(False)


@dataclass(frozen=True, slots=True)
class Reasonings:
    """Makes conditions ready to be reasoned about. What a condition asks of the result is ``settled`` beforehand."""

    leaves: Leaves
    settled: Mapping[Condition, Reasoning] = field(default_factory=dict)

    def of(self, condition: Condition) -> Reasoning:  # noqa: PLR0911 - one return a kind
        """Make one condition ready."""
        match condition:
            case Always():
                return lambda _: HOLDS
            case Term(_, part):
                return self.of(part)
            case Holds() | Compares() | Chosen():
                return self._leaf(condition)
            case Not(part):
                return self._opposite(part)
            case AtLeast(count, parts):
                return _counting(count, [self.of(part) for part in parts])
            case UnlessAll(part, exemptions):
                return self._unless(part, exemptions)
            case _:
                return self.settled[condition]

    def _leaf(self, leaf: Holds | Compares | Chosen) -> Reasoning:
        bits = self.leaves.of(leaf)
        holds, fails, name = bits.holds, bits.fails, (finding_of(leaf),)
        held, opened = Reason(True, name), Reason(None, (), name)

        def reason(known: int) -> Reason:
            if known & holds:
                return held
            return FAILS if known & fails else opened

        return reason

    def _opposite(self, part: Condition) -> Reasoning:
        inner, told = self.of(part), self._told(part)

        def reason(known: int) -> Reason:
            met = inner(known)
            if met.verdict is None:
                return met
            return FAILS if met.verdict else Reason(True, told(known))

        return reason

    def _unless(self, part: Condition, exemptions: tuple[Condition, ...]) -> Reasoning:
        inner = self.of(part)
        exempting = [(self.of(one), self._told(one)) for one in exemptions]

        def reason(known: int) -> Reason:
            met = inner(known)
            exempt = [one(known) for one, _ in exempting]
            exempted = at_least(len(exempt), [one.verdict for one in exempt])
            verdict = at_least(2, [met.verdict, None if exempted is None else not exempted])
            if verdict is None:
                return Reason(None, (), met.opened + _joined(one.opened for one in exempt))
            if not verdict:
                return FAILS
            failing = (told for (_, told), one in zip(exempting, exempt, strict=True) if one.verdict is False)
            return Reason(True, met.holding + _joined(told(known) for told in failing))

        return reason

    def _told(self, condition: Condition) -> Callable[[int], Names]:
        """Name the findings of a condition that are known, whatever they are known as."""
        leaves = [(bits.holds | bits.fails, finding_of(leaf)) for leaf, bits in self.leaves.in_condition(condition)]
        return lambda known: tuple([name for bits, name in leaves if known & bits])


def _counting(count: int, parts: list[Reasoning]) -> Reasoning:
    def reason(known: int) -> Reason:
        met = [part(known) for part in parts]
        verdict = at_least(count, [one.verdict for one in met])
        if verdict is None:
            return Reason(None, (), _joined(one.opened for one in met))
        return Reason(True, _joined(one.holding for one in met)) if verdict else FAILS

    return reason


def _joined(names: Iterable[Names]) -> Names:
    return tuple(chain.from_iterable(names))
