"""Writes what makes the artefacts a FHIR package: its manifest, its index and its ImplementationGuide; no artefact."""

from collections.abc import Iterable, Mapping
from typing import Any

from service import __version__
from service.mapping.artefacts.publication import DATE, PUBLISHER, published
from service.mapping.canonical import BASE

NAME = "w3id.upper-back-triage"
TITLE = "Triage of upper back pain"
DESCRIPTION = (
    "A Questionnaire about upper back pain, and the level, the suspected causes and the plan that follow from a "
    "response to it. A draft: no clinician has reviewed the rules."
)
LICENSE = "Apache-2.0"
CORE = {"hl7.fhir.r4.core": "4.0.1"}
GUIDES = {
    "hl7.terminology.r4": ("7.0.1", "http://terminology.hl7.org/ImplementationGuide/hl7.terminology"),
    "hl7.fhir.uv.extensions.r4": (
        "5.3.0-ballot-tc1",
        "http://hl7.org/fhir/extensions/ImplementationGuide/hl7.fhir.uv.extensions",
    ),
    "hl7.fhir.uv.sdc": ("4.0.0-ballot", "http://hl7.org/fhir/uv/sdc/ImplementationGuide/hl7.fhir.uv.sdc"),
}
"""What the artefacts need beside R4: the package, its version and its canonical; SDC for the bounds of quantities."""
INDEXED = ("resourceType", "id", "url", "version", "kind", "type", "supplements", "content", "derivation")
GROUPS = {
    "form": ("The form", ("Questionnaire",)),
    "rules": ("The rules", ("PlanDefinition", "ActivityDefinition", "Library")),
    "profiles": ("Profiles and extensions", ("StructureDefinition",)),
    "terminology": ("Codes", ("CodeSystem", "ValueSet", "ConceptMap")),
    "server": ("What a server offers", ("CapabilityStatement", "OperationDefinition", "SearchParameter")),
    "examples": ("Examples", ()),
}

Resource = Mapping[str, Any]


def manifest() -> dict[str, Any]:
    """Build package.json as FHIR's package specification asks for it."""
    return {
        "name": NAME,
        "version": __version__,
        "tools-version": 3,
        "type": "fhir.ig",
        "date": DATE.replace("-", ""),
        "license": LICENSE,
        "canonical": BASE,
        "title": TITLE,
        "description": DESCRIPTION,
        "fhirVersions": ["4.0.1"],
        "dependencies": CORE | {name: version for name, (version, _) in GUIDES.items()},
        "author": PUBLISHER,
        "directories": {"lib": "package", "example": "example"},
        "files": [".index.json", "*.json", "example/*.json"],
    }


def index(files: Mapping[str, Resource]) -> dict[str, Any]:
    """Build .index.json, version 2: one row per resource of the package's own folder, in order of file names."""
    return {"index-version": 2, "files": [_row(name, files[name]) for name in sorted(files)]}


def _row(name: str, resource: Resource) -> dict[str, str]:
    return {"filename": name, **{key: resource[key] for key in INDEXED if isinstance(resource.get(key), str)}}


def implementation_guide(definitions: Iterable[Resource], examples: Iterable[Resource]) -> dict[str, Any]:
    """Build the ImplementationGuide that lists every artefact and every example."""
    defined = sorted(definitions, key=_reference)
    given = sorted(examples, key=_reference)
    listed = [*map(_listed, defined), *map(_example, given)]
    used = {one["groupingId"] for one in listed}
    return {
        **published("ImplementationGuide", "upper-back-triage", TITLE, __version__),
        "description": DESCRIPTION,
        "packageId": NAME,
        "license": LICENSE,
        "fhirVersion": ["4.0.1"],
        "dependsOn": [
            {"uri": address, "packageId": name, "version": version} for name, (version, address) in GUIDES.items()
        ],
        "definition": {
            "grouping": [{"id": group, "name": name} for group, (name, _) in GROUPS.items() if group in used],
            "resource": listed,
        },
    }


def _reference(resource: Resource) -> str:
    return f"{resource['resourceType']}/{resource['id']}"


def _listed(resource: Resource) -> dict[str, Any]:
    (group,) = (group for group, (_, types) in GROUPS.items() if resource["resourceType"] in types)
    named = {"reference": {"reference": _reference(resource)}, "name": resource.get("title") or resource["name"]}
    return {**named, "exampleBoolean": False, "groupingId": group}


def _example(resource: Resource) -> dict[str, Any]:
    name = f"{resource['resourceType']}: {resource['id'].replace('-', ' ')}"
    profile = resource["meta"]["profile"][-1]
    reference = {"reference": _reference(resource)}
    return {"reference": reference, "name": name, "exampleCanonical": profile, "groupingId": "examples"}
