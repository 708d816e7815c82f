"""The witnesses judged anew before a service answers: what no longer comes out as proven is named, word for word."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from service.engine.canary import denied, failing_witnesses, fires, judged
from service.engine.facts import Fact, Value
from service.knowledge.condition import AtLeast, Not
from service.knowledge.model import RuleBook
from service.knowledge.witnesses import Witness
from tests.engine.small_book import EXEMPTING, OTHER, SIGN, Ruling, book_of

YES, NO = True, False
SIGN_ALONE = book_of(
    Ruling("grave", "emergency", AtLeast(2, (SIGN, Not(EXEMPTING)))), Ruling("mild", "appointment", OTHER)
)
"""While the exemption is open the grave rule does not fire; the mild one alone makes an appointment."""


def witness(rule: str, facts: Mapping[str, Value], opened: str, denied_level: str) -> Witness:
    return Witness(rule, facts, {"strictest": opened}, {"strictest": denied_level})


GRAVE = witness("grave", {"sign": YES, "exempting": NO}, "emergency", "emergency")
MILD = witness("mild", {"other": YES}, "within-24h", "appointment")
NAMED: list[tuple[tuple[Witness, ...], list[str], str]] = [
    ((GRAVE, MILD), [], "all as proven: an open emergency is seen today, a denied one leaves the appointment"),
    ((GRAVE,), ["the rule 'mild' has no witness"], "a rule without a witness"),
    ((), ["the rule 'grave' has no witness", "the rule 'mild' has no witness"], "no witness at all"),
    (
        (GRAVE, MILD, witness("none", {}, "self-care", "self-care")),
        ["the witness of 'none' has no rule"],
        "a witness without a rule",
    ),
    (
        (GRAVE, witness("mild", {"other": YES}, "appointment", "appointment")),
        ["the witness of 'mild' (all else open) gets within-24h under 'strictest'; proven was appointment"],
        "another level while all else is open",
    ),
    (
        (GRAVE, witness("mild", {"other": YES}, "within-24h", "self-care")),
        ["the witness of 'mild' (all else no) gets appointment under 'strictest'; proven was self-care"],
        "another level where all else is denied",
    ),
    (
        (witness("grave", {"sign": YES}, "within-24h", "emergency"), MILD),
        ["the witness of 'grave' (all else open) does not make it fire under 'strictest'"],
        "it fires only where all else is denied: an undecided rule has not fired",
    ),
    (
        (witness("grave", {"sign": YES, "exempting": YES}, "appointment", "self-care"), MILD),
        [
            "the witness of 'grave' (all else open) does not make it fire under 'strictest'",
            "the witness of 'grave' (all else no) does not make it fire under 'strictest'",
        ],
        "a rule that no longer fires",
    ),
]


@pytest.mark.parametrize(("witnesses", "named", "comment"), NAMED, ids=[row[-1] for row in NAMED])
def test_what_no_longer_comes_out_as_proven_is_named(
    witnesses: tuple[Witness, ...], named: list[str], comment: str
) -> None:
    assert list(failing_witnesses(SIGN_ALONE, witnesses)) == named, comment


def test_only_questions_that_are_asked_with_yes_or_no_are_denied_and_what_is_known_stays() -> None:
    book = with_findings(("sign", "boolean", True), ("told", "boolean", False), ("age", "integer", True))
    assert denied(book, {}) == {"sign": NO}
    assert denied(book, {"sign": YES, "told": YES}) == {"sign": YES, "told": YES}


def with_findings(*findings: tuple[str, str, bool]) -> RuleBook:
    some = SIGN_ALONE.findings["sign"]
    rows = {name: replace(some, id=name, kind=kind, asked=asked) for name, kind, asked in findings}
    return replace(SIGN_ALONE, findings=rows)


def test_a_witness_is_judged_as_a_patient_who_answered() -> None:
    result = judged(SIGN_ALONE, {"sign": YES}, "strictest")
    assert result.facts == {"sign": Fact(YES, "response", ("sign",))}
    assert result.policy == "strictest"


def test_a_rule_fires_where_its_own_row_of_the_trace_says_so() -> None:
    result = judged(SIGN_ALONE, {"other": YES}, "strictest")
    assert {one.rule: one.verdict for one in result.trace} == {"grave": "undecided", "mild": "fired"}
    assert [fires(result, rule) for rule in ("grave", "mild")] == [False, True]
