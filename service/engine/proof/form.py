"""Says, as formulas, which facts the answers to the form give, as the reading of a response does it; no FHIR."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from service.engine.danger import is_danger
from service.engine.derive import complete
from service.engine.facts import Fact, Value
from service.engine.proof import logic
from service.engine.proof.logic import FALSE, Formula, both, either, opposite
from service.engine.proof.regions import Region, measures, regions
from service.engine.proof.symbols import (
    UNKNOWN,
    Choice,
    Number,
    Symbol,
    Symbols,
    YesNo,
    any_facts,
    domain,
    is_known,
)
from service.engine.proof.verdicts import Reading, verdict
from service.knowledge.condition import AtLeast, Condition, Not
from service.knowledge.form import Item
from service.knowledge.model import RuleBook


@dataclass(frozen=True, slots=True)
class Checklist:
    """A list of findings: whether it was answered at all, whether with not-sure, and what was chosen."""

    answered: Formula
    not_sure: Formula
    chosen: Mapping[str, Formula]

    def findings(self) -> Iterator[tuple[str, YesNo]]:
        """Name each finding with what the list says of it: what is not chosen is absent, but open beside not-sure."""
        denied = both(self.answered, opposite(self.not_sure))
        for finding, chosen in self.chosen.items():
            yield finding, YesNo(chosen, both(denied, opposite(chosen)))


Answer = Symbol | Checklist
Answers = Mapping[str, Answer]
"""By linkId."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A filled form: the facts it gives, and for each question when the form does not show it."""

    facts: Symbols
    hidden: Mapping[str, Formula]


def any_answers(book: RuleBook) -> dict[str, Answer]:
    """Name the answers of every response: to each question any answer or none, whether the form shows it or not."""
    facts = any_facts(book)
    answers: dict[str, Answer] = {}
    for item in book.form.items():
        if item.kind == "checklist":
            chosen = {one: logic.variable(f"{one} is present") for one in item.findings}
            answered, not_sure = (logic.variable(f"{item.link_id} is {mark}") for mark in ("answered", "not-sure"))
            answers[item.link_id] = Checklist(answered, not_sure, chosen)
        elif item.kind != "text":
            answers[item.link_id] = facts[item.link_id]
    return answers


def answers_domain(book: RuleBook, answers: Answers) -> Formula:
    """Say which answers the Questionnaire allows."""
    lists = [one for one in answers.values() if isinstance(one, Checklist)]
    plain = {name: one for name, one in answers.items() if not isinstance(one, Checklist)}
    marks = (logic.implies(either(one.not_sure, *one.chosen.values()), one.answered) for one in lists)
    return both(domain(book, plain), *marks)


def blank(answer: Answer) -> Answer:
    """Be the question left unanswered."""
    return gated(answer, FALSE)


def gated(answer: Answer, condition: Formula) -> Answer:
    """Be the answer where the condition holds, and no answer elsewhere."""
    match answer:
        case YesNo(present, absent):
            return YesNo(both(present, condition), both(absent, condition))
        case Number(known, _) | Choice(known, _):
            return replace(answer, known=both(known, condition))
        case Checklist(answered, not_sure, chosen):
            kept = {finding: both(one, condition) for finding, one in chosen.items()}
            return Checklist(both(answered, condition), both(not_sure, condition), kept)


@dataclass(frozen=True, slots=True)
class Dangers:
    """Which answers speak for danger: yeses, and numbers by region; a no never does."""

    yes: frozenset[str]
    numbers: Mapping[str, tuple[Region, ...]]


NO_DANGERS = Dangers(frozenset(), {})
"""With these no answer counts unless the form shows its question."""


def dangers_of(book: RuleBook) -> Dangers:
    """Read off the book which answers count even where the form does not show their question."""
    asked = [one.id for one in book.findings.values() if one.kind == "boolean" and one.asked]
    return Dangers(
        yes=frozenset(one for one in asked if _endangers(book, one, value=True)),
        numbers={
            measure: tuple(one for one in regions(book, measure) if _endangers(book, measure, one.sample))
            for measure in measures(book)
        },
    )


def filled(book: RuleBook, answers: Answers, dangers: Dangers) -> Filled:
    """Read the answers in the order of the form: what hides a question is known before the question."""
    facts: dict[str, Symbol] = {
        name: _nothing(symbol) if name in book.form.item_of else symbol for name, symbol in any_facts(book).items()
    }
    shown = dict(facts)
    hidden: dict[str, Formula] = {}
    for group in book.form.groups:
        for item in group.items:
            if item.kind == "text":
                continue
            hides = _hides(item, (*group.ended_by, *item.ended_by), shown)
            denied = _denied(item, hides, facts)
            hidden[item.link_id] = hides
            for finding, symbol in _symbols(item, answers[item.link_id]):
                shown[finding] = _kept(symbol, opposite(hides))
                facts[finding] = _counted(dangers, finding, symbol, hides, denied)
    return Filled(facts, hidden)


def is_given(answer: Answer) -> Formula:
    """Hold where the question is answered at all."""
    return answer.answered if isinstance(answer, Checklist) else is_known(answer)


def asked_alone(answers: Answers, form: Filled) -> dict[str, Answer]:
    """Keep the answers to the questions that the form shows; which it shows is the same without the others."""
    return {
        name: gated(answer, opposite(form.hidden[name])) if name in form.hidden else answer
        for name, answer in answers.items()
    }


def _nothing(symbol: Symbol) -> Symbol:
    return UNKNOWN if isinstance(symbol, YesNo) else replace(symbol, known=FALSE)


def _symbols(item: Item, answer: Answer) -> list[tuple[str, Symbol]]:
    return list(answer.findings()) if isinstance(answer, Checklist) else [(item.link_id, answer)]


def _kept(symbol: Symbol, condition: Formula) -> Symbol:
    kept = gated(symbol, condition)
    assert not isinstance(kept, Checklist)  # noqa: S101 - what is gated stays what it is
    return kept


def _hides(item: Item, ended_by: tuple[str, ...], shown: Symbols) -> Formula:
    reading = Reading(shown)
    ends = [symbol.present for one in ended_by if isinstance(symbol := shown[one], YesNo)]
    unmet = FALSE if item.shown_when is None else opposite(_shows(item.shown_when, reading))
    return either(*ends, unmet)


def _shows(condition: Condition, reading: Reading) -> Formula:
    """Hold where a form shows the question: without an answer no comparison holds, and so its opposite does (R4)."""
    match condition:
        case Not(part):
            return opposite(_shows(part, reading))
        case AtLeast(count, parts):
            return logic.at_least(count, [_shows(part, reading) for part in parts])
        case _:
            return verdict(condition, reading).true


def _denied(item: Item, hides: Formula, facts: Symbols) -> Formula:
    """Hold where a decided answer hides the question, and the book says that it is then absent."""
    if item.shown_when is None or item.not_shown_means != "absent":
        return FALSE
    return both(hides, verdict(item.shown_when, Reading(facts)).false)


def _counted(dangers: Dangers, finding: str, symbol: Symbol, hides: Formula, denied: Formula) -> Symbol:
    """Count an answer that the form does not show only where it speaks for danger."""
    kept = _kept(symbol, either(opposite(hides), _speaks_for_danger(dangers, finding, symbol)))
    if isinstance(kept, YesNo):
        return YesNo(kept.present, either(kept.absent, both(denied, opposite(kept.present))))
    return kept


def _speaks_for_danger(dangers: Dangers, finding: str, symbol: Symbol) -> Formula:
    match symbol:
        case YesNo(present, _):
            return present if finding in dangers.yes else FALSE
        case Number(_, value):
            return logic.some(one.holds(value) for one in dangers.numbers.get(finding, ()))
        case Choice():
            return FALSE


def _endangers(book: RuleBook, finding: str, value: Value) -> bool:
    """Tell whether an answer, or what follows from it alone, speaks for danger; an option never does."""
    follows = complete(book, {finding: Fact(value, "response")}).facts
    return any(is_danger(book, name, fact.value) for name, fact in follows.items())
