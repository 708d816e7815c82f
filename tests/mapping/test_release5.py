"""Results, responses and the form in the shape of R5: valid by R5's own models, and nothing said is lost."""

from typing import Any

import pytest
from fhir.resources import get_fhir_model_class

from service.mapping.artefacts.questionnaire import questionnaire
from service.mapping.release5 import offered_in_release5, to_release5
from service.mapping.writing.audit_event import audit_event
from service.mapping.writing.json_bytes import dump
from service.mapping.writing.provenance import Storing, provenance
from tests.mapping.responses import BOOK, filled
from tests.mapping.writing.patients import PATIENTS, Patient, results

STORING = Storing(
    response="QuestionnaireResponse/a/_history/1",
    results=("RiskAssessment/b/_history/1",),
    revised=("RiskAssessment/b/_history/0",),
    operation="UPDATE",
    received_sha256="0" * 64,
    rule_book_version="1",
    rule_book_sha256="1" * 64,
    software_version="0",
    recorded="2026-11-21T10:00:00.000Z",
    subject={"reference": "Patient/1"},
    agent="ehr",
    request_id="r",
    address="127.0.0.1",
    base="http://127.0.0.1/fhir",
)


def is_valid(resource: dict[str, Any]) -> None:
    get_fhir_model_class(resource["resourceType"]).model_validate_json(dump(resource))


@pytest.mark.parametrize("who", PATIENTS, ids=lambda who: who.says)
def test_every_result_is_valid_in_r5_and_says_the_same(who: Patient) -> None:
    for written in results(who).values():
        shaped = to_release5(written)
        is_valid(shaped)
        assert shaped.get("text") == written.get("text")
        assert "profile" not in shaped.get("meta", {}), "our profiles are for R4"


@pytest.mark.parametrize("resource", [questionnaire(BOOK), filled(), provenance(STORING), audit_event(STORING)])
def test_what_is_stored_and_read_is_valid_in_r5(resource: dict[str, Any]) -> None:
    is_valid(to_release5(resource))


def test_every_activity_of_a_plan_is_a_reference_and_what_it_says_is_contained() -> None:
    plan = results(PATIENTS[3])["CarePlan"]
    shaped = to_release5(plan)
    details = [one["detail"] for one in plan["activity"] if "detail" in one]
    assert [one["code"]["concept"] for one in shaped["contained"]] == [one["code"] for one in details]
    assert [one.get("doNotPerform") for one in shaped["contained"]] == [one.get("doNotPerform") for one in details]
    assert [one["patientInstruction"][0]["instructionMarkdown"] for one in shaped["contained"]] == [
        one["description"] for one in details
    ]
    references = [one["plannedActivityReference"]["reference"] for one in shaped["activity"]]
    assert references[0] == plan["activity"][0]["reference"]["reference"]
    assert references[1:] == [f"#{one['id']}" for one in shaped["contained"]]
    assert [one.get("extension") for one in shaped["activity"]] == [one.get("extension") for one in plan["activity"]]


def test_an_answer_without_a_value_is_left_out_and_an_identifier_repeats() -> None:
    absent = {
        "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}]
    }
    shaped = to_release5(
        {
            **filled(),
            "identifier": {"value": "1"},
            "item": [
                {"linkId": "g", "item": [{"linkId": "a", "answer": [absent]}, {"linkId": "b", "answer": [VALUE]}]}
            ],
        }
    )
    assert shaped["identifier"] == [{"value": "1"}]
    assert shaped["item"] == [{"linkId": "g", "item": [{"linkId": "a"}, {"linkId": "b", "answer": [VALUE]}]}]


VALUE = {"valueBoolean": False}


def test_a_bundle_is_shaped_entry_by_entry() -> None:
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"fullUrl": "urn:a", "resource": filled()}]}
    shaped = to_release5(bundle)
    assert shaped["entry"][0]["fullUrl"] == "urn:a"
    is_valid(shaped)


def test_a_type_without_a_shape_is_not_offered() -> None:
    assert "PlanDefinition" not in offered_in_release5()
    with pytest.raises(KeyError):
        to_release5({"resourceType": "PlanDefinition"})


def test_what_was_given_is_not_changed() -> None:
    plan = results(PATIENTS[3])["CarePlan"]
    before = dump(plan)
    to_release5(plan)
    assert dump(plan) == before
