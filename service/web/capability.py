"""Writes the CapabilityStatement from the route table: what is true of this instance and nothing more."""

from dataclasses import dataclass
from importlib.metadata import version

from service.mapping.canonical import BASE
from service.web.routes import Route, resource_types

STATED_ON = "2026-11-21"
"""The day on which what is stated here last changed; a test holds it to a digest of the statement."""

OPEN_TO_NETWORK = (
    "There is no authentication. The operator has declared the network trusted: whoever reaches it can use it."
)
LOOPBACK_ONLY = "There is no authentication. The service answers on the loopback interface only."


@dataclass(frozen=True, slots=True)
class Software:
    """Name the software that answers."""

    name: str
    version: str


def installed_software() -> Software:
    """Return the name and version of the installed distribution."""
    name = "upper-back-triage"
    return Software(name, version(name))


def capability_statement(routes: tuple[Route, ...], software: Software, *, trusted_network: bool) -> dict[str, object]:
    """Return the CapabilityStatement (R4, 4.0.1) of an instance that serves exactly these routes."""
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": STATED_ON,
        "kind": "instance",
        "software": {"name": software.name, "version": software.version},
        "implementation": {"description": "Triage of upper back pain from a QuestionnaireResponse"},
        "fhirVersion": "4.0.1",
        "format": ["json"],
        "rest": [
            {
                "mode": "server",
                "security": {"cors": False, "description": OPEN_TO_NETWORK if trusted_network else LOOPBACK_ONLY},
                "resource": [_resource(kind, routes) for kind in resource_types(routes)],
            }
        ],
    }


def _resource(kind: str, routes: tuple[Route, ...]) -> dict[str, object]:
    own = [route for route in routes if route.resource_type == kind]
    interactions = sorted({route.interaction for route in own if route.interaction})
    operations = sorted({route.operation for route in own if route.operation})
    stated: dict[str, object] = {"type": kind}
    if interactions:
        stated["interaction"] = [{"code": code} for code in interactions]
    stated["versioning"] = "no-version"
    if operations:
        stated["operation"] = [
            {"name": name, "definition": f"{BASE}/OperationDefinition/{name}"} for name in operations
        ]
    return stated
