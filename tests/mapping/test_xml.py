"""FHIR's XML form says what the JSON form says, both ways; what is no FHIR XML is refused; no entity is followed."""

import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
import pytest
from lxml import etree

from service.errors import Refused
from service.mapping.gate.json_text import parse
from service.mapping.gate.structure import check
from service.mapping.identity import canonical_bytes
from service.mapping.xml_reader import from_xml
from service.mapping.xml_writer import to_xml
from service.settings import Limits, Settings
from service.usecases.triage import Triage
from tests.mapping.responses import BOOK, as_bytes, filled

EXAMPLES = sorted((Path(__file__).parents[2] / "fhir_profiles").glob("**/*.json"))
XSD = os.environ.get("R4_XSD", "")
AT_FHIR = 'xmlns="http://hl7.org/fhir"'


def resources() -> list[Any]:
    read = [parse(path.read_bytes(), Limits()) for path in EXAMPLES if b'"resourceType"' in path.read_bytes()[:200]]
    return [one for one in read if isinstance(one, dict) and not check(one, "Resource")]


def test_every_resource_of_the_package_comes_back_from_xml_as_it_was() -> None:
    shown = resources()
    assert len(shown) > 150
    for resource in shown:
        assert canonical_bytes(_without_div(from_xml(to_xml(resource)))) == canonical_bytes(_without_div(resource))


@pytest.mark.parametrize(
    ("resource", "comment"),
    [
        ({"resourceType": "Observation", "valueQuantity": {"value": Decimal("72.50")}}, "a decimal keeps its digits"),
        ({"resourceType": "Patient", "active": False, "multipleBirthInteger": 0}, "false and 0 are values"),
        ({"resourceType": "Patient", "_birthDate": {"extension": [{"url": "urn:a", "valueCode": "b"}]}}, "no value"),
        (
            {"resourceType": "Patient", "name": [{"given": ["A", None, "B"], "_given": [None, {"id": "g"}, None]}]},
            "values and extensions keep their places",
        ),
        ({"resourceType": "Patient", "contained": [{"resourceType": "Patient", "id": "p"}]}, "a resource inside"),
        ({"resourceType": "Patient", "id": "p", "name": [{"id": "n", "text": 'a < b & "c"\n\td'}]}, "white space"),
    ],
)
def test_what_is_special_in_json_comes_back(resource: dict[str, Any], comment: str) -> None:
    assert from_xml(to_xml(resource)) == resource, comment


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("", "not well-formed"),
        ("{}", "not well-formed"),
        (f"<Patient {AT_FHIR}><active value='true'/>", "not well-formed"),
        ("<Patient/>", "outside FHIR's namespace"),
        (f"<Nobody {AT_FHIR}/>", "not the name of a resource"),
        (f"<Patient {AT_FHIR}><secret value='1'/></Patient>", "met an element that is not an element of Patient"),
        (f"<Patient {AT_FHIR}><linkId value='1'/></Patient>", "'linkId' is not an element of Patient"),
        (f"<Patient {AT_FHIR}>text</Patient>", "text between elements"),
        (f"<Patient {AT_FHIR} id='a'/>", "attribute of a resource"),
        (f"<Patient {AT_FHIR}><active value='true' other='a'/></Patient>", "attribute that a value does not have"),
        (f"<Patient {AT_FHIR}><active value='true'/><active value='false'/></Patient>", "stands twice"),
        (f"<Patient {AT_FHIR}><name url='a'/></Patient>", "attribute that HumanName does not have"),
        (f"<Patient {AT_FHIR}><contained/></Patient>", "something else than one resource"),
        (f"<Patient {AT_FHIR}><?run this?></Patient>", "processing instruction"),
        (f"<!DOCTYPE Patient><Patient {AT_FHIR}/>", "document type"),
        (f"<Patient {AT_FHIR}><div xmlns='http://www.w3.org/1999/xhtml'/></Patient>", "not an element of Patient"),
    ],
)
def test_what_is_no_fhir_xml_is_refused_with_its_reason(body: str, says: str) -> None:
    with pytest.raises(Refused) as refused:
        from_xml(body.encode())
    assert refused.value.status == 400
    assert says in refused.value.issues[0].text
    assert "secret" not in str(refused.value)


def test_no_entity_is_followed_or_grown(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("SECRET", encoding="utf-8")
    outside = f'<!DOCTYPE a [<!ENTITY x SYSTEM "file://{tmp_path}/secret">]>'
    laughs = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;"><!ENTITY x "&b;&b;">]>'
    for document_type in (outside, laughs):
        for body in ("<text>&x;</text>", '<id value="&x;"/>'):
            with pytest.raises(Refused):
                from_xml(f"{document_type}<Patient {AT_FHIR}>{body}</Patient>".encode())


@pytest.mark.parametrize(
    ("element", "value"),
    [("active", "yes"), ("active", "1"), ("multipleBirthInteger", "007"), ("multipleBirthInteger", "1.0")],
)
def test_a_value_that_its_type_cannot_hold_is_left_for_the_gate_to_refuse(element: str, value: str) -> None:
    read = from_xml(f"<Patient {AT_FHIR}><{element} value='{value}'/></Patient>".encode())
    assert [issue.expression for issue in check(read, "Patient")] == [
        "Patient.multipleBirth" if element.startswith("multiple") else "Patient.active"
    ]


@pytest.mark.needs("HL7's XSD")
@pytest.mark.skipif(not XSD, reason="NOT RUN: R4_XSD does not name HL7's fhir-single.xsd (npm hl7.fhir.r4.corexml)")
def test_what_is_written_is_valid_by_hl7s_schema() -> None:
    schema = etree.XMLSchema(etree.parse(XSD))
    answer: Any = Triage(BOOK, Settings())(as_bytes(filled())).resource
    for resource in [*resources(), answer]:
        schema.validate(etree.fromstring(to_xml(resource)))
        errors = [one.message for one in schema.error_log if "'4.0.1'" not in one.message]
        assert errors == [], "the schema's list of FHIR versions ends before 4.0.1; nothing else may be wrong"
    broken = to_xml(answer).replace(b"<status", b"<statos", 1).replace(b"</status", b"</statos", 1)
    assert not schema.validate(etree.fromstring(broken))


def _without_div(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: "" if key == "div" else _without_div(value) for key, value in node.items()}
    return [_without_div(one) for one in node] if isinstance(node, list) else node


def test_a_narrative_keeps_its_content() -> None:
    resource = orjson.loads(as_bytes({"resourceType": "Patient", "text": {"status": "generated", "div": DIV}}))
    assert from_xml(to_xml(resource))["text"]["div"] == DIV


DIV = '<div xmlns="http://www.w3.org/1999/xhtml"><p>a &lt; b &amp; c</p><br/></div>'
