"""Warnings about a response go with its results as an OperationOutcome."""

from dataclasses import replace
from typing import Any

from service.engine.derive import Conflict
from service.errors import Issue
from service.mapping.header import Run
from service.mapping.writing.results import write_results
from service.mapping.writing.words import finding_words
from tests.mapping.writing.marks import UNPROVEN
from tests.mapping.writing.patients import RUN, book, entries, header, patient, results, warning


def test_without_a_warning_there_is_no_operation_outcome() -> None:
    assert [one["resource"]["resourceType"] for one in entries(patient("ambulance"))] == [
        "RiskAssessment",
        "CarePlan",
        "ServiceRequest",
    ]


def test_the_warnings_of_the_response_come_last_with_their_place() -> None:
    notice = Issue("information", "informational", "not read", "Bundle.entry")
    *_, last = entries(patient("ambulance"), header(notices=(notice, warning("no subject"))))
    assert [one["details"]["text"] for one in last["resource"]["issue"]] == ["not read", "no subject"]
    assert last["resource"]["issue"][0]["expression"] == ["Bundle.entry"]
    assert "meta" not in last["resource"]


IMPROVING, WORSENING = "It gets clearly better day by day", "It slowly gets worse"
BOTH = Conflict("improving", False, ("improving", "worsening", "improving"), "it cannot do both")
BOTH_ISSUE = {
    "severity": "warning",
    "code": "business-rule",
    "details": {"text": f"“{IMPROVING}” / “{WORSENING}”: It cannot do both. The more dangerous reading counts."},
    "diagnostics": "linkId list-course-1: How has the pain changed?",
}
NOBODY_ASKS = Conflict("pattern", True, ("pattern",), "it was told")


def outcome(*conflicts: Conflict, proven: bool = True, run: Run = RUN, **response: Any) -> dict[str, Any]:
    """Write the OperationOutcome of somebody whose answers contradict each other so."""
    assessment = replace(patient("ambulance").assessment(), conflicts=conflicts)
    written = write_results(replace(book(), proven=proven), assessment, header(**response), run)
    found: dict[str, Any] = written[-1]["resource"]
    return found


def test_a_contradiction_is_a_warning_that_names_all_its_questions_and_stands_at_the_first() -> None:
    assert outcome(BOTH) == {"resourceType": "OperationOutcome", "issue": [BOTH_ISSUE]}


def test_a_contradiction_that_no_question_tells_has_no_place() -> None:
    (issue,) = outcome(NOBODY_ASKS)["issue"]
    text = f"“{finding_words(book(), 'pattern')}”: It was told. The more dangerous reading counts."
    assert issue == {"severity": "warning", "code": "business-rule", "details": {"text": text}}


def test_a_real_contradiction_is_told() -> None:
    (issue,) = results(patient("contradiction"))["OperationOutcome"]["issue"]
    assert issue["details"]["text"].startswith(f"“{IMPROVING}” / “{WORSENING}”: ")


LABEL = {
    "security": [
        {
            "system": "http://terminology.hl7.org/CodeSystem/v3-ActReason",
            "code": "HTEST",
            "display": "test health data",
        }
    ]
}


def test_that_rules_are_unproven_comes_first_then_the_response_then_contradictions() -> None:
    assert outcome(BOTH, proven=False, notices=(warning("no subject"),)) == {
        "resourceType": "OperationOutcome",
        "meta": LABEL,
        "issue": [
            {"severity": "warning", "code": "business-rule", "details": {"text": UNPROVEN}},
            {"severity": "warning", "code": "business-rule", "details": {"text": "no subject"}},
            BOTH_ISSUE,
        ],
    }


def test_the_warnings_of_a_replay_are_labelled_as_test_data() -> None:
    assert outcome(BOTH, run=replace(RUN, replay=True)) == {
        "resourceType": "OperationOutcome",
        "meta": LABEL,
        "issue": [BOTH_ISSUE],
    }
