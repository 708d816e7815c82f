"""What keeps a rule book from losing a danger sign unseen, each shown on the real book with one thing taken out."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from service.knowledge.checks.cases import missing_threshold_cases
from service.knowledge.checks.rules import findings_that_may_not_reassure
from service.knowledge.checks.statements import levels_without_a_rule
from service.knowledge.condition import AtLeast, Holds, Not
from service.knowledge.model import RuleBook
from tests.real_book import proven_book

BOOK = proven_book()


def with_rule(name: str, **changes: Any) -> RuleBook:
    return replace(BOOK, rules={**BOOK.rules, name: replace(BOOK.rules[name], **changes)})


def named(problems: Iterator[str], *words: str) -> bool:
    return any(all(word in problem for word in words) for problem in problems)


def test_a_threshold_needs_a_case_at_it_beyond_it_and_without_the_number() -> None:
    severe = replace(BOOK.terms["severe-now"], cases=BOOK.terms["severe-now"].cases[:0])
    assert not named(missing_threshold_cases(BOOK), "severe-now")
    assert named(missing_threshold_cases(replace(BOOK, terms={**BOOK.terms, "severe-now": severe})), "severe-now", "7")


def test_a_statement_that_asks_for_a_level_needs_a_rule() -> None:
    assert not named(levels_without_a_rule(BOOK), "CC-911-chest")
    assert named(levels_without_a_rule(with_rule("chest-pain", statements=())), "CC-911-chest", "ambulance")


def test_only_a_finding_that_is_marked_as_reassuring_may_keep_a_rule_from_firing() -> None:
    unless_cough = AtLeast(2, (BOOK.rules["chest-pain"].when, Not(Holds("cough"))))
    assert not named(findings_that_may_not_reassure(BOOK), "chest-pain")
    assert named(findings_that_may_not_reassure(with_rule("chest-pain", when=unless_cough)), "chest-pain", "cough")
