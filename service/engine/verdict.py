"""Evaluates one condition in three-valued logic (Kleene): True, False, or None where an open fact would decide it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from service.engine.facts import Value
from service.knowledge.condition import (
    Always,
    AtLeast,
    CauseListed,
    Chosen,
    Compares,
    Condition,
    Holds,
    LevelAtLeast,
    Not,
    QuestionsOpen,
    RuleVerdict,
    Term,
    UnlessAll,
    Withheld,
    walk,
)

Verdict = bool | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a withholding or an activity may ask of the result so far: ranks by level id, verdicts, listed causes."""

    rank: int
    ranks: Mapping[str, int]
    rules: Mapping[str, Verdict]
    causes: frozenset[str] = frozenset()
    withholdings: Mapping[str, Verdict] = field(default_factory=dict)
    questions_open: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """The facts a condition is read against.

    ``doubted`` names the reassuring findings that count as absent while they are open; where it is given, every open
    exemption counts as not exempting. Without it nothing is assumed.
    """

    known: Mapping[str, Value]
    doubted: frozenset[str] | None = None
    outcome: Outcome | None = None


def evaluate(condition: Condition, view: View) -> Verdict:  # noqa: PLR0911 - one return for each kind of condition
    """Decide a condition: True, False, or None while it is open."""
    match condition:
        case Holds(finding):
            return _holds(finding, view)
        case Term(_, inner):
            return evaluate(inner, view)
        case AtLeast(count, parts):
            return at_least(count, [evaluate(part, view) for part in parts])
        case Compares(measure, operator, threshold):
            return _compares(view.known.get(measure), operator, threshold)
        case Not(part):
            verdict = evaluate(part, view)
            return None if verdict is None else not verdict
        case UnlessAll(part, exemptions):
            return at_least(2, [evaluate(part, view), _not_exempt(exemptions, view)])
        case Chosen(choice, option):
            chosen = view.known.get(choice)
            return option in chosen if isinstance(chosen, frozenset) else None
        case Always():
            return True
        case _:
            return _of_outcome(condition, view.outcome)


def _holds(finding: str, view: View) -> Verdict:
    value = view.known.get(finding)
    if value is None and view.doubted is not None and finding in view.doubted:
        return False
    return value if isinstance(value, bool) else None


def at_least(count: int, verdicts: list[Verdict]) -> Verdict:
    """Decide whether at least so many hold."""
    holding = verdicts.count(True)
    if holding >= count:
        return True
    return None if holding + verdicts.count(None) >= count else False


def _compares(value: Value | None, operator: str, threshold: Decimal) -> Verdict:
    if not isinstance(value, Decimal):
        return None
    match operator:
        case "at-least":
            return value >= threshold
        case "at-most":
            return value <= threshold
        case "below":
            return value < threshold
        case _:
            return value > threshold


def _not_exempt(exemptions: tuple[Condition, ...], view: View) -> Verdict:
    met = at_least(len(exemptions), [evaluate(one, view) for one in exemptions])
    if met is None:
        return None if view.doubted is None else True
    return not met


def _of_outcome(condition: Condition, outcome: Outcome | None) -> Verdict:
    if outcome is None:
        return None
    match condition:
        case LevelAtLeast(level):
            return outcome.rank >= outcome.ranks[level]
        case RuleVerdict(rule):
            return outcome.rules[rule]
        case CauseListed(cause):
            return cause in outcome.causes
        case Withheld(withholding):
            return outcome.withholdings[withholding]
        case QuestionsOpen():
            return outcome.questions_open
        case _:
            raise TypeError(f"no way to evaluate {type(condition).__name__}")


def open_findings(condition: Condition, view: View) -> Iterator[str]:
    """Name the findings whose answers would decide an undecided condition, in the order they stand in it."""
    if evaluate(condition, view) is not None:
        return
    match condition:
        case Holds(name) | Compares(name, _, _) | Chosen(name, _):
            yield name
        case Term(_, part) | Not(part):
            yield from open_findings(part, view)
        case AtLeast(_, parts):
            for part in parts:
                yield from open_findings(part, view)
        case UnlessAll(part, exemptions):
            yield from open_findings(part, view)
            for exemption in exemptions:
                yield from open_findings(exemption, view)
        case _:
            return


def holding_findings(condition: Condition, view: View) -> Iterator[str]:
    """Name the findings that make a condition hold, in the order they stand in it."""
    if evaluate(condition, view) is not True:
        return
    match condition:
        case Holds(name) | Compares(name, _, _) | Chosen(name, _):
            yield name
        case Term(_, part):
            yield from holding_findings(part, view)
        case AtLeast(_, parts):
            for part in parts:
                yield from holding_findings(part, view)
        case UnlessAll(part, exemptions):
            yield from holding_findings(part, view)
            for exemption in exemptions:
                if evaluate(exemption, view) is False:
                    yield from _failing(exemption, view)
        case Not(part):
            yield from _failing(condition, view)
        case _:
            return


def _failing(condition: Condition, view: View) -> Iterator[str]:
    for node in walk(condition):
        match node:
            case Holds(name) | Compares(name, _, _) | Chosen(name, _) if name in view.known:
                yield name
            case _:
                pass
