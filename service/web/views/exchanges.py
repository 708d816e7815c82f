"""Views of whole Bundles: batch and transaction at the base, and messages; other Bundles are shown the right door."""

import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from flask import Response, current_app, request

from service.errors import Issue, Refused, refuse
from service.mapping.gate.json_text import parse
from service.mapping.gate.sizes import check_bundle
from service.mapping.gate.structure import check
from service.mapping.search.instants import instant
from service.mapping.stored import RESPONSE
from service.mapping.writing.json_bytes import dump
from service.mapping.writing.outcome import operation_outcome
from service.usecases.message import answer_message, read_message
from service.usecases.responses import Stored
from service.usecases.transaction import store_transaction
from service.web.asked import base_address, body_of, form_of
from service.web.authorise import demand
from service.web.inner import Inner, answer_inner
from service.web.parts import Parts
from service.web.prefer import applied, read_prefer
from service.web.replies import plain, reply
from service.web.route import FHIR, Route

DOORS = {
    "collection": "a collection is triaged by POST /fhir/QuestionnaireResponse/$triage",
    "searchset": "a searchset is triaged by POST /fhir/QuestionnaireResponse/$triage",
    "message": "a message goes to POST /fhir/$process-message",
    "document": "a document is not read here; send its QuestionnaireResponse alone",
}
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH")
RELATIVE = re.compile(r"/?[A-Z][A-Za-z]*(?:/[A-Za-z0-9.$_-]+)*(?:\?[^#\s]*)?")
CONDITIONS = {
    "ifNoneMatch": "If-None-Match",
    "ifModifiedSince": "If-Modified-Since",
    "ifMatch": "If-Match",
    "ifNoneExist": "If-None-Exist",
}
JSON = Mapping[str, Any]


def exchange(parts: Parts, _route: Route) -> Response:
    """Answer a batch entry by entry, or a transaction as a whole."""
    form = form_of(request)
    bundle = _bundle(parse(body_of(request, parts.settings, form), parts.settings.limits), parts)
    entries: Sequence[JSON] = bundle.get("entry", ())
    if bundle["type"] == "batch":
        answered = [_batch_entry(parts, entry, f"Bundle.entry[{index}]") for index, entry in enumerate(entries)]
        return reply(_answer("batch-response", answered), 200, form)
    answer = reply(_answer("transaction-response", _transaction(parts, entries)), 200, form)
    answer.headers.extend(applied(returns=read_prefer(request.headers.getlist("Prefer")).returns))
    return answer


def process_message(parts: Parts, _route: Route) -> Response:
    """Answer a message with its reply."""
    form = form_of(request)
    message = read_message(parse(body_of(request, parts.settings, form), parts.settings.limits))
    endpoint = f"{base_address(request, parts.settings)}/$process-message"
    return reply(answer_message(parts.stored.responses, parts.caller(), message, endpoint), 200, form)


def _bundle(content: object, parts: Parts) -> JSON:
    if not isinstance(content, Mapping) or content.get("resourceType") != "Bundle":
        raise refuse(
            400, "invalid", "met something else than a Bundle; a resource alone goes to the address of its type"
        )
    too_long = check_bundle(content, "Bundle", parts.settings.limits)
    if too_long:
        raise Refused(413, too_long)
    faults = check(content, "Bundle", is_envelope=True)
    if faults:
        raise Refused(400, faults)
    kind = content["type"]
    if kind not in ("batch", "transaction"):
        door = DOORS.get(kind, "allowed here are batch and transaction")
        raise refuse(422, "not-supported", f"met another type of Bundle: {door}", "Bundle.type")
    without = [index for index, entry in enumerate(content.get("entry", ())) if "request" not in entry]
    if without:
        text = "an entry of a batch or transaction needs its request (bdl-3)"
        raise Refused(400, tuple(Issue("error", "required", text, f"Bundle.entry[{index}]") for index in without))
    return content


def _transaction(parts: Parts, entries: Sequence[JSON]) -> list[dict[str, Any]]:
    """Store all that is to be stored, and answer what is asked for once that stands, as R4 orders it.

    A read cannot undo what was stored before it: one that finds nothing says so in its own entry.
    """
    reads = {index for index, entry in enumerate(entries) if entry["request"].get("method") in ("GET", "HEAD")}
    writes = {index: entry for index, entry in enumerate(entries) if index not in reads}
    for index in reads:
        if _address(parts, entries[index]) is None:
            raise Refused(400, (_unread(f"Bundle.entry[{index}]"),))
    for letter, method in (("c", "POST"), ("u", "PUT")):
        if any(entry["request"].get("method") == method for entry in writes.values()):
            demand(parts.caller(), RESPONSE, letter)
    stored = store_transaction(parts.stored.responses, parts.caller(), writes, "Bundle")
    written = iter([_stored_entry(parts, one) for one in stored])
    return [
        _batch_entry(parts, entry, f"Bundle.entry[{index}]") if index in reads else next(written)
        for index, entry in enumerate(entries)
    ]


def _batch_entry(parts: Parts, entry: JSON, place: str) -> dict[str, Any]:
    """Answer one entry; whatever is wrong with it is its own."""
    asked, address = entry["request"], _address(parts, entry)
    if address is None:
        return _refused(400, _unread(place))
    headers = {header: str(asked[name]) for name, header in CONDITIONS.items() if name in asked}
    body = dump(entry["resource"]) if "resource" in entry else b""
    inner = answer_inner(current_app, request, asked["method"], address, headers, body)
    return _entry_of(inner)


def _address(parts: Parts, entry: JSON) -> str | None:
    """Return the address that an entry asks, relative to the FHIR base; None for one that is not read."""
    asked = entry["request"]
    address = asked["url"].removeprefix(f"{base_address(request, parts.settings)}/").removeprefix(f"{FHIR}/")
    is_read = asked["method"] in METHODS and RELATIVE.fullmatch(address) and ".." not in address
    return address.removeprefix("/") if is_read else None


def _unread(place: str) -> Issue:
    text = "the request of the entry is not one that is read; allowed is an address relative to the FHIR base"
    return Issue("error", "value", text, f"{place}.request")


def _entry_of(inner: Inner) -> dict[str, Any]:
    response: dict[str, Any] = {"status": _status(inner.status)}
    for header, name in (("Location", "location"), ("ETag", "etag")):
        if header in inner.headers:
            response[name] = inner.headers[header]
    content = plain(inner.body) if inner.body else None
    if content is None:
        return {"response": response}
    modified = content.get("meta", {}).get("lastUpdated")
    if modified and inner.status < HTTPStatus.BAD_REQUEST:
        response["lastModified"] = modified
    if content["resourceType"] == "OperationOutcome":
        return {"response": {**response, "outcome": content}}
    named = {"fullUrl": response["location"].partition("/_history/")[0]} if "location" in response else {}
    return {**named, "resource": content, "response": response}


def _stored_entry(parts: Parts, stored: Stored) -> dict[str, Any]:
    base = base_address(request, parts.settings)
    record = stored.record
    response: dict[str, Any] = {
        "status": _status(stored.status),
        "location": f"{base}/{record.reference}",
        "etag": f'W/"{record.version}"',
        "lastModified": f"{instant(record.last_updated)[:-4]}Z",
    }
    returns = read_prefer(request.headers.getlist("Prefer")).returns
    if returns == "OperationOutcome" or stored.issues:
        told = stored.issues or (Issue("information", "informational", f"Stored as {record.reference}"),)
        response["outcome"] = operation_outcome(told)
    whole = {} if returns in ("minimal", "OperationOutcome") else {"resource": plain(record.content)}
    return {"fullUrl": f"{base}/{record.resource_type}/{record.id}", **whole, "response": response}


def _refused(status: int, issue: Issue) -> dict[str, Any]:
    return {"response": {"status": _status(status), "outcome": operation_outcome((issue,))}}


def _status(status: int) -> str:
    return f"{status} {HTTPStatus(status).phrase}"


def _answer(kind: str, entries: Sequence[JSON]) -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": kind, **({"entry": list(entries)} if entries else {})}
