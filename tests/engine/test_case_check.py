"""A case that comes out otherwise than it is written, or cannot be read, is named with its file and its sentence."""

from dataclasses import replace

import pytest

from service.engine.case_check import failing_cases
from service.knowledge.model import Case, RuleBook
from tests.engine.situations import BOOK


def with_case(owner: str, case: Case) -> RuleBook:
    """Return the book with one case more, of a rule, a term or a withholding."""
    kind, _, name = owner.partition(" ")
    match kind:
        case "rule":
            rule = BOOK.rules[name]
            return replace(BOOK, rules={**BOOK.rules, name: replace(rule, cases=(*rule.cases, case))})
        case "term":
            term = BOOK.terms[name]
            return replace(BOOK, terms={**BOOK.terms, name: replace(term, cases=(*term.cases, case))})
        case _:
            held = BOOK.withholdings[name]
            return replace(BOOK, withholdings={**BOOK.withholdings, name: replace(held, cases=(*held.cases, case))})


WRONG: list[tuple[str, Case, str]] = [
    (
        "rule breathless",
        Case("Is short of breath.", {"dyspnoea": "present"}, "not-fired"),
        "cases/breathless.yaml: 'Is short of breath.': came out fired; written is not-fired",
    ),
    (
        "rule breathless",
        Case("Nobody asked.", {}, "fired"),
        "cases/breathless.yaml: 'Nobody asked.': came out undecided; written is fired",
    ),
    (
        "rule breathless",
        Case("Spelled otherwise.", {"dyspnea": "present"}, "fired"),
        "cases/breathless.yaml: 'Spelled otherwise.': came out unread (facts: met 'dyspnea'; allowed: one of ",
    ),
    (
        "rule any-nausea",
        Case("Follows from vomiting.", {"vomiting": "present"}, "undecided"),
        "cases/any-nausea.yaml: 'Follows from vomiting.': came out fired; written is undecided",
    ),
    (
        "term severe-now",
        Case("Six.", {"severity-now": 6}, "fired"),
        "terms.yaml: severe-now: 'Six.': came out not-fired; written is fired",
    ),
    (
        "withholding acetaminophen-while-emergency",
        Case("At home.", {"level": "self-care"}, "fired"),
        "withholdings/acetaminophen-while-emergency.yaml: 'At home.': came out not-fired; written is fired",
    ),
]


@pytest.mark.parametrize(("owner", "case", "told"), WRONG, ids=[row[1].says for row in WRONG])
def test_a_wrong_case_is_named(owner: str, case: Case, told: str) -> None:
    (failing,) = failing_cases(with_case(owner, case))
    assert failing.startswith(told)


def test_a_right_case_is_not_named() -> None:
    right = Case("Is short of breath.", {"dyspnoea": "present"}, "fired")
    assert list(failing_cases(with_case("rule breathless", right))) == []
