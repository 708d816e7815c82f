"""What a body of $triage may be: Parameters, a response or a Bundle; each reason to refuse it, and its valid twin."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from service.errors import Refused
from service.mapping.body import BUNDLE_TYPES, CONTEXT_TYPES, Body, is_small, open_body
from service.mapping.gate.quick import DEEPEST
from tests.mapping.reading import LIMITS
from tests.mapping.responses import Json, as_bytes, filled

RESPONSE = filled()
PATIENT: Json = {"resourceType": "Patient", "id": "1"}
PRACTITIONER: Json = {"resourceType": "Practitioner", "id": "canary"}
FAULTY: Json = {**RESPONSE, "status": "done"}


def opened(content: object, **limits: int) -> Body:
    """Open a body under limits that may be narrower than usual."""
    return open_body(as_bytes(content), replace(LIMITS, **limits))


def refused(content: object, **limits: int) -> tuple[int, str, str]:
    """Return status, code and place of the one issue a body is refused for."""
    with pytest.raises(Refused) as raised:
        opened(content, **limits)
    (issue,) = raised.value.issues
    assert "canary" not in issue.text
    return raised.value.status, issue.code, issue.expression


def bundle(*resources: object, kind: str = "collection") -> Json:
    """Return a Bundle of these resources, each with a fullUrl."""
    entries = [{"fullUrl": f"urn:example:{index}", "resource": one} for index, one in enumerate(resources)]
    return {"resourceType": "Bundle", "type": kind, **({"entry": entries} if entries else {})}


def parameters(*entries: Json) -> Json:
    """Return Parameters with these entries."""
    return {"resourceType": "Parameters", **({"parameter": list(entries)} if entries else {})}


def response_parameter(resource: object = RESPONSE) -> Json:
    """Return the parameter `response`."""
    return {"name": "response", "resource": resource}


POLICY: Json = {"name": "policy", "valueCode": "reconciled"}
AT: Json = {"name": "at", "valueDateTime": "2026-11-21T12:00:00+01:00"}


# What is read


def test_a_bare_response_stands_alone() -> None:
    body = opened(RESPONSE)
    (response,) = body.responses
    assert (response.content, response.full_url, response.place) == (RESPONSE, "", "QuestionnaireResponse")
    assert (response.faults, body.record, body.ignored_types) == ((), (), ())
    assert (body.alone, body.policy, body.at) == (True, "", None)


def test_parameters_name_a_response_a_policy_and_a_moment() -> None:
    body = opened(parameters(POLICY, AT, response_parameter()))
    (response,) = body.responses
    assert (response.content, response.place) == (RESPONSE, "Parameters.parameter[2].resource")
    assert (body.alone, body.policy, body.at) == (True, "reconciled", datetime(2026, 11, 21, 11, tzinfo=UTC))


def test_parameters_need_neither_policy_nor_moment() -> None:
    body = opened(parameters(response_parameter()))
    assert (body.policy, body.at) == ("", None)


@pytest.mark.parametrize("kind", BUNDLE_TYPES)
def test_a_bundle_holds_responses_in_order_and_a_record(kind: str) -> None:
    requested = {"request": {"method": "PUT", "url": "Patient/1"}} if kind in ("batch", "transaction") else {}
    content = bundle(RESPONSE, PATIENT, {**RESPONSE, "id": "second"}, kind=kind)
    content["entry"][1].update(requested)
    body = opened(content)
    places = [(one.full_url, one.place, one.content.get("id")) for one in body.responses]
    assert places == [
        ("urn:example:0", "Bundle.entry[0].resource", None),
        ("urn:example:2", "Bundle.entry[2].resource", "second"),
    ]
    assert [(one.content, one.full_url, one.place) for one in body.record] == [
        (PATIENT, "urn:example:1", "Bundle.entry[1].resource")
    ]
    assert body.alone is False


def test_a_bundle_in_parameters_keeps_its_place_policy_and_moment() -> None:
    body = opened(parameters(POLICY, response_parameter(bundle(PATIENT, RESPONSE)), AT))
    assert [one.place for one in body.responses] == ["Parameters.parameter[1].resource.entry[1].resource"]
    assert [one.place for one in body.record] == ["Parameters.parameter[1].resource.entry[0].resource"]
    assert (body.alone, body.policy, body.at) == (False, "reconciled", datetime(2026, 11, 21, 11, tzinfo=UTC))


LEAST: dict[str, Json] = {
    "Patient": {},
    "Condition": {"subject": {"reference": "Patient/1"}},
    "Observation": {"status": "final", "code": {"text": "a"}},
    "MedicationStatement": {
        "status": "active",
        "subject": {"reference": "Patient/1"},
        "medicationCodeableConcept": {"text": "a"},
    },
    "MedicationRequest": {
        "status": "active",
        "intent": "order",
        "subject": {"reference": "Patient/1"},
        "medicationCodeableConcept": {"text": "a"},
    },
    "AllergyIntolerance": {"patient": {"reference": "Patient/1"}},
}


@pytest.mark.parametrize("kind", CONTEXT_TYPES)
def test_every_type_of_context_is_part_of_the_record(kind: str) -> None:
    (one,) = opened(bundle({"resourceType": kind, **LEAST[kind]}, RESPONSE)).record
    assert one.faults == ()
    (faulty,) = opened(bundle({"resourceType": kind, **LEAST[kind], "colour": "red"}, RESPONSE)).record
    assert [issue.expression for issue in faulty.faults] == ["Bundle.entry[0].resource"]


def test_other_types_are_ignored_and_named_once_in_order() -> None:
    encounter: Json = {"resourceType": "Encounter", "anything": "goes: it is not read"}
    inner = bundle(RESPONSE)
    body = opened(bundle(PRACTITIONER, encounter, RESPONSE, PRACTITIONER, inner))
    assert body.ignored_types == ("Bundle", "Encounter", "Practitioner")
    assert len(body.responses) == 1


def test_an_entry_without_a_resource_holds_nothing_to_read() -> None:
    content = bundle(RESPONSE)
    content["entry"].append({"fullUrl": "urn:example:gone"})
    assert len(opened(content).responses) == 1


def test_an_entry_may_have_no_full_url() -> None:
    content = bundle(RESPONSE)
    del content["entry"][0]["fullUrl"]
    assert opened(content).responses[0].full_url == ""


# Responses that are faulty

TWINS: list[tuple[str, Json]] = [
    ("alone", FAULTY),
    ("in parameters", parameters(response_parameter(FAULTY))),
    ("in a Bundle", bundle(FAULTY)),
]


@pytest.mark.parametrize("content", [pytest.param(row[1], id=row[0]) for row in TWINS])
def test_a_faulty_response_is_kept_with_its_faults(content: Json) -> None:
    (response,) = opened(content).responses
    assert [issue.expression for issue in response.faults] == [f"{response.place}.status"]


def test_a_faulty_response_leaves_its_neighbours_whole() -> None:
    body = opened(bundle(RESPONSE, FAULTY, RESPONSE))
    assert [bool(one.faults) for one in body.responses] == [False, True, False]


TOO_LARGE: list[tuple[str, dict[str, int]]] = [
    # comment, limits of which the response exceeds one
    ("too many items", {"items": 20}),
    ("too many bytes", {"response_bytes": 2000}),
    ("too deep", {"response_depth": 7}),
]


@pytest.mark.parametrize("limits", [pytest.param(row[1], id=row[0]) for row in TOO_LARGE])
def test_a_response_that_is_too_large_is_kept_with_that_fault_alone(limits: dict[str, int]) -> None:
    small = {key: value for key, value in RESPONSE.items() if key != "item"}
    body = opened(bundle(FAULTY, small), **limits)
    assert [[(issue.code, issue.expression) for issue in one.faults] for one in body.responses] == [
        [("too-long", "Bundle.entry[0].resource")],
        [],
    ]


NO_TYPE: list[tuple[str, Any]] = [
    ("null", None),
    ("a number", 5),
    ("an array", [RESPONSE]),
    ("an object without a type", {"status": "completed"}),
    ("a type that is no string", {**RESPONSE, "resourceType": ["QuestionnaireResponse"]}),
    ("a type that R4 does not have", {"resourceType": "canary"}),
    ("the type in other letters", {**RESPONSE, "resourceType": "questionnaireresponse"}),
    ("an abstract type", {"resourceType": "DomainResource"}),
]


@pytest.mark.parametrize("resource", [pytest.param(row[1], id=row[0]) for row in NO_TYPE])
def test_what_has_no_type_of_r4_stands_among_the_responses_as_faulty(resource: object) -> None:
    """It could be a response whose danger signs nobody reads: it is refused in its place, never passed over."""
    body = opened(bundle(RESPONSE, resource))
    whole, untyped = body.responses
    assert whole.faults == ()
    assert [issue.expression for issue in untyped.faults] == ["Bundle.entry[1].resource"]
    assert not any("canary" in issue.text for issue in untyped.faults)
    assert isinstance(untyped.content, dict), "what reads on may ask it for elements, whatever was sent"
    assert body.ignored_types == ()


# What is refused as a whole


@pytest.mark.parametrize("resource", [pytest.param(row[1], id=row[0]) for row in NO_TYPE])
def test_a_body_without_a_type_of_r4_is_no_r4(resource: object) -> None:
    assert refused(resource) == (400, "structure", "")
    assert refused(parameters(response_parameter(resource))) == (400, "structure", "Parameters.parameter[0].resource")


REFUSED: list[tuple[str, Json, tuple[int, str, str], Json]] = [
    # what is wrong, body, status, code and place, its valid twin
    ("another resource", PATIENT, (422, "not-supported", "Patient"), RESPONSE),
    (
        "another resource in parameters",
        parameters(response_parameter(PATIENT)),
        (422, "not-supported", "Parameters.parameter[0].resource"),
        parameters(response_parameter()),
    ),
    (
        "parameters in parameters",
        parameters(response_parameter(parameters(response_parameter()))),
        (422, "not-supported", "Parameters.parameter[0].resource"),
        parameters(response_parameter()),
    ),
    (
        "no parameters",
        parameters(),
        (422, "required", "Parameters.parameter"),
        parameters(response_parameter()),
    ),
    (
        "no response among them",
        parameters(POLICY, AT),
        (422, "required", "Parameters.parameter"),
        parameters(POLICY, AT, response_parameter()),
    ),
    (
        "a response that is no resource",
        parameters({"name": "response", "valueString": "canary"}),
        (422, "value", "Parameters.parameter[0].resource"),
        parameters(response_parameter()),
    ),
    (
        "a parameter that the operation does not have",
        parameters(response_parameter(), {"name": "canary", "valueString": "a"}),
        (422, "not-supported", "Parameters.parameter[1].name"),
        parameters(response_parameter()),
    ),
    (
        "extensions in place of a name",
        parameters({"_name": {"extension": [{"url": "urn:a", "valueCode": "b"}]}, "valueCode": "a"}),
        (422, "not-supported", "Parameters.parameter[0].name"),
        parameters(response_parameter()),
    ),
    (
        "two responses",
        parameters(response_parameter(), response_parameter()),
        (422, "duplicate", "Parameters.parameter[1]"),
        parameters(response_parameter(bundle(RESPONSE, RESPONSE))),
    ),
    (
        "two policies",
        parameters(response_parameter(), POLICY, POLICY),
        (422, "duplicate", "Parameters.parameter[2]"),
        parameters(response_parameter(), POLICY),
    ),
    (
        "two moments",
        parameters(AT, AT, response_parameter()),
        (422, "duplicate", "Parameters.parameter[1]"),
        parameters(AT, response_parameter()),
    ),
    (
        "a policy of another type",
        parameters(response_parameter(), {"name": "policy", "valueString": "canary"}),
        (422, "value", "Parameters.parameter[1].value"),
        parameters(response_parameter(), POLICY),
    ),
    (
        "a moment of another type",
        parameters(response_parameter(), {"name": "at", "valueInstant": "2026-11-21T12:00:00Z"}),
        (422, "value", "Parameters.parameter[1].value"),
        parameters(response_parameter(), AT),
    ),
    (
        "a day for a moment",
        parameters(response_parameter(), {"name": "at", "valueDateTime": "2026-11-21"}),
        (422, "value", "Parameters.parameter[1].value"),
        parameters(response_parameter(), AT),
    ),
    (
        "a moment that does not exist",
        parameters(response_parameter(), {"name": "at", "valueDateTime": "2026-02-30T12:00:00Z"}),
        (400, "value", "Parameters.parameter[1].value"),
        parameters(response_parameter(), {"name": "at", "valueDateTime": "2026-02-28T12:00:00Z"}),
    ),
    (
        "an unknown element of the parameters",
        {**parameters(response_parameter()), "colour": "canary"},
        (400, "structure", "Parameters"),
        parameters(response_parameter()),
    ),
    (
        "an unknown element of the Bundle",
        {**bundle(RESPONSE), "colour": "canary"},
        (400, "structure", "Bundle"),
        bundle(RESPONSE),
    ),
    ("an empty Bundle", bundle(), (422, "required", "Bundle.entry"), bundle(RESPONSE)),
    ("a record without a response", bundle(PATIENT), (422, "required", "Bundle.entry"), bundle(PATIENT, RESPONSE)),
    (
        "a Bundle in a Bundle",
        bundle(bundle(RESPONSE)),
        (422, "required", "Bundle.entry"),
        bundle(bundle(RESPONSE), RESPONSE),
    ),
    (
        "a Bundle whose type is extensions alone",
        {
            **{k: v for k, v in bundle(RESPONSE).items() if k != "type"},
            "_type": {"extension": [{"url": "urn:a", "valueCode": "b"}]},
        },
        (422, "not-supported", "Bundle.type"),
        bundle(RESPONSE),
    ),
]


@pytest.mark.parametrize(("content", "expected"), [pytest.param(row[1], row[2], id=row[0]) for row in REFUSED])
def test_a_body_is_refused_as_a_whole(content: Json, expected: tuple[int, str, str]) -> None:
    assert refused(content) == expected


@pytest.mark.parametrize("content", [pytest.param(row[3], id=row[0]) for row in REFUSED])
def test_its_twin_is_opened(content: Json) -> None:
    assert all(not one.faults for one in opened(content).responses)


SAID: list[tuple[Json, str]] = [
    # body, all that its refusal says
    (parameters(POLICY), "the parameter 'response' with its resource is missing"),
    (
        parameters(response_parameter(), {"name": "at", "valueDateTime": "2026-11-21"}),
        "'at' is a moment: allowed is a dateTime with time and zone",
    ),
    (
        {"status": "completed"},
        "met something else than a resource of R4; allowed is an object with its resourceType",
    ),
    (
        PATIENT,
        "met another resource than a QuestionnaireResponse, a Bundle that holds one, or Parameters that hold either",
    ),
    (bundle(PATIENT), "the Bundle holds no QuestionnaireResponse"),
]


@pytest.mark.parametrize(("content", "text"), SAID)
def test_a_refusal_says_what_was_met_and_what_is_allowed(content: Json, text: str) -> None:
    with pytest.raises(Refused) as raised:
        opened(content)
    assert [issue.text for issue in raised.value.issues] == [text]


TWO_OBJECTS = b'{"a":{}}'
"""8 bytes."""


@pytest.mark.parametrize(
    ("limits", "within"),
    [
        pytest.param({"response_bytes": 8, "items": 2}, True, id="as many bytes and objects as one response may have"),
        pytest.param({"response_bytes": 7}, False, id="a byte more"),
        pytest.param({"items": 1}, False, id="an object more, each of which could be an item"),
        pytest.param({"response_depth": 2 * DEEPEST}, True, id="as deep as the deepest that is plainly right"),
        pytest.param({"response_depth": 2 * DEEPEST - 1}, False, id="a level less allowed than that"),
    ],
)
def test_a_body_is_small_where_none_of_its_responses_can_exceed_a_limit(limits: dict[str, int], within: bool) -> None:
    """What is small is measured no more, so a wrong yes would let a response through that is too large."""
    assert is_small(TWO_OBJECTS, replace(LIMITS, **limits)) is within


DOORS: list[tuple[str, str]] = [
    # type of Bundle, where it should go instead
    ("document", "alone, or in a Bundle of type collection"),
    ("message", "as a Bundle of type collection"),
    ("history", "allowed are collection, searchset, batch, transaction"),
    ("batch-response", "allowed are collection, searchset, batch, transaction"),
    ("transaction-response", "allowed are collection, searchset, batch, transaction"),
]


@pytest.mark.parametrize(("kind", "door"), DOORS)
def test_another_type_of_bundle_is_shown_the_right_door(kind: str, door: str) -> None:
    assert refused(bundle(RESPONSE, kind=kind)) == (422, "not-supported", "Bundle.type")
    with pytest.raises(Refused, match=door):
        opened(bundle(RESPONSE, kind=kind))


def test_a_bundle_with_too_many_entries_is_too_large() -> None:
    assert refused(bundle(RESPONSE, PATIENT), entries=1) == (413, "too-long", "Bundle.entry")
    assert len(opened(bundle(RESPONSE, PATIENT), entries=2).record) == 1


def test_a_body_that_is_too_large_is_refused() -> None:
    size = len(as_bytes(RESPONSE))
    assert refused(RESPONSE, body_bytes=size - 1) == (413, "too-long", "")
    assert opened(RESPONSE, body_bytes=size).alone


def test_what_is_not_json_is_refused() -> None:
    with pytest.raises(Refused) as raised:
        open_body(b"{", LIMITS)
    assert raised.value.status == 400
