"""Gathers what a clinician wants to know of one rule: plain data for the terminal and for the page of all rules."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from service.knowledge.condition import Condition, Term, walk
from service.knowledge.model import NamedTerm, Rule, RuleBook, Statement, Topic
from service.knowledge.words import Phrase, phrase
from service.mapping.writing.words import source_words, statements_named

ADDITIONS = ("guideline", "project")


@dataclass(frozen=True, slots=True)
class Word:
    """What one source says: the statement's id, the source in words, its level (empty: none), and the text.

    ``see`` names guidance that was not read yet, for the clinician who reviews this.
    """

    id: str
    source: str
    level: str
    text: str
    reading: str
    see: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One rule with everything that its ids stand for.

    ``by_source`` is the highest level by article id, and under ``additions`` that of guidelines and of this project;
    a source that names the matter and asks for no level has the empty level. ``rows`` are the reconciled rows of its
    topic, ``own_rows`` those that are this rule's own statements. ``levels`` are by policy id.
    """

    rule: Rule
    topic: Topic
    condition: Phrase
    terms: tuple[NamedTerm, ...]
    words: tuple[Word, ...]
    supports: tuple[Word, ...]
    by_source: Mapping[str, str]
    rows: tuple[Statement, ...]
    own_rows: tuple[Statement, ...]
    levels: Mapping[str, str]
    causes: tuple[tuple[str, str], ...]
    plan: tuple[str, ...]


def sheet(book: RuleBook, rule: Rule) -> Sheet:
    """Gather one rule."""
    own = [book.statements[one] for one in rule.statements]
    rows = tuple(one for one in book.statements.values() if one.id.startswith(f"RC-{rule.topic}."))
    return Sheet(
        rule=rule,
        topic=book.topics[rule.topic],
        condition=phrase(book, rule.when),
        terms=terms_in(book, rule.when),
        words=tuple(_word(book, one) for one in own),
        supports=tuple(_word(book, one) for one in statements_named(book, rule.supports)),
        by_source=_by_source(book, own),
        rows=rows,
        own_rows=tuple(one for one in own if one in rows),
        levels={policy: levels[rule.id] for policy, levels in book.rule_levels.items()},
        causes=tuple((book.causes[cause].label, fit) for cause, fit in rule.causes.items()),
        plan=tuple(book.activities[one].title for one in rule.plan),
    )


def terms_in(book: RuleBook, condition: Condition) -> tuple[NamedTerm, ...]:
    """Name every term that a condition uses, also inside other terms, in the order of the book."""
    used = {node.name for node in walk(condition) if isinstance(node, Term)}
    return tuple(term for term in book.terms.values() if term.id in used)


def word_of(book: RuleBook, statement: str) -> Word:
    """Gather what one statement says."""
    return _word(book, book.statements[statement])


def _word(book: RuleBook, statement: Statement) -> Word:
    return Word(
        id=statement.id,
        source=source_words(book.sources[statement.source]),
        level=statement.level,
        text="; ".join(one for one in (statement.when, statement.says) if one),
        reading=statement.reading,
        see=statement.see,
    )


def _by_source(book: RuleBook, statements: Iterable[Statement]) -> dict[str, str]:
    """Name the highest level of each article, and of all additions together."""
    highest: dict[str, str] = {}
    for one in statements:
        origin = book.sources[one.source].origin
        column = one.source if origin == "article" else "additions" if origin in ADDITIONS else "reconciled"
        known = highest.get(column, "")
        highest[column] = max(known, one.level, key=lambda level: book.levels[level].rank if level else 0)
    return highest
