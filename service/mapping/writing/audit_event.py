"""AuditEvents: of one storing, by IHE's Basic Audit Log Patterns (PatientCreate, PatientUpdate); and of a purge."""

from typing import Any

from service.mapping.writing.canonicals import (
    AUDIT_EVENT_TYPES,
    BALP,
    DICOM,
    ENTITY_ROLES,
    ENTITY_TYPES,
    LIFECYCLE_EVENTS,
    RESTFUL_INTERACTIONS,
    SOFTWARE,
)
from service.mapping.writing.provenance import Storing, sender, software_device

IP_ADDRESS, URI = "2", "5"


def audit_event(storing: Storing) -> dict[str, Any]:
    """Write the AuditEvent (R4) of a storing; it claims IHE's profile where both ends of the connection are known."""
    is_create = storing.operation == "CREATE"
    interaction = "create" if is_create else "update"
    profile = f"{BALP}/StructureDefinition/IHE.BasicAudit.{'PatientCreate' if is_create else 'PatientUpdate'}"
    claimed = {"meta": {"profile": [profile]}} if storing.address and storing.base else {}
    return {
        "resourceType": "AuditEvent",
        **claimed,
        "type": {
            "system": AUDIT_EVENT_TYPES,
            "code": "rest",
            "display": "Restful Operation",
        },
        "subtype": [{"system": RESTFUL_INTERACTIONS, "code": interaction, "display": interaction}],
        "action": "C" if is_create else "U",
        "recorded": storing.recorded,
        "outcome": "0",
        "agent": [
            {
                "type": _dicom("110153", "Source Role ID"),
                "who": sender(storing.agent),
                "requestor": True,
                **_network(storing.address, IP_ADDRESS),
            },
            {
                "type": _dicom("110152", "Destination Role ID"),
                "who": software_device(storing.software_version),
                "requestor": False,
                **_network(storing.base, URI),
            },
        ],
        "source": {"observer": software_device(storing.software_version)},
        "entity": list(_entities(storing)),
    }


def _entities(storing: Storing) -> list[dict[str, Any]]:
    patient = {
        "what": {**storing.subject, "type": "Patient"},
        "type": {"system": ENTITY_TYPES, "code": "1", "display": "Person"},
        "role": {"system": ENTITY_ROLES, "code": "1", "display": "Patient"},
    }
    data = {
        "what": {"reference": storing.response, "type": "QuestionnaireResponse"},
        "type": {"system": ENTITY_TYPES, "code": "2", "display": "System Object"},
        "role": {"system": ENTITY_ROLES, "code": "4", "display": "Domain Resource"},
    }
    request = {
        "what": {"identifier": {"value": storing.request_id}},
        "type": {"system": f"{BALP}/CodeSystem/BasicAuditEntityType", "code": "XrequestId"},
    }
    return [patient, data, request] if storing.request_id else [patient, data]


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
                "type": _dicom("110151", "Application Launcher"),
                "who": {"display": f"operator of {SOFTWARE} db purge"},
                "requestor": True,
            }
        ],
        "source": {"observer": software},
        "entity": [{"type": {"system": ENTITY_TYPES, "code": "2", "display": "System Object"}, "description": words}],
    }


def _dicom(code: str, display: str) -> dict[str, Any]:
    return {"coding": [{"system": DICOM, "code": code, "display": display}]}


def _network(address: str, kind: str) -> dict[str, Any]:
    return {"network": {"address": address, "type": kind}} if address else {}
