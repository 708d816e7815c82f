"""Formulas over the answers of a response, true or false and never open, in their shortest form; no FHIRPath yet."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from service.knowledge.condition import Operator


@dataclass(frozen=True, slots=True)
class Given:
    """True where the question has one of these answers: codes of options, or ``true`` of a yes/no."""

    item: str
    answers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Denied:
    """True where the question is answered, and with none of these answers."""

    item: str
    answers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Measured:
    """True where the question is answered with a number on this side of the threshold, in the unit of the rules."""

    item: str
    operator: Operator
    threshold: Decimal


@dataclass(frozen=True, slots=True)
class Written:
    """True where the question holds text."""

    item: str


@dataclass(frozen=True, slots=True)
class AllOf:
    """True where every part is; without parts always."""

    parts: tuple["Formula", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True where a part is; without parts never."""

    parts: tuple["Formula", ...]


@dataclass(frozen=True, slots=True)
class Opposite:
    """True where the part is not."""

    part: "Formula"


CONVERSE: Mapping[Operator, Operator] = {
    "below": "at-least",
    "at-least": "below",
    "above": "at-most",
    "at-most": "above",
}
"""The comparison that holds for a number where another does not."""

Formula = Given | Denied | Measured | Written | AllOf | AnyOf | Opposite
TRUE = AllOf(())
FALSE = AnyOf(())


def all_of(parts: Iterable[Formula]) -> Formula:
    """Join parts that must all hold: without what others imply, what is denied of one question in one."""
    kept = _joined_denials(_distinct(_flat(parts, AllOf)))
    if FALSE in kept or any(opposite(part) in kept for part in kept):
        return FALSE
    kept = [part for part in kept if not _is_absorbed(part, kept, AnyOf) and not _is_implied(part, kept)]
    return kept[0] if len(kept) == 1 else AllOf(tuple(kept))


def any_of(parts: Iterable[Formula]) -> Formula:
    """Join parts of which one must hold: without what others imply, the answers to one question in one."""
    kept = _joined_answers(_distinct(_flat(parts, AnyOf)))
    if TRUE in kept or any(opposite(part) in kept for part in kept):
        return TRUE
    kept = [part for part in kept if not _is_absorbed(part, kept, AllOf)]
    return kept[0] if len(kept) == 1 else AnyOf(tuple(kept))


def opposite(formula: Formula) -> Formula:
    """Return what is true where the formula is not."""
    match formula:
        case Opposite(part):
            return part
        case AllOf(()):
            return FALSE
        case AnyOf(()):
            return TRUE
        case _:
            return Opposite(formula)


def _flat(parts: Iterable[Formula], joint: type[AllOf | AnyOf]) -> Iterator[Formula]:
    for part in parts:
        if isinstance(part, joint):
            yield from _flat(part.parts, joint)
        elif joint is AllOf and isinstance(part, Opposite) and isinstance(part.part, AnyOf):
            yield from _flat((opposite(one) for one in part.part.parts), joint)
        else:
            yield part


def _distinct(parts: Iterable[Formula]) -> list[Formula]:
    return list(dict.fromkeys(parts))


def _is_absorbed(part: Formula, others: list[Formula], joint: type[AllOf | AnyOf]) -> bool:
    """Tell whether another part makes this one idle: x in `x or (x and y)`, and in `x and (x or y)`."""
    return isinstance(part, joint) and any(one in part.parts for one in others if one is not part)


def _is_implied(part: Formula, others: list[Formula]) -> bool:
    """Tell whether a number on the other side of the same threshold says it already."""
    match part:
        case Opposite(Measured(item, operator, threshold)):
            return Measured(item, CONVERSE[operator], threshold) in others
        case _:
            return False


def _joined_answers(parts: list[Formula]) -> list[Formula]:
    joined: dict[object, Formula] = {}
    for part in parts:
        key = part.item if isinstance(part, Given) else part
        before = joined.get(key)
        if isinstance(part, Given) and isinstance(before, Given):
            joined[key] = Given(part.item, before.answers | part.answers)
        else:
            joined[key] = part
    return list(joined.values())


def _joined_denials(parts: list[Formula]) -> list[Formula]:
    """Join what is denied of one question; where it is answered at all, `not given` is a denial, too."""
    answered = {part.item for part in parts if isinstance(part, Denied)}
    joined: dict[object, Formula] = {}
    for part in parts:
        denial = _as_denial(part, answered)
        key = denial.item if isinstance(denial, Denied) else denial
        before = joined.get(key)
        if isinstance(denial, Denied) and isinstance(before, Denied):
            joined[key] = Denied(denial.item, before.answers | denial.answers)
        else:
            joined[key] = denial
    return list(joined.values())


def _as_denial(part: Formula, answered: set[str]) -> Formula:
    match part:
        case Opposite(Given(item, answers)) if item in answered:
            return Denied(item, answers)
        case _:
            return part
