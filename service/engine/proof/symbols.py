"""What may be known of any patient at once: for each finding the formulas of its answers; no single patient's facts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from service.engine.facts import Value
from service.engine.proof import logic
from service.engine.proof.logic import FALSE, TRUE, Formula, Model, Term, both, either, opposite
from service.knowledge.form import Item
from service.knowledge.model import Finding, RuleBook

TOLD_BY_THE_SERVICE = frozenset({"free-text", "answers-old"})
"""What the service itself always knows of a response: it is never open."""


@dataclass(frozen=True, slots=True)
class YesNo:
    """A finding: known to be present, known to be absent, or neither, which is unknown."""

    present: Formula
    absent: Formula


@dataclass(frozen=True, slots=True)
class Number:
    """A measure in its unit, where it is known."""

    known: Formula
    value: Term


@dataclass(frozen=True, slots=True)
class Choice:
    """The options that were chosen, where the question was answered."""

    known: Formula
    options: Mapping[str, Formula]


Symbol = YesNo | Number | Choice
Symbols = Mapping[str, Symbol]

UNKNOWN = YesNo(FALSE, FALSE)
PRESENT = YesNo(TRUE, FALSE)
ABSENT = YesNo(FALSE, TRUE)


def any_facts(book: RuleBook) -> dict[str, Symbol]:
    """Name the facts of every patient: each asked finding may be anything, whatever else is known.

    That is more than a form lets through, because a record may fill what was not answered.
    """
    return {one.id: _free(one) for one in book.findings.values() if one.kind != "text"}


def _free(finding: Finding) -> Symbol:
    name = finding.id
    match finding.kind:
        case "boolean" if name in TOLD_BY_THE_SERVICE:
            told = logic.variable(f"{name} is present")
            return YesNo(told, opposite(told))
        case "boolean" if not finding.asked:
            return UNKNOWN
        case "boolean":
            return YesNo(logic.variable(f"{name} is present"), logic.variable(f"{name} is absent"))
        case "integer" | "quantity":
            known = logic.variable(f"{name} is known")
            return Number(known, logic.number(name, whole=finding.kind == "integer"))
        case _:
            known = logic.variable(f"{name} is known") if finding.asked else FALSE
            return Choice(known, {option: logic.variable(f"{name} is {option}") for option in finding.options})


def domain(book: RuleBook, symbols: Symbols) -> Formula:
    """Say what the Questionnaire allows: no finding both present and absent, numbers within their bounds."""
    items = {item.link_id: item for item in book.form.items()}
    return logic.every(
        part for name, symbol in symbols.items() for part in _allowed(book.findings[name], symbol, items.get(name))
    )


def _allowed(finding: Finding, symbol: Symbol, item: Item | None) -> Iterator[Formula]:
    match symbol:
        case YesNo(present, absent):
            yield opposite(both(present, absent))
        case Number(_, value):
            if item is not None and item.minimum is not None:
                yield logic.compared(value, "at-least", item.minimum)
            if item is not None and item.maximum is not None:
                yield logic.compared(value, "at-most", item.maximum)
        case Choice(known, options):
            chosen = list(options.values())
            wanted = logic.exactly_one(chosen) if finding.kind == "choice" else logic.some(chosen)
            yield logic.implies(known, wanted)


def values_of(model: Model, symbols: Symbols) -> dict[str, Value]:
    """Read one patient's known findings out of an example."""
    return {name: value for name, symbol in symbols.items() if (value := _value(model, symbol)) is not None}


def _value(model: Model, symbol: Symbol) -> Value | None:
    match symbol:
        case YesNo(present, absent):
            return True if logic.holds(model, present) else (False if logic.holds(model, absent) else None)
        case Number(known, value):
            return logic.amount(model, value) if logic.holds(model, known) else None
        case Choice(known, options):
            chosen = (option for option, formula in options.items() if logic.holds(model, formula))
            return frozenset(chosen) if logic.holds(model, known) else None


def is_exactly(symbols: Symbols, values: Mapping[str, Value]) -> Formula:
    """Hold for the one patient of whom these values are known and nothing else."""
    return logic.every(_is(symbol, values.get(name)) for name, symbol in symbols.items())


def _is(symbol: Symbol, value: Value | None) -> Formula:
    match symbol, value:
        case YesNo(present, absent), bool() | None:
            return both(present if value else opposite(present), absent if value is False else opposite(absent))
        case Number(known, number), Decimal():
            return both(known, logic.equals(number, value))
        case Choice(known, options), frozenset():
            chosen = (formula if option in value else opposite(formula) for option, formula in options.items())
            return both(known, *chosen)
        case ((Number(known, _) | Choice(known, _)), None):
            return opposite(known)
        case _:
            raise TypeError(f"a finding of this kind cannot be known as {type(value).__name__}")


def changed(before: Symbols, after: Symbols) -> frozenset[str]:
    """Name the findings whose formulas are not the same in both."""
    return frozenset(name for name, symbol in after.items() if not _same(before[name], symbol))


def _same(one: Symbol, other: Symbol) -> bool:
    match one, other:
        case YesNo(), YesNo():
            return logic.same(one.present, other.present) and logic.same(one.absent, other.absent)
        case Number(), Number():
            return logic.same(one.known, other.known) and logic.same(one.value, other.value)
        case Choice(), Choice():
            return one.options == other.options and logic.same(one.known, other.known)
        case _:
            return False


def is_known(symbol: Symbol) -> Formula:
    """Hold where the finding is known at all."""
    match symbol:
        case YesNo(present, absent):
            return either(present, absent)
        case Number(known, _) | Choice(known, _):
            return known
