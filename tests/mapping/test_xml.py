"""FHIR's XML form says what the JSON form says, both ways; what is no FHIR XML is refused; no entity is followed."""

import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
import pytest
from lxml import etree

from service.errors import Issue, Refused
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


NOT_FHIR = "met an element outside FHIR's namespace; allowed is http://hl7.org/fhir"
NOT_A_TYPE = "the root element is not the name of a resource of R4"
NOT_ONE = "met something else than one resource of R4"
BESIDE = "met a processing instruction or an entity; FHIR's XML has none"
NO_DTD = "met a document type; FHIR's XML has none, and no entities of its own"
BETWEEN = "met text between elements; FHIR's XML holds values in attributes"
TWICE = "the element stands twice; allowed once"
OF_A_VALUE = "met an attribute that a value does not have; allowed: id, value"
OF_A_RESOURCE = "met an attribute of a resource; it has elements only"
DIV_HERE = "<div xmlns='http://www.w3.org/1999/xhtml'>a</div>"

REFUSED: list[tuple[str, str, str]] = [
    # body, all that the refusal says, where
    ("", "the body is not well-formed XML (line 1, column 1)", ""),
    ("{}", "the body is not well-formed XML (line 1, column 1)", ""),
    (f"<Patient {AT_FHIR}>\n<active value='true'/>", "the body is not well-formed XML (line 2, column 23)", ""),
    ("<Patient/>", NOT_FHIR, ""),
    (f"<Nobody {AT_FHIR}/>", NOT_A_TYPE, ""),
    (f"<Patient {AT_FHIR}><active xmlns='urn:secret'/></Patient>", NOT_FHIR, "Patient"),
    (
        f"<Patient {AT_FHIR}><name><secret value='1'/></name></Patient>",
        "met an element that is not an element of HumanName",
        "Patient.name[0]",
    ),
    (f"<Patient {AT_FHIR}><linkId value='1'/></Patient>", "'linkId' is not an element of Patient", "Patient"),
    (f"<Patient {AT_FHIR}>secret</Patient>", BETWEEN, "Patient"),
    (f"<Patient {AT_FHIR}><active value='true'/> secret </Patient>", BETWEEN, "Patient"),
    (f"<Patient {AT_FHIR}><name>secret</name></Patient>", BETWEEN, "Patient.name[0]"),
    (f"<Patient {AT_FHIR}><active value='true'>secret</active></Patient>", BETWEEN, "Patient.active"),
    (f"<Patient {AT_FHIR} id='a'/>", OF_A_RESOURCE, "Patient"),
    (
        f"<Patient {AT_FHIR}><contained><Patient id='a'/></contained></Patient>",
        OF_A_RESOURCE,
        "Patient.contained[0]",
    ),
    (f"<Patient {AT_FHIR}><active value='true' secret='a'/></Patient>", OF_A_VALUE, "Patient.active"),
    (f"<Patient {AT_FHIR}><active value='true'/><active value='false'/></Patient>", TWICE, "Patient.active"),
    (f"<Patient {AT_FHIR}><text/><text/></Patient>", TWICE, "Patient.text"),
    (f"<Patient {AT_FHIR}><active value='true'/><active id='a'/></Patient>", TWICE, "Patient.active"),
    (f"<Patient {AT_FHIR}><active id='a'/><active value='true'/></Patient>", TWICE, "Patient.active"),
    (f"<Patient {AT_FHIR}><active value='true'/><active/></Patient>", TWICE, "Patient.active"),
    (f"<Patient {AT_FHIR}><name/><name><given/><given>a</given></name></Patient>", BETWEEN, "Patient.name[1].given[1]"),
    (
        f"<Bundle {AT_FHIR}><entry/><entry><resource><Patient>a</Patient></resource></entry></Bundle>",
        BETWEEN,
        "Bundle.entry[1].resource",
    ),
    (
        f"<Patient {AT_FHIR}><name url='a'/></Patient>",
        "met an attribute that HumanName does not have; allowed: id",
        "Patient.name[0]",
    ),
    (
        f"<Patient {AT_FHIR}><extension value='a'/></Patient>",
        "met an attribute that Extension does not have; allowed: id, url",
        "Patient.extension[0]",
    ),
    (f"<Patient {AT_FHIR}><contained/></Patient>", NOT_ONE, "Patient.contained[0]"),
    (f"<Patient {AT_FHIR}><contained><Patient/><Patient/></contained></Patient>", NOT_ONE, "Patient.contained[0]"),
    (f"<Patient {AT_FHIR}><contained><Nobody/></contained></Patient>", NOT_ONE, "Patient.contained[0]"),
    (f"<Patient {AT_FHIR}><contained id='a'><Patient/></contained></Patient>", NOT_ONE, "Patient.contained[0]"),
    (f"<Patient {AT_FHIR}><contained><Patient xmlns='urn:a'/></contained></Patient>", NOT_FHIR, "Patient.contained[0]"),
    (f"<Patient {AT_FHIR}><?run this?></Patient>", BESIDE, ""),
    (f"<?run this?><Patient {AT_FHIR}/>", BESIDE, ""),
    (f"<Patient {AT_FHIR}/><?run this?>", BESIDE, ""),
    (f"<!DOCTYPE Patient><Patient {AT_FHIR}/>", NO_DTD, ""),
    (f"<Patient {AT_FHIR}>{DIV_HERE}</Patient>", "'div' is not an element of Patient", "Patient"),
    (
        f"<Patient {AT_FHIR}><text><div>a</div></text></Patient>",
        "'div' is not an element of Narrative",
        "Patient.text",
    ),
]


@pytest.mark.parametrize(("body", "says", "place"), REFUSED)
def test_what_is_no_fhir_xml_is_refused_with_its_reason_and_place(body: str, says: str, place: str) -> None:
    with pytest.raises(Refused) as refused:
        from_xml(body.encode())
    assert (refused.value.status, refused.value.issues) == (400, (Issue("error", "structure", says, place),))


READ: list[tuple[str, dict[str, Any], str]] = [
    # the content of a Patient, what it is in JSON, comment
    ("<!-- a comment --><active value='true'/>", {"active": True}, "a comment says nothing"),
    (" \n<active value='false'/>\n\t", {"active": False}, "white space between elements says nothing"),
    ("<active value='TRUE'/>", {"active": "TRUE"}, "what is no boolean is left for the gate"),
    ("<multipleBirthInteger value='-12'/>", {"multipleBirthInteger": -12}, "a whole number"),
    ("<multipleBirthInteger value='-0'/>", {"multipleBirthInteger": "-0"}, "not as JSON writes it"),
    (f"<multipleBirthInteger value='{'1' * 64}'/>", {"multipleBirthInteger": int("1" * 64)}, "64 digits"),
    (f"<multipleBirthInteger value='{'1' * 65}'/>", {"multipleBirthInteger": "1" * 65}, "65 digits"),
    ("<id value='a'/>", {"id": "a"}, "the id of a resource is an element"),
    ("<birthDate id='b'/>", {"_birthDate": {"id": "b"}}, "an id and no value"),
    ("<birthDate value='1980' id='b'/>", {"birthDate": "1980", "_birthDate": {"id": "b"}}, "an id and a value"),
    ("<birthDate/>", {"birthDate": {}}, "an element without content, which the gate refuses"),
    (
        "<name><given value='A'/><given/><given value='B' id='c'/></name>",
        {"name": [{"given": ["A", None, "B"], "_given": [None, None, {"id": "c"}]}]},
        "values and ids keep their places",
    ),
    (
        "<name><given id='a'/><given value='B'/></name>",
        {"name": [{"given": [None, "B"], "_given": [{"id": "a"}, None]}]},
        "an id before the first value",
    ),
    ("<name><given value='A'/><given value='B'/></name>", {"name": [{"given": ["A", "B"]}]}, "values alone"),
    (
        "<extension url='urn:a' id='b'><valueDecimal value='1.50'/></extension>",
        {"extension": [{"url": "urn:a", "id": "b", "valueDecimal": Decimal("1.50")}]},
        "the url of an extension is an attribute",
    ),
    (
        "<extension url='urn:a'><valueUnsignedInt value='7'/></extension>"
        "<extension url='urn:b'><valuePositiveInt value='8'/></extension>",
        {"extension": [{"url": "urn:a", "valueUnsignedInt": 7}, {"url": "urn:b", "valuePositiveInt": 8}]},
        "every type of whole number",
    ),
    (
        "<contained><Patient><id value='p'/></Patient></contained>",
        {"contained": [{"resourceType": "Patient", "id": "p"}]},
        "a resource inside",
    ),
    (
        f"<text><status value='generated'/>{DIV_HERE} \n</text>",
        {"text": {"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml">a</div>'}},
        "a narrative, without what stands behind it",
    ),
]


@pytest.mark.parametrize(("content", "expected", "comment"), READ, ids=[row[-1] for row in READ])
def test_what_xml_says_in_json(content: str, expected: dict[str, Any], comment: str) -> None:
    body = f"<Patient {AT_FHIR}>{content}</Patient>".encode()
    assert from_xml(body) == {"resourceType": "Patient", **expected}, comment


def test_elements_that_stand_in_each_other_without_measure_are_refused_and_no_recursion_error() -> None:
    nested = "<extension url='urn:a'>" * 2_000 + "</extension>" * 2_000
    with pytest.raises(Refused) as refused:
        from_xml(f"<Patient {AT_FHIR}>{nested}</Patient>".encode())
    assert refused.value.status == 400
    assert refused.value.issues[0].text.startswith("the body is not well-formed XML (line 1, column ")


DECIMALS: list[tuple[str, bool, str]] = [
    # as written, is it a decimal as JSON has them, comment
    ("72.50", True, "keeps its digits"),
    ("-0.0", True, "a negative zero"),
    ("1e2", True, "an exponent"),
    ("1.5E-12", True, "a negative exponent in capitals"),
    ("1e308", True, "the largest exponent of a double"),
    ("1e309", False, "above that"),
    ("1e-308", True, "the smallest"),
    ("1e-309", False, "below that"),
    ("0." + "1" * 62, True, "64 characters"),
    ("0." + "1" * 63, False, "65 characters"),
    ("01.5", False, "a leading zero"),
    ("+1.5", False, "a plus sign"),
    (".5", False, "no digit before the point"),
    ("5.", False, "no digit behind it"),
    ("1,5", False, "a comma"),
    ("NaN", False, "not a number"),
    (" 1.5", False, "a blank"),
]


@pytest.mark.parametrize(("text", "is_decimal", "comment"), DECIMALS, ids=[row[-1] for row in DECIMALS])
def test_a_decimal_is_read_as_json_would_write_it(text: str, is_decimal: bool, comment: str) -> None:
    body = f"<Patient {AT_FHIR}><extension url='urn:a'><valueDecimal value='{text}'/></extension></Patient>"
    read = from_xml(body.encode())["extension"][0]["valueDecimal"]
    assert (type(read), str(read)) == ((Decimal, str(Decimal(text))) if is_decimal else (str, text)), comment


WRITTEN: dict[str, Any] = {
    "name": [
        {"family": 'O<&"', "given": ["A", None, "C"], "_given": [None, {"id": "b"}], "id": "n"},
        {"extension": [{"valueDecimal": Decimal("1.50"), "url": "urn:a", "id": "x"}]},
    ],
    "resourceType": "Patient",
    "active": False,
    "multipleBirthInteger": 0,
    "_birthDate": {"extension": [{"url": "urn:b", "valueCode": "unknown"}]},
    "contained": [{"id": "p", "resourceType": "Patient", "active": True}],
    "id": "é",
    "text": {"div": '<div xmlns="http://www.w3.org/1999/xhtml">a</div>', "status": "generated"},
}
AS_XML = (
    "<?xml version='1.0' encoding='UTF-8'?>\n"
    '<Patient xmlns="http://hl7.org/fhir"><id value="é"/>'
    '<text><status value="generated"/><div xmlns="http://www.w3.org/1999/xhtml">a</div></text>'
    '<contained><Patient><id value="p"/><active value="true"/></Patient></contained>'
    '<active value="false"/>'
    '<name id="n"><family value="O&lt;&amp;&quot;"/><given value="A"/><given id="b"/><given value="C"/></name>'
    '<name><extension id="x" url="urn:a"><valueDecimal value="1.50"/></extension></name>'
    '<birthDate><extension url="urn:b"><valueCode value="unknown"/></extension></birthDate>'
    '<multipleBirthInteger value="0"/></Patient>'
)


def test_a_resource_is_written_in_the_order_of_r4s_schema() -> None:
    assert to_xml(WRITTEN).decode() == AS_XML


def test_what_is_to_be_read_by_people_has_lines() -> None:
    lines = to_xml({"resourceType": "Patient", "active": True}, pretty=True).decode().splitlines()
    assert lines[1:] == ['<Patient xmlns="http://hl7.org/fhir">', '  <active value="true"/>', "</Patient>"]
    assert len(to_xml({"resourceType": "Patient", "active": True}).decode().splitlines()) == 2


@pytest.mark.parametrize(
    ("resource", "says"),
    [
        ({"resourceType": "Patient", "colour": "red", "age": 5}, "Patient has no age, colour"),
        ({"resourceType": "Patient", "name": [{"url": "a"}]}, "HumanName has no url"),
        ({"resourceType": "Patient", "_colour": {"id": "a"}}, "Patient has no colour"),
        ({"resourceType": "Nobody"}, "Nobody"),
    ],
)
def test_what_r4_does_not_know_is_not_written(resource: dict[str, Any], says: str) -> None:
    with pytest.raises(KeyError) as raised:
        to_xml(resource)
    assert raised.value.args == (says,)


def test_no_entity_is_followed_or_grown(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("SECRET", encoding="utf-8")
    outside = f'<!DOCTYPE a [<!ENTITY x SYSTEM "file://{tmp_path}/secret">]>'
    laughs = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;"><!ENTITY x "&b;&b;">]>'
    for document_type in (outside, laughs):
        for body in ("<text>&x;</text>", '<id value="&x;"/>'):
            with pytest.raises(Refused):
                from_xml(f"{document_type}<Patient {AT_FHIR}>{body}</Patient>".encode())


@pytest.mark.parametrize(
    "declared",
    [
        "[<!ENTITY x SYSTEM '{}'>]",
        "SYSTEM '{}'",
        "[<!ENTITY % y SYSTEM '{}'> %y; <!ENTITY x 'a'>]",
    ],
)
def test_no_other_file_is_read(declared: str, tmp_path: Path) -> None:
    """Whoever read the file would find that it is no XML, and say so in place of this."""
    broken = tmp_path / "broken"
    broken.write_text("<!broken", encoding="utf-8")
    body = f"<!DOCTYPE a {declared.format(broken.as_uri())}><Patient {AT_FHIR}><text>&x;</text></Patient>"
    with pytest.raises(Refused) as refused:
        from_xml(body.encode())
    assert [issue.text for issue in refused.value.issues] == [NO_DTD]


def test_a_narrative_that_is_written_reads_no_other_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("SECRET", encoding="utf-8")
    div = f"<!DOCTYPE a [<!ENTITY x SYSTEM '{(tmp_path / 'secret').as_uri()}'>]><div>&x;</div>"
    assert b"<div>&x;</div>" in to_xml({"resourceType": "Patient", "text": {"div": div}})


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
