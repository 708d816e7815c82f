"""Joins what was answered with what the record says: which of the two counts, and where both are to be assessed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import product

from service.engine.facts import Fact, Facts, Value
from service.errors import Issue, Severity
from service.knowledge.context import Joins
from service.knowledge.model import RuleBook
from service.mapping.context.hidden import reopened
from service.mapping.context.record import RecordFacts

DANGER = "the more dangerous of the two counts"
BOTH = "both are assessed, and the graver result counts"
ANSWER = "the answer counts, because this is about now"


@dataclass(frozen=True, slots=True)
class Joined:
    """The facts of response and record, and at most three alternative readings; the gravest result counts."""

    facts: Facts
    alternatives: tuple[Facts, ...]
    notices: tuple[Issue, ...]


@dataclass(slots=True)
class _Joining:
    book: RuleBook
    answered: Facts
    record: RecordFacts
    notices: list[Issue] = field(default_factory=list)

    def differ(self, finding: str, told: Fact, which: str, severity: Severity = "warning") -> None:
        """Name both sides of a difference: the question, and the resource by its place."""
        form = self.book.form
        link_id = form.item_of.get(finding, "")
        question = form.item(link_id).ask if link_id else ""
        label = self.book.findings[finding].label
        place = self.record.places[told.where[0]]
        text = f"the answer to '{question}' ({label}) and the {place.kind} of the record differ; {which}"
        self.notices.append(Issue(severity, "business-rule", text, place.expression, link_id, question))


def join(book: RuleBook, answered: Facts, record: RecordFacts) -> Joined:
    """Join answers and record.

    History, medicines, allergies, pregnancy and sex: the more dangerous counts. Age: where the two differ, both are
    assessed. Symptoms and measures of now: what was answered counts. What was not answered is filled by the record.
    """
    if not record.facts:
        return Joined(answered, (), ())
    joining = _Joining(book, answered, record)
    candidates = {finding: _candidates(joining, finding, told) for finding, told in record.facts.items()}
    readings = [reopened(book, {**answered, **chosen}) for chosen in _combinations(candidates)]
    return Joined(readings[0], tuple(readings[1:]), tuple(joining.notices))


def _combinations(candidates: Mapping[str, tuple[Fact, ...]]) -> Iterator[dict[str, Fact]]:
    """Yield one fact per finding in every combination; the first takes the first of each."""
    for facts in product(*candidates.values()):
        yield dict(zip(candidates, facts, strict=True))


def _candidates(joining: _Joining, finding: str, told: tuple[Fact, ...]) -> tuple[Fact, ...]:
    answer = joining.answered.get(finding)
    if finding == "sex":
        return (_gender(joining, answer, told[0]),)
    if answer is None:
        return told
    if isinstance(answer.value, bool):
        return (_yes_no(joining, finding, answer, told[0]),)
    return _numbers(joining, finding, answer, told)


def _yes_no(joining: _Joining, finding: str, answer: Fact, told: Fact) -> Fact:
    if answer.value == told.value:
        return answer
    if _joins(joining.book, finding) == "response-first":
        joining.differ(finding, told, ANSWER, "information")
        return answer
    joining.differ(finding, told, DANGER)
    return answer if answer.value else told


def _numbers(joining: _Joining, finding: str, answer: Fact, told: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """Choose between an answered number and those of the record, which are the ends of what it allows."""
    ends = [fact.value for fact in told if isinstance(fact.value, Decimal)]
    number = answer.value
    if not isinstance(number, Decimal) or min(ends) <= number <= max(ends):
        return (answer,)
    if _joins(joining.book, finding) == "response-first":
        joining.differ(finding, told[0], ANSWER, "information")
        return (answer,)
    farthest = told[-1] if number < min(ends) else told[0]
    joining.differ(finding, farthest, BOTH)
    return (answer, farthest)


def _gender(joining: _Joining, answer: Fact | None, told: Fact) -> Fact:
    """Fill the sex where it was not answered; where the two differ, the one under which a pregnancy stays possible."""
    order: list[Value] = [frozenset([gender]) for gender in joining.book.context.genders]
    if answer is None or answer.value not in order:
        return told
    if answer.value == told.value:
        return answer
    joining.differ("sex", told, DANGER)
    return min(answer, told, key=lambda fact: order.index(fact.value))


def _joins(book: RuleBook, finding: str) -> Joins:
    context = book.context
    return context.measures[finding].joins if finding in context.measures else context.readings[finding].joins
