"""Checks that every rule, term and withholding has its cases: all three verdicts, and a triple for each threshold."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from service.knowledge.condition import Compares, Condition, Term, parts_of
from service.knowledge.model import Case, RuleBook

VERDICTS = ("fired", "not-fired", "undecided")
ALWAYS = frozenset({"aspirin", "bed-rest"})


def _owners(book: RuleBook) -> Iterator[tuple[str, Condition, tuple[Case, ...]]]:
    for rule in book.rules.values():
        yield f"cases/{rule.id}.yaml", rule.when, rule.cases
    for term in book.terms.values():
        yield f"terms.yaml: {term.id}", term.when, term.cases
    for withholding in book.withholdings.values():
        yield f"withholdings/{withholding.id}.yaml", withholding.when, withholding.cases


def missing_verdicts(book: RuleBook) -> Iterator[str]:
    """Find what lacks a case of one of the three verdicts that its condition can have."""
    for where, condition, cases in _owners(book):
        for verdict in VERDICTS:
            if not any(case.verdict == verdict for case in cases) and _can_differ(condition):
                yield f"{where}: no case with the verdict {verdict}"


def _can_differ(condition: Condition) -> bool:
    """Tell whether the condition asks for any finding; one that asks for none has one verdict, or follows the level."""
    return any(True for _ in _leaves(condition))


def _leaves(condition: Condition) -> Iterator[Condition]:
    inner = parts_of(condition)
    if not inner and hasattr(condition, "__match_args__") and any(
        name in ("finding", "measure", "choice") for name in condition.__match_args__
    ):
        yield condition
    for part in inner:
        yield from _leaves(part)


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
    given = {Decimal(str(facts[comparison.measure])) for facts in cases if comparison.measure in facts}
    if comparison.threshold not in given:
        yield "at"
    if comparison.threshold + beyond not in given:
        yield "one step beyond"
    if all(comparison.measure in facts for facts in cases):
        yield "not measured, beside"
