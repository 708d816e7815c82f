"""Builds the Flask application: routes, ids, headers and the access log; it knows no medicine."""

import sys
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from flask import Flask, Response, g, request
from structlog.typing import FilteringBoundLogger

from service.errors import refuse
from service.settings import Settings
from service.usecases.answer import Answer
from service.web.body import read_body
from service.web.capability import capability_statement, installed_software
from service.web.logs import json_log
from service.web.negotiation import check_content_encoding, check_content_type, choose_form
from service.web.refusals import answer_errors
from service.web.replies import Published, publish, reply, reply_published
from service.web.request_id import identify
from service.web.routes import LIVE, METADATA, READY, TRIAGE, Route, route_table

View = Callable[[], Response]

QUESTIONNAIRE = ("Questionnaire", "upper-back-pain")
KNOWN_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"})


class TriageOperation(Protocol):
    """Triage the body of one ``$triage`` request; the use case behind it is built elsewhere."""

    def __call__(self, body: bytes) -> Answer:
        """Return the answer to a body in FHIR JSON; raise Refused for one that must not be triaged."""
        ...


def create_app(
    triage: TriageOperation,
    settings: Settings,
    artefacts: Sequence[dict[str, object]],
    log: FilteringBoundLogger | None = None,
) -> Flask:
    """Build the application around a triage operation.

    ``artefacts`` are the FHIR resources to be read, each with ``resourceType`` and ``id``; the Questionnaire
    upper-back-pain must be among them, else ValueError. Without ``log``, lines go to standard error.
    """
    if QUESTIONNAIRE not in {(artefact["resourceType"], artefact["id"]) for artefact in artefacts}:
        raise ValueError("the Questionnaire upper-back-pain is missing from the artefacts")
    log = log or json_log(sys.stderr, settings.log_level)
    routes = route_table(artefacts)
    app = _bare_flask()
    for route, view in zip(routes, _views(routes, triage, settings, artefacts), strict=True):
        app.add_url_rule(route.path, endpoint=route.name, view_func=view, methods=[route.method])
    _follow_requests(app, log)
    answer_errors(app, routes, log)
    return app


def _bare_flask() -> Flask:
    app = Flask(__name__, static_folder=None)
    app.config.update(PROVIDE_AUTOMATIC_OPTIONS=False, PROPAGATE_EXCEPTIONS=False, DEBUG=False)
    # FHIR asks servers to bear a trailing slash without a redirect; a doubled slash is another path, not a redirect.
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    # Flask's own line would quote an exception's text, which may hold answers; ours names the incident.
    app.logger.disabled = True
    return app


def _views(
    routes: tuple[Route, ...],
    triage: TriageOperation,
    settings: Settings,
    artefacts: Sequence[dict[str, object]],
) -> list[View]:
    """Return the view of each route, in the order of the routes."""
    statement = capability_statement(routes, installed_software(), trusted_network=settings.trusted_network)
    views = {
        TRIAGE: _triage_view(triage, settings),
        METADATA: _read_view(publish(statement)),
        LIVE: _state_view("alive"),
        # The application is built only when the rule book has loaded, so whoever can answer is ready.
        READY: _state_view("ready"),
    }
    views |= {f"{each['resourceType']}/{each['id']}": _read_view(publish(each)) for each in artefacts}
    return [views[route.name] for route in routes]


def _triage_view(triage: TriageOperation, settings: Settings) -> View:
    def view() -> Response:
        form = choose_form(request.headers.get("Accept"), request.args)
        if not request.args.keys() <= {"_format", "_pretty"}:
            # Silence would be dangerous here: a policy in the query would look as if it had been applied.
            raise refuse(
                400,
                "not-supported",
                "The query has a parameter that is not read; allowed: _format, _pretty. Parameters of the operation "
                "stand in a Parameters resource in the body.",
            )
        check_content_type(request.headers.get("Content-Type"))
        check_content_encoding(request.headers.get("Content-Encoding"))
        body = read_body(request.environ, settings.limits.body_bytes, settings.receive_seconds)
        answer = triage(body)
        return reply(answer.resource, answer.status, form)

    return view


def _read_view(published: Published) -> View:
    return lambda: reply_published(published, request)


def _state_view(state: str) -> View:
    return lambda: Response(f'{{"status":"{state}"}}', content_type="application/json")


def _follow_requests(app: Flask, log: FilteringBoundLogger) -> None:
    """Give every request an id, every response its headers, and both together one line of the access log."""

    def start() -> None:
        g.started = time.perf_counter()
        g.request_id = identify(request.headers.get("X-Request-Id"))

    def finish(response: Response) -> Response:
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
