"""Two obvious evaluators to hold the engine against: Kleene's tables as arithmetic, and every open answer tried out."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import product

from service.engine.facts import Value
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
    walk,
)

Known = Mapping[str, Value]
NO, OPEN, YES = 0, 1, 2
VERDICT = {NO: False, OPEN: None, YES: True}


def kleene(condition: Condition, known: Known, doubted: frozenset[str] | None = None) -> bool | None:
    """Decide by Kleene's strong tables.

    With `doubted`, an open finding that is named there counts as absent, and no open exemption exempts.
    """
    return VERDICT[_worth(condition, known, doubted)]


def _worth(condition: Condition, known: Known, doubted: frozenset[str] | None) -> int:  # noqa: PLR0911 - one return a kind
    """Weigh a condition: `not` turns the scale over, `all` is the least, and `at least n` the n-th greatest."""
    match condition:
        case Always():
            return YES
        case Holds(name) if name not in known and name in (doubted or ()):
            return NO
        case Holds(name) | Compares(name, _, _) | Chosen(name, _):
            return (NO, YES)[_is_so(condition, known)] if name in known else OPEN
        case Term(_, part):
            return _worth(part, known, doubted)
        case Not(part):
            return YES - _worth(part, known, doubted)
        case AtLeast(count, parts):
            return sorted((_worth(part, known, doubted) for part in parts), reverse=True)[count - 1]
        case UnlessAll(part, exemptions):
            exempt = min(_worth(one, known, doubted) for one in exemptions)
            if exempt == OPEN and doubted is not None:
                exempt = NO
            return min(_worth(part, known, doubted), YES - exempt)
        case _:
            raise TypeError(condition)


def _is_so(leaf: Holds | Compares | Chosen, known: Known) -> bool:
    """Tell whether a leaf holds, its finding being known."""
    match leaf:
        case Holds(name):
            return known[name] is True
        case Chosen(name, option):
            return option in list(known[name])  # type: ignore[arg-type]  # a choice is known as a set of options
        case Compares(name, operator, threshold):
            sides = {"below": [-1], "at-most": [-1, 0], "at-least": [0, 1], "above": [1]}
            difference = Decimal(known[name]) - threshold  # type: ignore[arg-type]  # a measure is known as a number
            return (difference > 0) - (difference < 0) in sides[operator]


def by_trying(condition: Condition, known: Known) -> bool | None:
    """Decide by every way in which the open findings can turn out: true in all, false in all, or open."""
    outcomes = {_is_true(condition, {**known, **answers}) for answers in _ways(condition, known)}
    return outcomes.pop() if len(outcomes) == 1 else None


def _ways(condition: Condition, known: Known) -> Iterator[dict[str, Value]]:
    possible: dict[str, set[Value]] = {}
    for leaf in walk(condition):
        match leaf:
            case Holds(name):
                possible[name] = {True, False}
            case Chosen(name, option):
                chosen = possible.setdefault(name, {frozenset()})
                chosen |= {frozenset([option, *one]) for one in chosen if isinstance(one, frozenset)}
            case Compares(name, _, threshold):
                possible.setdefault(name, set()).update([threshold - 1, threshold, threshold + 1])
            case _:
                pass
    names = [name for name in possible if name not in known]
    for values in product(*(possible[name] for name in names)):
        yield dict(zip(names, values, strict=True))


def _is_true(condition: Condition, known: Known) -> bool:
    """Decide in two values, every finding being known."""
    match condition:
        case Always():
            return True
        case Holds() | Compares() | Chosen():
            return _is_so(condition, known)
        case Term(_, part):
            return _is_true(part, known)
        case Not(part):
            return not _is_true(part, known)
        case AtLeast(count, parts):
            return sum(_is_true(part, known) for part in parts) >= count
        case UnlessAll(part, exemptions):
            return _is_true(part, known) and not all(_is_true(one, known) for one in exemptions)
        case _:
            raise TypeError(condition)
