"""What the proof of one property found: what was asked, what is listed, what fails; as plain data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from service.engine.facts import Value
from service.engine.proof.logic import Formula, Model, Solver, Unanswered


@dataclass(frozen=True, slots=True)
class Ticked:
    """What was chosen in a checklist, and whether not-sure was; nothing of both means none of these."""

    chosen: frozenset[str]
    not_sure: bool


Said = bool | Decimal | frozenset[str] | Ticked


@dataclass(frozen=True, slots=True)
class Example:
    """One patient: the facts, and the answers by linkId that give them; without answers no form alone gives them."""

    facts: Mapping[str, Value]
    answers: Mapping[str, Said] | None


@dataclass(frozen=True, slots=True)
class Failure:
    """One counterexample in words, with the patients it is about: before and after, or one alone."""

    says: str
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True)
class Property:
    """One property: ``count`` questions were put to the solver; ``listed`` is what is allowed, each with its reason."""

    id: str
    title: str
    count: int
    listed: tuple[str, ...] = ()
    failures: tuple[Failure, ...] = ()


Examples = Callable[[Model], tuple[Example, ...]]


def refuted(solver: Solver, wanted: Formula, says: str, examples: Examples) -> tuple[Failure, ...]:
    """Prove that what is wanted cannot be, or return its counterexample; a solver without an answer proves nothing."""
    try:
        model = solver.example(wanted)
    except Unanswered as reason:
        return (Failure(f"{says}: not proven, the solver has no answer ({reason})"),)
    return () if model is None else (Failure(says, examples(model)),)


def missed(solver: Solver, wanted: Formula, says: str) -> tuple[Failure, ...]:
    """Find an input for which something holds that must be possible, or say that there is none."""
    try:
        return () if solver.example(wanted) else (Failure(says),)
    except Unanswered as reason:
        return (Failure(f"{says}: not proven, the solver has no answer ({reason})"),)


def examples_of(*readings: Callable[[Model], Example]) -> Examples:
    """Read several patients out of one model."""
    return lambda model: tuple(reading(model) for reading in readings)
