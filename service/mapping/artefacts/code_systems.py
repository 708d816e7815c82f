"""Writes the project's own code systems from the rule book: findings, answers, options, levels, causes, activities."""

from collections.abc import Iterable
from typing import Any

from service.knowledge.model import RuleBook
from service.mapping.canonical import ANSWER, BASE, FINDING, FINDING_OPTION, NO, NONE_OF_THESE, NOT_SURE, YES

Concepts = Iterable[tuple[str, str]]


def code_systems(book: RuleBook) -> list[dict[str, Any]]:
    """Build every code system that an answer or a result uses."""
    words = book.form.words
    choices = sorted({option for finding in book.findings.values() if finding.id != "sex" for option in finding.options})
    return [
        _code_system(book, FINDING, "Findings", ((one.id, one.label) for one in book.findings.values())),
        _code_system(book, ANSWER, "Answers", ((code, words[code]) for code in (YES, NO, NOT_SURE, NONE_OF_THESE))),
        _code_system(book, FINDING_OPTION, "Options of findings", ((code, words.get(code, code)) for code in choices)),
        _code_system(book, f"{BASE}/CodeSystem/triage-level", "Triage levels", ((x.id, x.means) for x in book.levels.values())),
        _code_system(book, f"{BASE}/CodeSystem/cause", "Causes", ((one.id, one.label) for one in book.causes.values())),
        _code_system(
            book,
            f"{BASE}/CodeSystem/activity",
            "Activities",
            ((one.id, one.title or one.id) for one in book.activities.values()),
        ),
        _code_system(
            book,
            f"{BASE}/CodeSystem/pattern-fit",
            "How well a pattern fits",
            (
                ("fits", "the answers fit the pattern that a source describes"),
                ("partly-fits", "the answers fit it in part"),
                ("not-excluded", "an open question does not exclude it"),
            ),
        ),
    ]


def _code_system(book: RuleBook, url: str, title: str, concepts: Concepts) -> dict[str, Any]:
    listed = [{"code": code, "display": display} for code, display in concepts]
    name = url.rpartition("/")[2]
    return {
        "resourceType": "CodeSystem",
        "id": name,
        "url": url,
        "version": book.version,
        "name": "".join(word.capitalize() for word in name.split("-")),
        "title": title,
        "status": "draft",
        "experimental": True,
        "date": "2026-11-21",
        "publisher": "Upper back triage project",
        "caseSensitive": True,
        "content": "complete",
        "count": len(listed),
        "concept": listed,
    }
