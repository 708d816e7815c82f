"""AuditEvents of accesses, in the form of IHE's Basic Audit Log Patterns: who, what, whose, and how it ended."""

from base64 import b64encode
from dataclasses import replace
from typing import Any

import pytest

from service.mapping.canonical import BASE
from service.mapping.gate.structure import check
from service.mapping.writing.access_event import Access, access_event

BALP = "https://profiles.ihe.net/ITI/BALP"
DICOM = "http://dicom.nema.org/resources/ontology/DCM"
ENTITY_TYPES = "http://terminology.hl7.org/CodeSystem/audit-entity-type"
ENTITY_ROLES = "http://terminology.hl7.org/CodeSystem/object-role"

READ = Access(
    interaction="read",
    software_version="9.8.7",
    agent="ward-7",
    request_id="request-1",
    address="192.0.2.7",
    base="http://triage.example/fhir",
    what="RiskAssessment/r1/_history/2",
    patient={"reference": "Patient/1"},
)
WHEN = "2026-11-21T10:30:00.123Z"
QUERY = "GET /fhir/RiskAssessment?patient=Patient/1&note=é"

TRIAGE: dict[str, Any] = {
    "type": "Device",
    "identifier": {"system": f"{BASE}/identifier/software", "value": "upper-back-triage"},
    "display": "upper-back-triage 9.8.7",
}
SOURCE = {"coding": [{"system": DICOM, "code": "110153", "display": "Source Role ID"}]}
DESTINATION = {"coding": [{"system": DICOM, "code": "110152", "display": "Destination Role ID"}]}
OBJECT = {"type": {"system": ENTITY_TYPES, "code": "2", "display": "System Object"}}
RESOURCE = {**OBJECT, "role": {"system": ENTITY_ROLES, "code": "4", "display": "Domain Resource"}}
QUERIED = {**OBJECT, "role": {"system": ENTITY_ROLES, "code": "24", "display": "Query"}}
PATIENT = {
    "what": {"reference": "Patient/1", "type": "Patient"},
    "type": {"system": ENTITY_TYPES, "code": "1", "display": "Person"},
    "role": {"system": ENTITY_ROLES, "code": "1", "display": "Patient"},
}
REQUEST = {
    "what": {"identifier": {"value": "request-1"}},
    "type": {"system": f"{BALP}/CodeSystem/BasicAuditEntityType", "code": "XrequestId"},
}


def event(**changes: Any) -> dict[str, Any]:
    """Write the event of an access that is a read but for what is given; each is R4."""
    written = access_event(replace(READ, **changes), WHEN)
    assert check(written, "AuditEvent") == ()
    return written


def test_a_read_is_written_as_ihe_asks_for_it() -> None:
    assert event() == {
        "resourceType": "AuditEvent",
        "meta": {"profile": [f"{BALP}/StructureDefinition/IHE.BasicAudit.PatientRead"]},
        "type": {
            "system": "http://terminology.hl7.org/CodeSystem/audit-event-type",
            "code": "rest",
            "display": "Restful Operation",
        },
        "subtype": [{"system": "http://hl7.org/fhir/restful-interaction", "code": "read", "display": "read"}],
        "action": "R",
        "recorded": WHEN,
        "outcome": "0",
        "agent": [
            {
                "type": DESTINATION,
                "who": {"identifier": {"system": f"{BASE}/identifier/agent", "value": "ward-7"}},
                "requestor": True,
                "network": {"address": "192.0.2.7", "type": "2"},  # an IP address
            },
            {
                "type": SOURCE,
                "who": TRIAGE,
                "requestor": False,
                "network": {"address": "http://triage.example/fhir", "type": "5"},  # a URI
            },
        ],
        "source": {"observer": TRIAGE},
        "entity": [
            PATIENT,
            {"what": {"reference": "RiskAssessment/r1/_history/2", "type": "RiskAssessment"}, **RESOURCE},
            REQUEST,
        ],
    }


INTERACTIONS = [
    # interaction, what the access says of its action, action, where the client stands, profile, comment
    ("read", "", "R", DESTINATION, "PatientRead", "data flow to whoever reads"),
    ("vread", "", "R", DESTINATION, "PatientRead", "one version"),
    ("history-instance", "", "R", DESTINATION, None, "IHE has no profile for it"),
    ("search-type", "", "E", SOURCE, "PatientQuery", "the parameters flow to the server"),
    ("history-type", "", "E", SOURCE, None, "executed, as a search is"),
    ("operation", "", "E", SOURCE, None, "executed"),
    ("create", "", "C", SOURCE, "PatientCreate", "what is to be stored flows to the server"),
    ("update", "", "U", SOURCE, "PatientUpdate", "the same"),
    ("create", "R", "R", DESTINATION, None, "it came again: nothing was created, the first result was read"),
    ("update", "R", "R", DESTINATION, None, "the same"),
]


@pytest.mark.parametrize(("interaction", "said", "action", "client", "profile", "_comment"), INTERACTIONS)
def test_an_interaction_gives_the_action_the_roles_and_the_profile(
    interaction: str, said: str, action: str, client: object, profile: str | None, _comment: str
) -> None:
    written = event(interaction=interaction, action=said)
    assert (written["action"], written["subtype"][0]["code"]) == (action, interaction)
    server = SOURCE if client is DESTINATION else DESTINATION
    assert [one["type"] for one in written["agent"]] == [client, server]
    claimed = [f"{BALP}/StructureDefinition/IHE.BasicAudit.{profile}"] if profile else []
    assert written.get("meta", {}).get("profile", []) == claimed


CLAIMS: list[tuple[dict[str, Any], str | None, str]] = [
    # what is otherwise, profile, comment
    ({"patient": None}, "Read", "it is nobody's"),
    ({"patient": None, "interaction": "search-type"}, "Query", "it found nobody's"),
    ({"address": ""}, None, "IHE asks for both ends of the connection"),
    ({"base": ""}, None, "IHE asks for both ends of the connection"),
    ({"failure": "403: no"}, None, "IHE's profiles are for what succeeded"),
]


@pytest.mark.parametrize(("changes", "profile", "_comment"), CLAIMS)
def test_a_profile_is_claimed_only_where_all_is_known_that_it_asks_for(
    changes: dict[str, Any], profile: str | None, _comment: str
) -> None:
    claimed = {"profile": [f"{BALP}/StructureDefinition/IHE.BasicAudit.{profile}"]}
    assert event(**changes).get("meta") == (claimed if profile else None)


@pytest.mark.parametrize(("end", "place"), [("address", 0), ("base", 1)])
def test_an_address_that_is_not_known_is_left_out(end: str, place: int) -> None:
    agents = event(**{end: ""})["agent"]
    assert ["network" in one for one in agents] == [index != place for index in (0, 1)]


def test_a_refusal_is_a_minor_failure_that_says_why() -> None:
    written = event(failure="403: the token does not allow this")
    assert (written["outcome"], written["outcomeDesc"]) == ("4", "403: the token does not allow this")
    assert "outcomeDesc" not in event()


ENTITIES: list[tuple[dict[str, Any], list[dict[str, Any]], str]] = [
    # what is otherwise, entities, comment
    ({"request_id": ""}, [PATIENT, {"what": {"reference": "RiskAssessment/r1/_history/2", "type": "RiskAssessment"},
                                    **RESOURCE}], "a request without an id"),
    ({"patient": None, "what": ""}, [REQUEST], "all that is known of a Bundle that was refused"),
    ({"patient": None, "what": "CarePlan"}, [{**RESOURCE, "name": "CarePlan"}, REQUEST], "a type is no reference"),
    ({"patient": None, "what": "CarePlan", "words": "said"},
     [{**RESOURCE, "name": "CarePlan", "description": "said"}, REQUEST], "with words"),
    ({"patient": None, "what": "CarePlan/c1", "words": "said"},
     [{"what": {"reference": "CarePlan/c1", "type": "CarePlan"}, **RESOURCE, "description": "said"}, REQUEST],
     "with words"),
    ({"query": QUERY, "words": "said"},
     [PATIENT, {**QUERIED, "description": "said", "query": b64encode(QUERY.encode("utf-8")).decode("ascii")}, REQUEST],
     "a search names no resource, but what was asked, byte by byte"),
    ({"patient": {"reference": "Patient/1", "identifier": {"value": "4711"}}, "what": "", "request_id": ""},
     [PATIENT | {"what": {"reference": "Patient/1", "identifier": {"value": "4711"}, "type": "Patient"}}],
     "a patient with an identifier"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "entities", "_comment"), ENTITIES)
def test_an_event_names_whose_what_and_which_request(
    changes: dict[str, Any], entities: list[dict[str, Any]], _comment: str
) -> None:
    assert event(**changes)["entity"] == entities


def test_an_access_of_nothing_that_can_be_named_has_no_entity() -> None:
    assert "entity" not in event(patient=None, what="", request_id="")
