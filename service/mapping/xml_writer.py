"""Writes a resource, as plain data, in FHIR's XML form; what it is given is valid R4."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from lxml import etree

from service.mapping.gate.definitions import Element, Type, r4

FHIR = "http://hl7.org/fhir"
ATTRIBUTES = frozenset({"id", "url"})
"""What is an attribute in XML: the id of any element, and the url of an extension; not those of a resource."""


def to_xml(resource: Mapping[str, Any], *, pretty: bool = False) -> bytes:
    """Write a resource as XML in UTF-8: elements in the order of R4's schema, a decimal with the digits it has.

    Raises KeyError for what R4 does not know, and lxml's XMLSyntaxError for a narrative that is not well formed.
    """
    root = _resource(resource, {None: FHIR})
    written: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=pretty)
    return written


def _resource(resource: Mapping[str, Any], namespaces: Mapping[str | None, str] | None = None) -> etree._Element:
    type_ = r4().resources[resource["resourceType"]]
    node = etree.Element(_named(type_.name), nsmap=namespaces)
    _fill(node, {key: value for key, value in resource.items() if key != "resourceType"}, type_)
    return node


def _fill(node: etree._Element, content: Mapping[str, Any], type_: Type) -> None:
    """Write the members of an object in the order of its type; whatever the type lacks raises KeyError."""
    unknown = {key.removeprefix("_") for key in content} - type_.elements.keys()
    if unknown:
        raise KeyError(f"{type_.name} has no {', '.join(sorted(unknown))}")
    is_resource = type_.name in r4().resources
    for key, element in type_.elements.items():
        if not is_resource and key in _attributes_of(type_) and key in content:
            node.set(key, str(content[key]))
        else:
            node.extend(_children(key, element, content))


def _attributes_of(type_: Type) -> frozenset[str]:
    return ATTRIBUTES if type_.name == "Extension" else frozenset({"id"})


def _children(key: str, element: Element, content: Mapping[str, Any]) -> Iterator[etree._Element]:
    values, companions = content.get(key), content.get(f"_{key}")
    if not element.repeats:
        values = None if values is None else [values]
        companions = None if companions is None else [companions]
    for index in range(max(len(values or ()), len(companions or ()))):
        yield _child(key, element, _at(values, index), _at(companions, index))


def _at(entries: list[Any] | None, index: int) -> Any:  # noqa: ANN401 - JSON of any type
    return entries[index] if entries and index < len(entries) else None


def _child(key: str, element: Element, value: Any, companion: Mapping[str, Any] | None) -> etree._Element:  # noqa: ANN401 - JSON of any type
    if element.type_name == "xhtml":
        return etree.fromstring(value, etree.XMLParser(resolve_entities=False, no_network=True))
    node = etree.Element(_named(key))
    if element.type_name == "Resource":
        node.append(_resource(value))
    elif element.is_primitive:
        _fill(node, companion or {}, r4().types["Element"])
        if value is not None:
            node.set("value", _text(value))
    else:
        _fill(node, value, r4().types[element.type_name])
    return node


def _text(value: bool | int | Decimal | str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _named(tag: str) -> str:
    return f"{{{FHIR}}}{tag}"
