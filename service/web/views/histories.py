"""The view that lists the versions of one resource, or of all resources of a type."""

from flask import Response, request

from service.mapping.search.read_query import FORM_PARAMETERS, read_history
from service.usecases.accesses import Asked
from service.web.asked import base_address, form_of, request_line
from service.web.audit import record_found
from service.web.bundles import history as history_bundle
from service.web.negotiation import READ_VERSIONS
from service.web.paging import CURSOR, links, read_cursor
from service.web.parts import Parts
from service.web.prefer import applied, read_prefer
from service.web.replies import plain, reply
from service.web.route import Route
from service.web.views.reads import not_there


def history(parts: Parts, route: Route, identity: str | None = None) -> Response:
    """Answer with a Bundle of versions, the newest first; 404 for an id that has none."""
    form = form_of(request, versions=READ_VERSIONS)
    preference = read_prefer(request.headers.getlist("Prefer"))
    pairs = [(name, value) for name, value in request.args.items(multi=True) if name != CURSOR]
    asked = read_history(pairs, strict=preference.is_strict)
    text = request.args.get(CURSOR)
    cursor = read_cursor(text, asked.used, 0) if text is not None else None
    store = parts.stored.store
    page = store.history(parts.caller().tenant, route.resource_type, identity, asked.count, cursor)
    if identity is not None and not page.records and cursor is None and asked.count:
        raise not_there(route)
    asked_for = Asked(what=f"{route.resource_type}/{identity}") if identity else Asked(query=request_line(request))
    record_found(parts, route, asked_for, [plain(each.content) for each in page.records])
    base = base_address(request, parts.settings)
    address = "/".join((base, route.resource_type, *([identity] if identity else []), "_history"))
    form_pairs = [(name, value) for name, value in pairs if name in FORM_PARAMETERS]
    bundle = history_bundle(
        base, links(address, asked.used, page.next, page.previous, form_pairs), page.total, page.records
    )
    response = reply(bundle, 200, form)
    response.headers.extend(applied(handling=preference.handling))
    return response
