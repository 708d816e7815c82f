"""The table of everything that is served; routing, the CapabilityStatement and error texts are all made from it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

FHIR = "/fhir"
TRIAGE = "triage"
METADATA = "metadata"
LIVE = "livez"
READY = "readyz"


@dataclass(frozen=True, slots=True)
class Route:
    """Describe one route; HEAD goes wherever GET goes.

    ``name`` is unique and names the view. ``resource_type`` is empty for what is not about a FHIR resource;
    ``interaction`` (read) and ``operation`` (without the dollar sign) are what the CapabilityStatement declares.
    """

    method: Literal["GET", "POST"]
    path: str
    name: str
    resource_type: str = ""
    interaction: str = ""
    operation: str = ""


FIXED = (
    Route("POST", f"{FHIR}/QuestionnaireResponse/$triage", TRIAGE, "QuestionnaireResponse", operation="triage"),
    Route("GET", f"{FHIR}/metadata", METADATA),
    Route("GET", "/livez", LIVE),
    Route("GET", "/readyz", READY),
)


def route_table(artefacts: Iterable[Mapping[str, object]]) -> tuple[Route, ...]:
    """Return the fixed routes and one read per artefact, a FHIR resource with an id; in a fixed order."""
    keys = sorted((str(artefact["resourceType"]), str(artefact["id"])) for artefact in artefacts)
    return FIXED + tuple(
        Route("GET", f"{FHIR}/{kind}/{identity}", f"{kind}/{identity}", kind, interaction="read")
        for kind, identity in keys
    )


def resource_types(routes: Iterable[Route]) -> tuple[str, ...]:
    """Return the resource types that are offered, each once, in alphabetical order."""
    return tuple(sorted({route.resource_type for route in routes if route.resource_type}))
