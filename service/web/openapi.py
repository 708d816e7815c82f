"""Writes an OpenAPI 3 document of all routes from the route table; what FHIR means by them, FHIR says."""

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from service.mapping.search.parameters import STORED_TYPES, parameters
from service.mapping.search.read_query import RESULT_PARAMETERS
from service.settings import Settings
from service.web.authorise import OPEN
from service.web.negotiation import FORMAT_CODES, MEDIA_TYPES
from service.web.route import FHIR, Route, plain_path

if TYPE_CHECKING:
    from service.web.capability import Software

Json = dict[str, Any]

ANY_ROUTE = (414, 431)
"""What gunicorn answers before a route is known."""

BY_INTERACTION = {
    "read": (200, 304, 400, 404, 406),
    "vread": (200, 304, 400, 404, 406),
    "history-instance": (200, 400, 404, 406),
    "history-type": (200, 400, 406),
    "search-type": (200, 400, 406),
    "create": (200, 400, 406),
    "update": (200, 400, 406),
}
OPERATION = (200, 400, 406)
OF_THE_STORE = ("process-message", "apply")
FORM = "application/x-www-form-urlencoded"
BEARER = {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
TEXT = {"type": "string"}
ID = {"type": "string", "pattern": "^[A-Za-z0-9.-]{1,64}$"}
OUTCOME = "OperationOutcome"
HEADERS = {
    "create": ("If-None-Exist", "Prefer"),
    "update": ("If-Match", "Prefer"),
    "search-type": ("Prefer",),
    "history-instance": ("Prefer",),
    "history-type": ("Prefer",),
    "read": ("If-None-Match", "If-Modified-Since"),
    "vread": ("If-None-Match", "If-Modified-Since"),
}


def openapi_document(routes: tuple[Route, ...], software: "Software", settings: Settings) -> Json:
    """Return the OpenAPI document (3.0.3) of a service that serves exactly these routes."""
    paths: dict[str, Json] = {}
    for route in routes:
        paths.setdefault(plain_path(route), {})[route.method.lower()] = _operation(route, settings)
    return {
        "openapi": "3.0.3",
        "info": {"title": software.name, "version": software.version, "license": {"name": "Apache-2.0"}},
        "paths": paths,
        "components": {"schemas": _schemas(routes), **({"securitySchemes": BEARER} if settings.issuers else {})},
    }


def statuses(route: Route, settings: Settings) -> tuple[int, ...]:
    """Return every status that a route may answer with; a failure of the service itself, 500, is none of them."""
    usual = BY_INTERACTION.get(route.interaction, OPERATION if route.operation else (200,))
    stored = (503,) if _is_stored(route) else ()
    guarded = (401, 403, 503) if _needs_token(route, settings) else ()
    limited = (429,) if settings.requests_per_minute and route.path.startswith(FHIR) else ()
    return tuple(sorted({*usual, *route.statuses, *stored, *guarded, *limited, *ANY_ROUTE}))


def _needs_token(route: Route, settings: Settings) -> bool:
    return bool(settings.issuers) and route.path.startswith(FHIR) and route.path not in OPEN


def _is_stored(route: Route) -> bool:
    """Tell whether a route asks the store: not the operation on a body, which answers without one."""
    if route.path == FHIR or route.operation in OF_THE_STORE:
        return True
    is_of_body = bool(route.operation) and "<id:" not in route.path
    return route.resource_type in STORED_TYPES and not is_of_body


def _operation(route: Route, settings: Settings) -> Json:
    described = {
        "operationId": re.sub(r"\W+", "-", route.name),
        "parameters": [*_in_path(route), *_in_query(route), *_in_headers(route)],
        "responses": {str(status): _response(route, status) for status in statuses(route, settings)},
        **({"security": [{"bearer": []}]} if _needs_token(route, settings) else {}),
    }
    body = _body(route)
    return described if body is None else {**described, "requestBody": body}


def _in_path(route: Route) -> list[Json]:
    names = re.findall(r"<id:(\w+)>", route.path)
    return [{"name": name, "in": "path", "required": True, "schema": ID} for name in names]


def _in_query(route: Route) -> list[Json]:
    if not route.path.startswith(FHIR):
        return [_query("store")] if route.name == "readyz" else []
    pretty = _query("_pretty", {"type": "string", "enum": ["true", "false"]})
    own = _searched(route) if route.interaction == "search-type" and route.method == "GET" else ()
    if route.interaction.startswith("history"):
        own = ("_count",)
    if route.operation and route.method == "GET":
        own = route.query if route.answers else ("policy", "at")
    return [_query("_format", {"type": "string", "enum": [*FORMAT_CODES, *MEDIA_TYPES]}), pretty, *map(_query, own)]


def _searched(route: Route) -> tuple[str, ...]:
    """Name what a client may ask for; a place in the pages (_cursor) stands in links alone, and nobody writes one."""
    return (*(each.name for each in parameters(route.resource_type)), *RESULT_PARAMETERS)


def _query(name: str, schema: Json | None = None) -> Json:
    return {"name": name, "in": "query", "schema": schema or TEXT}


def _in_headers(route: Route) -> list[Json]:
    return [{"name": name, "in": "header", "schema": TEXT} for name in HEADERS.get(route.interaction, ())]


def _body(route: Route) -> Json | None:
    if route.method == "GET":
        return None
    if route.interaction == "search-type":
        fields = dict.fromkeys(_searched(route), TEXT)
        return {"content": {FORM: {"schema": {"type": "object", "properties": fields}}}}
    kinds = ["Parameters"] if "<id:" in route.path else ["QuestionnaireResponse", "Bundle", "Parameters"]
    kinds = list(route.bodies) or kinds
    several = bool(route.operation) or bool(route.bodies)
    schema = {"anyOf": [_schema(kind) for kind in kinds]} if several else _schema(route.resource_type)
    is_required = bool(route.bodies) or not (route.operation and "<id:" in route.path)
    return {"required": is_required, "content": {kind: {"schema": schema} for kind in MEDIA_TYPES}}


def _response(route: Route, status: int) -> Json:
    described: Json = {"description": HTTPStatus(status).phrase}
    if status == HTTPStatus.NOT_MODIFIED:
        return described
    if not route.path.startswith(FHIR) and status < 414:
        return {**described, "content": {"application/json": {"schema": {"type": "object"}}}}
    schema = _schema(_answered(route)) if status < 300 else _schema(OUTCOME)
    if route.name == "readyz" and status == 503:
        return {**described, "content": {"application/json": {"schema": {"type": "object"}}}}
    return {**described, "content": {kind: {"schema": schema} for kind in MEDIA_TYPES}}


def _answered(route: Route) -> str:
    if route.answers:
        return route.answers
    if route.operation or route.interaction == "search-type" or route.interaction.startswith("history"):
        return "Bundle"
    return route.resource_type or "CapabilityStatement"


def _schema(kind: str) -> Json:
    return {"$ref": f"#/components/schemas/{kind}"}


def _schemas(routes: tuple[Route, ...]) -> Json:
    """Describe each resource as what FHIR's own definitions say of its type."""
    kinds = {route.resource_type for route in routes if route.resource_type}
    kinds |= {"Bundle", "CapabilityStatement", OUTCOME, "Parameters"}
    kinds |= {kind for route in routes for kind in (route.answers, *route.bodies) if kind}
    return {kind: _resource(kind) for kind in sorted(kinds)}


def _resource(kind: str) -> Json:
    name = {"type": "string", "enum": [kind]}
    address = f"http://hl7.org/fhir/R4/{kind.lower()}.html"
    described = {"type": "object", "required": ["resourceType"], "properties": {"resourceType": name}}
    return {**described, "externalDocs": {"url": address}}
