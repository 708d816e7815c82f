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


# What each type looks like in R4 and in R5, by the definitions of both

Json = dict[str, Any]

CODE = {"text": "walk"}
REST = {"text": "rest"}
OUTCOME_CODES = "http://terminology.hl7.org/CodeSystem/audit-event-outcome"
VIEW = {"system": "http://dicom.nema.org/resources/ontology/DCM", "code": "110101"}
READ = {"system": "http://hl7.org/fhir/restful-interaction", "code": "read"}
PATIENT_ROLE = {"system": "http://terminology.hl7.org/CodeSystem/object-role", "code": "1"}

SHAPED: list[tuple[str, Json, Json]] = [
    # comment, the resource in R4, the same in R5
    (
        "a profile of R4 is not claimed, all else of meta is",
        {"resourceType": "RiskAssessment", "meta": {"profile": ["urn:p"], "versionId": "1"}, "status": "final"},
        {"resourceType": "RiskAssessment", "meta": {"versionId": "1"}, "status": "final"},
    ),
    (
        "a meta that claimed a profile alone is none",
        {"status": "final", "meta": {"profile": ["urn:p"]}, "resourceType": "Provenance"},
        {"resourceType": "Provenance", "status": "final"},
    ),
    (
        "an OperationOutcome is the same",
        {"resourceType": "OperationOutcome", "issue": []},
        {"resourceType": "OperationOutcome", "issue": []},
    ),
    (
        "a Bundle without entries",
        {"resourceType": "Bundle", "type": "searchset", "total": 0},
        {"resourceType": "Bundle", "type": "searchset", "total": 0},
    ),
    (
        "a Bundle with a resource to shape and an entry without one",
        {
            "resourceType": "Bundle",
            "type": "batch-response",
            "entry": [
                {
                    "fullUrl": "urn:a",
                    "resource": {"resourceType": "QuestionnaireResponse", "identifier": {"value": "1"}},
                    "response": {"status": "200"},
                },
                {"response": {"status": "404"}},
            ],
        },
        {
            "resourceType": "Bundle",
            "type": "batch-response",
            "entry": [
                {
                    "fullUrl": "urn:a",
                    "resource": {"resourceType": "QuestionnaireResponse", "identifier": [{"value": "1"}]},
                    "response": {"status": "200"},
                },
                {"response": {"status": "404"}},
            ],
        },
    ),
    (
        "a response: answers within answers, items within items",
        {
            "resourceType": "QuestionnaireResponse",
            "item": [
                {
                    "linkId": "g",
                    "text": "G",
                    "item": [
                        {
                            "linkId": "a",
                            "answer": [
                                {"valueBoolean": True, "item": [{"linkId": "b", "answer": [{"extension": []}]}]},
                                {"id": "no value"},
                            ],
                        }
                    ],
                }
            ],
        },
        {
            "resourceType": "QuestionnaireResponse",
            "item": [
                {
                    "linkId": "g",
                    "text": "G",
                    "item": [{"linkId": "a", "answer": [{"valueBoolean": True, "item": [{"linkId": "b"}]}]}],
                }
            ],
        },
    ),
    (
        "a form: what may be answered beside the options",
        {
            "resourceType": "Questionnaire",
            "item": [
                {
                    "linkId": "g",
                    "type": "group",
                    "item": [
                        {"linkId": "a", "type": "choice"},
                        {"linkId": "b", "type": "open-choice"},
                        {"linkId": "c", "type": "boolean"},
                    ],
                }
            ],
        },
        {
            "resourceType": "Questionnaire",
            "item": [
                {
                    "linkId": "g",
                    "type": "group",
                    "item": [
                        {"linkId": "a", "type": "coding", "answerConstraint": "optionsOnly"},
                        {"linkId": "b", "type": "coding", "answerConstraint": "optionsOrString"},
                        {"linkId": "c", "type": "boolean"},
                    ],
                }
            ],
        },
    ),
    (
        "a plan of a request, an advice and a warning",
        {
            "resourceType": "CarePlan",
            "subject": {"reference": "Patient/1"},
            "author": {"display": "triage"},
            "addresses": [{"reference": "Condition/1"}],
            "contained": [{"resourceType": "Patient", "id": "p"}],
            "activity": [
                {"extension": [{"url": "urn:a"}], "reference": {"reference": "ServiceRequest/1"}},
                {"extension": [{"url": "urn:b"}], "detail": {"code": CODE, "description": "Walk.", "status": "x"}},
                {"detail": {"code": REST, "doNotPerform": True}},
                {"detail": {"description": "Sleep.", "doNotPerform": False}},
            ],
        },
        {
            "resourceType": "CarePlan",
            "subject": {"reference": "Patient/1"},
            "addresses": [{"reference": {"reference": "Condition/1"}}],
            "contained": [
                {"resourceType": "Patient", "id": "p"},
                {
                    "resourceType": "ServiceRequest",
                    "id": "activity-2",
                    "status": "draft",
                    "intent": "proposal",
                    "code": {"concept": CODE},
                    "subject": {"reference": "Patient/1"},
                    "patientInstruction": [{"instructionMarkdown": "Walk."}],
                },
                {
                    "resourceType": "ServiceRequest",
                    "id": "activity-3",
                    "status": "draft",
                    "intent": "proposal",
                    "code": {"concept": REST},
                    "doNotPerform": True,
                    "subject": {"reference": "Patient/1"},
                },
                {
                    "resourceType": "ServiceRequest",
                    "id": "activity-4",
                    "status": "draft",
                    "intent": "proposal",
                    "doNotPerform": False,
                    "subject": {"reference": "Patient/1"},
                    "patientInstruction": [{"instructionMarkdown": "Sleep."}],
                },
            ],
            "activity": [
                {
                    "extension": [{"url": "urn:a"}],
                    "plannedActivityReference": {"reference": "ServiceRequest/1"},
                },
                {"extension": [{"url": "urn:b"}], "plannedActivityReference": {"reference": "#activity-2"}},
                {"plannedActivityReference": {"reference": "#activity-3"}},
                {"plannedActivityReference": {"reference": "#activity-4"}},
            ],
            "custodian": {"display": "triage"},
        },
    ),
    (
        "a plan without activities",
        {"resourceType": "CarePlan", "status": "revoked"},
        {"resourceType": "CarePlan", "status": "revoked"},
    ),
    (
        "a plan of a request alone",
        {"resourceType": "CarePlan", "activity": [{"reference": {"reference": "ServiceRequest/1"}}]},
        {
            "resourceType": "CarePlan",
            "activity": [{"plannedActivityReference": {"reference": "ServiceRequest/1"}}],
        },
    ),
    (
        "a request",
        {
            "resourceType": "ServiceRequest",
            "code": CODE,
            "supportingInfo": [{"reference": "RiskAssessment/1"}],
            "patientInstruction": "Walk.",
        },
        {
            "resourceType": "ServiceRequest",
            "code": {"concept": CODE},
            "supportingInfo": [{"reference": {"reference": "RiskAssessment/1"}}],
            "patientInstruction": [{"instructionMarkdown": "Walk."}],
        },
    ),
    (
        "a request that says nothing of these",
        {"resourceType": "ServiceRequest", "status": "draft"},
        {"resourceType": "ServiceRequest", "status": "draft"},
    ),
    (
        "an AuditEvent",
        {
            "resourceType": "AuditEvent",
            "type": VIEW,
            "subtype": [READ],
            "outcome": "0",
            "agent": [
                {"requestor": True, "network": {"address": "192.0.2.1", "type": "2"}},
                {"requestor": False, "network": {"address": "https://a.example", "type": "5"}},
                {"requestor": False, "network": {"type": "2"}},
                {"requestor": False},
            ],
            "entity": [
                {"what": {"reference": "Patient/1"}, "type": VIEW, "role": PATIENT_ROLE, "name": "a"},
                {"what": {"reference": "Patient/2"}, "description": "b", "query": "YQ=="},
            ],
        },
        {
            "resourceType": "AuditEvent",
            "category": [{"coding": [VIEW]}],
            "code": {"coding": [READ]},
            "outcome": {"code": {"system": OUTCOME_CODES, "code": "0"}},
            "agent": [
                {"requestor": True, "networkString": "192.0.2.1"},
                {"requestor": False, "networkUri": "https://a.example"},
                {"requestor": False},
                {"requestor": False},
            ],
            "entity": [
                {"what": {"reference": "Patient/1"}, "role": {"coding": [PATIENT_ROLE]}},
                {"what": {"reference": "Patient/2"}, "query": "YQ=="},
            ],
        },
    ),
    (
        "an AuditEvent of no entity",
        {"resourceType": "AuditEvent", "type": VIEW, "subtype": [READ], "outcome": "8", "agent": []},
        {
            "resourceType": "AuditEvent",
            "category": [{"coding": [VIEW]}],
            "code": {"coding": [READ]},
            "outcome": {"code": {"system": OUTCOME_CODES, "code": "8"}},
            "agent": [],
        },
    ),
]


@pytest.mark.parametrize(("release4", "release5"), [pytest.param(*row[1:], id=row[0]) for row in SHAPED])
def test_the_shape_of_a_type_in_release_5(release4: Json, release5: Json) -> None:
    before = dump(release4)
    shaped = to_release5(release4)
    assert shaped == release5
    assert next(iter(shaped)) == "resourceType"
    assert dump(release4) == before, "what was given is not changed"


def test_the_types_that_are_offered_in_release_5() -> None:
    assert offered_in_release5() == (
        "AuditEvent",
        "Bundle",
        "CarePlan",
        "OperationOutcome",
        "Provenance",
        "Questionnaire",
        "QuestionnaireResponse",
        "RiskAssessment",
        "ServiceRequest",
    )
