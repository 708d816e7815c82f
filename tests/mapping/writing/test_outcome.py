"""How issues become an OperationOutcome."""

import json

import pytest
from fhir.resources.R4B.operationoutcome import OperationOutcome

from service.errors import Issue
from service.mapping.writing.json_bytes import dump
from service.mapping.writing.outcome import operation_outcome


def test_an_issue_says_what_where_and_about_which_question() -> None:
    issue = Issue("error", "value", "Met a string.", "QuestionnaireResponse.item[2]", "fever", "Do you have a fever?")
    assert operation_outcome((issue,)) == {
        "resourceType": "OperationOutcome",
        "issue": [
            {
                "severity": "error",
                "code": "value",
                "details": {"text": "Met a string."},
                "diagnostics": "linkId fever: Do you have a fever?",
                "expression": ["QuestionnaireResponse.item[2]"],
            }
        ],
    }


def test_what_an_issue_does_not_say_is_left_out_and_never_empty() -> None:
    (written,) = issues(Issue("fatal", "exception", "It failed."))
    assert written == {"severity": "fatal", "code": "exception", "details": {"text": "It failed."}}


def test_an_item_without_a_question_text_is_named_by_its_link_id_alone() -> None:
    (written,) = issues(Issue("warning", "value", "Met a string.", link_id="group-1"))
    assert written["diagnostics"] == "linkId group-1"


def test_every_issue_is_written_in_order() -> None:
    written = issues(Issue("error", "value", "First."), Issue("warning", "value", "Second."))
    assert [each["details"] for each in written] == [{"text": "First."}, {"text": "Second."}]


def test_an_outcome_without_an_issue_is_not_written_as_r4_forbids_it() -> None:
    with pytest.raises(ValueError, match=r"^an OperationOutcome needs at least one issue$"):
        operation_outcome(())


def issues(*given: Issue) -> list[dict[str, object]]:
    found = operation_outcome(given)["issue"]
    assert isinstance(found, list)
    return found


def test_fhir_resources_reads_it_as_r4b_whose_operation_outcome_is_that_of_r4() -> None:
    issue = Issue(
        "error", "value", 'Text with <script> and "quotes".', "Bundle.entry[0]", "fever", "Do you have a fever?"
    )
    written = operation_outcome((issue,))
    assert json.loads(OperationOutcome.model_validate_json(dump(written)).model_dump_json()) == written
