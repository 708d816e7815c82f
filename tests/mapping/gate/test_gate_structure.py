"""What R4 refuses in a resource: every reason at every place where it can stand, each with a valid twin."""

from collections.abc import Mapping
from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import Issue
from service.mapping.gate.definitions import r4
from service.mapping.gate.structure import check, check_in_full

from .places import (
    COMPLEX_EXTENSION,
    PLACES,
    Json,
    Place,
    answered,
    bundle,
    parameters,
    patient,
    response,
)


def errors(resource: Json, *, is_envelope: bool = False) -> list[tuple[str, str]]:
    """Return code and expression of every issue."""
    found = check(resource, str(resource.get("resourceType")), is_envelope=is_envelope)
    return [(issue.code, issue.expression) for issue in found]


def extension(**elements: object) -> Json:
    """Return the fragment that any element may have: one extension."""
    return {"extension": [{"url": COMPLEX_EXTENSION, **elements}]}


VALUE = ".extension[0].value"
EXTENSION = ".extension[0]"

ANYWHERE: list[tuple[str, Json, Json, str, str]] = [
    # reason, wrong fragment, its valid twin, code, where below the place
    ("a string for a boolean", extension(valueBoolean="no"), extension(valueBoolean=False), "structure", VALUE),
    ("0 for a boolean", extension(valueBoolean=0), extension(valueBoolean=False), "structure", VALUE),
    ("a string for an integer", extension(valueInteger="1"), extension(valueInteger=1), "structure", VALUE),
    ("1.0 for an integer", extension(valueInteger=Decimal("1.0")), extension(valueInteger=1), "structure", VALUE),
    ("33 bits", extension(valueInteger=2**31), extension(valueInteger=2**31 - 1), "value", VALUE),
    ("0 as positiveInt", extension(valuePositiveInt=0), extension(valuePositiveInt=1), "value", VALUE),
    ("-1 as unsignedInt", extension(valueUnsignedInt=-1), extension(valueUnsignedInt=0), "value", VALUE),
    (
        "a string for a decimal",
        extension(valueDecimal="1"),
        extension(valueDecimal=Decimal("1.50")),
        "structure",
        VALUE,
    ),
    ("null for a primitive", extension(valueString=None), extension(valueString="a"), "structure", VALUE),
    ("null for an object", extension(valuePeriod=None), extension(valuePeriod={"start": "2026"}), "structure", VALUE),
    ("an empty string", extension(valueString=""), extension(valueString="a"), "structure", VALUE),
    ("a blank string", extension(valueString=" "), extension(valueString=" a"), "value", VALUE),
    ("an empty object", extension(valuePeriod={}), extension(valuePeriod={"start": "2026"}), "structure", VALUE),
    (
        "an object with nothing but an id",
        extension(valuePeriod={"id": "a"}),
        extension(valuePeriod={"id": "a", "start": "2026"}),
        "structure",
        VALUE,
    ),
    ("an array for a primitive", extension(valueString=["a"]), extension(valueString="a"), "structure", VALUE),
    (
        "an array for an object",
        extension(valuePeriod=[{"start": "2026"}]),
        extension(valuePeriod={"start": "2026"}),
        "structure",
        VALUE,
    ),
    ("a string for an object", extension(valuePeriod="2026"), extension(valueString="2026"), "structure", VALUE),
    ("an object for an array", {"extension": {"url": "a"}}, extension(valueCode="a"), "structure", ".extension"),
    ("an empty array", {"extension": []}, extension(valueCode="a"), "structure", ".extension"),
    ("null for an array", {"extension": None}, extension(valueCode="a"), "structure", ".extension"),
    ("null in an array of objects", {"extension": [None]}, extension(valueCode="a"), "structure", EXTENSION),
    ("an array in an array", {"extension": [[]]}, extension(valueCode="a"), "structure", EXTENSION),
    (
        "null in an array of primitives",
        extension(valueHumanName={"given": ["a", None]}),
        extension(valueHumanName={"given": ["a", None], "_given": [None, extension(valueCode="a")]}),
        "structure",
        VALUE + ".given[1]",
    ),
    (
        "null on both sides",
        extension(valueHumanName={"given": ["a", None], "_given": [{"id": "a"}, None]}),
        extension(valueHumanName={"given": ["a", "b"], "_given": [{"id": "a"}, None]}),
        "structure",
        VALUE + ".given[1]",
    ),
    (
        "null among companions without values",
        extension(valueHumanName={"_given": [None, extension(valueCode="a")]}),
        extension(valueHumanName={"_given": [extension(valueCode="a")]}),
        "structure",
        VALUE + ".given[0]",
    ),
    (
        "an array of values shorter than that of its companions",
        extension(valueHumanName={"given": ["a"], "_given": [{"id": "a"}, extension(valueCode="a")]}),
        extension(valueHumanName={"given": ["a", None], "_given": [{"id": "a"}, extension(valueCode="a")]}),
        "structure",
        VALUE + ".given",
    ),
    (
        "a companion that is an array",
        extension(valuePeriod={"start": "2026", "_start": [{"id": "a"}]}),
        extension(valuePeriod={"start": "2026", "_start": {"id": "a"}}),
        "structure",
        VALUE + ".start",
    ),
    (
        "a companion that is empty",
        extension(valuePeriod={"start": "2026", "_start": {}}),
        extension(valuePeriod={"start": "2026", "_start": extension(valueCode="a")}),
        "structure",
        VALUE + ".start",
    ),
    (
        "a companion with an id that is no string",
        extension(valuePeriod={"start": "2026", "_start": {"id": 1}}),
        extension(valuePeriod={"start": "2026", "_start": {"id": "a"}}),
        "structure",
        VALUE + ".start",
    ),
    (
        "a companion with an id alone, and no value",
        extension(valuePeriod={"end": "2026", "_start": {"id": "a"}}),
        extension(valuePeriod={"end": "2026", "_start": extension(valueCode="a")}),
        "structure",
        VALUE + ".start",
    ),
    (
        "a companion with an unknown element",
        extension(valuePeriod={"_start": {"value": "2026"} | extension(valueCode="a")}),
        extension(valuePeriod={"_start": extension(valueCode="a")}),
        "structure",
        VALUE + ".start",
    ),
    (
        "a companion of an object",
        extension(valuePeriod={"start": "2026"}, _valuePeriod={"id": "a"}),
        extension(valueString="a", _valueString={"id": "a"}),
        "structure",
        EXTENSION,
    ),
    (
        "a companion of an attribute",
        extension(valueString="a", _url={"id": "a"}),
        extension(valueString="a", id="a"),
        "structure",
        EXTENSION,
    ),
    (
        "an unknown element here",
        extension(valueCode="a") | {"smuggled": True},
        extension(valueCode="a"),
        "structure",
        "",
    ),
    (
        "resourceType where no resource is",
        extension(valuePeriod={"start": "2026", "resourceType": "Period"}),
        extension(valuePeriod={"start": "2026"}),
        "structure",
        VALUE,
    ),
    (
        "an unknown element below",
        extension(valueString="a", note="b"),
        extension(valueString="a"),
        "structure",
        EXTENSION,
    ),
    (
        "an element in the wrong case",
        extension(valuePeriod={"Start": "2026"}),
        extension(valuePeriod={"start": "2026"}),
        "structure",
        VALUE,
    ),
    (
        "a choice without its type",
        extension(valueCode="a", value="a"),
        extension(valueCode="a"),
        "structure",
        EXTENSION,
    ),
    ("a choice of two types", extension(valueCode="a", valueString="a"), extension(valueCode="a"), "structure", VALUE),
    (
        "a choice of two types, one by its companion",
        extension(valueCode="a", _valueString=extension(valueCode="a")),
        extension(valueCode="a", _valueCode=extension(valueCode="a")),
        "structure",
        VALUE,
    ),
    (
        "an extension with a value and extensions",
        extension(valueCode="a", **extension(valueCode="a")),
        extension(**extension(valueCode="a")),
        "invariant",
        EXTENSION,
    ),
    ("an extension with neither", extension(), extension(_valueCode=extension(valueCode="a")), "invariant", EXTENSION),
    (
        "an extension without url",
        {"extension": [{"valueCode": "a"}]},
        extension(valueCode="a"),
        "required",
        EXTENSION,
    ),
    (
        "a url with a blank",
        {"extension": [{"url": "a b", "valueCode": "a"}]},
        extension(valueCode="a"),
        "value",
        EXTENSION + ".url",
    ),
    (
        "a missing element",
        extension(valueExpression={"name": "a"}),
        extension(valueExpression={"language": "text/cql"}),
        "required",
        VALUE,
    ),
    (
        "an element that is missing inside of an array",
        extension(valueDataRequirement={"type": "Patient", "sort": [{"path": "a"}]}),
        extension(valueDataRequirement={"type": "Patient", "sort": [{"path": "a", "direction": "ascending"}]}),
        "required",
        VALUE + ".sort[0]",
    ),
    (
        "a code that is not in R4's list",
        extension(valueContactPoint={"system": "pigeon"}),
        extension(valueContactPoint={"system": "phone"}),
        "code-invalid",
        VALUE + ".system",
    ),
    ("a day that does not exist", extension(valueDate="2026-02-30"), extension(valueDate="2026-02-28"), "value", VALUE),
    (
        "a time without a zone",
        extension(valueDateTime="2026-02-28T09:30:00"),
        extension(valueDateTime="2026-02-28T09:30:00Z"),
        "value",
        VALUE,
    ),
    (
        "an instant that is a date",
        extension(valueInstant="2026-02-28"),
        extension(valueDateTime="2026-02-28"),
        "value",
        VALUE,
    ),
    ("a blank in a code", extension(valueCode="a  b"), extension(valueCode="a b"), "value", VALUE),
    ("an id with an underscore", extension(valueId="a_b"), extension(valueId="a-b"), "value", VALUE),
    (
        "bytes that are not base64",
        extension(valueBase64Binary="TQ"),
        extension(valueBase64Binary="TQ=="),
        "value",
        VALUE,
    ),
    (
        "a script in a uri",
        extension(valueUri="javascript:alert(1)"),
        extension(valueUri="https://example.org"),
        "value",
        VALUE,
    ),
    (
        "data in a url",
        extension(valueUrl="data:text/html,a"),
        extension(valueUrl="https://example.org"),
        "value",
        VALUE,
    ),
    (
        "a script in a reference",
        extension(valueReference={"reference": " Java\tScript:alert(1)"}),
        extension(valueReference={"reference": "Patient/a"}),
        "value",
        VALUE + ".reference",
    ),
    (
        "a modifierExtension in a datatype",
        extension(valueTiming={"event": ["2026"], "modifierExtension": [{"url": "a", "valueCode": "a"}]}),
        extension(valueTiming={"event": ["2026"]}),
        "extension",
        VALUE + ".modifierExtension",
    ),
]

COMBINATIONS = [
    pytest.param(place, wrong, right, code, below, id=f"{reason} - {place.name}")
    for reason, wrong, right, code, below in ANYWHERE
    for place in PLACES
]


@pytest.mark.parametrize(("place", "wrong", "right", "code", "below"), COMBINATIONS)
def test_each_reason_is_found_at_each_place_and_its_twin_is_accepted(
    place: Place, wrong: Json, right: Json, code: str, below: str
) -> None:
    assert errors(place.resource_with(right)) == []
    assert errors(place.resource_with(wrong)) == [(code, place.path + below)]


MODIFIER: Json = {"modifierExtension": [{"url": "urn:example:not", "valueBoolean": True}]}
TAKES_NO_MODIFIER = {"meta", "narrative", "identifier", "reference", "extension", "value of an answer"}


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_a_modifier_extension_is_refused_wherever_it_may_stand(place: Place) -> None:
    takes_none = place.name in TAKES_NO_MODIFIER or "companion" in place.name
    expected = ("structure", place.path) if takes_none else ("extension", place.path + ".modifierExtension")
    assert expected in errors(place.resource_with(MODIFIER))


RESOURCE_PLACES = [place for place in PLACES if "resource" in place.name]


@pytest.mark.parametrize("place", RESOURCE_PLACES, ids=lambda place: place.name)
def test_implicit_rules_are_refused_in_every_resource(place: Place) -> None:
    assert errors(place.resource_with({"implicitRules": "urn:a"})) == [("not-supported", place.path + ".implicitRules")]


@pytest.mark.parametrize("place", RESOURCE_PLACES, ids=lambda place: place.name)
@pytest.mark.parametrize("name", ["Smurf", "patient", "DomainResource", "Resource", "HumanName", "", None, 1, [], {}])
def test_a_resource_must_be_one_of_r4(place: Place, name: object) -> None:
    first = check(place.resource_with({"resourceType": name}), place.path.partition(".")[0])[0]
    assert (first.code, first.expression) == ("structure", place.path)


DIV = '<div xmlns="http://www.w3.org/1999/xhtml">a</div>'
ALLERGY: Json = {"resourceType": "AllergyIntolerance", "patient": {"reference": "Patient/a"}}
ACTIVE = {"system": "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical", "code": "active"}

ONE_PLACE: list[tuple[str, Json, Json, str, str]] = [
    # reason, wrong resource, its valid twin, code, expression
    ("a status that R4 lacks", response(status="done"), response(status="stopped"), "code-invalid", ".status"),
    ("a status in capitals", response(status="Completed"), response(), "code-invalid", ".status"),
    ("no status", {"resourceType": "QuestionnaireResponse"}, response(), "required", ""),
    (
        "a status that is only an id",
        {"resourceType": "QuestionnaireResponse", "_status": {"id": "a"}},
        {"resourceType": "QuestionnaireResponse", "_status": extension(valueCode="unknown")},
        "structure",
        ".status",
    ),
    ("no linkId", response(item=[{"text": "a"}]), response(item=[{"linkId": "a"}]), "required", ".item[0]"),
    ("item as an object", response(item={"linkId": "a"}), response(item=[{"linkId": "a"}]), "structure", ".item"),
    (
        "two subjects",
        response(subject=[{"reference": "a"}]),
        response(subject={"reference": "a"}),
        "structure",
        ".subject",
    ),
    (
        "an answer outside R4's types",
        answered({"valueCode": "a"}),
        answered({"valueString": "a"}),
        "structure",
        ".item[0].answer[0]",
    ),
    (
        "two answers in one",
        answered({"valueBoolean": True, "valueString": "a"}),
        answered({"valueBoolean": True}),
        "structure",
        ".item[0].answer[0].value",
    ),
    ("an answer without content", answered({}), answered({"valueBoolean": False}), "structure", ".item[0].answer[0]"),
    ("an id of the wrong form", response(id="a_b"), response(id="a-b"), "value", ".id"),
    ("an id with a companion", response(id="a", _id={"id": "b"}), response(id="a"), "structure", ""),
    ("language as a list", response(language=["de"]), response(language="de"), "structure", ".language"),
    (
        "no div",
        response(text={"status": "generated"}),
        response(text={"status": "generated", "div": DIV}),
        "required",
        ".text",
    ),
    (
        "no narrative status",
        response(text={"div": DIV}),
        response(text={"status": "additional", "div": DIV}),
        "required",
        ".text",
    ),
    (
        "a script in the div",
        response(text={"status": "generated", "div": DIV.replace("a<", "<script/>a<")}),
        response(text={"status": "generated", "div": DIV}),
        "value",
        ".text.div",
    ),
    (
        "a companion of the div",
        response(text={"status": "generated", "div": DIV, "_div": {"id": "a"}}),
        response(text={"status": "generated", "div": DIV}),
        "structure",
        ".text",
    ),
    (
        "contained without id",
        response(contained=[{"resourceType": "Patient"}]),
        response(contained=[patient()]),
        "required",
        ".contained[0]",
    ),
    (
        "contained in contained",
        response(contained=[patient(contained=[patient()])]),
        response(contained=[patient()]),
        "invariant",
        ".contained[0]",
    ),
    (
        "contained with a version",
        response(contained=[patient(meta={"versionId": "1"})]),
        response(contained=[patient(meta={"source": "urn:a"})]),
        "invariant",
        ".contained[0].meta",
    ),
    (
        "contained as an object",
        response(contained=patient()),
        response(contained=[patient()]),
        "structure",
        ".contained",
    ),
    (
        "contained that is no resource",
        response(contained=["a"]),
        response(contained=[patient()]),
        "structure",
        ".contained[0]",
    ),
    (
        "a required concept with a foreign code",
        ALLERGY | {"clinicalStatus": {"coding": [ACTIVE | {"code": "maybe"}]}},
        ALLERGY | {"clinicalStatus": {"coding": [{"code": "b"}, ACTIVE]}},
        "code-invalid",
        ".clinicalStatus",
    ),
    (
        "a required concept without its system",
        ALLERGY | {"clinicalStatus": {"coding": [{"code": "active"}]}},
        ALLERGY | {"clinicalStatus": {"coding": [ACTIVE]}},
        "code-invalid",
        ".clinicalStatus",
    ),
    (
        "a required concept in words",
        ALLERGY | {"clinicalStatus": {"text": "active"}},
        ALLERGY | {"clinicalStatus": extension(valueCode="unknown")},
        "code-invalid",
        ".clinicalStatus",
    ),
    (
        "a birth date with a time",
        patient(birthDate="1980-01-01T00:00:00Z"),
        patient(birthDate="1980"),
        "value",
        ".birthDate",
    ),
    (
        "both deaths",
        patient(deceasedBoolean=True, deceasedDateTime="2026"),
        patient(deceasedDateTime="2026"),
        "structure",
        ".deceased",
    ),
    (
        "an observation without code",
        {"resourceType": "Observation", "status": "final"},
        {"resourceType": "Observation", "status": "final", "code": {"text": "a"}},
        "required",
        "",
    ),
    (
        "an entry that is no object",
        {"resourceType": "Bundle", "type": "batch", "entry": ["a"]},
        bundle({"fullUrl": "urn:a"}),
        "structure",
        ".entry[0]",
    ),
    (
        "a parameter without name",
        parameters({"valueString": "a"}),
        parameters({"name": "a"}),
        "required",
        ".parameter[0]",
    ),
    ("a comment as of DSTU2", response(fhir_comments=["a"]), response(), "structure", ""),
    ("an element of R5", response(basedOnCanonical=["a"]), response(), "structure", ""),
]


@pytest.mark.parametrize(
    ("reason", "wrong", "right", "code", "expression"), ONE_PLACE, ids=[row[0] for row in ONE_PLACE]
)
def test_what_can_stand_at_one_place_only_is_found_there(
    reason: str, wrong: Json, right: Json, code: str, expression: str
) -> None:
    assert errors(right) == [], reason
    assert errors(wrong)[0] == (code, str(wrong["resourceType"]) + expression)


def test_a_null_behind_the_last_companion_is_a_value_that_is_missing() -> None:
    assert errors(patient(name=[{"given": ["a", None], "_given": [{"id": "b"}]}])) == [
        ("structure", "Patient.name[0].given[1]"),
        ("structure", "Patient.name[0].given"),
    ]


QR = "QuestionnaireResponse"
GENDERS = "met a code that is not an option; allowed are male, female, other, unknown"
NO_ENTRIES = "allowed is an array with entries"
WITHOUT_CONTENT = "met an element without content; leave it out"
NO_RESOURCE = "resourceType is missing or not the name of a resource of R4"

SAID: list[tuple[object, str, str, str]] = [
    # what is sent, code, all that is said, where
    ("a", "structure", "met a string; allowed is a resource", ""),
    ([], "structure", "met an array; allowed is a resource", ""),
    ({}, "structure", NO_RESOURCE, ""),
    ({"resourceType": "Nobody"}, "structure", NO_RESOURCE, ""),
    ({"resourceType": 1}, "structure", NO_RESOURCE, ""),
    (
        response(contained=[{"resourceType": "Patient", "active": True}]),
        "required",
        "a contained resource has no id, so nothing can refer to it",
        ".contained[0]",
    ),
    (
        response(contained=[patient(contained=[patient()])]),
        "invariant",
        "a contained resource contains another one",
        ".contained[0]",
    ),
    *(
        (
            response(contained=[patient(meta={name: value})]),
            "invariant",
            f"a contained resource has its own {name}",
            ".contained[0].meta",
        )
        for name, value in (
            ("versionId", "1"),
            ("lastUpdated", "2026-11-21T10:00:00Z"),
            ("security", [{"code": "a"}]),
        )
    ),
    (
        patient(modifierExtension=[{"url": "urn:a", "valueCode": "b"}]),
        "extension",
        "a modifierExtension changes the meaning in a way that is not understood",
        ".modifierExtension",
    ),
    (
        patient(implicitRules="urn:a"),
        "not-supported",
        "implicitRules change the meaning in a way that is not understood",
        ".implicitRules",
    ),
    (
        answered({"valueBoolean": True, "value": True}),
        "structure",
        "'value' needs its type in its name, as 'valueAttachment'",
        ".item[0].answer[0]",
    ),
    (response(item=[{"text": "a"}]), "required", f"linkId is missing in {QR}.item", ".item[0]"),
    (
        answered({"valueBoolean": True, "valueString": "a"}),
        "structure",
        "value is there more than once; allowed is one of its types",
        ".item[0].answer[0].value",
    ),
    (answered({}), "structure", WITHOUT_CONTENT, ".item[0].answer[0]"),
    (answered({"id": "a"}), "structure", WITHOUT_CONTENT, ".item[0].answer[0]"),
    (
        patient(extension=[{"url": "urn:a"}]),
        "invariant",
        "an extension has either a value or extensions, never both or none",
        ".extension[0]",
    ),
    (patient(name={"text": "a"}), "structure", f"met an object; {NO_ENTRIES}", ".name"),
    (patient(name=[]), "structure", f"met an empty array; {NO_ENTRIES}", ".name"),
    (patient(name=None), "structure", f"met null; {NO_ENTRIES}", ".name"),
    (patient(maritalStatus=[]), "structure", "met an empty array; allowed is an object", ".maritalStatus"),
    (patient(maritalStatus=[{}]), "structure", "met an array; allowed is an object", ".maritalStatus"),
    (patient(maritalStatus=5), "structure", "met a whole number; allowed is an object", ".maritalStatus"),
    (patient(gender="canary"), "code-invalid", GENDERS, ".gender"),
    (
        {**ALLERGY, "clinicalStatus": {"coding": [{**ACTIVE, "code": "maybe"}]}},
        "code-invalid",
        "met a code that is not an option; allowed are active, inactive, resolved",
        ".clinicalStatus",
    ),
    (
        {"resourceType": "Contract", "status": "canary"},  # 15 codes: up to 16 are named, more nobody reads
        "code-invalid",
        "met a code that is not an option; allowed are amended, appended, cancelled, disputed, entered-in-error, "
        "executable, executed, negotiable, offered, policy, rejected, renewed, revoked, resolved, terminated",
        ".status",
    ),
    (
        {"resourceType": "Questionnaire", "status": "draft", "item": [{"linkId": "a", "type": "canary"}]},  # 17
        "code-invalid",
        "met a code that is not in the value set that R4 requires here",
        ".item[0].type",
    ),
    (
        {"resourceType": "Basic", "code": {"text": "a"}, "subject": {"reference": "javascript:a"}},
        "value",
        "met a reference that holds a script or data; allowed is the address of a resource",
        ".subject.reference",
    ),
    (
        patient(text={"status": "generated", "div": DIV.replace("a<", "<script/>a<")}),
        "value",
        "an element that R4 does not allow in a narrative, as scripts, forms and frames",
        ".text.div",
    ),
    (
        patient(name=[{"given": ["a"], "_given": {"id": "b"}}]),
        "structure",
        f"met an object; {NO_ENTRIES}",
        ".name[0].given",
    ),
    (
        patient(name=[{"given": ["a"], "_given": []}]),
        "structure",
        f"met an empty array; {NO_ENTRIES}",
        ".name[0].given",
    ),
    (
        patient(name=[{"given": ["a", "b"], "_given": [{"id": "b"}]}]),
        "structure",
        "values and their extensions differ in number; fill up both arrays with null",
        ".name[0].given",
    ),
    (
        patient(name=[{"given": [5], "_given": [{"id": "b"}]}]),
        "structure",
        "met a whole number; allowed is text that is not blank, without control characters",
        ".name[0].given[0]",
    ),
    (
        patient(_birthDate="a"),
        "structure",
        "met a string; allowed is an object with id or extension",
        ".birthDate",
    ),
    (patient(_birthDate={"id": "a"}), "structure", WITHOUT_CONTENT, ".birthDate"),
]


@pytest.mark.parametrize(("sent", "code", "text", "place"), SAID)
def test_what_is_wrong_is_said_with_its_place_and_what_is_allowed(
    sent: object, code: str, text: str, place: str
) -> None:
    root = str(sent["resourceType"]) if isinstance(sent, dict) and place else "Root"
    assert check(sent, root) == (Issue("error", code, text, root + place),)


def test_everything_wrong_is_reported_at_once_in_the_order_of_the_elements() -> None:
    wrong = response(
        status="done",
        authored="2026-02-30",
        item=[{"linkId": "a"}, {"linkId": 1, "answer": [{"valueBoolean": "no"}, {"valueInteger": True}]}],
    )
    assert errors(wrong) == [
        ("code-invalid", "QuestionnaireResponse.status"),
        ("value", "QuestionnaireResponse.authored"),
        ("structure", "QuestionnaireResponse.item[1].linkId"),
        ("structure", "QuestionnaireResponse.item[1].answer[0].value"),
        ("structure", "QuestionnaireResponse.item[1].answer[1].value"),
    ]


def test_after_a_hundred_errors_one_note_says_that_there_are_more() -> None:
    found = check(response(item=[{"linkId": 1}] * 100), "QuestionnaireResponse")
    assert [issue.severity for issue in found] == ["error"] * 100
    found = check(response(item=[{"linkId": 1}] * 101), "QuestionnaireResponse")
    assert [issue.severity for issue in found] == ["error"] * 100 + ["information"]
    note = "the check stopped here: more than 100 errors, or too deep to go on"
    assert found[-1] == Issue("information", "informational", note, "QuestionnaireResponse")


@pytest.mark.parametrize(
    "envelope",
    [
        bundle({"resource": {"resourceType": "Smurf"}}, {"resource": "a"}),
        parameters(
            {"name": "a", "resource": {"status": "done"}}, {"name": "b", "part": [{"name": "c", "resource": 1}]}
        ),
    ],
    ids=["Bundle", "Parameters"],
)
def test_in_an_envelope_the_resources_are_left_to_the_caller(envelope: Json) -> None:
    assert errors(envelope, is_envelope=True) == []
    assert len(errors(envelope)) == len(check_in_full(envelope, "Root")) == 2


def test_in_an_envelope_everything_else_is_checked() -> None:
    outcome = {"resourceType": "OperationOutcome"}  # has no issue
    wrong = bundle({"fullUrl": "a b", "response": {"status": "200", "outcome": outcome}, "resource": 1})
    assert errors(wrong, is_envelope=True) == [
        ("value", "Bundle.entry[0].fullUrl"),
        ("required", "Bundle.entry[0].response.outcome"),
    ]


def test_the_path_of_the_caller_leads_every_expression() -> None:
    (issue,) = check(response(status="done"), "Bundle.entry[2].resource")
    assert issue.expression == "Bundle.entry[2].resource.status"


@pytest.mark.parametrize(
    ("key", "text"),
    [
        # what stands beside linkId, how it is named
        ("Anna", "key 2 of the object is not an element of QuestionnaireResponse.item"),
        ("linkID", "key 2 of the object is not an element of QuestionnaireResponse.item; 'linkId' is"),
        ("birthDate", "'birthDate' is not an element of QuestionnaireResponse.item"),
        ("_answer", "'_answer' is not an element of QuestionnaireResponse.item"),
        ("", "key 2 of the object is not an element of QuestionnaireResponse.item"),
        ("_", "key 2 of the object is not an element of QuestionnaireResponse.item"),
    ],
)
def test_an_unknown_key_is_repeated_only_where_it_is_a_word_of_r4(key: str, text: str) -> None:
    (issue,) = check(response(item=[{"linkId": "a", key: ["b"]}]), "QuestionnaireResponse")
    assert issue.text == text


def test_data_nested_without_measure_is_an_issue_and_no_recursion_error() -> None:
    nested: Json = {"linkId": "a"}
    for _ in range(50_000):
        nested = {"linkId": "a", "item": [nested]}
    assert ("too-long") in {issue.code for issue in check(response(item=[nested]), "QuestionnaireResponse")}


def test_a_hundred_elements_may_stand_in_each_other_and_no_more() -> None:
    def chain(elements: int) -> Json:
        """Return a Patient whose extensions stand in each other: as many elements as that, the Patient one of them.

        Beside each stands another before it, which adds nothing to the depth.
        """
        shallow: Json = {"url": "urn:a", "valueCode": "b"}
        node = shallow
        for _ in range(elements - 2):
            node = {"url": "urn:a", "extension": [shallow, node]}
        return patient(extension=[shallow, node])

    assert check_in_full(chain(100), "Patient") == ()
    assert check_in_full({**chain(100), "contact": [{"gender": "male"}] * 3}, "Patient") == ()
    place = "Patient" + ".extension[1]" * 99 + ".extension[0]"
    note = "the check stopped here: more than 100 errors, or too deep to go on"
    assert check_in_full(chain(101), "Patient") == (
        Issue("error", "too-long", "nested deeper than 100 elements", place),
        Issue("information", "informational", note, "Patient"),
    )


def test_the_table_holds_every_resource_and_datatype_of_r4() -> None:
    definitions = r4()
    # R4 lists 148 resource types; two of them, Resource and DomainResource, are abstract.
    assert len(definitions.resources) == 146
    assert {"HumanName", "Timing.repeat", "Dosage", "Questionnaire.item", "Age"} <= definitions.types.keys()


KEYS = st.sampled_from(
    ["resourceType", "item", "answer", "valueCoding", "extension", "url", "_status", "contained", "text", "div", "id"]
)
MARK = "Anna-Schmidt-1980"
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals(allow_nan=False) | st.text() | st.just(MARK),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text() | st.just(MARK) | KEYS, inner, max_size=5),
    max_leaves=25,
)
TYPES = st.sampled_from(["QuestionnaireResponse", "Patient", "Bundle", "Parameters", "Observation"])


@given(JSON_VALUES)
def test_any_json_at_all_yields_issues_and_never_an_exception(value: object) -> None:
    for issue in check(value, "Root"):
        assert issue.expression.startswith("Root")


@given(TYPES, st.dictionaries(KEYS, JSON_VALUES, max_size=6))
def test_any_json_in_a_resource_yields_issues_that_repeat_no_content(name: str, elements: Json) -> None:
    for issue in check(elements | {"resourceType": name}, name):
        assert MARK not in issue.text + issue.expression


WHOLE = response(
    id="a",
    meta={"profile": ["https://example.org/a"]},
    text={"status": "generated", "div": DIV},
    contained=[
        ALLERGY | {"id": "b", "clinicalStatus": {"coding": [ACTIVE]}},
        patient(name=[{"given": ["a", None], "_given": [None, extension(valueCode="a")]}]),
    ],
    authored="2026-02-28T09:30:00Z",
    item=[{"linkId": "a", "answer": [{"valueQuantity": {"value": Decimal("38.50"), "unit": "Cel"}}]}],
)


def places_in(value: object, steps: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Return the way to every value inside."""
    inner: list[tuple[str | int, object]] = []
    if isinstance(value, Mapping):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    return [way for step, child in inner for way in ((*steps, step), *places_in(child, (*steps, step)))]


@given(st.sampled_from(places_in(WHOLE)), JSON_VALUES)
def test_any_part_of_a_response_may_be_anything_without_an_exception(way: tuple[str | int, ...], value: object) -> None:
    broken = deepcopy(WHOLE)
    target: Any = broken
    for step in way[:-1]:
        target = target[step]
    target[way[-1]] = value
    for issue in check(broken, "QuestionnaireResponse"):
        assert issue.expression.startswith("QuestionnaireResponse")
        assert MARK not in issue.text + issue.expression


def test_the_whole_example_is_valid() -> None:
    assert errors(WHOLE) == []
