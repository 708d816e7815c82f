"""Writes the project's own code systems from the rule book: findings, answers, options, levels, causes, activities."""

from collections.abc import Iterable
from typing import Any

from service.knowledge.model import RuleBook
from service.mapping.artefacts.publication import published
from service.mapping.canonical import NO, NONE_OF_THESE, NOT_SURE, YES

Concepts = Iterable[tuple[str, str]]
FITS = (
    ("fits", "the answers fit the pattern that a source describes"),
    ("partly-fits", "the answers fit it in part"),
    ("not-excluded", "an open question does not exclude it"),
)


def code_systems(book: RuleBook) -> list[dict[str, Any]]:
    """Build every code system that an answer or a result uses."""
    words = book.form.words
    own_options = {option for one in book.findings.values() if one.id != "sex" for option in one.options}
    return [
        _code_system(book, "finding", "Findings", ((one.id, one.label) for one in book.findings.values())),
        _code_system(book, "answer", "Answers", ((code, words[code]) for code in (YES, NO, NOT_SURE, NONE_OF_THESE))),
        _code_system(
            book, "finding-option", "Options of findings", ((one, words.get(one, one)) for one in sorted(own_options))
        ),
        _code_system(book, "triage-level", "Triage levels", _levels(book)),
        _code_system(book, "method", "How a result was made", (("rule-book", "Rule book"),)),
        _code_system(book, "cause", "Causes", ((one.id, one.label) for one in book.causes.values())),
        _code_system(
            book, "activity", "Activities", ((one.id, one.title or one.id) for one in book.activities.values())
        ),
        _code_system(book, "pattern-fit", "How well a pattern fits", FITS),
    ]


def _levels(book: RuleBook) -> Concepts:
    """Name each level by the title of its own activity, as the results do; gravest first."""
    titles = {activity.level: activity.title for activity in book.activities.values() if activity.level}
    return ((level, titles[level]) for level in book.levels)


def _code_system(book: RuleBook, name: str, title: str, concepts: Concepts) -> dict[str, Any]:
    listed = [{"code": code, "display": display} for code, display in concepts]
    return {
        **published("CodeSystem", name, title, book.version),
        "caseSensitive": True,
        "content": "complete",
        "count": len(listed),
        "concept": listed,
    }
