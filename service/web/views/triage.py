"""Views of the operation ``$triage``: of a body, and of a response that is stored; nothing is stored by either."""

from flask import Response, request

from service.errors import refuse
from service.mapping.search.read_query import FORM_PARAMETERS
from service.usecases.triage_stored import read_wishes, with_wishes
from service.web.asked import body_of, form_of, has_body
from service.web.audit import record_read
from service.web.negotiation import READ_VERSIONS, Form
from service.web.parts import Parts
from service.web.replies import reply
from service.web.route import Route
from service.web.views.reads import not_there

WISHES = ("policy", "at")


def triage(parts: Parts, _route: Route) -> Response:
    """Triage the responses of the body."""
    form = form_of(request, versions=READ_VERSIONS)
    answer = parts.triage(body_of(request, parts.settings, form))
    return reply(answer.resource, answer.status, form)


def triage_stored(parts: Parts, route: Route, identity: str) -> Response:
    """Triage a stored response with the rule book that is loaded now.

    ``policy`` and ``at`` stand in the query of a GET, and in the Parameters of a POST, whose body may be left out.
    """
    form = form_of(request, versions=READ_VERSIONS)
    wishes = _in_body(parts, form) if request.method == "POST" else _in_query()
    record = parts.stored.store.read(parts.caller().tenant, route.resource_type, identity)
    if record is None:
        raise not_there(route)
    record_read(parts, route, record)
    answer = parts.triage(with_wishes(record.content, wishes))
    return reply(answer.resource, answer.status, form)


def _in_body(parts: Parts, form: Form) -> dict[str, str]:
    """Read what is wished for from the body, which may be empty: all that the operation needs is stored."""
    body = body_of(request, parts.settings, form) if has_body(request) else b""
    return read_wishes(body, parts.settings.limits)


def _in_query() -> dict[str, str]:
    wishes = request.args.to_dict(flat=False)
    if not wishes.keys() <= {*WISHES, *FORM_PARAMETERS} or any(len(values) > 1 for values in wishes.values()):
        text = "The query has a parameter that is not read, or one twice; allowed, once: policy, at, _format, _pretty."
        raise refuse(400, "not-supported", text)
    return {name: values[0] for name, values in wishes.items() if name in WISHES and values[0]}
