"""What schemathesis is told of FHIR: sound and damaged bodies as examples, ids that exist, FHIR's XML; no check.

It changes nothing that the document declares. The file that OPENAPI_MATERIAL names holds, as JSON, `ids` by resource
type, and by method and path `bodies`, and `queries` with a value for each parameter.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import schemathesis
from lxml import etree

from service.mapping.xml_writer import to_xml
from service.web.negotiation import FHIR_JSON, FHIR_XML, XML_TYPES

MATERIAL: Mapping[str, Any] = json.loads(Path(os.environ["OPENAPI_MATERIAL"]).read_text("utf-8"))
OLD_JSON = "application/json+fhir"
SOUND = 2
"""The first bodies of each list are sound; these are sent in every media type, the damaged ones as FHIR JSON alone."""


@schemathesis.hook
def before_load_schema(_context: Any, raw_schema: dict[str, Any]) -> None:
    """Give every route examples: bodies, and ids of what is there."""
    for path, methods in raw_schema["paths"].items():
        kind = path.split("/")[2] if path.count("/") > 1 else ""
        for method, described in methods.items():
            route = f"{method.upper()} {path}"
            place = {"identity": MATERIAL["ids"].get(kind), "version": "1"}
            _show_values(described["parameters"], {**place, **MATERIAL["queries"].get(route, {})})
            _show_bodies(described, MATERIAL["bodies"].get(route, []))


def _show_values(parameters: list[dict[str, Any]], values: Mapping[str, Any]) -> None:
    for parameter in parameters:
        if values.get(parameter["name"]):
            parameter["example"] = values[parameter["name"]]


def _show_bodies(described: dict[str, Any], bodies: list[Any]) -> None:
    for media_type, content in described.get("requestBody", {}).get("content", {}).items():
        shown = bodies if media_type == FHIR_JSON else bodies[:SOUND]
        if shown:
            content["examples"] = {f"example-{number}": {"value": one} for number, one in enumerate(shown)}


@schemathesis.serializer(*XML_TYPES)
def write_xml(_context: Any, value: Any) -> bytes:
    """Write a resource as FHIR's XML; what the writer does not take, as an element that is no resource either."""
    try:
        return to_xml(value)
    except Exception:
        return b"<Unknown xmlns='http://hl7.org/fhir'/>"


@schemathesis.serializer(OLD_JSON)
def write_json(_context: Any, value: Any) -> bytes:
    """Write JSON under FHIR's old name for it, which schemathesis does not know."""
    return json.dumps(value).encode()


@schemathesis.deserializer(OLD_JSON)
def read_json(_context: Any, response: Any) -> Any:
    """Read JSON under FHIR's old name for it."""
    return json.loads(response.content)


@schemathesis.deserializer(FHIR_XML, "application/xml+fhir", "application/xml", "text/xml")
def read_xml(_context: Any, response: Any) -> Any:
    """Read of an answer in XML what the document declares: well formed, in FHIR's namespace, and its type.

    Of an answer that schemathesis has checked and kept the beginning of, the beginning is read.
    """
    parser = etree.XMLParser(recover=response.is_truncated, resolve_entities=False)
    root = etree.QName(etree.fromstring(response.content, parser))
    return {"resourceType": root.localname} if root.namespace == "http://hl7.org/fhir" else root.localname
