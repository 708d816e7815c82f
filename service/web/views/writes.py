"""Views that store a response: create, also conditionally, and update."""

import re

from flask import Response, request

from service.errors import Issue, refuse
from service.mapping.writing.outcome import operation_outcome
from service.usecases.responses import Create, Stored, Update
from service.web.asked import base_address, form_of, sent_by
from service.web.negotiation import Form
from service.web.parts import Parts
from service.web.prefer import applied, read_prefer
from service.web.replies import name_version, reply
from service.web.route import Route
from service.web.views.reads import version_number

VERSION = re.compile(r'(?:W/)?"([^"]*)"')


def create(parts: Parts, _route: Route) -> Response:
    """Store and triage a response; 201, or 200 with the first result where the same was stored before."""
    form = form_of(request)
    base = base_address(request, parts.settings)
    sent = sent_by(request, parts.settings, form)
    condition = request.headers.get("If-None-Exist", "")
    action = Create(sent.json, condition, received=sent.received)
    (stored,) = parts.stored.responses.together(parts.caller(), (action,))
    return _answer(base, stored, form)


def update(parts: Parts, _route: Route, identity: str) -> Response:
    """Store the next version of a response."""
    form = form_of(request)
    base = base_address(request, parts.settings)
    expected = _expected_version(request.headers.getlist("If-Match"))
    sent = sent_by(request, parts.settings, form)
    action = Update(identity, sent.json, expected, received=sent.received)
    (stored,) = parts.stored.responses.together(parts.caller(), (action,))
    return _answer(base, stored, form)


def _expected_version(values: list[str]) -> int | None:
    """Read If-Match, which names one version here; None without it. A version that cannot exist is met by none."""
    if not values:
        return None
    found = VERSION.fullmatch(values[0].strip()) if len(values) == 1 else None
    if found is None:
        raise refuse(400, "value", 'If-Match does not name one version; allowed: W/"version".')
    number = version_number(found[1])
    if not number:
        raise refuse(412, "conflict", "If-Match names a version that does not exist.")
    return number


def _answer(base: str, stored: Stored, form: Form) -> Response:
    """Answer with the stored response, or with as much as was preferred; the headers name it always."""
    returns = read_prefer(request.headers.getlist("Prefer")).returns
    record = stored.record
    if returns == "minimal":
        response = Response(status=stored.status)
        # Flask would name a type for the body that is not there.
        response.headers.remove("Content-Type")
    elif returns == "OperationOutcome":
        response = reply(operation_outcome(_told(stored)), stored.status, form)
    else:
        response = reply(record.content, stored.status, form)
    response.headers["Location"] = f"{base}/{record.reference}"
    response.headers.extend(applied(returns=returns))
    name_version(response, record)
    return response


def _told(stored: Stored) -> tuple[Issue, ...]:
    results = ", ".join(each.reference for each in stored.results)
    text = f"Stored as {stored.record.reference}" + (f", with {results}." if results else ".")
    return (Issue("information", "informational", text), *stored.issues)
