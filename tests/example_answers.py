"""Reads the answers to the sample cases: what a result says, by the names of our own extensions; it judges nothing."""

import re
from collections.abc import Iterator
from typing import Any

from service.mapping.canonical import BASE
from tests.example_cases import Notice
from tests.examples_builder import Answered

DEFINITIONS = f"{BASE}/StructureDefinition"
Resources = dict[str, dict[str, Any]]


def results_of(answered: Answered) -> list[Resources]:
    """Group the entries of an answer by response: each begins with a RiskAssessment, or is an error alone."""
    groups: list[Resources] = []
    for entry in answered.resource["entry"]:
        resource = entry["resource"]
        is_error = resource["resourceType"] == "OperationOutcome" and resource["issue"][0]["severity"] == "error"
        if resource["resourceType"] == "RiskAssessment" or is_error:
            groups.append({})
        groups[-1][resource["resourceType"]] = resource
    return groups


def extensions(element: dict[str, Any], name: str) -> Iterator[dict[str, Any]]:
    """List the extensions of an element that have one name of ours."""
    return (one for one in element["extension"] if one["url"] == f"{DEFINITIONS}/{name}")


def extension(element: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the extension of this name, of which there is one."""
    (only,) = extensions(element, name)
    return only


def part_of(extension: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the first part of this name of a complex extension."""
    return next(one for one in extension["extension"] if one["url"] == name)


def parts_of(extension: dict[str, Any], name: str) -> list[Any]:
    """List the values of the parts of a complex extension that have one name."""
    parts = (one for one in extension["extension"] if one["url"] == name)
    return [value for part in parts for key, value in part.items() if key.startswith("value")]


def code_of(element: dict[str, Any], name: str) -> str:
    """Return the code of an extension that holds a concept of ours."""
    return str(extension(element, name)["valueCodeableConcept"]["coding"][0]["code"])


def activities(results: Resources) -> tuple[set[str], set[str]]:
    """Name what the plan suggests, the level's own activity included, and what it forbids."""
    details = [one["detail"] for one in results["CarePlan"]["activity"] if "detail" in one]
    forbidden = {_activity(one["code"]) for one in details if one.get("doNotPerform")}
    suggested = {_activity(one["code"]) for one in details if not one.get("doNotPerform")}
    return {_activity(results["ServiceRequest"]["code"]), *suggested}, forbidden


def _activity(concept: dict[str, Any]) -> str:
    return next(str(one["code"]) for one in concept["coding"] if one["system"] == f"{BASE}/CodeSystem/activity")


def notice_of(issue: dict[str, Any]) -> Notice:
    """Read one issue of an OperationOutcome."""
    linked = re.match(r"linkId ([^:]+)", issue.get("diagnostics", ""))
    return Notice(issue["code"], next(iter(issue.get("expression", ())), None), linked[1] if linked else None)


def unmatched(expected: tuple[Notice, ...], met: list[Notice]) -> tuple[list[Notice], list[Notice]]:
    """Pair what is expected with what was met; return what is left over on either side."""
    left, missing = list(met), []
    for wanted in expected:
        match = next((one for one in left if _fits(wanted, one)), None)
        if match is None:
            missing.append(wanted)
        else:
            left.remove(match)
    return missing, left


def _fits(wanted: Notice, met: Notice) -> bool:
    pairs = ((wanted.code, met.code), (wanted.at, met.at), (wanted.link_id, met.link_id))
    return all(want is None or want == got for want, got in pairs)
