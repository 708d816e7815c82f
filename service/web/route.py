"""One row of the route table; what the rows are stands in ``routes``."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from flask import Response

FHIR = "/fhir"

Method = Literal["GET", "POST", "PUT"]
Handler = Callable[..., Response]
"""Called as ``handler(parts, route, **values of the path)`` while a request is being answered."""


@dataclass(frozen=True, slots=True)
class Route:
    """Describe one route; HEAD goes wherever GET goes.

    ``path`` is Flask's rule; ``name`` is unique. ``resource_type`` is empty for what is not about a FHIR resource.
    ``interaction`` is a code of HL7's restful-interaction, ``operation`` a name without the dollar sign: these are
    what the CapabilityStatement declares. ``definition`` is the canonical of an operation that is not ours.
    ``statuses`` are what it may answer with beyond those of its interaction. Of an operation beside ``$triage``,
    ``answers`` names the type of the answer, ``query`` the parameters of a GET, ``bodies`` the types of a POST.
    """

    method: Method
    path: str
    name: str
    handler: Handler
    resource_type: str = ""
    interaction: str = ""
    operation: str = ""
    definition: str = ""
    statuses: tuple[int, ...] = ()
    answers: str = ""
    query: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()


def plain_path(route: Route) -> str:
    """Return the path as people and OpenAPI write it: ``/fhir/CarePlan/{identity}``."""
    return re.sub(r"<\w+:(\w+)>", r"{\1}", route.path)
