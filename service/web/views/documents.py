"""Views of what the service says about itself: the CapabilityStatement and the OpenAPI document."""

from flask import Response, request

from service.errors import refuse
from service.mapping.writing.json_bytes import dump
from service.web.asked import form_of, subset_of
from service.web.parts import Parts
from service.web.replies import reply_published
from service.web.route import Route

MODES = ("full", "normative", "terminology")


def metadata(parts: Parts, route: Route) -> Response:
    """Answer with the CapabilityStatement, in every mode: R4 lets a server answer so."""
    form, subset = form_of(request), subset_of(request.args)
    if request.args.get("mode") not in (None, "", *MODES):
        raise refuse(400, "value", f"mode has a value that is not allowed; allowed: {', '.join(MODES)}.")
    return reply_published(parts.documents[route.name], request, form, subset)


def openapi(parts: Parts, route: Route) -> Response:
    """Answer with the OpenAPI document, which is JSON whatever is accepted."""
    published = parts.documents[route.name]
    response = Response(dump(published.content), content_type="application/json")
    response.set_etag(published.digest, weak=True)
    response.make_conditional(request)
    return response
