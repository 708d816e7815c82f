"""Answers every error with an OperationOutcome: ours, Flask's and Werkzeug's, and what no one foresaw."""

from uuid import uuid4

from flask import Flask, Response, request
from structlog.typing import FilteringBoundLogger
from werkzeug.exceptions import HTTPException, InternalServerError, MethodNotAllowed, NotFound

from service.edges.store.records import UPGRADE, StoreBehind, StoreDown
from service.errors import Issue, Refused
from service.web.logs import describe_exception
from service.web.replies import reply_issues
from service.web.route import FHIR, Route, plain_path
from service.web.routes import resource_types

CODES = {404: "not-found", 405: "not-supported", 406: "not-supported", 408: "timeout", 413: "too-long", 414: "too-long"}
CODES |= {415: "not-supported", 429: "throttled", 431: "too-long", 500: "exception", 503: "transient"}


def answer_errors(app: Flask, routes: tuple[Route, ...], log: FilteringBoundLogger) -> None:
    """Register the error answers; none of them repeats the path, the query, the body or an exception's text."""

    def answer_refused(refused: Refused) -> Response:
        return reply_issues(refused.status, refused.issues, request)

    def answer_store_down(_error: StoreDown) -> Response:
        text = "The store does not answer; nothing was stored. $triage still answers."
        return reply_issues(503, (Issue("error", "no-store", text),), request)

    def answer_store_behind(_error: StoreBehind) -> Response:
        text = f"The tables of the store are not those of this version: {UPGRADE}. $triage still answers."
        return reply_issues(503, (Issue("error", "no-store", text),), request)

    def answer_http(error: HTTPException) -> Response:
        if isinstance(error, InternalServerError):
            return answer_unexpected(error.original_exception or error)
        status = error.code or 500
        response = reply_issues(status, (_issue(error, status, routes),), request)
        if isinstance(error, MethodNotAllowed):
            response.headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
        return response

    def answer_unexpected(error: BaseException) -> Response:
        incident = str(uuid4())
        log.error("incident", incident=incident, **describe_exception(error))
        text = f"The service failed to answer; nothing was decided. Incident {incident}."
        return reply_issues(500, (Issue("fatal", "exception", text),), request)

    app.register_error_handler(Refused, answer_refused)
    app.register_error_handler(StoreDown, answer_store_down)
    app.register_error_handler(StoreBehind, answer_store_behind)
    # Flask turns whatever else is raised into an InternalServerError, so this is everything.
    app.register_error_handler(HTTPException, answer_http)


def _issue(error: HTTPException, status: int, routes: tuple[Route, ...]) -> Issue:
    """Name what is wrong with a request that no view has seen."""
    if isinstance(error, NotFound):
        return _not_found(request.path, routes)
    if isinstance(error, MethodNotAllowed):
        allowed = ", ".join(sorted(error.valid_methods or ()))
        return Issue("error", "not-supported", f"The method is not offered here; allowed: {allowed}.")
    return Issue("error", CODES.get(status, "invalid"), f"The request was refused: {error.name}.")


def _not_found(path: str, routes: tuple[Route, ...]) -> Issue:
    """Tell an unknown resource type, a known one with something that is not offered, and any other path apart."""
    offered = resource_types(routes)
    if not path.startswith(f"{FHIR}/"):
        return Issue("error", "not-found", f"Nothing is served at this path; FHIR is served under {FHIR}.")
    kind = path.removeprefix(f"{FHIR}/").partition("/")[0]
    if kind not in offered:
        return Issue("error", "not-supported", f"This resource type is not offered; offered: {', '.join(offered)}.")
    paths = ", ".join(f"{route.method} {plain_path(route)}" for route in routes if route.resource_type == kind)
    return Issue("error", "not-supported", f"This interaction with {kind} is not offered; offered: {paths}.")
