"""Writes conditions as formulas in Kleene's logic, as the engine evaluates them; it evaluates nothing itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from service.engine.proof import logic
from service.engine.proof.logic import FALSE, TRUE, Formula, both, either, opposite
from service.engine.proof.symbols import Choice, Number, Symbols, YesNo
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
)


@dataclass(frozen=True, slots=True)
class Kleene:
    """When a condition is true and when it is false; where neither, it is undecided."""

    true: Formula
    false: Formula

    @property
    def open(self) -> Formula:
        """Hold where the condition is undecided."""
        return both(opposite(self.true), opposite(self.false))


CERTAIN = Kleene(TRUE, FALSE)


def decided(formula: Formula) -> Kleene:
    """Be true where the formula holds and false where it does not, and never open."""
    return Kleene(formula, opposite(formula))


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What a withholding or an activity may ask of the result: formulas by level, rule, cause and withholding."""

    levels: Mapping[str, Formula]
    rules: Mapping[str, Kleene]
    causes: Mapping[str, Formula] = field(default_factory=dict)
    withholdings: Mapping[str, Kleene] = field(default_factory=dict)
    questions_open: Formula = FALSE


@dataclass(frozen=True, slots=True)
class Reading:
    """The facts that conditions are read against, as in ``service.engine.verdict.View``; terms are read once."""

    symbols: Symbols
    doubted: frozenset[str] | None = None
    outcomes: Outcomes | None = None
    terms: dict[str, Kleene] = field(default_factory=dict)


def verdict(condition: Condition, reading: Reading) -> Kleene:  # noqa: PLR0911 - one return for each kind of condition
    """Say when a condition is true and when it is false."""
    match condition:
        case Holds(finding):
            return _holds(finding, reading)
        case Term(name, inner):
            if name not in reading.terms:
                reading.terms[name] = verdict(inner, reading)
            return reading.terms[name]
        case AtLeast(count, parts):
            return _at_least(count, [verdict(part, reading) for part in parts])
        case Compares(measure, operator, threshold):
            number = reading.symbols[measure]
            assert isinstance(number, Number)  # noqa: S101 - the loader refuses a comparison of anything else
            holds = logic.compared(number.value, operator, threshold)
            return Kleene(both(number.known, holds), both(number.known, opposite(holds)))
        case Not(part):
            inverted = verdict(part, reading)
            return Kleene(inverted.false, inverted.true)
        case UnlessAll(part, exemptions):
            return _at_least(2, [verdict(part, reading), _not_exempt(exemptions, reading)])
        case Chosen(choice, option):
            chosen = reading.symbols[choice]
            assert isinstance(chosen, Choice)  # noqa: S101 - the loader refuses the options of anything else
            return Kleene(
                both(chosen.known, chosen.options[option]), both(chosen.known, opposite(chosen.options[option]))
            )
        case Always():
            return CERTAIN
        case _:
            return _of_outcomes(condition, reading.outcomes)


def _holds(finding: str, reading: Reading) -> Kleene:
    symbol = reading.symbols[finding]
    assert isinstance(symbol, YesNo)  # noqa: S101 - the loader refuses anything else by its name alone
    if reading.doubted is not None and finding in reading.doubted:
        return decided(symbol.present)
    return Kleene(symbol.present, symbol.absent)


def _at_least(count: int, parts: list[Kleene]) -> Kleene:
    true = logic.at_least(count, [part.true for part in parts])
    return Kleene(true, logic.at_least(len(parts) - count + 1, [part.false for part in parts]))


def _not_exempt(exemptions: tuple[Condition, ...], reading: Reading) -> Kleene:
    met = _at_least(len(exemptions), [verdict(one, reading) for one in exemptions])
    return Kleene(met.false, met.true) if reading.doubted is None else Kleene(opposite(met.true), met.true)


def _of_outcomes(condition: Condition, outcomes: Outcomes | None) -> Kleene:
    if outcomes is None:
        return Kleene(FALSE, FALSE)
    match condition:
        case LevelAtLeast(level):
            return decided(outcomes.levels[level])
        case RuleVerdict(rule):
            return outcomes.rules[rule]
        case CauseListed(cause):
            return decided(outcomes.causes.get(cause, FALSE))
        case Withheld(withholding):
            return outcomes.withholdings[withholding]
        case QuestionsOpen():
            return decided(outcomes.questions_open)
        case _:
            raise TypeError(f"no way to write {type(condition).__name__} as a formula")


def conflict(one: Kleene) -> Formula:
    """Hold where a condition would be true and false at once; for a sound model that is never."""
    return both(one.true, one.false)


def flips(before: Kleene, after: Kleene) -> Formula:
    """Hold where what was decided before is decided otherwise after, or no longer."""
    return either(both(before.true, opposite(after.true)), both(before.false, opposite(after.false)))
