"""Writes the project's own code systems: what follows from the rule book, and the few fixed words of its results."""

from collections.abc import Iterable, Iterator
from typing import Any

from service.knowledge.model import RuleBook
from service.mapping.artefacts.publication import published
from service.mapping.canonical import NO, NONE_OF_THESE, NOT_SURE, YES
from service.mapping.writing.codings import FIT_DISPLAYS, level_concept, method_concept
from service.mapping.writing.words import source_words

Concepts = Iterable[tuple[str, ...]]
"""Per concept its code, its display as results write it, and, where it says more, a definition."""

FITS = {
    "fits": "The answers fit the pattern that a source describes.",
    "partly-fits": "The answers fit it in part.",
    "not-excluded": "An open question does not exclude it.",
}
PROJECT = "This project itself, without a source"
VERDICTS = (
    ("fired", "Fired", "The condition of the rule is true."),
    ("undecided", "Undecided", "An open question decides the rule. It is never read as no."),
)
SCOPES = (
    ("in", "In scope", "The complaint is one that the rules are about."),
    ("out", "Out of scope", "The complaint is another one. Danger signs still count."),
)
ORIGINS = (
    ("response", "Response", "It was answered."),
    ("record", "Record", "A resource that was sent with the response says it."),
    ("not-shown", "Not shown", "The form did not ask, because another answer excludes it."),
    ("derived", "Derived", "It follows from other findings."),
    ("contradiction", "Contradiction", "Answers contradict each other, and the more dangerous reading counts."),
    ("service", "Service", "The service knows it of the response itself."),
)


def code_systems(book: RuleBook) -> list[dict[str, Any]]:
    """Build every code system that an answer or a result uses."""
    return [_code_system(book, name, title, concepts) for name, title, concepts in (*_of_the_form(book), *_own(book))]


def _of_the_form(book: RuleBook) -> Iterator[tuple[str, str, Concepts]]:
    """List the code systems of the answers, each display in the very words that the form offers."""
    words = book.form.words
    options = sorted({option for one in book.findings.values() if one.id != "sex" for option in one.options})
    findings = ((one.id, words.get(one.id, one.label), one.label) for one in book.findings.values())
    yield "finding", "Findings", findings
    yield "answer", "Answers", ((code, words[code]) for code in (YES, NO, NOT_SURE, NONE_OF_THESE))
    yield "finding-option", "Options of findings", ((one, words.get(one, one)) for one in options)


def _own(book: RuleBook) -> Iterator[tuple[str, str, Concepts]]:
    """List the code systems of the results, each display in the very words that results use."""
    levels = ((one.id, level_concept(book, one.id)["text"], one.means) for one in book.levels.values())
    method = method_concept(book, "")["coding"][0]
    yield "triage-level", "Triage levels", levels
    yield "cause", "Causes", ((one.id, one.label) for one in book.causes.values())
    yield "activity", "Activities", ((one.id, one.title or one.id) for one in book.activities.values())
    yield "pattern-fit", "How well a pattern fits", ((code, FIT_DISPLAYS[code], says) for code, says in FITS.items())
    yield "verdict", "Verdicts", VERDICTS
    yield "scope", "Scope", SCOPES
    yield "origin", "Origins", ORIGINS
    yield "policy", "Policies", ((one.id, one.title) for one in book.policies.values())
    yield "source", "Sources", ((one.id, one.name) for one in book.sources.values())
    yield "rule", "Rules", ((one.id, one.title) for one in book.rules.values())
    yield "statement", "Statements", _statements(book)
    yield "method", "Methods", [(method["code"], method["display"])]


def _statements(book: RuleBook) -> Iterator[tuple[str, ...]]:
    """List what sources say, by whom and when it holds; then rows that were split; then the project's own word."""
    for one in book.statements.values():
        asks = f"{book.levels[one.level].means}: {one.when}" if one.level else one.when or one.says
        yield one.id, one.says or one.when, f"{source_words(book.sources[one.source])}. {asks}"
    for row in dict.fromkeys(one.row for one in book.statements.values() if one.row not in book.statements):
        parts = [one for one in book.statements.values() if one.row == row]
        says = parts[0].says or "; ".join(one.when for one in parts)
        yield row, says, f"{source_words(book.sources[parts[0].source])}. All of {', '.join(one.id for one in parts)}."
    yield "project", PROJECT, "It rests on no statement of a source."


def _code_system(book: RuleBook, name: str, title: str, concepts: Concepts) -> dict[str, Any]:
    listed = [dict(zip(("code", "display", "definition"), concept, strict=False)) for concept in concepts]
    return {
        **published("CodeSystem", name, title, book.version),
        "caseSensitive": True,
        "content": "complete",
        "count": len(listed),
        "concept": listed,
    }
