"""What is plainly right at a glance, rule by rule, and what is not: that is a fault, or left to the full reader."""

from typing import Any

import pytest

from service.mapping.gate.quick import DEEPEST, is_plainly_right
from service.mapping.gate.structure import check

Json = dict[str, Any]
FAULTY, LEFT = "faulty", "left to the full reader"


def response(**more: Any) -> Json:
    return {"resourceType": "QuestionnaireResponse", "status": "completed", **more}


def observation(**more: Any) -> Json:
    return {"resourceType": "Observation", "status": "final", "code": {"text": "a"}, **more}


def extended(**extension: Any) -> Json:
    return response(extension=[{"url": "urn:example:a", **extension}])


def condition(**more: Any) -> Json:
    return {"resourceType": "Condition", "subject": {"reference": "Patient/1"}, **more}


def concept(code: str, system: str) -> Json:
    return {"coding": [{"system": f"http://terminology.hl7.org/CodeSystem/{system}", "code": code}]}


def nested(levels: int) -> Json:
    """Return a response of so many objects inside each other; it is the first of them."""
    item: Json = {"linkId": "a"}
    for _ in range(levels - 2):
        item = {"linkId": "a", "item": [item]}
    return response(item=[item])


PLAIN: list[tuple[Json, str]] = [
    (response(), "what R4 demands and nothing else"),
    (response(id="a.b-1", language="en", item=[{"linkId": "1", "text": "Naïve, in words"}]), "ids, codes and text"),
    (response(questionnaire="https://example.org/Questionnaire/a|1.0"), "an address"),
    (response(questionnaire="#a"), "an address that a glance does not know is looked at in full"),
    (response(subject={"reference": "Patient/1"}), "a reference"),
    (response(subject={"reference": "#a"}), "a reference that a glance does not know"),
    (response(subject={"id": "a", "display": "b"}), "an id beside something"),
    (response(item=[{"linkId": "1", "text": "two\nlines\tand a tab"}]), "text in lines"),
    (response(text={"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml">a</div>'}), "a narrative"),
    (response(authored="2026-05-10T12:00:00Z"), "a moment"),
    (observation(valueBoolean=True), "one value of several kinds"),
    (observation(valueQuantity={"value": 1, "unit": "a"}), "a value that is an object"),
    (observation(), "no value of several kinds"),
    (extended(valueString="a"), "an extension with a value"),
    (extended(extension=[{"url": "b", "valueInteger": 1}]), "an extension with extensions"),
    (condition(clinicalStatus=concept("active", "condition-clinical")), "a code of the value set that R4 demands"),
    (nested(DEEPEST), "as deep as may be"),
]


@pytest.mark.parametrize(("resource", "comment"), PLAIN, ids=[row[-1] for row in PLAIN])
def test_what_is_plainly_right(resource: Json, comment: str) -> None:
    assert check(resource, "R") == ()
    assert is_plainly_right(resource), comment
    assert not is_plainly_right(resource, is_envelope=True), "no Bundle and no Parameters"


NOT_PLAIN: list[tuple[Any, str, str]] = [
    (response(status="done"), FAULTY, "a code of another value set"),
    (response(status=["completed"]), FAULTY, "an array for one value"),
    ({"resourceType": "QuestionnaireResponse"}, FAULTY, "what R4 demands is missing"),
    (response(colour="red"), FAULTY, "an element that R4 does not have"),
    (response(item={"linkId": "1"}), FAULTY, "one value for an array"),
    (response(item=[]), FAULTY, "an empty array"),
    (response(item=["a"]), FAULTY, "a string for an object"),
    (response(item=[{"linkId": "1"}, {"text": "a"}]), FAULTY, "the second of an array"),
    (response(subject={}), FAULTY, "an object without content"),
    (response(subject={"id": "a"}), FAULTY, "an object with nothing but an id"),
    (response(id="a b"), FAULTY, "a blank in an id"),
    (response(id=1), FAULTY, "a number for an id"),
    (response(language=" en"), FAULTY, "a blank before a code"),
    (response(item=[{"linkId": " "}]), FAULTY, "blank text"),
    (response(item=[{"linkId": "a\x00"}]), FAULTY, "a control character"),
    (response(item=[{"linkId": 1}]), FAULTY, "a number for text"),
    (response(item=[{"linkId": "1", "answer": [{"valueBoolean": "true"}]}]), FAULTY, "a string for a boolean"),
    (response(item=[{"linkId": "1", "answer": [{"valueBoolean": 1}]}]), FAULTY, "a number for a boolean"),
    (response(questionnaire="javascript:alert(1)"), FAULTY, "an address that is a script"),
    (response(questionnaire="a b"), FAULTY, "a blank in an address"),
    (response(subject={"reference": "javascript:alert(1)"}), FAULTY, "a reference that is a script"),
    (response(subject={"reference": 1}), FAULTY, "a number for a reference"),
    (response(authored="2026-02-30"), FAULTY, "a day that does not exist"),
    (
        response(text={"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml"><script/></div>'}),
        FAULTY,
        "a script in a narrative",
    ),
    (observation(valueBoolean=True, valueString="a"), FAULTY, "two values of several kinds"),
    (observation(valueBoolean=True, valueString="a", valueInteger=1), FAULTY, "three"),
    (
        response(item=[{"linkId": "1", "answer": [{"valueBoolean": True, "valueString": "a"}]}]),
        FAULTY,
        "two values and nothing else",
    ),
    (
        {"resourceType": "Patient", "deceasedBoolean": True, "deceasedDateTime": "2026"},
        FAULTY,
        "both of two kinds",
    ),
    (extended(), FAULTY, "an extension with nothing"),
    (extended(valueString="a", extension=[{"url": "b", "valueInteger": 1}]), FAULTY, "an extension with both"),
    (extended(valueString="a", valueInteger=1), FAULTY, "an extension with two values"),
    (condition(clinicalStatus=concept("done", "condition-clinical")), FAULTY, "a code that the value set lacks"),
    (condition(clinicalStatus="active"), FAULTY, "a string for a CodeableConcept"),
    (response(modifierExtension=[{"url": "urn:a", "valueString": "a"}]), LEFT, "an extension that changes the meaning"),
    (response(implicitRules="urn:a"), LEFT, "rules that change the meaning"),
    (response(contained=[{"resourceType": "Patient", "id": "p"}]), LEFT, "a resource inside"),
    (response(_authored={"extension": [{"url": "urn:a", "valueString": "a"}]}), LEFT, "a companion"),
    (nested(DEEPEST + 1), LEFT, "deeper than that"),
    ({"resourceType": "Bundle", "type": "collection"}, LEFT, "a Bundle is no resource of its own"),
    ({"status": "completed"}, LEFT, "no type"),
    ({"resourceType": 1}, LEFT, "a type that is a number"),
    ({"resourceType": "Pacient"}, LEFT, "a type that R4 does not have"),
    ([response()], LEFT, "an array"),
    (None, LEFT, "null"),
]


@pytest.mark.parametrize(("resource", "why", "comment"), NOT_PLAIN, ids=[row[-1] for row in NOT_PLAIN])
def test_what_is_not_plainly_right(resource: Any, why: str, comment: str) -> None:
    assert not is_plainly_right(resource), comment
    if why == FAULTY:
        assert check(resource, "R") != ()


def test_what_an_envelope_holds_is_left_alone() -> None:
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"anything": 1}}]}
    parameters = {"resourceType": "Parameters", "parameter": [{"name": "response", "resource": {"anything": 1}}]}
    for envelope in (bundle, parameters):
        assert is_plainly_right(envelope, is_envelope=True)
        assert not is_plainly_right(envelope)
    assert not is_plainly_right({**bundle, "type": "pile"}, is_envelope=True)
