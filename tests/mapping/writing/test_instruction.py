"""What to do first, and what the status means: whole sentences, because people act on them."""

from dataclasses import replace
from typing import Any

import pytest

from tests.mapping.writing.patients import Patient, header, patient, results

AMBULANCE = "Call your local emergency number now."
AMBULANCE_HOW = (
    "Ask for an ambulance. Say where the pain is, when it began, and which of your answers were yes. Stay where you "
    "are, and do not stay alone."
)
DAY = "See a clinician today or within 24 hours."
DAY_HOW = "Call a practice or an urgent care service now, and say that you need to be seen within 24 hours."
VISIT = "Make an appointment in the next days (at most a week)."
VISIT_HOW = "Ask for a visit in the next days, a week from now at the latest."
AGAIN = "Ask the questions again now: the answers are old, or their time is not known."
OPEN = (
    "Answer these now: Are you short of breath? If any is yes, or you cannot tell, call your local emergency number "
    "now; if all are no, see a clinician today or within 24 hours."
)

FIRST: list[tuple[Patient, list[str], list[str]]] = [
    # patient, what to do first, what the description begins with and goes on to say
    (patient("ambulance"), [AMBULANCE, AMBULANCE_HOW], [AMBULANCE, AMBULANCE_HOW]),
    (patient("appointment"), [VISIT, VISIT_HOW], [VISIT, VISIT_HOW]),
    (patient("old answers"), [VISIT, AGAIN, VISIT_HOW], [VISIT, AGAIN, VISIT_HOW]),
    # an open emergency comes first for whoever acts; the description begins with the level all the same
    (patient("open: nobody asked about breath"), [OPEN, DAY_HOW], [DAY, OPEN, DAY_HOW]),
    (replace(patient("open: nobody asked about breath"), old=True), [OPEN, AGAIN, DAY_HOW],
     [DAY, OPEN, AGAIN, DAY_HOW]),
]  # fmt: skip


@pytest.mark.parametrize(("who", "first", "described"), FIRST)
def test_the_patient_is_told_what_to_do_first_and_the_description_begins_with_the_level(
    who: Patient, first: list[str], described: list[str]
) -> None:
    written = results(who)
    assert written["ServiceRequest"]["patientInstruction"] == " ".join(first)
    assert written["CarePlan"]["description"] == " ".join(described)


FINAL = (
    "Final means that every question that could raise the level is answered. It does not mean that a clinician has "
    "seen this result."
)
PRELIMINARY = "This result is preliminary."
LEFT = "The form is not finished."
STOPPED = "The form was stopped before its end."
BLANK = "A question that must be answered was left blank."
RAISING = "Questions that could raise the level are open."
OLD = "The answers are old, or their time is not known."

STATUS: list[tuple[Patient, dict[str, Any], list[str]]] = [
    # patient, what is otherwise about the response, what the note says of the status
    (patient("self-care: a sore"), {}, [FINAL]),
    (patient("self-care: a sore"), {"status": "amended"}, [FINAL]),
    (patient("self-care: a sore"), {"status": "in-progress"}, [PRELIMINARY, LEFT]),
    (patient("self-care: a sore"), {"status": "stopped"}, [PRELIMINARY, STOPPED]),
    (patient("self-care: a sore"), {"has_blanks": True}, [PRELIMINARY, BLANK]),
    (patient("open: nobody asked about breath"), {}, [PRELIMINARY, RAISING]),
    (patient("old answers"), {}, [PRELIMINARY, OLD]),
    (replace(patient("open: nobody asked about breath"), old=True), {"status": "stopped", "has_blanks": True},
     [PRELIMINARY, STOPPED, BLANK, RAISING, OLD]),
]  # fmt: skip


@pytest.mark.parametrize(("who", "response", "said"), STATUS)
def test_the_status_says_what_it_means_and_each_reason_why_it_is_preliminary(
    who: Patient, response: dict[str, Any], said: list[str]
) -> None:
    written = results(who, header(**response))["RiskAssessment"]
    assert written["status"] == ("final" if said == [FINAL] else "preliminary")
    assert " ".join(said) in [one["text"] for one in written["note"]]
