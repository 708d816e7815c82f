"""The ServiceRequest proposes the level: what, how soon, and in words what to do first."""

import re
from dataclasses import replace

import pytest

from service import __version__
from service.engine.assessment import Traced
from service.knowledge.condition import Holds
from service.mapping.canonical import BASE
from service.mapping.writing.results import write_results
from service.mapping.writing.single_dangers import single_dangers
from tests.mapping.writing.patients import (
    AUTHORED,
    PATIENTS,
    RESPONSE,
    RUN,
    Patient,
    book,
    codes,
    header,
    patient,
    results,
)

everyone = pytest.mark.parametrize("who", PATIENTS, ids=[one.says for one in PATIENTS])

LEVELS = [
    # patient, level, priority, end of the period, comment
    ("ambulance", "ambulance", "stat", AUTHORED, "at once"),
    ("emergency", "emergency", "stat", "2026-05-01T11:00:00+02:00", "within an hour"),
    ("within a day", "within-24h", "urgent", "2026-05-02T10:00:00+02:00", "within 24 hours"),
    ("appointment", "appointment", "routine", "2026-05-08T10:00:00+02:00", "within a week"),
    ("self-care: a sore", "self-care", "routine", "2026-05-08T10:00:00+02:00", "looked at again after a week"),
]


@pytest.mark.parametrize(("who", "level", "priority", "end", "comment"), LEVELS)
def test_the_level_gives_code_priority_and_period(who: str, level: str, priority: str, end: str, comment: str) -> None:
    written = results(patient(who))["ServiceRequest"]
    own = next(one for one in book().activities.values() if one.level == level)
    assert written["code"]["coding"][0]["code"] == own.id, comment
    assert written["priority"] == priority
    assert written["occurrencePeriod"] == {"start": AUTHORED, "end": end}
    assert codes(written["extension"][0]["valueCodeableConcept"]) == [level]


@everyone
def test_it_is_a_draft_a_proposal_by_the_software_that_names_the_risk_assessment(who: Patient) -> None:
    everything = results(who)
    written, risk = everything["ServiceRequest"], everything["RiskAssessment"]
    assert (written["status"], written["intent"]) == ("draft", "proposal")
    assert written["meta"]["profile"] == [f"{BASE}/StructureDefinition/triage-service-request|{__version__}"]
    assert written["authoredOn"] == AUTHORED
    assert written["requester"] == risk["performer"]
    assert (written["subject"], written["encounter"]) == (risk["subject"], risk["encounter"])
    assert written["supportingInfo"] == [{"reference": risk["identifier"][0]["value"]}, RESPONSE]
    assert "reasonReference" not in written, "R4 allows no RiskAssessment there"


def test_without_a_date_there_is_no_period() -> None:
    written = results(patient("ambulance"), header(authored=""))["ServiceRequest"]
    assert not {"occurrencePeriod", "authoredOn"} & written.keys()


def instruction(who: str) -> str:
    return str(results(patient(who))["ServiceRequest"]["patientInstruction"])


def test_a_decided_level_is_said_first() -> None:
    assert instruction("ambulance").startswith("Call your local emergency number now. Ask for an ambulance.")


@pytest.mark.parametrize(
    ("who", "question", "ceiling"),
    [
        ("open: nobody asked about breath", "Are you short of breath?", "call your local emergency number now"),
        (
            "open: nobody asked about black stools",
            "Do you have any of these now? Black stools.",
            "go to an emergency department now",
        ),
    ],
)
def test_an_open_emergency_question_is_said_first_with_what_each_answer_means(
    who: str, question: str, ceiling: str
) -> None:
    assert instruction(who).startswith(
        f"Answer these now: {question} If any is yes, or you cannot tell, {ceiling}; "
        "if all are no, see a clinician today or within 24 hours."
    )


def test_questions_that_count_only_together_are_answered_and_judged_again() -> None:
    words = instruction("open: nobody asked how bad the pain is")
    assert words.startswith("Answer these now, and have all answers judged again: ")
    assert "How bad is the pain now?" in words
    assert "If that cannot be done at once, or you cannot tell, call your local emergency number now" in words
    assert "If any is yes" not in words, "a number has no yes"


def test_a_blank_form_asks_ambulance_questions_first_then_emergency_ones() -> None:
    words = instruction("blank")
    ambulance, emergency = re.split(" Then these: ", words)
    assert ambulance.startswith("Answer these now: Are you short of breath? Do you have chest pain?")
    assert ambulance.endswith("If any is yes, or you cannot tell, call your local emergency number now.")
    assert "Do you find it hard to pass urine?" in emergency
    assert "If any is yes, or you cannot tell, go to an emergency department now; if all are no," in emergency
    assert "have all answers judged again" in emergency, "no answers alone are not the end of the questions"


REASSURING = [one.id for one in book().findings.values() if one.reassuring]


@everyone
def test_a_question_whose_yes_would_reassure_is_never_among_those_whose_yes_is_danger(who: Patient) -> None:
    assert not set(single_dangers(book(), who.assessment())) & set(REASSURING)


def test_a_yes_that_reassures_is_no_danger_even_where_a_rule_would_fire_by_it() -> None:
    rules = {**book().rules, "breathless": replace(book().rules["breathless"], when=Holds("improving"))}
    assessed = Patient("nobody asked whether it improves", unanswered=("improving",)).assessment()
    undecided = Traced("breathless", "undecided", "ambulance", "", ("improving",))
    assert single_dangers(replace(book(), rules=rules), replace(assessed, trace=(undecided,))) == {}


def test_an_open_finding_that_no_question_asks_for_leaves_the_level_first() -> None:
    undecided = Traced("breathless", "undecided", "ambulance", "", ("pattern",))
    assessed = replace(patient("self-care: a sore").assessment(), trace=(undecided,), ceiling="ambulance")
    written = write_results(book(), assessed, header(), RUN)[2]["resource"]
    assert written["patientInstruction"].startswith("Care for yourself at home")


def test_old_answers_say_to_ask_again_at_once() -> None:
    assert "Ask the questions again now" in instruction("old answers")
    assert "Ask the questions again" not in instruction("ambulance")


def test_the_narrative_says_the_level_and_why() -> None:
    div = results(patient("ambulance"))["ServiceRequest"]["text"]["div"]
    assert div.index("<h3>Call your local emergency number now</h3>") < div.index("<h3>Why</h3>")
    assert RUN.emergency_number in div
