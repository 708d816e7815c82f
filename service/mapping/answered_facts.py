"""Turns answers into facts: what is blank, not sure or not shown; an unanswered question is never a no."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from service.engine.facts import Fact
from service.errors import Issue
from service.knowledge.model import RuleBook
from service.mapping.answers import Answered, Answers
from service.mapping.asked import Asked, Seen, questions_of

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
    is_complete: bool
    place: str
    counted: Seen = field(default_factory=Seen)
    shown: Seen = field(default_factory=Seen)
    notices: list[Issue] = field(default_factory=list)

    def warn(self, code: str, text: str, asked: Asked) -> None:
        item = asked.item
        place = self.answers.places.get(item.link_id, f"{self.place}.item")
        self.notices.append(Issue("warning", code, text, place, item.link_id, item.ask))


def facts_of_answers(book: RuleBook, answers: Answers, status: str, place: str) -> AnsweredFacts:
    """Read the facts in the order of the form, so that what hides a question is known before the question.

    ``status`` is the response's own, ``place`` its FHIRPath. A text is no fact: wherever it stands, a person must
    read it.
    """
    gathering = _Gathering(book, answers, status in COMPLETE, place)
    by_link = answers.by_link
    for asked in questions_of(book):
        hiding = asked.hidden_by(gathering.shown)
        if hiding:
            _hidden(gathering, asked, hiding)
        elif (answer := by_link.get(asked.item.link_id)) is not None:
            told = asked.told(answer)
            gathering.counted.take(told)
            gathering.shown.take(told)
        elif asked.item.required and gathering.is_complete:
            gathering.warn("required", "a required question is not answered; it counts as unknown, never as no", asked)
    texts = tuple(item.link_id for item in book.form.items() if item.kind == "text" and item.link_id in by_link)
    facts = {**gathering.counted.facts, "free-text": Fact(bool(texts), "service", texts)}
    return AnsweredFacts(facts, tuple(gathering.notices))


def _hidden(gathering: _Gathering, asked: Asked, hiding: tuple[str, ...]) -> None:
    """Take the findings as absent where the book says so and a decided answer hides them; else they stay unknown."""
    gathering.counted.take(asked.absent(gathering.counted, hiding))
    answer = gathering.answers.by_link.get(asked.item.link_id)
    if answer is not None:
        _hidden_answer(gathering, asked, answer, hiding)


def _hidden_answer(gathering: _Gathering, asked: Asked, answer: Answered, hiding: tuple[str, ...]) -> None:
    """Count an answer to a question that the form does not show only where it speaks for danger."""
    dangers = asked.dangers(answer)
    gathering.counted.take(dangers)
    form = gathering.book.form
    causes = ", ".join(dict.fromkeys(f"'{form.item(form.item_of[finding]).ask}'" for finding in hiding))
    counted = "what in it speaks for danger counts, nothing else" if dangers.facts else "the answer is not used"
    text = f"'{asked.item.ask}' is answered, but hidden by the answer, or the missing answer, to {causes}; {counted}"
    gathering.warn("business-rule", text, asked)
