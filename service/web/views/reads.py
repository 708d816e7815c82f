"""Views that read one resource: of the package, stored, or one of its versions."""

from flask import Response, request

from service.errors import Refused, refuse
from service.web.asked import form_of, subset_of
from service.web.audit import record_read
from service.web.negotiation import READ_VERSIONS
from service.web.parts import Parts
from service.web.replies import reply_published, reply_record
from service.web.route import Route


def read_package(parts: Parts, route: Route, identity: str) -> Response:
    """Answer with a resource of the package."""
    form, subset = form_of(request, versions=READ_VERSIONS), subset_of(request.args)
    published = parts.packaged.get((route.resource_type, identity))
    if published is None:
        raise not_there(route)
    return reply_published(published, request, form, subset)


def read_stored(parts: Parts, route: Route, identity: str) -> Response:
    """Answer with the current version of a stored resource."""
    form, subset = form_of(request, versions=READ_VERSIONS), subset_of(request.args)
    record = parts.stored.store.read(parts.caller().tenant, route.resource_type, identity)
    if record is None:
        raise not_there(route)
    record_read(parts, route, record)
    return reply_record(record, request, form, subset)


def read_version(parts: Parts, route: Route, identity: str, version: str) -> Response:
    """Answer with one version of a stored resource."""
    form, subset = form_of(request, versions=READ_VERSIONS), subset_of(request.args)
    number = version_number(version)
    tenant = parts.caller().tenant
    record = parts.stored.store.read_version(tenant, route.resource_type, identity, number) if number else None
    if record is None:
        raise refuse(404, "not-found", f"There is no such version of a {route.resource_type} with this id.")
    record_read(parts, route, record)
    return reply_record(record, request, form, subset)


def not_there(route: Route) -> Refused:
    """Say that there is no resource with this id."""
    return refuse(404, "not-found", f"There is no {route.resource_type} with this id.")


def version_number(text: str) -> int:
    """Return the number of a version, or 0 for a text that names none that could exist."""
    is_number = text.isascii() and text.isdigit() and len(text) < 10 and not text.startswith("0")
    return int(text) if is_number else 0
