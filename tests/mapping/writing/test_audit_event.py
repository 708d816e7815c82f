"""AuditEvents of a storing, which is an access that creates or updates, and of a purge, which is nobody's."""

import pytest

from service.mapping.canonical import BASE
from service.mapping.gate.structure import check
from service.mapping.writing.access_event import Access, access_event
from service.mapping.writing.audit_event import audit_event, purge_event
from service.mapping.writing.provenance import Storing

STORED = "QuestionnaireResponse/q1/_history/1"


def storing(operation: str) -> Storing:
    return Storing(
        response=STORED,
        results=("RiskAssessment/r1/_history/1",),
        revised=(),
        operation=operation,
        received_sha256="0" * 64,
        rule_book_version="1.2.3",
        rule_book_sha256="1" * 64,
        software_version="9.8.7",
        recorded="2026-11-21T10:30:00.123Z",
        subject={"reference": "Patient/1"},
        agent="ward-7",
        request_id="request-1",
        address="192.0.2.7",
        base="http://triage.example/fhir",
    )


@pytest.mark.parametrize(
    ("operation", "interaction", "action"),
    [
        ("CREATE", "create", "C"),
        ("UPDATE", "update", "U"),
        ("NULLIFY", "update", "U"),  # a response entered in error is a new version of it
    ],
)
def test_a_storing_is_an_access_to_the_response_with_all_that_is_known(
    operation: str, interaction: str, action: str
) -> None:
    access = Access(
        interaction=interaction,
        software_version="9.8.7",
        agent="ward-7",
        request_id="request-1",
        address="192.0.2.7",
        base="http://triage.example/fhir",
        what=STORED,
        patient={"reference": "Patient/1"},
    )
    written = audit_event(storing(operation))
    assert written == access_event(access, "2026-11-21T10:30:00.123Z")
    assert written["action"] == action


def test_a_purge_says_how_much_was_destroyed_and_names_nobody() -> None:
    written = purge_event("2026-11-21T10:30:00.123Z", "9.8.7", "2016-11-21", 3)
    assert check(written, "AuditEvent") == ()
    dicom = "http://dicom.nema.org/resources/ontology/DCM"
    assert written == {
        "resourceType": "AuditEvent",
        "type": {"system": dicom, "code": "110110", "display": "Patient Record"},
        "subtype": [
            {
                "system": "http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle",
                "code": "destroy",
                "display": "Destroy/Delete Record Lifecycle Event",
            }
        ],
        "action": "D",
        "recorded": "2026-11-21T10:30:00.123Z",
        "outcome": "0",
        "agent": [
            {
                "type": {"coding": [{"system": dicom, "code": "110151", "display": "Application Launcher"}]},
                "who": {"display": "operator of upper-back-triage db purge"},
                "requestor": True,
            }
        ],
        "source": {
            "observer": {
                "type": "Device",
                "identifier": {"system": f"{BASE}/identifier/software", "value": "upper-back-triage"},
                "display": "upper-back-triage 9.8.7",
            }
        },
        "entity": [
            {
                "type": {
                    "system": "http://terminology.hl7.org/CodeSystem/audit-entity-type",
                    "code": "2",
                    "display": "System Object",
                },
                "description": "3 responses, last changed before 2016-11-21, with their results and the bytes received",
            }
        ],
    }
