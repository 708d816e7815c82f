"""AuditEvents of every access, whether it stored, read, searched, came again or was refused.

By IHE's Basic Audit Log Patterns (Read, Query, PatientCreate, PatientUpdate, PatientRead, PatientQuery), which are
claimed where all is known that they ask for. One event speaks of one patient at most, as IHE asks: whoever may see a
patient's events sees no other's.
"""

from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from service.mapping.writing.canonicals import (
    AUDIT_EVENT_TYPES,
    BALP,
    DICOM,
    ENTITY_ROLES,
    ENTITY_TYPES,
    RESTFUL_INTERACTIONS,
)
from service.mapping.writing.provenance import sender, software_device

IP_ADDRESS, URI = "2", "5"
SOURCE, DESTINATION = ("110153", "Source Role ID"), ("110152", "Destination Role ID")
PROFILES = {"read": "Read", "vread": "Read", "search-type": "Query", "create": "Create", "update": "Update"}
ACTIONS: Mapping[str, str] = {"read": "R", "vread": "R", "history-instance": "R", "create": "C", "update": "U"}
"""By interaction; a search, the history of a type and an operation are executed (E)."""
MINOR_FAILURE = "4"

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Access:
    """What an AuditEvent says of one access.

    ``interaction`` is a code of HL7's restful-interaction. ``what`` names the resource, as ``Type/id`` or with its
    version, or its type alone; ``query`` is the request as it came, empty where it was no search. ``patient`` is a
    Reference. ``action`` is R where a create or update wrote nothing; ``failure`` says in words why it was refused,
    ``words`` what else there is to say. ``agent``, ``address`` and ``base`` are the caller's, empty if unknown.
    """

    interaction: str
    software_version: str
    agent: str
    request_id: str = ""
    address: str = ""
    base: str = ""
    what: str = ""
    query: str = ""
    patient: Mapping[str, Any] | None = None
    action: Literal["", "R"] = ""
    failure: str = ""
    words: str = ""


def access_event(access: Access, recorded: str) -> Json:
    """Write the AuditEvent (R4) of an access; ``recorded`` is an instant."""
    action = access.action or ACTIONS.get(access.interaction, "E")
    # Whoever reads is where data go to; the parameters of a search, and what is to be stored, flow the other way.
    client, server = (DESTINATION, SOURCE) if action == "R" else (SOURCE, DESTINATION)
    entities = list(_entities(access))
    subtype = {"system": RESTFUL_INTERACTIONS, "code": access.interaction, "display": access.interaction}
    return {
        "resourceType": "AuditEvent",
        **_claimed(access),
        "type": {"system": AUDIT_EVENT_TYPES, "code": "rest", "display": "Restful Operation"},
        "subtype": [subtype],
        "action": action,
        "recorded": recorded,
        "outcome": MINOR_FAILURE if access.failure else "0",
        **({"outcomeDesc": access.failure} if access.failure else {}),
        "agent": [
            _agent(client, sender(access.agent), access.address, IP_ADDRESS, requestor=True),
            _agent(server, software_device(access.software_version), access.base, URI, requestor=False),
        ],
        "source": {"observer": software_device(access.software_version)},
        **({"entity": entities} if entities else {}),
    }


def _claimed(access: Access) -> Json:
    name = "" if access.action else PROFILES.get(access.interaction, "")
    if not name or access.failure or not (access.address and access.base):
        return {}
    patient = "Patient" if access.patient else ""
    return {"meta": {"profile": [f"{BALP}/StructureDefinition/IHE.BasicAudit.{patient}{name}"]}}


def _agent(role: tuple[str, str], who: Json, address: str, kind: str, *, requestor: bool) -> Json:
    code, display = role
    network = {"network": {"address": address, "type": kind}} if address else {}
    return {
        "type": {"coding": [{"system": DICOM, "code": code, "display": display}]},
        "who": who,
        "requestor": requestor,
        **network,
    }


def _entities(access: Access) -> Iterable[Json]:
    if access.patient:
        yield {"what": {**access.patient, "type": "Patient"}, **_kind("1", "Person"), **_role("1", "Patient")}
    kind, _, identity = access.what.partition("/")
    words = {"description": access.words} if access.words else {}
    if access.query:
        raw = {"query": b64encode(access.query.encode()).decode("ascii")}
        yield {**_kind("2", "System Object"), **_role("24", "Query"), **words, **raw}
    elif identity:
        what = {"reference": access.what, "type": kind}
        yield {"what": what, **_kind("2", "System Object"), **_role("4", "Domain Resource"), **words}
    elif kind:
        yield {**_kind("2", "System Object"), **_role("4", "Domain Resource"), "name": kind, **words}
    if access.request_id:
        yield {
            "what": {"identifier": {"value": access.request_id}},
            "type": {"system": f"{BALP}/CodeSystem/BasicAuditEntityType", "code": "XrequestId"},
        }


def _kind(code: str, display: str) -> Json:
    return {"type": {"system": ENTITY_TYPES, "code": code, "display": display}}


def _role(code: str, display: str) -> Json:
    return {"role": {"system": ENTITY_ROLES, "code": code, "display": display}}
