"""Builds the Flask application: routes, ids, headers and the access log; it knows no medicine."""

import sys
import time
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, g, request
from structlog.typing import FilteringBoundLogger
from werkzeug.routing import BaseConverter

from service.mapping.operations.terminology import terminology
from service.mapping.search.shelf import Shelf
from service.settings import Settings
from service.usecases.caller import Caller
from service.usecases.operations import Operations
from service.web.audit import record_refusals
from service.web.authorise import ask_for_tokens, caller_of
from service.web.capability import capability_statement, installed_software, profiles_of
from service.web.delivery import allow_origins, compress, limit_requests
from service.web.logs import json_log
from service.web.openapi import openapi_document
from service.web.parts import Parts, Storage, TriageOperation
from service.web.published import Published, publish
from service.web.refusals import answer_errors
from service.web.request_id import identify
from service.web.route import FHIR, Route
from service.web.routes import METADATA, OPENAPI, route_table

if TYPE_CHECKING:
    from service.edges.tokens import Tokens

Artefacts = Sequence[Mapping[str, Any]]

QUESTIONNAIRE = ("Questionnaire", "upper-back-pain")
KNOWN_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"})


class FhirId(BaseConverter):
    """Match what R4 allows as an id; an operation or a search begins with $ or _ and is none. Werkzeug's own way."""

    regex = "[A-Za-z0-9.-]{1,64}"


def create_app(  # noqa: PLR0913 - the parts of a whole service, each by its name
    triage: TriageOperation,
    settings: Settings,
    artefacts: Artefacts,
    log: FilteringBoundLogger | None = None,
    storage: Storage | None = None,
    *,
    unproven: bool = False,
    operations: Operations | None = None,
    tokens: "Tokens | None" = None,
) -> Flask:
    """Build the application around a triage operation.

    ``artefacts`` are the FHIR resources of the package, each with ``resourceType`` and ``id``; the Questionnaire
    upper-back-pain must be among them, else ValueError. Without ``log``, lines go to standard error. Without
    ``storage`` nothing is stored, and no route offers it; likewise for ``operations``, those beside ``$triage``.
    ``unproven`` says that the rules are not proven. With ``tokens`` whoever asks for FHIR data needs one.
    """
    packaged = {(each["resourceType"], each["id"]): publish(each) for each in artefacts}
    if QUESTIONNAIRE not in packaged:
        raise ValueError("the Questionnaire upper-back-pain is missing from the artefacts")
    routes = route_table(stores=storage is not None, operates=operations is not None)
    documents = _documents(routes, settings, artefacts, unproven=unproven)
    parts = Parts(
        triage=triage,
        settings=settings,
        shelf=Shelf(artefacts),
        storage=storage,
        documents=documents,
        packaged=packaged,
        caller=partial(_caller, settings),
        terminology=terminology(artefacts),
        unproven=unproven,
        operating=operations,
    )
    return _serving(parts, routes, log or json_log(sys.stderr, settings.log_level), tokens)


def _serving(parts: Parts, routes: tuple[Route, ...], log: FilteringBoundLogger, tokens: "Tokens | None") -> Flask:
    """Build the Flask application that answers these routes; what stands before a view is asked in this order."""
    app, settings = _bare_flask(), parts.settings
    _follow_requests(app, log)
    allow_origins(app, settings.cors_origins, {route.method for route in routes})
    limit_requests(app, settings, lambda path: not path.startswith(FHIR))
    if tokens is not None:
        ask_for_tokens(app, routes, tokens, settings)
    for route in routes:
        view = partial(route.handler, parts, route)
        app.add_url_rule(route.path, endpoint=route.name, view_func=view, methods=[route.method])
    answer_errors(app, routes, log)
    if parts.storage is not None:
        record_refusals(app, parts, routes, log)
    return app


def _documents(
    routes: tuple[Route, ...], settings: Settings, artefacts: Artefacts, *, unproven: bool
) -> dict[str, Published]:
    """Prepare what the service says of itself."""
    software = installed_software()
    statement = capability_statement(routes, software, settings, profiles_of(artefacts), unproven=unproven)
    return {METADATA: publish(statement), OPENAPI: publish(openapi_document(routes, software, settings))}


def _caller(settings: Settings) -> Caller:
    """Name who sends the request that is being answered; a token was checked before, where one is asked for."""
    caller: Caller | None = g.get("caller")
    return caller or caller_of(request, settings)


def _bare_flask() -> Flask:
    app = Flask(__name__, static_folder=None)
    app.config.update(PROVIDE_AUTOMATIC_OPTIONS=False, PROPAGATE_EXCEPTIONS=False, DEBUG=False)
    # FHIR asks servers to bear a trailing slash without a redirect; a doubled slash is another path, not a redirect.
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    app.url_map.converters["id"] = FhirId
    # Flask's own line would quote an exception's text, which may hold answers; ours names the incident.
    app.logger.disabled = True
    return app


def _follow_requests(app: Flask, log: FilteringBoundLogger) -> None:
    """Give every request an id, every response its headers, and both together one line of the access log."""

    def start() -> None:
        g.started = time.perf_counter()
        g.request_id = identify(request.headers.get("X-Request-Id"))

    def finish(response: Response) -> Response:
        response = compress(response)
        response.headers["X-Request-Id"] = g.request_id.own
        if g.request_id.client:
            response.headers["X-Correlation-Id"] = g.request_id.client
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Content-Type-Options"] = "nosniff"
        log.info(
            "request",
            method=request.method if request.method in KNOWN_METHODS else "other",
            route=request.url_rule.rule if request.url_rule else "none",
            status=response.status_code,
            milliseconds=round((time.perf_counter() - g.started) * 1000, 3),
            request_id=g.request_id.own,
        )
        return response

    app.before_request(start)
    app.after_request(finish)
