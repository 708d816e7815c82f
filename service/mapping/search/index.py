"""Finds the searchable values of a resource, as the table of parameters says; it neither stores nor compares them."""

from collections.abc import Iterator, Mapping
from typing import Any

from service.mapping.search.instants import instants
from service.mapping.search.parameters import Parameter, parameters
from service.mapping.search.references import read_reference
from service.mapping.search.values import EARLIEST, LATEST, LOGICAL, IndexValue


def values_of(resource: Mapping[str, Any]) -> tuple[IndexValue, ...]:
    """Return every searchable value of a resource as it is served (with id and meta), each once, in a fixed order."""
    found = (value for each in parameters(str(resource["resourceType"])) for value in _of(resource, each))
    return tuple(dict.fromkeys(found))


def _of(resource: Mapping[str, Any], parameter: Parameter) -> Iterator[IndexValue]:
    for path in parameter.paths:
        for element in _at(resource, path.split("."), parameter.extension):
            yield from _VALUES[parameter.kind](parameter, element)


def _at(element: object, names: list[str], extension: str) -> Iterator[object]:
    """Follow the names of a path, through every list on the way."""
    if isinstance(element, list):
        for each in element:
            yield from _at(each, names, extension)
    elif not names:
        yield element
    elif isinstance(element, Mapping) and names[0] in element:
        inner = element[names[0]]
        if names[0] == "extension":
            inner = [each for each in inner if each.get("url") == extension]
        yield from _at(inner, names[1:], extension)


def _tokens(parameter: Parameter, element: object) -> Iterator[IndexValue]:
    """Read a code or a boolean, an Identifier, a Coding, or each Coding of a CodeableConcept."""
    if not isinstance(element, Mapping):
        text = str(element).lower() if isinstance(element, bool) else str(element)
        yield IndexValue(parameter.name, value=text)
    elif "coding" in element:
        for coding in element["coding"]:
            yield from _tokens(parameter, coding)
    elif "value" in element or "code" in element:
        code = element["value"] if "value" in element else element["code"]
        yield IndexValue(parameter.name, str(element.get("system", "")), str(code))


def _references(parameter: Parameter, element: object) -> Iterator[IndexValue]:
    if not isinstance(element, Mapping):
        return
    target = read_reference(str(element.get("reference", "")))
    kind = target.resource_type if target else str(element.get("type", ""))
    # One that does not say its type counts: leaving it out could hide a result from whoever looks for it.
    if parameter.narrow and kind and kind not in parameter.targets:
        return
    if target and target.text:
        yield IndexValue(parameter.name, value=target.text)
    identifier = element.get("identifier")
    if isinstance(identifier, Mapping) and "value" in identifier:
        system, value = str(identifier.get("system", "")), str(identifier["value"])
        yield IndexValue(parameter.name + LOGICAL, system, value)


def _uris(parameter: Parameter, element: object) -> Iterator[IndexValue]:
    yield IndexValue(parameter.name, value=str(element))


def _canonicals(parameter: Parameter, element: object) -> Iterator[IndexValue]:
    """Read a canonical, which is found with its version and without."""
    yield IndexValue(parameter.name, value=str(element))
    if "|" in str(element):
        yield IndexValue(parameter.name, value=str(element).partition("|")[0])


def _dates(parameter: Parameter, element: object) -> Iterator[IndexValue]:
    """Read a date, dateTime or instant, or a Period, whose missing end is open."""
    if isinstance(element, Mapping):
        start, end = (instants(str(element.get(name, ""))) for name in ("start", "end"))
        if start or end:
            yield IndexValue(parameter.name, low=start[0] if start else EARLIEST, high=end[1] if end else LATEST)
        return
    span = instants(str(element))
    if span:
        yield IndexValue(parameter.name, low=span[0], high=span[1])


_VALUES = {"token": _tokens, "reference": _references, "uri": _uris, "canonical": _canonicals, "date": _dates}
