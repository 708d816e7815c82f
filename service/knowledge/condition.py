"""Conditions over findings as plain data: what rules, terms, derivations and withholdings ask; evaluated elsewhere."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Operator = Literal["below", "at-most", "at-least", "above"]
OPERATORS: tuple[Operator, ...] = ("below", "at-most", "at-least", "above")


@dataclass(frozen=True, slots=True)
class Always:
    """Hold without asking anything."""


@dataclass(frozen=True, slots=True)
class Holds:
    """Hold where a yes/no finding is present."""

    finding: str


@dataclass(frozen=True, slots=True)
class Compares:
    """Hold where a measure, in its canonical unit, stands on one side of a threshold."""

    measure: str
    operator: Operator
    threshold: Decimal


@dataclass(frozen=True, slots=True)
class Chosen:
    """Hold where an option of a choice was chosen."""

    choice: str
    option: str


@dataclass(frozen=True, slots=True)
class Term:
    """Hold where a named term holds; the term's own condition is kept beside its name."""

    name: str
    condition: "Condition"


@dataclass(frozen=True, slots=True)
class Not:
    """Hold where its part is known not to hold."""

    part: "Condition"


@dataclass(frozen=True, slots=True)
class AtLeast:
    """Hold where at least ``count`` of the parts hold: ``all`` is every part, ``any`` is one."""

    count: int
    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class UnlessAll:
    """Hold where ``part`` holds, unless every exemption is answered with the one answer that exempts."""

    part: "Condition"
    exemptions: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class LevelAtLeast:
    """Hold where the result stands at this level or above: for withholdings and activities alone."""

    level: str


@dataclass(frozen=True, slots=True)
class RuleVerdict:
    """Hold where a rule fired, and stay open while the rule is undecided: for withholdings alone."""

    rule: str


@dataclass(frozen=True, slots=True)
class CauseListed:
    """Hold where the result lists a cause: for activities alone."""

    cause: str


@dataclass(frozen=True, slots=True)
class Withheld:
    """Hold where a withholding fired: for activities alone."""

    withholding: str


@dataclass(frozen=True, slots=True)
class QuestionsOpen:
    """Hold where an undecided rule could raise the level: for activities alone."""


Condition = (
    Always
    | Holds
    | Compares
    | Chosen
    | Term
    | Not
    | AtLeast
    | UnlessAll
    | LevelAtLeast
    | RuleVerdict
    | CauseListed
    | Withheld
    | QuestionsOpen
)


def parts_of(condition: Condition) -> tuple[Condition, ...]:
    """Name the conditions that stand directly inside this one."""
    match condition:
        case Term(_, inner) | Not(inner):
            return (inner,)
        case AtLeast(_, parts):
            return parts
        case UnlessAll(part, exemptions):
            return (part, *exemptions)
        case _:
            return ()


def walk(condition: Condition) -> Iterator[Condition]:
    """Visit the condition and everything inside it, depth first."""
    yield condition
    for part in parts_of(condition):
        yield from walk(part)


def findings_in(condition: Condition) -> frozenset[str]:
    """Name every finding the condition asks for."""
    names: set[str] = set()
    for node in walk(condition):
        match node:
            case Holds(finding):
                names.add(finding)
            case Compares(measure, _, _):
                names.add(measure)
            case Chosen(choice, _):
                names.add(choice)
            case _:
                pass
    return frozenset(names)


def unnegated(condition: Condition) -> Iterator[Holds | Compares | Chosen]:
    """Visit the leaves whose holding speaks for the condition: outside ``not`` and outside the exemptions.

    An exemption ``X absent`` is met as ``Not(X)`` inside the exemptions: X present then speaks for the condition, too.
    """
    match condition:
        case Holds() | Compares() | Chosen():
            yield condition
        case Not(_):
            return
        case UnlessAll(part, exemptions):
            yield from unnegated(part)
            for exemption in exemptions:
                if isinstance(exemption, Not):
                    yield from unnegated(exemption.part)
        case _:
            for part in parts_of(condition):
                yield from unnegated(part)
