"""Checks that every rule, term and withholding has its cases: readable, all three verdicts, a triple per threshold."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from service.knowledge.cases import VERDICTS, facts_of
from service.knowledge.condition import Compares, Condition, Term, findings_in, parts_of
from service.knowledge.model import Case, RuleBook
from service.knowledge.parse import BookError


def _owners(book: RuleBook) -> Iterator[tuple[str, Condition, tuple[Case, ...]]]:
    for rule in book.rules.values():
        yield f"cases/{rule.id}.yaml", rule.when, rule.cases
    for term in book.terms.values():
        yield f"terms.yaml: {term.id}", term.when, term.cases
    for withholding in book.withholdings.values():
        yield f"withholdings/{withholding.id}.yaml", withholding.when, withholding.cases


def unreadable_facts(book: RuleBook) -> Iterator[str]:
    """Find cases whose facts name what the book does not have, or give a finding a value that it cannot have."""
    for where, _, cases in _owners(book):
        for case in cases:
            try:
                facts_of(case, book)
            except BookError as error:
                yield f"{where}: '{case.says}': facts: {error}"


def missing_verdicts(book: RuleBook) -> Iterator[str]:
    """Find what lacks a case of one of the three verdicts; a condition that asks for no finding cannot have all."""
    for where, condition, cases in _owners(book):
        for verdict in VERDICTS:
            if findings_in(condition) and not any(case.verdict == verdict for case in cases):
                yield f"{where}: no case with the verdict {verdict}"


def missing_threshold_cases(book: RuleBook) -> Iterator[str]:
    """Find comparisons written in a condition itself that lack a case below, at, or without the measure."""
    for where, condition, cases in _owners(book):
        for comparison in _comparisons(condition):
            for missing in _missing(book, comparison, [case.facts for case in cases]):
                yield f"{where}: no case with '{comparison.measure}' {missing} {comparison.threshold}"


def _comparisons(condition: Condition) -> Iterator[Compares]:
    if isinstance(condition, Compares):
        yield condition
    if not isinstance(condition, Term):
        for part in parts_of(condition):
            yield from _comparisons(part)


def _missing(book: RuleBook, comparison: Compares, cases: list[Mapping[str, object]]) -> Iterator[str]:
    step = book.findings[comparison.measure].step
    beyond = -step if comparison.operator in ("at-least", "below") else step
    written = [facts[comparison.measure] for facts in cases if comparison.measure in facts]
    given = {Decimal(str(one)) for one in written if isinstance(one, int | float)}
    if comparison.threshold not in given:
        yield "at"
    if comparison.threshold + beyond not in given:
        yield "one step beyond"
    if all(comparison.measure in facts for facts in cases):
        yield "not measured, beside"
