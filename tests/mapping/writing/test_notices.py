"""Warnings about a response go with its results as an OperationOutcome."""

from service.errors import Issue
from tests.mapping.writing.patients import entries, header, patient, results, warning


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


def test_a_contradiction_is_a_warning_that_names_both_questions() -> None:
    (issue,) = results(patient("contradiction"))["OperationOutcome"]["issue"]
    assert issue["severity"] == "warning"
    assert "It gets clearly better day by day" in issue["details"]["text"]
    assert "It slowly gets worse" in issue["details"]["text"]
    assert issue["diagnostics"] == "linkId list-course-1: How has the pain changed?"
