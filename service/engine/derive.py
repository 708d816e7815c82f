"""Completes the facts: what follows from them, and which reading counts where two of them contradict each other."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from service.engine.clauses import Clauses, Question
from service.engine.facts import Fact, Facts
from service.engine.leaves import Leaves, number_leaves
from service.engine.memory import keep
from service.engine.ordered import joined
from service.engine.reasons import Reasoning, Reasonings
from service.knowledge.condition import Condition, Holds
from service.knowledge.model import Contradiction, Derivation, RuleBook


@dataclass(frozen=True, slots=True)
class Conflict:
    """A contradiction that was met: the findings that stand against each other, and the one that was read anew."""

    finding: str
    present: bool
    against: tuple[str, ...]
    says: str


@dataclass(frozen=True, slots=True)
class Completed:
    """The facts after derivations and contradictions, and the conflicts that were met on the way.

    ``known`` is what the leaves of conditions tell of the facts.
    """

    facts: Facts
    conflicts: tuple[Conflict, ...]
    known: int


@dataclass(frozen=True, slots=True)
class Step:
    """A derivation or contradiction: the clauses that make it apply, and the bits that it sets and takes away."""

    made: Derivation | Contradiction
    clauses: Clauses
    sets: int
    takes: int
    reasoning: Reasoning


@dataclass(frozen=True, slots=True)
class Following:
    """What follows from what is known: facts by finding, conflicts, and what is known then."""

    facts: Facts
    conflicts: tuple[Conflict, ...]
    sets: int
    takes: int


@dataclass(frozen=True, slots=True)
class Steps:
    """The derivations, then the contradictions, in their order; ``reads`` is all that they read or make.

    ``following`` remembers what follows.
    """

    steps: tuple[Step, ...]
    reads: int
    following: dict[int, Following] = field(default_factory=dict)


def complete(book: RuleBook, facts: Facts) -> Completed:
    """Apply the derivations in their order, then the contradictions; the more dangerous reading counts."""
    leaves, steps = _alone(book)
    return completed(steps, facts, leaves.known(facts))


def completed(steps: Steps, facts: Facts, known: int) -> Completed:
    """Complete facts of which ``known`` is what the leaves tell."""
    key = known & steps.reads
    one = steps.following.get(key) or keep(steps.following, key, _following(steps.steps, facts, known))
    return Completed({**facts, **one.facts}, one.conflicts, known & ~one.takes | one.sets)


def _following(steps: tuple[Step, ...], facts: Facts, known: int) -> Following:
    found = dict(facts)
    conflicts: list[Conflict] = []
    before = known
    for step in steps:
        if all(known & clause for clause in step.clauses) and _says_more(step.made, found.get(step.made.finding)):
            found[step.made.finding] = _fact(step, known, found, conflicts)
            known = known & ~step.takes | step.sets
    new = {finding: fact for finding, fact in found.items() if fact is not facts.get(finding)}
    return Following(new, tuple(conflicts), known & ~before, before & ~known)


def _says_more(made: Derivation | Contradiction, answered: Fact | None) -> bool:
    if answered is None or isinstance(made, Contradiction):
        return True
    return not made.only_where_unknown and answered.value != made.present


def _fact(step: Step, known: int, found: Facts, conflicts: list[Conflict]) -> Fact:
    made = step.made
    because = tuple(dict.fromkeys(step.reasoning(known).holding))
    if isinstance(made, Contradiction):
        conflicts.append(Conflict(made.finding, made.present, because, made.says))
        return Fact(made.present, "contradiction", because)
    if made.finding in found:
        conflicts.append(Conflict(made.finding, made.present, (made.finding, *because), made.says))
    return Fact(made.present, "derived", because)


def _made(book: RuleBook) -> tuple[Derivation | Contradiction, ...]:
    return (*book.derivations, *book.contradictions)


def conditions_of(book: RuleBook) -> Iterator[Condition]:
    """Visit what the derivations and contradictions ask for, and what they make."""
    for made in _made(book):
        yield made.when
        yield Holds(made.finding)


def steps_of(book: RuleBook, leaves: Leaves) -> Steps:
    """Prepare the derivations and contradictions of a book."""
    steps = tuple(_step(made, leaves) for made in _made(book))
    return Steps(steps, joined(leaves.read_by(condition) for condition in conditions_of(book)))


def _step(made: Derivation | Contradiction, leaves: Leaves) -> Step:
    bits = leaves.of(Holds(made.finding))
    told = bits if made.present else bits.opposite
    clauses = Question(leaves, certain=True).clauses(made.when)
    return Step(made, clauses, told.holds, told.fails, Reasonings(leaves).of(made.when))


@lru_cache(maxsize=8)
def _alone(book: RuleBook) -> tuple[Leaves, Steps]:
    leaves = number_leaves(conditions_of(book))
    return leaves, steps_of(book, leaves)
