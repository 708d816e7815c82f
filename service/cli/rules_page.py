"""Writes the whole rule book as one page of HTML that needs nothing beside it; the same book gives the same bytes."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from service.cli.rule_sheet import Sheet, Word, sheet, word_of
from service.knowledge.model import (
    Activity,
    Background,
    Cause,
    Contradiction,
    Derivation,
    NamedTerm,
    Rule,
    RuleBook,
    Statement,
    Topic,
    Withholding,
)
from service.knowledge.not_adopted import NotAdopted
from service.knowledge.words import Phrase, phrase
from service.mapping.writing.words import source_words, statements_named

LIVE_COLUMNS = ("strictest", "reconciled")
NO_LEVEL_HERE = "no level"


@dataclass(frozen=True, slots=True)
class TopicRules:
    """One topic with its reconciled rows and its rules."""

    topic: Topic
    rows: tuple[Statement, ...]
    sheets: tuple[Sheet, ...]


@dataclass(frozen=True, slots=True)
class Used:
    """A condition that the page shows in words, with what it belongs to."""

    of: NamedTerm | Derivation | Contradiction | Withholding | Activity
    condition: Phrase


@dataclass(frozen=True, slots=True)
class PlanItem:
    """One activity, when it is considered, and the withholdings that name it."""

    activity: Activity
    condition: Phrase
    words: tuple[Word, ...]
    withholdings: tuple[Withholding, ...]


@dataclass(frozen=True, slots=True)
class NamedCause:
    """One cause, who names it, and the rules that suggest it with how well they fit."""

    cause: Cause
    words: tuple[Word, ...]
    rules: tuple[tuple[Rule, str], ...]


def rules_page(book: RuleBook, not_adopted: tuple[NotAdopted, ...]) -> str:
    """Write the page: rules by topic, then everything they are made of, then what is no rule and why."""
    surroundings = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # The rule book marks the name of a policy with backticks; a page shows the name alone.
        finalize=lambda shown: shown.replace("`", "") if isinstance(shown, str) else shown,
    )
    return surroundings.get_template("rules_page.html").render(
        book=book,
        articles=[source for source in book.sources.values() if source.origin == "article"],
        policies=LIVE_COLUMNS,
        no_level=NO_LEVEL_HERE,
        topics=list(_topics(book)),
        terms=[Used(one, phrase(book, one.when)) for one in book.terms.values()],
        derivations=[Used(one, phrase(book, one.when)) for one in book.derivations],
        contradictions=[Used(one, phrase(book, one.when)) for one in book.contradictions],
        plan=list(_plan(book)),
        withholdings=[
            (Used(one, phrase(book, one.when)), word_of(book, one.statement)) for one in book.withholdings.values()
        ],
        causes=list(_causes(book)),
        background=[(one, _background_word(book, one)) for one in book.background],
        not_adopted=[(one, source_words(book.sources[one.source])) for one in not_adopted],
        red_flags=[finding for finding in book.findings.values() if finding.id in book.red_flags],
        scope_out=phrase(book, book.scope_out),
        source_words=source_words,
    )


def _topics(book: RuleBook) -> Iterator[TopicRules]:
    for topic in book.topics.values():
        rows = tuple(one for one in book.statements.values() if one.id.startswith(f"RC-{topic.id}."))
        sheets = tuple(sheet(book, rule) for rule in book.rules.values() if rule.topic == topic.id)
        yield TopicRules(topic, rows, sheets)


def _plan(book: RuleBook) -> Iterator[PlanItem]:
    for activity in book.activities.values():
        yield PlanItem(
            activity,
            phrase(book, activity.when),
            _words_named(book, activity.rests_on),
            tuple(one for one in book.withholdings.values() if activity.id in one.items),
        )


def _causes(book: RuleBook) -> Iterator[NamedCause]:
    for cause in book.causes.values():
        rules = tuple((rule, rule.causes[cause.id]) for rule in book.rules.values() if cause.id in rule.causes)
        yield NamedCause(cause, _words_named(book, cause.rests_on), rules)


def _words_named(book: RuleBook, ids: tuple[str, ...]) -> tuple[Word, ...]:
    return tuple(word_of(book, one.id) for one in statements_named(book, ids))


def _background_word(book: RuleBook, one: Background) -> Word:
    return _words_named(book, (one.statement,))[0]
