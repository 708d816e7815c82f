"""Turns resources and issues into HTTP responses; it decides nothing about them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Request, Response

from service.errors import Issue
from service.mapping.writing.json_bytes import dump
from service.mapping.writing.outcome import operation_outcome
from service.web.negotiation import Form, choose_error_form, choose_form


@dataclass(frozen=True, slots=True)
class Published:
    """Hold a resource that never changes while the service runs, with the digest that its ETag names."""

    resource: dict[str, object]
    digest: str


def publish(resource: dict[str, object]) -> Published:
    """Prepare a resource to be served with an ETag that changes when the resource does."""
    return Published(resource, hashlib.sha256(dump(resource)).hexdigest()[:32])


def reply(resource: object, status: int, form: Form) -> Response:
    """Answer with a resource in the chosen form."""
    return Response(dump(resource, pretty=form.pretty), status, content_type=form.content_type)


def reply_published(published: Published, request: Request) -> Response:
    """Answer a read: 200 with an ETag, or 304 where If-None-Match names it."""
    form = choose_form(request.headers.get("Accept"), request.args)
    response = reply(published.resource, 200, form)
    # Weak, as the same resource is sent under one ETag in every form.
    response.set_etag(published.digest, weak=True)
    response.make_conditional(request)
    return response


def reply_issues(status: int, issues: Sequence[Issue], request: Request) -> Response:
    """Answer with an OperationOutcome, whatever the client accepts."""
    return reply(operation_outcome(issues), status, choose_error_form(request.args))
