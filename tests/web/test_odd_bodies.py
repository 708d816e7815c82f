"""JSON that no one who knows FHIR would send is refused by every route that takes a body, and is never an incident."""

from typing import Any

import pytest

from .stored_service import RESPONSES, Stored, response

ROUTES = [
    "/fhir",
    "/fhir/$process-message",
    RESPONSES,
    *(f"{RESPONSES}/${name}" for name in ("triage", "validate", "extract")),
    "/fhir/Questionnaire/$populate",
    "/fhir/ValueSet/$expand",
    "/fhir/ValueSet/$validate-code",
]
ODD: list[Any] = [
    5,
    [],
    {},
    {"resourceType": {}},
    {"resourceType": ["Bundle"]},
    {"resourceType": "Parameters", "parameter": 5},
    {"resourceType": "Parameters", "parameter": ["a"]},
    {"resourceType": "Parameters", "parameter": [{"name": {}}]},
    {"resourceType": "Bundle", "type": "transaction", "entry": 5},
    {"resourceType": "Bundle", "type": "message", "entry": [{"resource": 5}]},
]
POST = {"method": "POST", "url": "QuestionnaireResponse"}
URN = "urn:uuid:6ba7b810-9dad-41d1-80b4-00c04fd430c1"
REFERRED = {**response(), "identifier": 5}
REFERRING = {**response(2), "partOf": [{"reference": URN}]}


@pytest.mark.parametrize("path", ROUTES)
def test_what_is_no_resource_is_refused_and_breaks_nothing(stored: Stored, path: str) -> None:
    for odd in ODD:
        answer = stored.post(odd, path)
        outcome = answer.get_json(force=True)
        assert (answer.status_code, outcome["resourceType"]) in ((400, "OperationOutcome"), (422, "OperationOutcome"))


@pytest.mark.parametrize(
    ("entries", "status", "comment"),
    [
        ([{"resource": 5, "request": POST}], 422, "a number in place of the resource"),
        ([{"request": POST}], 422, "no resource"),
        (
            [{"fullUrl": URN, "resource": REFERRED, "request": POST}, {"resource": REFERRING, "request": POST}],
            400,
            "another entry refers to one whose identifier is a number",
        ),
    ],
)
def test_an_entry_of_a_transaction_may_be_anything(
    stored: Stored, entries: list[Any], status: int, comment: str
) -> None:
    answer = stored.post({"resourceType": "Bundle", "type": "transaction", "entry": entries}, "/fhir")
    assert answer.status_code == status, comment


@pytest.mark.parametrize("entry", [5, ["a"], [{"resource": {}, "link": 1}]])
def test_a_bundle_in_the_record_of_populate_is_r4_or_refused(stored: Stored, entry: Any) -> None:
    record = {"resourceType": "Bundle", "type": "collection", "entry": entry}
    parts = [{"name": "name", "valueString": "patient"}, {"name": "content", "resource": record}]
    named = [{"name": "subject", "valueReference": {"reference": "Patient/1"}}, {"name": "context", "part": parts}]
    answer = stored.post({"resourceType": "Parameters", "parameter": named}, "/fhir/Questionnaire/$populate")
    assert answer.status_code == 400
