"""What becomes of a plan in ``$apply``: every activity an action with its request; every word of the plan stays."""

from typing import Any

import pytest

from service.mapping.operations.apply import applied

Json = dict[str, Any]

PLAN_DEFINITION = "https://example.org/PlanDefinition/upper-back-pain|1.0.0"
SUBJECT = {"reference": "Patient/1"}
AUTHOR = {"identifier": {"value": "upper-back-triage"}}
MEASURES = {"text": "Take your temperature"}
REST = {"text": "bed rest for days"}
SEE_A_DOCTOR = {"coding": [{"system": "https://example.org/levels", "code": "appointment"}], "text": "See a doctor"}
RESTS_ON = [{"url": "https://example.org/rests-on", "valueString": "rule a"}]

CARE_PLAN: Json = {
    "resourceType": "CarePlan",
    "meta": {"profile": ["https://example.org/triage-care-plan"], "tag": [{"code": "test"}]},
    "text": {"status": "generated", "div": "<div/>"},
    "extension": [{"url": "https://example.org/level", "valueString": "appointment"}],
    "identifier": [{"value": "is not that of what is applied"}],
    "instantiatesCanonical": [PLAN_DEFINITION],
    "status": "draft",
    "intent": "proposal",
    "title": "See a doctor within days",
    "description": "See a doctor within days. Call an ambulance where it gets worse.",
    "subject": SUBJECT,
    "encounter": {"reference": "Encounter/1"},
    "created": "2026-11-21T10:00:00Z",
    "author": AUTHOR,
    "supportingInfo": [{"reference": "urn:uuid:1"}],
    "activity": [
        {"extension": RESTS_ON, "reference": {"reference": "urn:uuid:2"}},
        {"detail": {"code": MEASURES, "description": "Take your temperature once a day.", "doNotPerform": False}},
        {"extension": RESTS_ON, "detail": {"code": REST, "description": "Do not stay in bed.", "doNotPerform": True}},
    ],
    "note": [{"text": "No clinician has seen this."}],
}
SERVICE_REQUEST: Json = {
    "resourceType": "ServiceRequest",
    "priority": "urgent",
    "code": SEE_A_DOCTOR,
    "patientInstruction": "Make an appointment with a doctor.",
}
REQUEST: Json = {"resourceType": "ServiceRequest", "status": "draft", "intent": "proposal", "subject": SUBJECT}

APPLIED: Json = {
    "resourceType": "CarePlan",
    "meta": {"tag": [{"code": "test"}]},
    "text": CARE_PLAN["text"],
    "contained": [
        {
            "resourceType": "RequestGroup",
            "id": "requests",
            "instantiatesCanonical": [PLAN_DEFINITION],
            "status": "draft",
            "intent": "proposal",
            "priority": "urgent",
            "subject": SUBJECT,
            "authoredOn": "2026-11-21T10:00:00Z",
            "author": AUTHOR,
            "action": [
                {
                    "extension": RESTS_ON,
                    "title": "See a doctor",
                    "description": "Make an appointment with a doctor.",
                    "priority": "urgent",
                    "code": [SEE_A_DOCTOR],
                    "resource": {"reference": "#activity-1"},
                },
                {
                    "title": "Take your temperature",
                    "description": "Take your temperature once a day.",
                    "code": [MEASURES],
                    "resource": {"reference": "#activity-2"},
                },
                {
                    "extension": RESTS_ON,
                    "title": "Do not: bed rest for days",
                    "description": "Do not stay in bed.",
                    "code": [REST],
                    "resource": {"reference": "#activity-3"},
                },
            ],
        },
        {
            **REQUEST,
            "id": "activity-1",
            "priority": "urgent",
            "code": SEE_A_DOCTOR,
            "patientInstruction": "Make an appointment with a doctor.",
        },
        {
            **REQUEST,
            "id": "activity-2",
            "code": MEASURES,
            "patientInstruction": "Take your temperature once a day.",
        },
        {
            **REQUEST,
            "id": "activity-3",
            "doNotPerform": True,
            "code": REST,
            "patientInstruction": "Do not stay in bed.",
        },
    ],
    **{
        key: CARE_PLAN[key]
        for key in (
            "extension",
            "instantiatesCanonical",
            "status",
            "intent",
            "title",
            "description",
            "subject",
            "encounter",
            "created",
            "author",
            "note",
        )
    },
    "activity": [{"reference": {"reference": "#requests"}}],
}


def test_the_whole_plan_of_a_level_an_advice_and_a_warning() -> None:
    plan = applied({"CarePlan": CARE_PLAN, "ServiceRequest": SERVICE_REQUEST})
    assert plan == APPLIED
    assert list(plan)[:4] == ["resourceType", "meta", "text", "contained"], "as R4 orders them"


@pytest.mark.parametrize("left_out", ["created", "note", "encounter", "text", "extension"])
def test_what_the_plan_does_not_say_is_not_said(left_out: str) -> None:
    content = {key: value for key, value in CARE_PLAN.items() if key != left_out}
    plan = applied({"CarePlan": content, "ServiceRequest": SERVICE_REQUEST})
    assert left_out not in plan
    assert ("authoredOn" in plan["contained"][0]) is (left_out != "created")


@pytest.mark.parametrize("meta", [{}, {"meta": {"profile": ["https://example.org/triage-care-plan"]}}])
def test_a_plan_that_claims_nothing_but_its_profile_has_no_meta(meta: Json) -> None:
    content = {key: value for key, value in CARE_PLAN.items() if key != "meta"} | meta
    assert "meta" not in applied({"CarePlan": content, "ServiceRequest": SERVICE_REQUEST})
