"""Turns answers into facts: what is blank, not sure or not shown; an unanswered question is never a no."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from service.engine.danger import is_danger
from service.engine.derive import complete
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
    """The facts of one response; a notice warns of each required question left blank and of each hidden answer."""

    facts: Mapping[str, Fact]
    notices: tuple[Issue, ...]


@dataclass(slots=True)
class _Gathering:
    """``counted`` is all that is known; ``shown`` what the form asked for, which alone decides what it shows next."""

    book: RuleBook
    answers: Answers
    status: str
    place: str
    facts: dict[str, Fact] = field(default_factory=dict)
    counted: dict[str, Value] = field(default_factory=dict)
    shown: dict[str, Value] = field(default_factory=dict)
    notices: list[Issue] = field(default_factory=list)

    def take(self, finding: str, fact: Fact) -> None:
        self.facts[finding] = fact
        self.counted[finding] = fact.value

    def warn(self, code: str, text: str, item: Item) -> None:
        place = self.answers.places.get(item.link_id, f"{self.place}.item")
        self.notices.append(Issue("warning", code, text, place, item.link_id, item.ask))


def facts_of_answers(book: RuleBook, answers: Answers, status: str, place: str) -> AnsweredFacts:
    """Read the facts in the order of the form, so that what hides a question is known before the question.

    ``status`` is the response's own, ``place`` its FHIRPath. A text is no fact: wherever it stands, a person must
    read it.
    """
    gathering = _Gathering(book, answers, status, place)
    texts = []
    for group in book.form.groups:
        for item in group.items:
            if item.kind != "text":
                _gather(gathering, item, (*group.ended_by, *item.ended_by))
            elif item.link_id in answers.by_link:
                texts.append(item.link_id)
    gathering.take("free-text", Fact(bool(texts), "service", tuple(texts)))
    return AnsweredFacts(gathering.facts, tuple(gathering.notices))


def _gather(gathering: _Gathering, item: Item, ended_by: tuple[str, ...]) -> None:
    answer = gathering.answers.by_link.get(item.link_id)
    hiding = list(_hiding(item, ended_by, View(gathering.shown)))
    if hiding:
        _not_shown(gathering, item, hiding)
        if answer is not None:
            _hidden_answer(gathering, item, answer, hiding)
    elif answer is not None:
        for finding, value in _facts(item, answer):
            gathering.take(finding, Fact(value, "response", (item.link_id,)))
            gathering.shown[finding] = value
    elif item.required and gathering.status in COMPLETE:
        gathering.warn("required", "a required question is not answered; it counts as unknown, never as no", item)


def _hiding(item: Item, ended_by: tuple[str, ...], view: View) -> Iterator[str]:
    """Name the findings that keep the form from showing the question; none where it is shown."""
    yield from (finding for finding in ended_by if view.known.get(finding) is True)
    if item.shown_when is not None:
        yield from _unmet(item.shown_when, view)


def _unmet(condition: Condition, view: View) -> Iterator[str]:
    if _shows(condition, view):
        return
    parts = condition.parts if isinstance(condition, AtLeast) else ()
    for part in parts:
        yield from _unmet(part, view)
    if not parts:
        yield from sorted(findings_in(condition))


def _shows(condition: Condition, view: View) -> bool:
    """Tell whether a form shows the question: without an answer no comparison holds, and so its opposite does (R4)."""
    match condition:
        case Not(part):
            return not _shows(part, view)
        case AtLeast(count, parts):
            return sum(_shows(part, view) for part in parts) >= count
        case _:
            return evaluate(condition, view) is True


def _facts(item: Item, answer: Answered) -> Iterator[tuple[str, Value]]:
    """Name the findings an answer decides. Not sure is unknown, but present where the finding says so."""
    if isinstance(answer, str):
        yield item.link_id, answer in (YES, NOT_SURE) if item.kind == "yes-no-not-sure" else frozenset([answer])
    elif item.kind == "checklist" and isinstance(answer, frozenset):
        for finding in item.findings:
            if finding in answer:
                yield finding, True
            elif NOT_SURE not in answer:
                yield finding, False
    else:
        yield item.link_id, answer


def _not_shown(gathering: _Gathering, item: Item, hiding: list[str]) -> None:
    """Take the findings as absent where the book says so and a decided answer hides them; else they stay unknown."""
    condition = item.shown_when
    if condition is None or item.not_shown_means != "absent":
        return
    if evaluate(condition, View(gathering.counted)) is not False:
        return
    item_of = gathering.book.form.item_of
    where = tuple(dict.fromkeys(item_of[finding] for finding in hiding))
    for finding in item.findings:
        if gathering.book.findings[finding].kind == "boolean":
            gathering.take(finding, Fact(False, "not-shown", where))


def _hidden_answer(gathering: _Gathering, item: Item, answer: Answered, hiding: list[str]) -> None:
    """Count an answer to a question that the form does not show only where it speaks for danger."""
    dangers = [fact for fact in _facts(item, answer) if _endangers(gathering.book, *fact)]
    for finding, value in dangers:
        gathering.take(finding, Fact(value, "response", (item.link_id,)))
    form = gathering.book.form
    causes = ", ".join(dict.fromkeys(f"'{form.item(form.item_of[finding]).ask}'" for finding in hiding))
    counted = "what in it speaks for danger counts, nothing else" if dangers else "the answer is not used"
    text = f"'{item.ask}' is answered, but hidden by the answer, or the missing answer, to {causes}; {counted}"
    gathering.warn("business-rule", text, item)


def _endangers(book: RuleBook, finding: str, value: Value) -> bool:
    """Tell whether an answer, or what follows from it alone, speaks for danger: 39 Cel is fever. A no never does."""
    if value is False:
        return False
    follows = complete(book, {finding: Fact(value, "response")}).facts
    return any(is_danger(book, name, fact.value) for name, fact in follows.items())
