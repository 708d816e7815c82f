"""Views of the operations beside ``$triage``; each reads the request, and the use case or the terminology answers."""

from collections.abc import Mapping
from typing import Any

import orjson
from flask import Response, request

from service.errors import refuse
from service.mapping.gate.json_text import parse
from service.mapping.operations.parameters import Given, Wanted, read_parameters, read_query
from service.mapping.operations.terminology import EXPAND, VALIDATE_CODE
from service.mapping.search.read_query import read_search
from service.mapping.stored import RESPONSE
from service.mapping.writing.json_bytes import dump
from service.web.asked import body_of, form_of
from service.web.audit import record_read
from service.web.parts import Parts
from service.web.replies import reply
from service.web.route import Route
from service.web.views.reads import not_there


def validate(parts: Parts, route: Route) -> Response:
    """Say what is wrong with a resource: 200 with an OperationOutcome, whatever it says."""
    form = form_of(request)
    content = _content(parts)
    return reply(parts.operations.validate(content, route.resource_type), 200, form)


def extract(parts: Parts, _route: Route) -> Response:
    """Write the answers of the response in the body as a transaction Bundle."""
    form = form_of(request)
    return reply(parts.operations.extract(_content(parts)), 200, form)


def extract_stored(parts: Parts, route: Route, identity: str) -> Response:
    """Write the answers of a stored response as a transaction Bundle."""
    form = form_of(request)
    record = parts.stored.store.read(parts.caller().tenant, route.resource_type, identity)
    if record is None:
        raise not_there(route)
    record_read(parts, route, record)
    return reply(parts.operations.extract(parse(record.content, parts.settings.limits)), 200, form)


def populate(parts: Parts, _route: Route, identity: str = "") -> Response:
    """Begin a response with what the record in the body says for sure; there is one Questionnaire."""
    form = form_of(request)
    if identity and ("Questionnaire", identity) not in parts.packaged:
        raise refuse(404, "not-found", "There is no Questionnaire with this id.")
    return reply(parts.operations.populate(_content(parts)), 200, form)


def apply(parts: Parts, route: Route, identity: str = "") -> Response:
    """Write the plan for a subject: from the response in the body, else from the latest one that is stored."""
    form = form_of(request)
    if identity and ("PlanDefinition", identity) not in parts.packaged:
        raise refuse(404, "not-found", "There is no PlanDefinition with this id.")
    content = _content(parts) if request.method == "POST" else _subject_of_query()

    def latest(subject: str) -> bytes | None:
        return _latest(parts, route, subject)

    return reply(parts.operations.apply(content, dump, latest), 200, form)


def expand(parts: Parts, _route: Route, identity: str = "") -> Response:
    """Expand a value set of the package."""
    form = form_of(request)
    return reply(parts.terminology.expand(_asked(parts, EXPAND), identity), 200, form)


def validate_code(parts: Parts, _route: Route, identity: str = "") -> Response:
    """Say whether a code is in a value set of the package."""
    form = form_of(request)
    return reply(parts.terminology.validate_code(_asked(parts, VALIDATE_CODE), identity), 200, form)


def _content(parts: Parts) -> object:
    return parse(body_of(request, parts.settings, form_of(request)), parts.settings.limits)


def _asked(parts: Parts, wanted: Mapping[str, Wanted]) -> Given:
    if request.method == "POST":
        return read_parameters(_content(parts), wanted)
    return read_query(request.args.to_dict(flat=False), wanted)


def _subject_of_query() -> dict[str, Any]:
    given = read_query(request.args.to_dict(flat=False), {"subject": Wanted("valueString")})
    named = [{"name": "subject", "valueString": value} for value in given.get("subject", ())]
    return {"resourceType": "Parameters", **({"parameter": named} if named else {"id": "none"})}


def _latest(parts: Parts, route: Route, subject: str) -> bytes | None:
    """Find the response of a subject that was answered last; one that was entered in error counts no more."""
    if parts.storage is None:
        return None
    pairs = [("subject", subject), ("status:not", "entered-in-error"), ("_sort", "-authored"), ("_count", "1")]
    query = read_search(RESPONSE, pairs, "", strict=True).query
    page = parts.storage.store.search(parts.caller().tenant, query, want_total=False)
    if not page.records:
        return None
    (record,) = page.records
    content = orjson.loads(record.content)
    if content["subject"].get("reference", subject) != subject:
        return None
    record_read(parts, route, record)
    return record.content
