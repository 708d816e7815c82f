"""Small resources with a value for every kind of search parameter."""

from typing import Any

from service.mapping.canonical import BASE

LEVEL_EXTENSION = f"{BASE}/StructureDefinition/triage-level"
LEVELS = f"{BASE}/CodeSystem/triage-level"

RESPONSE: dict[str, Any] = {
    "resourceType": "QuestionnaireResponse",
    "id": "r1",
    "meta": {"versionId": "1", "lastUpdated": "2026-03-01T08:00:00.250Z"},
    "identifier": {"system": "urn:his", "value": "A-1"},
    "questionnaire": f"{BASE}/Questionnaire/upper-back-pain|1.0.0",
    "status": "completed",
    "subject": {"reference": "Patient/7/_history/2", "identifier": {"system": "urn:mrn", "value": "M7"}},
    "encounter": {"reference": "https://ehr.example.org/fhir/Encounter/e1"},
    "authored": "2026-02-28",
}
ASSESSMENT: dict[str, Any] = {
    "resourceType": "RiskAssessment",
    "id": "a1",
    "extension": [
        {"url": "urn:other", "valueCodeableConcept": {"coding": [{"code": "never"}]}},
        {"url": LEVEL_EXTENSION, "valueCodeableConcept": {"coding": [{"system": LEVELS, "code": "emergency"}]}},
    ],
    "status": "final",
    "subject": {"reference": "Group/g"},
    "occurrenceDateTime": "2026-02-28T10:00:00+01:00",
    "basis": [{"reference": "QuestionnaireResponse/r1"}, {"reference": "Observation/o1"}],
    "prediction": [
        {"qualitativeRisk": {"coding": [{"system": "urn:fit", "code": "fits"}, {"system": "urn:risk", "code": "low"}]}},
        {"qualitativeRisk": {"text": "in words alone"}},
    ],
}
PLAN: dict[str, Any] = {
    "resourceType": "CarePlan",
    "id": "p1",
    "status": "draft",
    "intent": "proposal",
    "subject": {"identifier": {"value": "M7"}},
    "period": {"start": "2026-03"},
    "supportingInfo": [
        {"reference": "RiskAssessment/a1"},
        {"type": "QuestionnaireResponse", "identifier": {"system": "urn:his", "value": "A-1"}},
    ],
    "activity": [{"reference": {"reference": "ServiceRequest/s1"}}, {"detail": {"status": "not-started"}}],
}
