"""Turns answers into facts: what is blank, not sure or not shown; an unanswered question is never a no."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from service.engine.danger import is_danger
from service.engine.facts import Fact, Value
from service.engine.verdict import View, evaluate
from service.errors import Issue
from service.knowledge.condition import AtLeast, Condition, Not, findings_in
from service.knowledge.form import Item
from service.knowledge.model import RuleBook
from service.mapping.answers import Answered, Answers
from service.mapping.canonical import NOT_SURE, YES

COMPLETE = frozenset({"completed", "amended"})


@dataclass(frozen=True, slots=True)
class AnsweredFacts:
    """The facts of one response, with what was noticed on the way: blanks, hidden answers."""

    facts: Mapping[str, Fact]
    notices: tuple[Issue, ...]


@dataclass(slots=True)
class _Gathering:
    book: RuleBook
    answers: Answers
    status: str
    place: str
    facts: dict[str, Fact] = field(default_factory=dict)
    known: dict[str, Value] = field(default_factory=dict)
    notices: list[Issue] = field(default_factory=list)

    def take(self, finding: str, fact: Fact) -> None:
        self.facts[finding] = fact
        self.known[finding] = fact.value

    def notice(self, severity: str, code: str, text: str, item: Item) -> None:
        place = self.answers.places.get(item.link_id, f"{self.place}.item")
        kind = "warning" if severity == "warning" else "information"
        self.notices.append(Issue(kind, code, text, place, item.link_id, item.ask))


def facts_of_answers(book: RuleBook, answers: Answers, status: str, place: str) -> AnsweredFacts:
    """Read the facts in the order of the form, so that what hides a question is known before the question."""
    gathering = _Gathering(book, answers, status, place)
    for group in book.form.groups:
        for item in group.items:
            _gather(gathering, item, (*group.ended_by, *item.ended_by))
    note = answers.by_link.get("note")
    gathering.take("free-text", Fact(bool(note), "service", ("note",) if note else ()))
    return AnsweredFacts(gathering.facts, tuple(gathering.notices))


def _gather(gathering: _Gathering, item: Item, ended_by: tuple[str, ...]) -> None:
    answer = gathering.answers.by_link.get(item.link_id)
    view = View(gathering.known)
    hiding = [finding for finding in ended_by if view.known.get(finding) is True]
    if not hiding and item.shown_when is not None and not _shows(item.shown_when, view):
        hiding = sorted(findings_in(item.shown_when))
    if hiding:
        _not_shown(gathering, item, hiding, view)
    if answer is not None and hiding:
        _hidden_answer(gathering, item, answer, hiding)
    elif answer is not None:
        for name, value in _facts(item, answer):
            gathering.take(name, Fact(value, "response", (item.link_id,)))
    elif item.required and not hiding and gathering.status in COMPLETE:
        text = "a required question is not answered; it counts as unknown, never as no"
        gathering.notice("warning", "required", text, item)


def _shows(condition: Condition, view: View) -> bool:
    """Tell whether a form shows the question: a comparison without an answer does not hold, and so its opposite does (R4 enableWhen)."""
    match condition:
        case Not(part):
            return not _shows(part, view)
        case AtLeast(count, parts):
            return sum(_shows(part, view) for part in parts) >= count
        case _:
            return evaluate(condition, view) is True


def _facts(item: Item, answer: Answered) -> Iterator[tuple[str, Value]]:
    """Name the findings an answer decides. Not sure is unknown, but present where the finding says so."""
    match item.kind:
        case "yes-no-not-sure" if isinstance(answer, str):
            yield item.link_id, answer in (YES, NOT_SURE)
        case "checklist" if isinstance(answer, frozenset):
            for finding in item.findings:
                if finding in answer:
                    yield finding, True
                elif NOT_SURE not in answer:
                    yield finding, False
        case "choice" if isinstance(answer, str):
            yield item.link_id, frozenset([answer])
        case "text":
            return
        case _:
            if not isinstance(answer, str):
                yield item.link_id, answer


def _hidden_answer(gathering: _Gathering, item: Item, answer: Answered, hiding: list[str]) -> None:
    """Count an answer to a question that the form would not have shown only where it speaks for danger."""
    dangers = [(name, value) for name, value in _facts(item, answer) if is_danger(gathering.book, name, value)]
    for name, value in dangers:
        gathering.take(name, Fact(value, "response", (item.link_id,)))
    asked = ", ".join(dict.fromkeys(f"'{_question(gathering, finding)}'" for finding in hiding))
    counted = "it counts, because it speaks for danger" if dangers else "it is not used"
    text = f"the form hides '{item.ask}' after the answer to {asked}, and it is answered; {counted}"
    gathering.notice("warning", "business-rule", text, item)


def _question(gathering: _Gathering, finding: str) -> str:
    form = gathering.book.form
    return form.item(form.item_of[finding]).ask


def _not_shown(gathering: _Gathering, item: Item, hiding: list[str], view: View) -> None:
    """A question hidden by a decided answer of its own condition says absent where the book says so; else nothing."""
    if item.shown_when is None or item.not_shown_means != "absent" or evaluate(item.shown_when, view) is not False:
        return
    form = gathering.book.form
    where = tuple(dict.fromkeys(form.item_of[finding] for finding in hiding if finding in form.item_of))
    for finding in item.findings:
        if gathering.book.findings[finding].kind == "boolean":
            gathering.take(finding, Fact(False, "not-shown", where))
