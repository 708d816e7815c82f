"""Runs the book's own cases: each rule, term and withholding must come out as its cases say; it changes nothing."""

from collections.abc import Iterator

from service.engine.derive import complete
from service.engine.facts import Fact
from service.engine.verdict import Outcome, View, evaluate
from service.knowledge.cases import VERDICTS, facts_of
from service.knowledge.condition import Condition
from service.knowledge.model import Case, RuleBook
from service.knowledge.parse import BookError

WORDS = {verdict: word for word, verdict in VERDICTS.items()}


def failing_cases(book: RuleBook) -> Iterator[str]:
    """Name every case that comes out otherwise than it is written, one sentence each."""
    for where, condition, case in _cases(book):
        try:
            met = verdict_of(book, condition, case)
        except BookError as error:
            met = f"unread ({error})"
        if met != case.verdict:
            yield f"{where}: '{case.says}': came out {met}; written is {case.verdict}"


def verdict_of(book: RuleBook, condition: Condition, case: Case) -> str:
    """Say how a condition comes out for a case's facts; raise BookError where the facts cannot be read."""
    given = facts_of(case, book)
    facts = {finding: Fact(value, "response", (finding,)) for finding, value in given.known.items()}
    outcome = Outcome(
        rank=book.levels[given.level].rank,
        ranks={level.id: level.rank for level in book.levels.values()},
        rules={rule: given.rules.get(rule, False) for rule in book.rules},
    )
    known = {finding: fact.value for finding, fact in complete(book, facts).facts.items()}
    return WORDS[evaluate(condition, View(known, outcome=outcome))]


def _cases(book: RuleBook) -> Iterator[tuple[str, Condition, Case]]:
    for rule in book.rules.values():
        yield from ((f"cases/{rule.id}.yaml", rule.when, case) for case in rule.cases)
    for term in book.terms.values():
        yield from ((f"terms.yaml: {term.id}", term.when, case) for case in term.cases)
    for withholding in book.withholdings.values():
        yield from ((f"withholdings/{withholding.id}.yaml", withholding.when, case) for case in withholding.cases)
