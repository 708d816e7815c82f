"""Finds the searchable values of a resource, as the table of parameters says; it neither stores nor compares them."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

from service.mapping.search.instants import instants
from service.mapping.search.parameters import PACKAGE_TYPES, STORED_TYPES, Parameter, parameters
from service.mapping.search.references import read_reference
from service.mapping.search.values import EARLIEST, LATEST, LOGICAL, IndexValue
from service.mapping.writing.json_bytes import Written


def values_of(resource: Mapping[str, Any]) -> tuple[IndexValue, ...]:
    """Return every searchable value of a resource as it is served (with id and meta), each once, in a fixed order.

    Parts of it may be ``Written``: those that a path leads into are read.
    """
    found: list[IndexValue] = []
    for parameter, names in _PATHS.get(str(resource["resourceType"]), ()):
        if names[0] in resource:
            read = _VALUES[parameter.kind]
            for element in _at(resource, names, parameter.extension):
                found += read(parameter, element)
    return tuple(dict.fromkeys(found))


def _at(resource: Mapping[str, Any], names: tuple[str, ...], extension: str) -> list[Any]:
    """Follow the names of a path, through every list on the way."""
    found: list[Any] = [resource]
    for name in names:
        inner = [each[name] for each in found if isinstance(each, (dict, Mapping)) and name in each]
        found = [one for each in inner for one in _single(each, extension)]
        if name == "extension":
            found = [each for each in found if each.get("url") == extension]
    return found


def _single(element: Any, extension: str) -> Iterable[Any]:  # noqa: ANN401 - what FHIR JSON holds, or JSON itself
    """Return an element, or what stands in it where it is a list, in lists of it, or in one that is written."""
    if isinstance(element, Written):
        return _single(_read(element.json, extension), extension)
    if isinstance(element, (list, tuple)):
        return [one for each in element for one in _single(each, extension)]
    return (element,)


def _read(written: bytes, extension: str) -> Any:  # noqa: ANN401 - JSON of any kind
    """Read JSON that ``dump`` wrote; of a list that begins with the one extension that is asked for, only that.

    The trace that follows the level of a RiskAssessment would take longer to read than all its searchable values.
    """
    url = f'"url":"{extension}"'.encode()
    if extension and written.startswith(b"[{" + url) and written.count(url) == 1:
        return _FIRST.raw_decode(written.decode(), 1)[0]
    return orjson.loads(written)


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
_PATHS = {
    kind: tuple((each, tuple(path.split("."))) for each in parameters(kind) for path in each.paths)
    for kind in (*STORED_TYPES, *PACKAGE_TYPES)
}
"""Each path of each parameter of a type, in the order of the table."""
_FIRST = json.JSONDecoder()
