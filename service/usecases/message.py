"""Answers a message: stores and triages its response, and writes the reply message that carries the results.

A message that comes again gets the same reply: the response has an identity, and the reply is named by its request.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from service import __version__
from service.errors import Issue, Refused, refuse
from service.mapping.body import CONTEXT_TYPES, Resource
from service.mapping.canonical import BASE
from service.mapping.gate.structure import check
from service.mapping.identity import uuid_of
from service.mapping.operations.parameters import Wanted, one, read_parameters
from service.mapping.stored import RESPONSE, instant
from service.mapping.writing.outcome import operation_outcome
from service.usecases.caller import Caller
from service.usecases.responses import Create, Responses, Stored
from service.usecases.standing import read_content

HEADER = "MessageHeader"
PARAMETERS = {"content": Wanted("resource", resource_type="Bundle")}
"""The reply comes at once, and to nobody else: neither async nor response-url is read."""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Message:
    """A message that was understood: its header, the response in focus, and the record beside it."""

    bundle: Mapping[str, Any]
    header: Mapping[str, Any]
    response: Mapping[str, Any]
    record: tuple[Resource, ...]


def read_message(content: object) -> Message:
    """Open a message Bundle, alone or as ``content`` of Parameters; raise Refused 400 or 422 for what is none."""
    bundle = _content(content)
    faults = check(bundle, "Bundle", is_envelope=True)
    if faults or not isinstance(bundle, Mapping):
        raise Refused(400, faults)
    entries = list(_entries(bundle))
    if bundle["type"] != "message" or not entries or entries[0].content["resourceType"] != HEADER:
        raise refuse(422, "invariant", "met no message: a Bundle of type message whose first entry is a MessageHeader")
    responses = [one for one in entries if one.content["resourceType"] == RESPONSE]
    if len(responses) != 1:
        text = f"the message holds {len(responses)} responses; allowed is one, several go in a Bundle of type batch"
        raise refuse(422, "not-supported", text, "Bundle.entry")
    record = tuple(one for one in entries if one.content["resourceType"] in CONTEXT_TYPES)
    return Message(bundle, entries[0].content, responses[0].content, record)


def _content(content: object) -> object:
    if not isinstance(content, Mapping) or content.get("resourceType") != "Parameters":
        return content
    bundle = one(read_parameters(content, PARAMETERS), "content")
    if bundle is None:
        raise refuse(422, "required", "the parameter 'content' with the message is missing", "Parameters.parameter")
    return bundle


def _entries(bundle: Mapping[str, Any]) -> Iterator[Resource]:
    for index, entry in enumerate(bundle.get("entry", ())):
        place = f"Bundle.entry[{index}].resource"
        resource = entry.get("resource")
        faults = check(resource, place)
        if faults and (not isinstance(resource, Mapping) or resource.get("resourceType") not in CONTEXT_TYPES):
            raise Refused(400, faults)
        yield Resource(resource, str(entry.get("fullUrl", "")), place, faults)


def answer_message(responses: Responses, caller: Caller, message: Message, endpoint: str) -> Json:
    """Store what the message brings and return the reply; a response that is refused gets a reply that says so.

    ``endpoint`` is our own address. Raises Refused where it is our fault or passing (5xx), and StoreDown: the same
    message may come again then.
    """
    try:
        (stored,) = responses.together(caller, (Create(message.response, record=message.record),))
    except Refused as refused:
        if refused.status >= 500:
            raise
        return _reply(message, endpoint, "fatal-error", (), refused.issues, _sent_at(message))
    results = [read_content(record) for record in (stored.record, *stored.results)]
    return _reply(message, endpoint, "ok", results, _told(stored), instant(stored.record.last_updated))


def _told(stored: Stored) -> tuple[Issue, ...]:
    """Leave out what a resend would not be told again, so that both replies are the same."""
    text = f"stored as {stored.record.reference}"
    return (Issue("information", "informational", text),)


def _sent_at(message: Message) -> str:
    return str(message.bundle.get("timestamp", "1970-01-01T00:00:00Z"))


def _reply(
    message: Message, endpoint: str, code: str, results: Sequence[Json], issues: tuple[Issue, ...], timestamp: str
) -> Json:
    name = uuid_of("reply", str(message.bundle.get("id", "")), str(message.header.get("id", "")), _digest(message))
    outcome = {**operation_outcome(issues), "id": str(uuid_of(str(name), "outcome"))}
    outcome_url = f"urn:uuid:{outcome['id']}"
    event = {key: value for key, value in message.header.items() if key in ("eventCoding", "eventUri")}
    header: Json = {
        "resourceType": HEADER,
        "id": str(uuid_of(str(name), "header")),
        **event,
        "destination": _destination(message),
        "source": {
            "name": "Upper back triage",
            "software": "upper-back-triage",
            "version": __version__,
            "endpoint": endpoint,
        },
        "response": {
            "identifier": str(message.header.get("id", "")) or "none",
            "code": code,
            "details": {"reference": outcome_url},
        },
        **({"focus": [{"reference": _url(endpoint, one)} for one in results]} if results else {}),
    }
    named = [
        (f"urn:uuid:{header['id']}", header),
        *((_url(endpoint, one), one) for one in results),
        (outcome_url, outcome),
    ]
    return {
        "resourceType": "Bundle",
        "id": str(name),
        "type": "message",
        "timestamp": timestamp,
        "entry": [{"fullUrl": url, "resource": resource} for url, resource in named],
    }


def _destination(message: Message) -> list[Json]:
    source = message.header["source"]
    return [{**({"name": source["name"]} if "name" in source else {}), "endpoint": source["endpoint"]}]


def _url(endpoint: str, resource: Mapping[str, Any]) -> str:
    return f"{endpoint.removesuffix('/$process-message')}/{resource['resourceType']}/{resource['id']}"


def _digest(message: Message) -> str:
    return str(uuid_of(orjson.dumps(message.response, default=str, option=orjson.OPT_SORT_KEYS).decode(), BASE))
