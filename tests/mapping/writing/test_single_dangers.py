"""Open questions whose yes alone means an emergency, each with the gravest level that its yes would mean."""

from dataclasses import replace
from decimal import Decimal

import pytest

from service.engine.assessment import Assessment, Traced
from service.engine.facts import Fact
from service.mapping.writing.kept import Parts
from service.mapping.writing.single_dangers import single_dangers, undecided_emergencies
from tests.mapping.writing.patients import book, patient


def assessed(*trace: Traced, level: str = "within-24h", **known: Fact) -> Assessment:
    facts = {name.replace("_", "-"): fact for name, fact in known.items()}
    return replace(patient("self-care: a sore").assessment(), level=level, trace=trace, facts=facts)


def open_rule(rule: str, asks: str, *findings: str) -> Traced:
    return Traced(rule, "undecided", asks, "within-24h", findings)


STOOLS = open_rule("black-stools", "emergency", "gi-bleeding")
PALPITATIONS = open_rule("palpitations", "emergency", "palpitations")
BREATH = open_rule("breathless", "ambulance", "dyspnoea")
RASH = open_rule("rash-over-pain", "within-24h", "rash")
CHEST = Traced("chest-pain", "fired", "ambulance", "ambulance", ("chest-pain",))

EMERGENCIES = [
    # level of the result, trace, rules that are left, comment
    ("within-24h", (STOOLS, RASH, BREATH, PALPITATIONS), ["breathless", "black-stools", "palpitations"],
     "emergency and above, gravest first, else in the order of the trace"),
    ("self-care", (RASH,), [], "within a day is no emergency"),
    ("emergency", (STOOLS, BREATH), ["breathless"], "only what is above the result"),
    ("ambulance", (STOOLS, BREATH), [], "nothing is above it"),
    ("within-24h", (CHEST, BREATH), ["breathless"], "what fired is not open"),
]  # fmt: skip


@pytest.mark.parametrize(("level", "trace", "left", "comment"), EMERGENCIES)
def test_undecided_emergencies_are_those_above_the_result(
    level: str, trace: tuple[Traced, ...], left: list[str], comment: str
) -> None:
    found = undecided_emergencies(book(), assessed(*trace, level=level))
    assert [one.rule for one in found] == left, comment


SEVERE, MILD = Fact(Decimal("8"), "response"), Fact(Decimal("3"), "response")
SUDDEN = open_rule("sudden-severe", "emergency", "max-at-onset", "severity-now")

DANGERS = [
    # assessment, dangers, comment
    (assessed(BREATH), {"dyspnoea": "ambulance"}, "a yes is enough"),
    (assessed(STOOLS, BREATH), {"dyspnoea": "ambulance", "gi-bleeding": "emergency"}, "each by what it means"),
    (assessed(SUDDEN), {}, "two answers are needed, and one of them is a number"),
    (assessed(SUDDEN, severity_now=SEVERE), {"max-at-onset": "emergency"}, "the number is known: a yes is enough"),
    (assessed(SUDDEN, severity_now=MILD, severity_onset=MILD), {}, "the number is known, and a yes is not enough"),
    (assessed(open_rule("breathless", "emergency", "dyspnoea"), BREATH), {"dyspnoea": "ambulance"}, "the gravest"),
    (assessed(BREATH, open_rule("breathless", "emergency", "dyspnoea")), {"dyspnoea": "ambulance"}, "in any order"),
]


@pytest.mark.parametrize(("told", "dangers", "comment"), DANGERS)
def test_a_single_danger_is_an_open_question_whose_yes_alone_fires_a_rule(
    told: Assessment, dangers: dict[str, str], comment: str
) -> None:
    assert single_dangers(book(), told) == dangers, comment


def test_what_was_kept_of_one_assessment_says_nothing_of_another() -> None:
    kept = Parts()
    for _ in range(2):
        for told, dangers, comment in DANGERS:
            assert single_dangers(book(), told, kept) == dangers, comment


def test_a_finding_that_no_question_asks_for_is_no_danger_to_ask_about() -> None:
    findings = {**book().findings, "dyspnoea": replace(book().findings["dyspnoea"], asked=False)}
    assert single_dangers(replace(book(), findings=findings), assessed(BREATH)) == {}
