"""Opens the body of a ``$triage`` request: its responses, the record beside them, the policy and moment it names."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import orjson

from service.errors import Issue, Refused, refuse
from service.mapping.answers import Answers
from service.mapping.dates import earliest_moment
from service.mapping.gate.definitions import r4
from service.mapping.gate.json_text import parse
from service.mapping.gate.quick import DEEPEST
from service.mapping.gate.sizes import check_bundle, check_response
from service.mapping.gate.structure import check
from service.mapping.operations.parameters import Wanted, one, place_of, read_parameters
from service.mapping.quick_answers import QuickReader
from service.settings import Limits

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
PARAMETERS = {
    "response": Wanted("resource", checked=False),
    "policy": Wanted("valueCode"),
    "at": Wanted("valueDateTime"),
}
OTHER_DOORS = {
    "document": "a document is not read here; send its QuestionnaireResponse alone, or in a Bundle of type collection",
    "message": "a message is not read here; send its content as a Bundle of type collection",
}


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource of the body: its content, the fullUrl of its entry (empty where there is none), and its place.

    Where there are ``faults`` the content is not valid R4, and may not even be a resource. ``answers`` are those of a
    response that was read at a glance; without them they are still to be read.
    """

    content: Mapping[str, Any]
    full_url: str
    place: str
    faults: tuple[Issue, ...]
    answers: Answers | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """How a body is opened: the limits, the quick reader where there is one, and whether no response can exceed."""

    limits: Limits
    read_quickly: QuickReader | None
    is_small: bool


@dataclass(frozen=True, slots=True)
class Body:
    """A request that was understood as a whole: its responses in order, the record beside them, and what it asks for.

    What has no type of R4 could be anything, so it stands among the responses with its faults. ``ignored_types`` are
    types of R4. ``alone`` is true where a single response was sent without a Bundle: its faults are the request's.
    ``policy`` is empty and ``at`` None where the request names none.
    """

    responses: tuple[Resource, ...]
    record: tuple[Resource, ...]
    ignored_types: tuple[str, ...]
    alone: bool
    policy: str = ""
    at: datetime | None = None


def open_body(body: bytes, limits: Limits, read_quickly: QuickReader | None = None) -> Body:
    """Open Parameters, a Bundle or a bare response. Raise Refused 400, 413 or 422 for what cannot be opened at all.

    ``read_quickly`` changes only the time that it takes: what it does not know is read in full.
    """
    content = parse(body, limits)
    opening = Opening(limits, read_quickly, is_small(body, limits))
    if isinstance(content, Mapping) and content.get("resourceType") == "Parameters":
        return _parameters(content, opening)
    return _input(content, _type(content), opening)


def is_small(body: bytes, limits: Limits) -> bool:
    """Tell whether the whole body is within what one response may hold, so that no response needs to be measured.

    The depth is that of whatever is plainly right: as many arrays as objects at most.
    """
    in_bytes = len(body) <= limits.response_bytes and body.count(b"{") <= limits.items
    return in_bytes and limits.response_depth >= 2 * DEEPEST


def _parameters(content: Mapping[str, Any], opening: Opening) -> Body:
    given = read_parameters(content, PARAMETERS)
    if "response" not in given:
        raise refuse(422, "required", "the parameter 'response' with its resource is missing", "Parameters.parameter")
    (response,) = given["response"]
    body = _input(response, f"{place_of(content, 'response')}.resource", opening)
    return replace(body, policy=one(given, "policy") or "", at=_moment(content, one(given, "at")))


def _moment(content: Mapping[str, Any], written: str | None) -> datetime | None:
    if written is None:
        return None
    if "T" not in written:
        text = "'at' is a moment: allowed is a dateTime with time and zone"
        raise refuse(422, "value", text, f"{place_of(content, 'at')}.value")
    return earliest_moment(written)


def _input(content: object, place: str, opening: Opening) -> Body:
    kind = _type(content)
    if kind == "Bundle" and isinstance(content, Mapping):
        return _bundle(content, place, opening)
    if kind == RESPONSE:
        return Body((read_response(content, "", place, opening),), (), (), alone=True)
    if not kind:
        text = "met something else than a resource of R4; allowed is an object with its resourceType"
        raise refuse(400, "structure", text, place)
    text = f"met another resource than a {RESPONSE}, a Bundle that holds one, or Parameters that hold either"
    raise refuse(422, "not-supported", text, place)


def _bundle(content: Mapping[str, Any], place: str, opening: Opening) -> Body:
    too_long = check_bundle(content, place, opening.limits)
    if too_long:
        raise Refused(413, too_long)
    faults = check(content, place, is_envelope=True)
    if faults:
        raise Refused(400, faults)
    kind = content.get("type", "")
    if kind not in BUNDLE_TYPES:
        text = OTHER_DOORS.get(kind, f"met another type of Bundle; allowed are {', '.join(BUNDLE_TYPES)}")
        raise refuse(422, "not-supported", text, f"{place}.type")
    entries = list(_entries(content.get("entry", ()), place))
    responses = tuple(read_response(*entry, opening) for entry in entries if _type(entry[0]) in (RESPONSE, ""))
    if not responses:
        raise refuse(422, "required", "the Bundle holds no QuestionnaireResponse", f"{place}.entry")
    record = tuple(Resource(r, url, at_, check(r, at_)) for r, url, at_ in entries if _type(r) in CONTEXT_TYPES)
    others = {_type(resource) for resource, _, _ in entries} - {"", RESPONSE, *CONTEXT_TYPES}
    return Body(responses, record, tuple(sorted(others)), alone=False)


def _entries(entries: Sequence[Any], place: str) -> Iterator[tuple[Any, str, str]]:
    """List the resource of each entry, its fullUrl and its place; an entry without a resource holds nothing to read."""
    for index, entry in enumerate(entries):
        if "resource" in entry:
            yield entry["resource"], str(entry.get("fullUrl", "")), f"{place}.entry[{index}].resource"


def _type(resource: object) -> str:
    """Name the type of a resource; empty for anything that is no resource of R4, whatever it calls itself."""
    name = resource.get("resourceType") if isinstance(resource, Mapping) else None
    return name if isinstance(name, str) and name in r4().resources else ""


def read_response(content: object, full_url: str, place: str, opening: Opening) -> Resource:
    """Read what should be a response: at a glance where it is plainly right, else with its faults."""
    known = content if isinstance(content, Mapping) else {}
    if opening.read_quickly is not None and (opening.is_small or _is_small_alone(known, opening.limits)):
        answers = opening.read_quickly(known, place)
        if answers is not None:
            return Resource(known, full_url, place, (), answers)
    return Resource(known, full_url, place, check_response(content, place, opening.limits) or check(content, place))


def _is_small_alone(content: Mapping[str, Any], limits: Limits) -> bool:
    """Tell of one response out of a larger body what ``is_small`` tells of a body; no where it cannot be said."""
    try:
        return is_small(orjson.dumps(content, default=str), limits)
    except TypeError:  # a whole number of more than 64 bits
        return False
