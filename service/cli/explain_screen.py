"""Prints one rule, term or withholding for a clinician; the words come from the rule book."""

from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from service.cli.rule_sheet import Word, sheet, terms_in, word_of
from service.cli.screen import LEVEL_WIDTH, heading, level_text
from service.cli.terminal import point
from service.knowledge.model import Case, NamedTerm, Rule, RuleBook, Withholding
from service.knowledge.words import Phrase, lines, phrase

NOT_REVIEWED = "No clinician has reviewed this."
NO_LEVEL = "no level"
SHOWN = {
    "do-not": 'a known fact makes it "do not"',
    "ask-first": 'a known fact makes it "ask before taking more"',
    "left-out": "left out in silence but for a note",
    "never-suggested": "never suggested, and the plan says so",
}


def print_rule(console: Console, book: RuleBook, rule: Rule) -> None:
    """Print a rule: when it holds, by whose word, what the policies make of it, what follows, and when it errs."""
    gathered = sheet(book, rule)
    _title(console, rule.title, f"rule {rule.id}, topic: {gathered.topic.title}, status: {rule.status}", rule.status)
    _condition(console, gathered.condition)
    _terms(console, book, gathered.terms)
    heading(console, "By whose word")
    _words(console, gathered.words)
    if gathered.supports:
        heading(console, "Supported by")
        _words(console, gathered.supports)
    heading(console, "Level under each policy")
    for policy, level in gathered.levels.items():
        _levelled(console, level, f"{policy}: {book.policies[policy].title}", none=NO_LEVEL)
    if gathered.rows:
        heading(console, "Reconciled rows of the topic")
    for row in gathered.rows:
        own = " (the condition of this rule)" if row in gathered.own_rows else ""
        _levelled(console, row.level, f"{row.when}{own}")
    _list(console, "Causes it suggests", (f"{label}: {fit}" for label, fit in gathered.causes))
    _list(console, "What it adds to the plan", gathered.plan)
    _list(console, "When it errs", (rule.limits,))
    _list(console, "Sign in the safety net", (rule.sign,) if rule.sign else ())
    _list(console, "Deliberate exceptions", (f"{one.about}: {one.reason}" for one in rule.allowed))
    _cases(console, rule.cases)


def print_term(console: Console, book: RuleBook, term: NamedTerm) -> None:
    """Print a term: what it says, when it holds, and which rules use it."""
    _title(console, term.says, f"term {term.id}")
    _condition(console, phrase(book, term.when))
    _terms(console, book, terms_in(book, term.when))
    users = (rule for rule in book.rules.values() if term in terms_in(book, rule.when))
    _list(console, "Used by the rules", (f"{rule.id}: {rule.title}" for rule in users))
    _cases(console, term.cases)


def print_withholding(console: Console, book: RuleBook, withholding: Withholding) -> None:
    """Print a withholding: what it keeps out of the plan, when, why, and by whose word."""
    _title(console, withholding.title, f"withholding {withholding.id}")
    titles = (book.activities[one].title for one in withholding.items)
    _list(console, "Keeps out of the plan", titles)
    _list(console, "How", (SHOWN[withholding.shown],))
    _condition(console, phrase(book, withholding.when))
    _list(console, "Why", (withholding.because,))
    heading(console, "By whose word")
    _words(console, (word_of(book, withholding.statement),), none="")
    _cases(console, withholding.cases)


def _title(console: Console, title: str, below: str, status: str = "draft") -> None:
    point(console, "", Text(title, "bold"))
    point(console, "", Text(f"{below}." if status == "reviewed" else f"{below}. {NOT_REVIEWED}", "dim"))


def _condition(console: Console, condition: Phrase) -> None:
    heading(console, "Holds when")
    point(console, "   ", Text('"not" means answered no: unknown is never no', "dim"))
    for depth, line in lines(condition):
        point(console, f"{'  ' * depth} - ", Text(line))


def _terms(console: Console, book: RuleBook, terms: Iterable[NamedTerm]) -> None:
    named = list(terms)
    if named:
        heading(console, "What its terms mean")
    for term in named:
        point(console, " * ", Text(f"{term.says} (term {term.id})", "bold"))
        for depth, line in lines(phrase(book, term.when)):
            point(console, f"   {'  ' * depth} - ", Text(line))


def _words(console: Console, words: Iterable[Word], none: str = NO_LEVEL) -> None:
    for one in words:
        _levelled(console, one.level, f"{one.source} [{one.id}]", none)
        notes = [one.text, f"our reading of {one.reading}" if one.reading else "", _unread(one)]
        for note in filter(None, notes):
            point(console, " " * (LEVEL_WIDTH + 3), Text(note, "dim"))


def _unread(word: Word) -> str:
    return f"not read yet, for the clinician who reviews this: {word.see}" if word.see else ""


def _levelled(console: Console, level: str, words: str, none: str = "") -> None:
    lead = level_text(level, none)
    lead.align("left", LEVEL_WIDTH)
    point(console, Text("   ").append_text(lead), Text(words))


def _list(console: Console, title: str, points: Iterable[str]) -> None:
    told = list(points)
    if told:
        heading(console, title)
    for one in told:
        point(console, " - ", Text(one))


def _cases(console: Console, cases: tuple[Case, ...]) -> None:
    heading(console, "Cases")
    for case in cases:
        lead = Text(f"   {case.verdict:<{LEVEL_WIDTH}}")
        point(console, lead, Text(case.says))
