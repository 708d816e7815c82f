"""AuditEvents: of one storing, by IHE's Basic Audit Log Patterns (PatientCreate, PatientUpdate); and of a purge."""

from typing import Any

from service.mapping.writing.access_event import Access, access_event
from service.mapping.writing.canonicals import DICOM, ENTITY_TYPES, LIFECYCLE_EVENTS, SOFTWARE
from service.mapping.writing.provenance import Storing, software_device


def audit_event(storing: Storing) -> dict[str, Any]:
    """Write the AuditEvent (R4) of a storing; it claims IHE's profile where both ends of the connection are known."""
    access = Access(
        interaction="create" if storing.operation == "CREATE" else "update",
        software_version=storing.software_version,
        agent=storing.agent,
        request_id=storing.request_id,
        address=storing.address,
        base=storing.base,
        what=storing.response,
        patient=storing.subject,
    )
    return access_event(access, storing.recorded)


def purge_event(recorded: str, software_version: str, before: str, responses: int) -> dict[str, Any]:
    """Write the AuditEvent (R4) of a purge: how many responses, last changed before which day, were destroyed."""
    software = software_device(software_version)
    words = f"{responses} responses, last changed before {before}, with their results and the bytes received"
    return {
        "resourceType": "AuditEvent",
        "type": {"system": DICOM, "code": "110110", "display": "Patient Record"},
        "subtype": [
            {
                "system": LIFECYCLE_EVENTS,
                "code": "destroy",
                "display": "Destroy/Delete Record Lifecycle Event",
            }
        ],
        "action": "D",
        "recorded": recorded,
        "outcome": "0",
        "agent": [
            {
                "type": {"coding": [{"system": DICOM, "code": "110151", "display": "Application Launcher"}]},
                "who": {"display": f"operator of {SOFTWARE} db purge"},
                "requestor": True,
            }
        ],
        "source": {"observer": software},
        "entity": [{"type": {"system": ENTITY_TYPES, "code": "2", "display": "System Object"}, "description": words}],
    }
