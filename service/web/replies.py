"""Turns resources and issues into HTTP responses; it decides nothing about them."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from flask import Request, Response

from service.edges.store.records import Record
from service.errors import Issue, refuse
from service.mapping.release5 import offered_in_release5, to_release5
from service.mapping.search.subset import Subset, shortened
from service.mapping.writing.json_bytes import dump
from service.mapping.writing.outcome import operation_outcome
from service.mapping.xml_writer import to_xml
from service.web.negotiation import RELEASE_5, Form, choose_error_form
from service.web.published import Published

RETRY_SECONDS = 5
"""When to come back after 429 or 503."""


def serialise(resource: Mapping[str, Any] | bytes, form: Form) -> bytes:
    """Write a resource in a form. Bytes are a resource as it is stored, JSON, which goes out as it is where it can.

    Raises Refused (406) for a type that has no shape of R5 here.
    """
    written = resource if isinstance(resource, bytes) else dump(resource)
    if form.is_xml or form.fhir_version == RELEASE_5:
        return _in_another_shape(plain(written), form)
    return dump(plain(written), pretty=True) if form.pretty else written


def _in_another_shape(resource: dict[str, Any], form: Form) -> bytes:
    if form.fhir_version == RELEASE_5:
        try:
            resource = to_release5(resource)
        except KeyError:
            offered = ", ".join(offered_in_release5())
            raise refuse(406, "not-supported", f"This type is not offered in FHIR 5.0; offered: {offered}.") from None
    return to_xml(resource, pretty=form.pretty) if form.is_xml else dump(resource, pretty=form.pretty)


def plain(content: bytes) -> dict[str, Any]:
    """Read a resource that is stored, as plain data; decimals keep their digits."""
    read: dict[str, Any] = json.loads(content, parse_float=Decimal)
    return read


def reply(resource: Mapping[str, Any] | bytes, status: int, form: Form) -> Response:
    """Answer with a resource in the chosen form."""
    return Response(serialise(resource, form), status, content_type=form.content_type)


def reply_published(published: Published, request: Request, form: Form, subset: Subset | None = None) -> Response:
    """Answer a read of what does not change: 200 with an ETag, or 304 where If-None-Match names it."""
    content = published.content if subset is None else shortened(published.content, subset)
    response = reply(content, 200, form)
    # Weak, as the same resource is sent under one ETag in every form.
    response.set_etag(published.digest, weak=True)
    response.make_conditional(request)
    return response


def reply_record(record: Record, request: Request, form: Form, subset: Subset | None = None) -> Response:
    """Answer a read of what is stored: 200, or 304 where If-None-Match or If-Modified-Since says it is known."""
    whole = subset is None or subset.is_whole
    response = reply(record.content if whole or subset is None else shortened(plain(record.content), subset), 200, form)
    name_version(response, record)
    response.make_conditional(request)
    return response


def name_version(response: Response, record: Record) -> None:
    """Name the version in the headers: ETag and Last-Modified."""
    response.set_etag(str(record.version), weak=True)
    response.last_modified = record.last_updated


def reply_issues(status: int, issues: Sequence[Issue], request: Request) -> Response:
    """Answer an error with an OperationOutcome, in the form that was asked for where it is offered."""
    form = choose_error_form(request.headers.get("Accept"), request.args)
    response = reply(operation_outcome(issues), status, form)
    if status in (429, 503):
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response
