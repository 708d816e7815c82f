"""Reads FHIR's XML form into the JSON form, which the gate then checks like any other; it judges no content itself."""

import re
from collections import Counter
from decimal import Decimal
from typing import Any

from lxml import etree

from service.errors import Refused, refuse
from service.mapping.gate.definitions import Element, Type, r4
from service.mapping.xml_writer import ATTRIBUTES, FHIR

XHTML_DIV = "{http://www.w3.org/1999/xhtml}div"
WHOLE_NUMBERS = frozenset({"integer", "unsignedInt", "positiveInt"})
WHOLE_NUMBER = re.compile(r"0|-?[1-9][0-9]{0,63}")
DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
MOST_DIGITS = 64
LARGEST_EXPONENT = 308

Json = dict[str, Any]


def from_xml(body: bytes) -> Json:
    """Read one resource; a value that its type cannot hold stays a string, for the gate to refuse with its place.

    Raises Refused (400) for what is not well formed, has a document type or an entity, or is not FHIR's XML.
    """
    root = _parse(body)
    name = _local(root, "")
    if name not in r4().resources:
        raise refuse(400, "structure", "the root element is not the name of a resource of R4")
    return _resource(root, name, name)


def _parse(body: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
    )
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        raise refuse(400, "structure", f"the body is not well-formed XML (line {line}, column {column})") from None
    if root.getroottree().docinfo.doctype:
        raise refuse(400, "structure", "met a document type; FHIR's XML has none, and no entities of its own")
    beside = root.getprevious() is not None or root.getnext() is not None
    if beside or next(root.iter(etree.ProcessingInstruction, etree.Entity), None) is not None:
        raise refuse(400, "structure", "met a processing instruction or an entity; FHIR's XML has none")
    return root


def _resource(node: etree._Element, name: str, place: str) -> Json:
    if node.attrib:
        raise refuse(400, "structure", "met an attribute of a resource; it has elements only", place)
    return {"resourceType": name, **_members(node, r4().resources[name], place)}


def _members(node: etree._Element, type_: Type, place: str) -> Json:
    """Read the children of an element by their names; one that its type lacks keeps its name, for the gate."""
    if (node.text or "").strip() or any((child.tail or "").strip() for child in node):
        raise refuse(400, "structure", "met text between elements; FHIR's XML holds values in attributes", place)
    members: Json = {}
    met: Counter[str] = Counter()
    for child in node:
        key = "div" if child.tag == XHTML_DIV else _local(child, place)
        element = type_.elements.get(key)
        if element is None or (element.type_name == "xhtml") is not (child.tag == XHTML_DIV):
            raise _unknown(key, type_, place)
        path = f"{place}.{element.name}" + (f"[{met[key]}]" if element.repeats else "")
        met[key] += 1
        if not element.repeats and met[key] > 1:
            raise refuse(400, "structure", "the element stands twice; allowed once", path)
        if element.is_primitive and element.type_name != "xhtml":
            _add_primitive(members, key, element, child, path)
        elif element.repeats:
            members.setdefault(key, []).append(_value(element, child, path))
        else:
            members[key] = _value(element, child, path)
    return members


def _unknown(key: str, type_: Type, place: str) -> Refused:
    """Name the element only where it is a word of R4: anything else could be content."""
    named = f"'{key}'" if key in r4().path_names else "met an element that"
    return refuse(400, "structure", f"{named} is not an element of {type_.name}", place)


def _value(element: Element, node: etree._Element, path: str) -> Any:  # noqa: ANN401 - JSON of any type
    if element.type_name == "xhtml":
        return etree.tostring(node, encoding="unicode", with_tail=False)
    if element.type_name == "Resource":
        return _inner_resource(node, path)
    type_ = r4().types[element.type_name]
    return {**_attributes(node, type_, path), **_members(node, type_, path)}


def _inner_resource(node: etree._Element, path: str) -> Json:
    children = list(node)
    name = _local(children[0], path) if len(children) == 1 else ""
    if name not in r4().resources or node.attrib:
        raise refuse(400, "structure", "met something else than one resource of R4", path)
    return _resource(children[0], name, path)


def _attributes(node: etree._Element, type_: Type, path: str) -> Json:
    allowed = ATTRIBUTES if type_.name == "Extension" else frozenset({"id"})
    if not {str(name) for name in node.attrib} <= allowed:
        text = f"met an attribute that {type_.name} does not have; allowed: {', '.join(sorted(allowed))}"
        raise refuse(400, "structure", text, path)
    return {str(name): str(value) for name, value in node.attrib.items()}


def _add_primitive(members: Json, key: str, element: Element, node: etree._Element, path: str) -> None:
    """Add a value, and under ``_key`` its id and extensions; in a list both keep their places with null."""
    attributes = {str(name): str(value) for name, value in node.attrib.items()}
    value = _typed(element.type_name, attributes.pop("value")) if "value" in attributes else None
    companion = {**attributes, **_members(node, r4().types["Element"], path)}
    if not attributes.keys() <= {"id"}:
        raise refuse(400, "structure", "met an attribute that a value does not have; allowed: id, value", path)
    if not element.repeats:
        held = {name: part for name, part in ((key, value), (f"_{key}", companion or None)) if part is not None}
        members |= held or {key: {}}  # an element without content: the gate says so, with its place
        return
    companions = members.pop(f"_{key}", [])
    values = members.pop(key, [None] * len(companions))
    companions += [None] * (len(values) - len(companions))
    for name, entries in ((key, [*values, value]), (f"_{key}", [*companions, companion or None])):
        if any(entry is not None for entry in entries):
            members[name] = entries


def _typed(type_name: str, text: str) -> bool | int | Decimal | str:
    if type_name == "boolean":
        return {"true": True, "false": False}.get(text, text)
    if type_name in WHOLE_NUMBERS:
        return int(text) if WHOLE_NUMBER.fullmatch(text) else text
    return _decimal(text) if type_name == "decimal" else text


def _decimal(text: str) -> Decimal | str:
    """Read a decimal as JSON would write it; forms that JSON does not have stay text."""
    if len(text) > MOST_DIGITS or not DECIMAL.fullmatch(text):
        return text
    number = Decimal(text)
    return number if abs(number.adjusted()) <= LARGEST_EXPONENT else text


def _local(node: etree._Element, place: str) -> str:
    name = etree.QName(node)
    if name.namespace != FHIR:
        raise refuse(400, "structure", f"met an element outside FHIR's namespace; allowed is {FHIR}", place)
    return str(name.localname)
