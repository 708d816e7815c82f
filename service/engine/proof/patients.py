"""Reads single patients out of a counterexample: their facts, and the answers to the form that give these facts."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from service.engine.facts import Value
from service.engine.proof import logic
from service.engine.proof.form import Answer, Answers, Checklist
from service.engine.proof.logic import Model
from service.engine.proof.property import Example, Said, Ticked
from service.engine.proof.symbols import Choice, Number, Symbols, YesNo, values_of
from service.knowledge.form import Form, Item
from service.knowledge.model import RuleBook


def patient_with_facts(book: RuleBook, symbols: Symbols) -> Callable[[Model], Example]:
    """Read a patient whose facts are given, whoever told them."""

    def read(model: Model) -> Example:
        facts = values_of(model, symbols)
        return Example(facts, answers_giving(book.form, facts))

    return read


def patient_with_answers(answers: Answers, facts: Symbols) -> Callable[[Model], Example]:
    """Read a patient whose answers are given, and the facts that they make."""

    def read(model: Model) -> Example:
        said = {link_id: _said(model, one) for link_id, one in answers.items()}
        return Example(values_of(model, facts), {link_id: one for link_id, one in said.items() if one is not None})

    return read


def _said(model: Model, answer: Answer) -> Said | None:
    match answer:
        case YesNo(present, absent):
            return True if logic.holds(model, present) else (False if logic.holds(model, absent) else None)
        case Number(known, value):
            return logic.amount(model, value) if logic.holds(model, known) else None
        case Choice(known, options):
            chosen = frozenset(one for one, formula in options.items() if logic.holds(model, formula))
            return chosen if logic.holds(model, known) else None
        case Checklist(answered, not_sure, choices):
            ticked = frozenset(one for one, formula in choices.items() if logic.holds(model, formula))
            return Ticked(ticked, logic.holds(model, not_sure)) if logic.holds(model, answered) else None


def answers_giving(form: Form, facts: Mapping[str, Value]) -> dict[str, Said] | None:
    """Fill the form so that each question says what the facts say; None where no answer can say it.

    Whether the form would show each question is left open: a response may hold answers that no form showed.
    """
    said: dict[str, Said] = {}
    for item in form.items():
        if item.kind == "checklist":
            ticks = _ticked(item, facts)
            if ticks is None:
                return None
            said.update(ticks)
        elif item.link_id in facts:
            said[item.link_id] = facts[item.link_id]
    return said


def _ticked(item: Item, facts: Mapping[str, Value]) -> dict[str, Said] | None:
    """Fill a checklist: it cannot deny one finding and leave another open."""
    known = {one: facts[one] for one in item.findings if one in facts}
    if not known:
        return {}
    is_open = len(known) < len(item.findings)
    if is_open and False in known.values():
        return None
    return {item.link_id: Ticked(frozenset(one for one, value in known.items() if value is True), is_open)}


def written_facts(facts: Mapping[str, Value]) -> Iterator[str]:
    """Name the known facts in words, in order of their findings."""
    for finding, value in sorted(facts.items()):
        match value:
            case bool():
                yield f"{finding} {'present' if value else 'absent'}"
            case Decimal():
                yield f"{finding} {value}"
            case _:
                yield f"{finding} {'+'.join(sorted(value))}"
