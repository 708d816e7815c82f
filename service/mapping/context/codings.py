"""Finds the codes of a CodeableConcept that the rule book knows, and the codes of statuses; it decides nothing."""

from collections.abc import Iterator, Mapping
from typing import TypeVar

from service.knowledge.context import Code, Context, Standing
from service.mapping.body import Resource
from service.mapping.writing.canonicals import EXTERNAL_SYSTEMS

HL7 = "http://terminology.hl7.org/CodeSystem/"
STRONGEST_FIRST: tuple[Standing, ...] = ("counts", "doubtful", "past", "no")
SHORT_NAMES = {address: short for short, address in EXTERNAL_SYSTEMS.items()}

Meaning = TypeVar("Meaning")


def meanings(table: Mapping[Code, tuple[Meaning, ...]], *concepts: object) -> tuple[Meaning, ...]:
    """List once what the table says of the codings of some CodeableConcepts, in their order."""
    found = (one for concept in concepts for code in codes_of(concept) for one in table.get(code, ()))
    return tuple(dict.fromkeys(found))


def codes_of(concept: object) -> Iterator[Code]:
    """List the codes of a CodeableConcept that come from a system of codes.yaml."""
    codings = concept.get("coding", ()) if isinstance(concept, Mapping) else ()
    for coding in codings:
        short = SHORT_NAMES.get(str(coding.get("system")))
        if short is not None and "code" in coding:
            yield short, str(coding["code"])


def standing(context: Context, resource: Resource, element: str) -> Standing:
    """Tell whether the status in an element, a code or a CodeableConcept, lets a resource count; none at all does."""
    value = resource.content.get(element)
    listed = context.statuses[f"{resource.content['resourceType']}.{element}"]
    codings = value.get("coding", ()) if isinstance(value, Mapping) else ()
    codes = [str(one["code"]) for one in codings if "code" in one and str(one.get("system")).startswith(HL7)]
    standings = [listed.get(code, "no") for code in ([value] if isinstance(value, str) else codes)]
    return min(standings, key=STRONGEST_FIRST.index, default="counts")
