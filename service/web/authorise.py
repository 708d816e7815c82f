"""Asks each request for FHIR data for its token, and says who sends it; what a token is worth `edges.tokens` says."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from flask import Flask, Request, Response, g, request

from service.errors import Issue, Refused, refuse
from service.settings import Settings
from service.usecases.caller import Caller
from service.web.asked import base_address
from service.web.replies import reply_issues
from service.web.route import FHIR, Route
from service.web.scopes import LETTERS, allows, needed

if TYPE_CHECKING:
    from service.edges.tokens import Claims, Tokens

OPEN = frozenset({f"{FHIR}/metadata"})
"""A client must know what is offered before it can ask for a token."""

RESPONSE = "QuestionnaireResponse"
PROTECTED = frozenset({RESPONSE, "RiskAssessment", "CarePlan", "ServiceRequest", "Provenance", "AuditEvent"})
OF_OPERATIONS = {
    "triage": "c",
    "validate": "c",
    "extract": "c",
    "process-message": "c",
    "populate": "r",
    "apply": "r",
    "expand": "",
    "validate-code": "",
}
"""SMART has no scope for an operation: what comes with the request counts as created, what is stored as read."""


def ask_for_tokens(app: Flask, routes: tuple[Route, ...], tokens: "Tokens", settings: Settings) -> None:
    """Check the token of each request before its view; without a route there is nothing to protect, and it is 404."""
    # Imported here: a server that asks for no token starts without what checks them.
    from service.edges.tokens import KeysMissing, TokenRefused  # noqa: PLC0415

    by_name = {route.name: route for route in routes}

    def check() -> Response | None:
        route = by_name.get(request.endpoint or "")
        if route is None or not route.path.startswith(FHIR) or route.path in OPEN:
            return None
        try:
            claims = _claims(tokens, request)
        except TokenRefused as refused:
            return _unauthorised(str(refused))
        except KeysMissing as missing:
            return reply_issues(
                503, (Issue("error", "transient", f"No token can be checked now: {missing}."),), request
            )
        g.caller = caller_of(request, settings, claims)
        missing_scope = _missing_scope(route, claims)
        return _forbidden(missing_scope) if missing_scope else None

    app.before_request(check)


def caller_of(asked: Request, settings: Settings, claims: "Claims | None" = None) -> Caller:
    """Name the caller, as the token does where one was asked for."""
    address, base = asked.remote_addr or "", base_address(asked, settings)
    if claims is None:
        return Caller(request_id=g.request_id.own, address=address, base=base)
    return Caller(claims.tenant, claims.agent, claims.scopes, g.request_id.own, address, base)


def may(caller: Caller, kind: str, letter: str) -> bool:
    """Tell whether a caller may do this with a type; where nobody is asked for a token, everybody may."""
    return caller.scopes is None or allows(caller.scopes, kind, letter)


def demand(caller: Caller, kind: str, letter: str) -> None:
    """Raise Refused (403) where a caller may not."""
    if not may(caller, kind, letter):
        raise refused_scope(needed(kind, letter))


def refused_scope(scope: str) -> Refused:
    """Say which scope would be enough."""
    return refuse(403, "forbidden", f"The token does not allow this; enough would be the scope {scope}.")


def _claims(tokens: "Tokens", asked: Request) -> "Claims":
    from service.edges.tokens import TokenRefused  # noqa: PLC0415 - as above

    scheme, _, token = asked.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise TokenRefused("a bearer token is needed")
    return tokens.claims(token.strip())


def _missing_scope(route: Route, claims: "Claims") -> str:
    """Name the scope that a route needs and the token lacks; empty where it lacks none.

    The package holds no patient's data: any token that is valid may read it. A Bundle asks for its entries' scopes.
    """
    kind = route.resource_type or RESPONSE
    if route.operation:
        letter = "r" if "<id:" in route.path and kind == RESPONSE else OF_OPERATIONS[route.operation]
        kind = RESPONSE if letter else kind
    else:
        letter = LETTERS.get(route.interaction, "") if route.resource_type in PROTECTED else ""
    return needed(kind, letter) if letter and not allows(claims.scopes, kind, letter) else ""


def _unauthorised(text: str) -> Response:
    response = reply_issues(401, (Issue("error", "login", f"The request is not authorised: {text}."),), request)
    response.headers.extend(_challenge("invalid_token" if "Authorization" in request.headers else ""))
    return response


def _forbidden(scope: str) -> Response:
    refused = refused_scope(scope)
    response = reply_issues(403, refused.issues, request)
    response.headers.extend(_challenge("insufficient_scope"))
    return response


def _challenge(error: str) -> Mapping[str, str]:
    """Say how to authorise (RFC 6750)."""
    return {"WWW-Authenticate": f'Bearer realm="FHIR", error="{error}"' if error else 'Bearer realm="FHIR"'}
