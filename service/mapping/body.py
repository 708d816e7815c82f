"""Opens the body of a ``$triage`` request: which responses it holds, which record, and which policy and moment it names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.errors import Issue, Refused, refuse
from service.mapping.dates import earliest_moment
from service.mapping.gate.json_text import parse
from service.settings import Limits
from service.mapping.gate.sizes import check_bundle, check_response
from service.mapping.gate.structure import check

RESPONSE = "QuestionnaireResponse"
CONTEXT_TYPES = (
    "Patient",
    "Condition",
    "Observation",
    "MedicationStatement",
    "MedicationRequest",
    "AllergyIntolerance",
)
BUNDLE_TYPES = ("collection", "searchset", "batch", "transaction")
OTHER_DOORS = {
    "document": "a document Bundle is not read here; send its QuestionnaireResponse alone or in a Bundle of type collection",
    "message": "a message Bundle is not read here; send its content as a Bundle of type collection",
}


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource of the body: its content, the fullUrl of its entry (empty where there is none), and its place."""

    content: Mapping[str, Any]
    full_url: str
    place: str
    faults: tuple[Issue, ...]


@dataclass(frozen=True, slots=True)
class Body:
    """A request that was understood as a whole: its responses in order, the record beside them, and what it asks for."""

    responses: tuple[Resource, ...]
    record: tuple[Resource, ...]
    ignored_types: tuple[str, ...]
    policy: str
    at: datetime | None
    alone: bool
    """True where a single response was sent without a Bundle: its faults are then the faults of the request."""


def open_body(body: bytes, limits: Limits) -> Body:
    """Open Parameters, a Bundle or a bare response. Raise Refused 400, 413 or 422 for what cannot be opened at all."""
    content = parse(body, limits)
    if not isinstance(content, Mapping) or not isinstance(content.get("resourceType"), str):
        raise refuse(400, "structure", "a body is one FHIR resource: a JSON object with its resourceType")
    match content["resourceType"]:
        case "Parameters":
            return _parameters(content, limits)
        case "Bundle" | "QuestionnaireResponse":
            return _input(content, content["resourceType"], limits, "", None)
        case _:
            text = "allowed are Parameters, a QuestionnaireResponse, or a Bundle that holds one"
            raise refuse(422, "not-supported", text, "resourceType")


def _parameters(content: Mapping[str, Any], limits: Limits) -> Body:
    faults = check(content, "Parameters", is_envelope=True)
    if faults:
        raise Refused(400, faults)
    by_name: dict[str, tuple[Mapping[str, Any], str]] = {}
    for index, parameter in enumerate(content.get("parameter", ())):
        place = f"Parameters.parameter[{index}]"
        name = parameter["name"]
        if name not in ("response", "policy", "at"):
            text = "met a parameter that the operation does not have; allowed are response, policy, at"
            raise refuse(422, "not-supported", text, f"{place}.name")
        if name in by_name:
            raise refuse(422, "duplicate", f"the parameter '{name}' stands twice", place)
        by_name[name] = (parameter, place)
    if "response" not in by_name or "resource" not in by_name["response"][0]:
        raise refuse(422, "required", "the parameter 'response' with its resource is missing", "Parameters.parameter")
    policy = _value(by_name, "policy", "valueCode")
    at = _moment(by_name)
    parameter, place = by_name["response"]
    return _input(parameter["resource"], f"{place}.resource", limits, policy, at)


def _value(by_name: Mapping[str, tuple[Mapping[str, Any], str]], name: str, key: str) -> str:
    if name not in by_name:
        return ""
    parameter, place = by_name[name]
    if key not in parameter:
        raise refuse(422, "value", f"the parameter '{name}' has another type; allowed is {key}", f"{place}.value")
    return str(parameter[key])


def _moment(by_name: Mapping[str, tuple[Mapping[str, Any], str]]) -> datetime | None:
    written = _value(by_name, "at", "valueDateTime")
    if not written:
        return None
    if "T" not in written:
        raise refuse(422, "value", "'at' is a moment: allowed is a dateTime with time and zone", by_name["at"][1])
    return earliest_moment(written)


def _input(content: object, place: str, limits: Limits, policy: str, at: datetime | None) -> Body:
    kind = content.get("resourceType") if isinstance(content, Mapping) else None
    if kind == RESPONSE and isinstance(content, Mapping):
        response = _response(content, "", place, limits)
        return Body((response,), (), (), policy, at, alone=True)
    if kind == "Bundle" and isinstance(content, Mapping):
        return _bundle(content, place, limits, policy, at)
    raise refuse(422, "not-supported", "allowed is a QuestionnaireResponse, or a Bundle that holds one", place)


def _bundle(content: Mapping[str, Any], place: str, limits: Limits, policy: str, at: datetime | None) -> Body:
    too_long = check_bundle(content, place, limits)
    if too_long:
        raise Refused(413, too_long)
    faults = check(content, place, is_envelope=True)
    if faults:
        raise Refused(400, faults)
    kind = content["type"]
    if kind not in BUNDLE_TYPES:
        text = OTHER_DOORS.get(kind, f"met another type of Bundle; allowed are {', '.join(BUNDLE_TYPES)}")
        raise refuse(422, "not-supported", text, f"{place}.type")
    entries = list(_entries(content.get("entry", ()), place))
    responses = tuple(_response(r, url, at_place, limits) for r, url, at_place in entries if _type(r) == RESPONSE)
    if not responses:
        raise refuse(422, "required", "the Bundle holds no QuestionnaireResponse", f"{place}.entry")
    record = tuple(Resource(r, url, spot, check(r, spot)) for r, url, spot in entries if _type(r) in CONTEXT_TYPES)
    others = {_type(r) for r, _, _ in entries} - {RESPONSE, *CONTEXT_TYPES}
    return Body(responses, record, tuple(sorted(others)), policy, at, alone=False)


def _entries(entries: Sequence[Any], place: str) -> list[tuple[Mapping[str, Any], str, str]]:
    return [
        (entry["resource"], str(entry.get("fullUrl", "")), f"{place}.entry[{index}].resource")
        for index, entry in enumerate(entries)
        if isinstance(entry.get("resource"), Mapping)
    ]


def _type(resource: Mapping[str, Any]) -> str:
    return str(resource.get("resourceType", "a resource without a type"))


def _response(content: Mapping[str, Any], full_url: str, place: str, limits: Limits) -> Resource:
    return Resource(content, full_url, place, check_response(content, place, limits) or check(content, place))
