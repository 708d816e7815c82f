"""Writes the CapabilityStatement from the route table: what is true of this instance and nothing more."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from service.mapping.canonical import BASE
from service.mapping.search.parameters import STORED_TYPES, included, including, parameters
from service.settings import Settings
from service.web.negotiation import FORMAT_CODES
from service.web.route import Route
from service.web.routes import resource_types

STATED_ON = "2026-11-21"
"""The day on which what is stated here last changed; a test holds it to a digest of the statement."""

OPEN_TO_NETWORK = (
    "There is no authentication. The operator has declared the network trusted: whoever reaches it can use it."
)
WITH_TOKENS = (
    "Bearer tokens of configured issuers, with SMART scopes: system/ or user/, by type and letter. An operation on "
    "what comes with it needs system/QuestionnaireResponse.c, on what is stored system/QuestionnaireResponse.r. The "
    "token names the tenant. The package needs a token without a scope, this statement none."
)
LOOPBACK_ONLY = "There is no authentication. The service answers on the loopback interface only."
SEARCHING = (
    "A search is strict: a parameter that is not listed is refused. Prefer: handling=lenient has it ignored and named."
)
DESCRIPTION = "Triage of upper back pain from a QuestionnaireResponse"
UNPROVEN = ". The rule book is not proven: for development only; every result is marked as test data"
SYSTEM_INTERACTIONS = ("transaction", "batch", "search-system", "history-system")


@dataclass(frozen=True, slots=True)
class Software:
    """Name the software that answers."""

    name: str
    version: str


def installed_software() -> Software:
    """Return the name and version of the installed distribution."""
    name = "upper-back-triage"
    return Software(name, version(name))


def profiles_of(artefacts: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Return the profiles of resources among artefacts, by the type they restrict."""
    found: dict[str, list[str]] = {}
    for each in artefacts:
        if each["resourceType"] == "StructureDefinition" and each.get("kind") == "resource":
            found.setdefault(str(each["type"]), []).append(str(each["url"]))
    return found


def capability_statement(
    routes: tuple[Route, ...],
    software: Software,
    settings: Settings,
    profiles: Mapping[str, list[str]],
    *,
    unproven: bool = False,
) -> dict[str, Any]:
    """Return the CapabilityStatement (R4, 4.0.1) of an instance that serves exactly these routes."""
    address = {"url": settings.base_url} if settings.base_url else {}
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": STATED_ON,
        "kind": "instance",
        "software": {"name": software.name, "version": software.version},
        "implementation": {"description": DESCRIPTION + (UNPROVEN if unproven else ""), **address},
        "fhirVersion": "4.0.1",
        "format": list(FORMAT_CODES),
        "rest": [_rest(routes, settings, profiles)],
    }


def _rest(routes: tuple[Route, ...], settings: Settings, profiles: Mapping[str, list[str]]) -> dict[str, Any]:
    offered = {route.interaction for route in routes if not route.resource_type}
    # One address takes both, and the Bundle's type says which.
    offered |= {"transaction"} if "batch" in offered else set()
    system = [{"code": code} for code in SYSTEM_INTERACTIONS if code in offered]
    operations = _operations(route for route in routes if not route.resource_type)
    open_to = OPEN_TO_NETWORK if settings.trusted_network else LOOPBACK_ONLY
    description = WITH_TOKENS if settings.issuers else open_to
    return {
        "mode": "server",
        "documentation": SEARCHING,
        "security": {"cors": bool(settings.cors_origins), "description": description},
        "resource": [_resource(kind, routes, profiles.get(kind, [])) for kind in resource_types(routes)],
        **({"interaction": system} if system else {}),
        **({"operation": operations} if operations else {}),
    }


def _resource(kind: str, routes: tuple[Route, ...], profiles: list[str]) -> dict[str, Any]:
    own = [route for route in routes if route.resource_type == kind]
    interactions = sorted({route.interaction for route in own if route.interaction})
    # R4 has no empty arrays, so what has nothing to say is left out.
    stated: dict[str, Any] = {
        "type": kind,
        "supportedProfile": profiles,
        "interaction": [{"code": code} for code in interactions],
        **_versions(kind, interactions),
        **(_search(kind) if "search-type" in interactions else {}),
        "operation": _operations(own),
    }
    return {name: value for name, value in stated.items() if value != []}


def _versions(kind: str, interactions: list[str]) -> dict[str, Any]:
    """State how versions and conditions are treated."""
    stated: dict[str, Any] = {"versioning": "versioned" if "vread" in interactions else "no-version"}
    if "read" in interactions:
        stated["readHistory"] = "vread" in interactions
    if "update" in interactions:
        stated["updateCreate"] = False
    if "create" in interactions:
        stated["conditionalCreate"] = True
    if "read" in interactions:
        stated["conditionalRead"] = "full-support" if kind in STORED_TYPES else "not-match"
    return stated


def _search(kind: str) -> dict[str, Any]:
    return {
        "searchInclude": [f"{kind}:{each.name}" for each in included(kind)],
        "searchRevInclude": [f"{other}:{each.name}" for other, each in including(kind)],
        "searchParam": [
            {"name": each.name, "definition": each.definition, "type": each.stated_kind} for each in parameters(kind)
        ],
    }


def _operations(routes: Iterable[Route]) -> list[dict[str, str]]:
    """State each operation once, also where it is offered on several levels."""
    found = {route.operation: route.definition for route in routes if route.operation}
    return [
        {"name": name, "definition": definition or f"{BASE}/OperationDefinition/{name}"}
        for name, definition in sorted(found.items())
    ]
