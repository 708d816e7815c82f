"""Has every access to what is stored put on record before it is answered; what is recorded the use case says.

A refusal is recorded where the caller is known. One without a token that holds is none: it has no tenant whose record
it could stand in, and nobody who is unknown may fill the disk. It stands in the log of accesses as 401.
"""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, request
from structlog.typing import FilteringBoundLogger

from service.edges.store.records import Record, StoreDown
from service.usecases.accesses import Accesses, Asked
from service.web.parts import Parts
from service.web.route import Route

OPERATION = "operation"


def record_read(parts: Parts, route: Route, record: Record) -> None:
    """Record that a version was read; raise StoreDown where it cannot be: it is not answered then."""
    if parts.settings.audit_reads:
        Accesses(parts.stored.store).read(parts.caller(), route.interaction or OPERATION, record)


def record_found(parts: Parts, route: Route, asked: Asked, resources: Iterable[Mapping[str, Any]]) -> None:
    """Record what a search or a history found; raise StoreDown where it cannot be: it is not answered then."""
    if parts.settings.audit_reads:
        Accesses(parts.stored.store).found(parts.caller(), route.interaction, asked, resources)


def record_refusals(app: Flask, parts: Parts, routes: Iterable[Route], log: FilteringBoundLogger) -> None:
    """Record each 403; one that cannot be recorded is answered all the same, as it shows nothing, and is logged."""
    by_name = {route.name: route for route in routes}

    def finish(response: Response) -> Response:
        route = by_name.get(request.endpoint or "")
        if response.status_code == HTTPStatus.FORBIDDEN and route is not None:
            what = "/".join(filter(None, (route.resource_type, (request.view_args or {}).get("identity", ""))))
            why = "403: the token does not allow this"
            try:
                Accesses(parts.stored.store).refused(parts.caller(), route.interaction or OPERATION, what, why)
            except StoreDown:
                log.warning("refusal that could not be recorded")
        return response

    app.after_request(finish)
