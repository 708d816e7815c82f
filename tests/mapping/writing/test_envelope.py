"""What all results share: how they are named and labelled, whose they are, who made them and when."""

from dataclasses import replace

import pytest

from service import __version__
from service.mapping.canonical import BASE
from tests.mapping.writing.patients import AUTHORED, RUN, header, patient, results

PROFILES = {
    "RiskAssessment": f"{BASE}/StructureDefinition/triage-risk-assessment|{__version__}",
    "CarePlan": f"{BASE}/StructureDefinition/triage-care-plan|{__version__}",
    "ServiceRequest": f"{BASE}/StructureDefinition/triage-service-request|{__version__}",
}


@pytest.mark.parametrize("kind", PROFILES)
def test_a_replay_is_labelled_as_test_data_beside_its_profile(kind: str) -> None:
    reason = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
    assert results(patient("ambulance"), run=replace(RUN, replay=True))[kind]["meta"] == {
        "profile": [PROFILES[kind]],
        "security": [{"system": reason, "code": "HTEST", "display": "test health data"}],
    }


@pytest.mark.parametrize(
    ("kind", "author", "written"),
    [
        ("RiskAssessment", "performer", "occurrenceDateTime"),
        ("CarePlan", "author", "created"),
        ("ServiceRequest", "requester", "authoredOn"),
    ],
)
def test_patient_encounter_author_and_moment_stand_in_each_result(kind: str, author: str, written: str) -> None:
    result = results(patient("ambulance"), header(subject={"identifier": {"value": "4711"}}))[kind]
    assert result["subject"] == {"identifier": {"value": "4711"}}
    assert result["encounter"] == {"reference": "Encounter/2"}
    assert result[written] == AUTHORED
    assert result[author] == {
        "type": "Device",
        "identifier": {"system": f"{BASE}/identifier/software", "value": "upper-back-triage"},
        "display": "upper-back-triage 9.8.7",
    }


@pytest.mark.parametrize("kind", PROFILES)
def test_a_patient_who_is_not_named_is_unknown(kind: str) -> None:
    absent = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
    result = results(patient("ambulance"), header(subject=None, encounter=None))[kind]
    assert result["subject"] == {"extension": [{"url": absent, "valueCode": "unknown"}]}
    assert "encounter" not in result
