"""Writes a condition as clauses, of which all must be met: three-valued logic as masks; it evaluates no facts.

A clause is a mask over marks. There are four marks for each leaf, two of what is known and two of what is not denied:
it is known to hold, it is known to fail, it may fail, it may hold. A clause is met where one of its marks is set.
Kleene's logic distributes, so every condition has such clauses; nothing is left out of a clause because it is opposed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from service.engine.leaves import Leaf, Leaves, OfResult
from service.knowledge.condition import (
    Always,
    AtLeast,
    CauseListed,
    Chosen,
    Compares,
    Condition,
    Holds,
    Not,
    QuestionsOpen,
    Term,
    UnlessAll,
)

Clauses = tuple[int, ...]
MET: Clauses = ()
UNMET: Clauses = (0,)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a condition: whether it holds for certain, or may still hold.

    ``doubted`` as in ``verdict.View``: the reassuring findings that count as absent while they are open.
    """

    leaves: Leaves
    certain: bool
    doubted: frozenset[str] | None = None

    def clauses(self, condition: Condition, *, holding: bool = True) -> Clauses:
        """Write the clauses of a condition's holding, or of its failing."""
        match condition:
            case Always():
                return MET if holding else UNMET
            case Term(_, part):
                return self.clauses(part, holding=holding)
            case Not(part):
                return self.clauses(part, holding=not holding)
            case AtLeast(count, parts):
                least = count if holding else len(parts) - count + 1
                return at_least_of(least, [self.clauses(part, holding=holding) for part in parts])
            case UnlessAll(part, exemptions):
                held = self.clauses(part, holding=holding)
                unexempt = self._unexempt(exemptions, holding=holding)
                return all_of([held, unexempt]) if holding else any_of([held, unexempt])
            case Holds() | Compares() | Chosen() | CauseListed() | QuestionsOpen():
                return (self._mark(condition, holding=holding),)
            case _:
                raise TypeError(f"no way to write clauses of {type(condition).__name__}")

    def _mark(self, leaf: Leaf | OfResult, *, holding: bool) -> int:
        bits = self.leaves.of(leaf)
        if self.doubted is not None and isinstance(leaf, Holds) and leaf.finding in self.doubted:
            return bits.holds if holding else self._denied(bits.holds)
        asked = bits if holding else bits.opposite
        return asked.holds if self.certain else self._denied(asked.fails)

    def _denied(self, bit: int) -> int:
        """Return the mark that is set where the bit of the known is not."""
        return bit << 2 * self.leaves.count

    def _unexempt(self, exemptions: tuple[Condition, ...], *, holding: bool) -> Clauses:
        """Write when not every exemption is met; in doubt, whatever is not met for certain does not exempt."""
        exempt = AtLeast(len(exemptions), exemptions)
        if self.doubted is None:
            return self.clauses(exempt, holding=not holding)
        return Question(self.leaves, not holding, self.doubted).clauses(exempt, holding=not holding)


def at_least_of(count: int, parts: list[Clauses]) -> Clauses:
    """Write that at least so many parts are met: of every larger group of the rest, one is."""
    if count <= 0:
        return MET
    groups = combinations(parts, len(parts) - count + 1) if count <= len(parts) else [()]
    return all_of(any_of(group) for group in groups)


def all_of(parts: Iterable[Clauses]) -> Clauses:
    """Write that all parts are met."""
    return _absorbed({clause for part in parts for clause in part})


def any_of(parts: Iterable[Clauses]) -> Clauses:
    """Write that one part is met."""
    joined = UNMET
    for part in parts:
        joined = _absorbed({one | other for one in joined for other in part})
    return joined


def _absorbed(clauses: set[int]) -> Clauses:
    """Leave out each clause that is met wherever a shorter one is."""
    kept: list[int] = []
    for clause in sorted(clauses, key=lambda one: (one.bit_count(), one)):
        if not any(shorter & clause == shorter for shorter in kept):
            kept.append(clause)
    return tuple(kept)
