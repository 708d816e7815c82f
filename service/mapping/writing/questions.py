"""Open findings as the questions a person can answer, in the form's own words; it decides nothing about them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from service.knowledge.condition import findings_in
from service.knowledge.form import Item
from service.knowledge.model import RuleBook
from service.mapping.writing.material import Material


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the form; ``options`` are the words of those options of a checklist that are open."""

    link_id: str
    ask: str
    options: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """The question as one text."""
        return f"{self.ask} {'; '.join(self.options)}." if self.options else self.ask


def together(questions: Iterable[Question]) -> str:
    """Say several questions as one text; checklists that ask with the same words become one."""
    options: dict[str, list[str]] = {}
    for question in questions:
        options.setdefault(question.ask, []).extend(question.options)
    return " ".join(Question("", ask, tuple(words)).words for ask, words in options.items())


def asked_about(material: Material, findings: tuple[str, ...]) -> tuple[Question, ...]:
    """Turn findings into questions as ``questions_about`` does."""
    return material.once(("questions", findings), lambda: questions_about(material.book, findings))


def questions_about(book: RuleBook, findings: Iterable[str]) -> tuple[Question, ...]:
    """Turn findings into questions, each question once, in the order in which its first finding comes.

    A finding that follows from others is asked by their questions; one that nothing asks for is left out.
    """
    items = {item.link_id: item for item in book.form.items()}
    asked: dict[str, list[str]] = {}
    for finding in findings:
        for one in asked_for(book, finding):
            open_ones = asked.setdefault(book.form.item_of[one], [])
            if one not in open_ones:
                open_ones.append(one)
    return tuple(_question(book, items[link_id], open_ones) for link_id, open_ones in asked.items())


def asked_for(book: RuleBook, finding: str) -> Iterator[str]:
    """Name the findings with a question of their own that tell a finding: itself, or those it is derived from."""
    if finding in book.form.item_of:
        yield finding
        return
    for derivation in book.derivations:
        if derivation.finding == finding and derivation.present:
            names = findings_in(derivation.when)
            yield from (one for one in book.findings if one in names and one in book.form.item_of)


def _question(book: RuleBook, item: Item, findings: list[str]) -> Question:
    options = tuple(book.form.words[one] for one in findings) if item.kind == "checklist" else ()
    return Question(item.link_id, item.ask, options)
