"""What an operation is asked with is read strictly: an unknown parameter could be one that somebody relies on."""

from typing import Any

import pytest

from service.errors import Issue, Refused
from service.mapping.operations.parameters import Wanted, one, place_of, read_parameters, read_query

WANTED = {
    "subject": Wanted("valueString"),
    "context": Wanted("part", repeats=True),
    "response": Wanted("resource", resource_type="QuestionnaireResponse"),
    "anything": Wanted("resource", checked=False),
}
RESPONSE = {"resourceType": "QuestionnaireResponse", "status": "completed"}


def asked(*parameters: dict[str, Any]) -> dict[str, Any]:
    return {"resourceType": "Parameters", "parameter": list(parameters)}


def test_parameters_are_read_by_name_in_order() -> None:
    parts = [{"name": "name", "valueString": text} for text in "ab"]
    given = read_parameters(
        asked(
            {"name": "subject", "valueString": "Patient/1"}, *({"name": "context", "part": [part]} for part in parts)
        ),
        WANTED,
    )
    assert one(given, "subject") == "Patient/1"
    assert given["context"] == ([parts[0]], [parts[1]])
    assert one(given, "response") is None


def test_the_one_resource_may_come_alone() -> None:
    assert read_parameters(RESPONSE, WANTED, "response") == {"response": (RESPONSE,)}


NO_RESOURCE = "met something else than a resource of R4"
NO_ARRAY = "met an empty array; allowed is an array with entries"
STATUSES = "met a code that is not an option; allowed are in-progress, completed, amended, entered-in-error, stopped"
PATIENT = {"resourceType": "Patient", "active": True}
DONE = {**RESPONSE, "status": "done"}

REFUSED: list[tuple[object, int, Issue, str]] = [
    # what is sent, status, the only issue, comment
    (None, 400, Issue("error", "structure", NO_RESOURCE), "nothing"),
    ("Parameters", 400, Issue("error", "structure", NO_RESOURCE), "a text"),
    ({"resourceType": "Nobody"}, 400, Issue("error", "structure", NO_RESOURCE), "no resource of R4"),
    ({"resourceType": ["Patient"]}, 400, Issue("error", "structure", NO_RESOURCE), "a type that is no string"),
    (
        {"resourceType": "Parameters", "parameter": []},
        400,
        Issue("error", "structure", NO_ARRAY, "Parameters.parameter"),
        "an empty array is no R4",
    ),
    (
        asked({"name": "subject", "valueString": "a"}, {"name": "other", "valueString": "a"}),
        422,
        Issue(
            "error",
            "not-supported",
            "met a parameter that the operation does not have; allowed are subject, context, response, anything",
            "Parameters.parameter[1].name",
        ),
        "a parameter that is not there",
    ),
    (
        asked({"name": "subject", "valueUri": "a"}),
        422,
        Issue(
            "error",
            "value",
            "the parameter 'subject' has another type; allowed is valueString",
            "Parameters.parameter[0].value",
        ),
        "another type",
    ),
    (
        asked({"name": "response", "valueString": "a"}),
        422,
        Issue(
            "error",
            "value",
            "the parameter 'response' has another type; allowed is resource",
            "Parameters.parameter[0].resource",
        ),
        "a value where a resource is wanted",
    ),
    (
        asked({"name": "context", "part": [{"name": "a"}]}, *[{"name": "subject", "valueString": "a"}] * 2),
        422,
        Issue("error", "duplicate", "the parameter 'subject' stands twice; allowed once", "Parameters.parameter[2]"),
        "twice, where once is allowed",
    ),
    (
        asked({"name": "response", "resource": PATIENT}),
        422,
        Issue(
            "error",
            "value",
            "met a resource of another type; allowed is QuestionnaireResponse",
            "Parameters.parameter[0].resource",
        ),
        "another resource",
    ),
    (
        asked({"name": "response", "resource": DONE}),
        400,
        Issue("error", "code-invalid", STATUSES, "Parameters.parameter[0].resource.status"),
        "a resource that is no R4",
    ),
    (
        asked({"name": "response", "resource": "a"}),
        400,
        Issue("error", "structure", "met a string; allowed is a resource", "Parameters.parameter[0].resource"),
        "a resource that is a string",
    ),
    (
        PATIENT,
        422,
        Issue(
            "error",
            "not-supported",
            "met a resource of another type; allowed are Parameters, or a QuestionnaireResponse alone",
        ),
        "another resource alone",
    ),
    (
        DONE,
        400,
        Issue("error", "code-invalid", STATUSES, "QuestionnaireResponse.status"),
        "a resource alone that is no R4",
    ),
]


@pytest.mark.parametrize(("content", "status", "issue", "comment"), REFUSED, ids=[row[-1] for row in REFUSED])
def test_what_is_not_asked_rightly_is_refused(content: object, status: int, issue: Issue, comment: str) -> None:
    with pytest.raises(Refused) as refused:
        read_parameters(content, WANTED, "response")
    assert (refused.value.status, refused.value.issues) == (status, (issue,)), comment


def test_where_no_resource_may_stand_alone_only_parameters_are_read() -> None:
    with pytest.raises(Refused) as refused:
        read_parameters(RESPONSE, WANTED)
    text = "met a resource of another type; allowed are Parameters"
    assert refused.value.issues == (Issue("error", "not-supported", text),)


def test_where_any_resource_may_stand_alone_its_type_is_not_asked() -> None:
    assert read_parameters(PATIENT, {"resource": Wanted("resource")}, "resource") == {"resource": (PATIENT,)}


def test_no_parameters_are_nothing_given() -> None:
    assert read_parameters({"resourceType": "Parameters", "id": "a"}, WANTED) == {}


def test_a_resource_that_is_judged_elsewhere_is_handed_on_as_it_is() -> None:
    assert one(read_parameters(asked({"name": "anything", "resource": DONE}), WANTED), "anything") == DONE


def test_of_a_bundle_the_resources_are_judged_by_whoever_reads_them() -> None:
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": DONE}]}
    given = read_parameters(asked({"name": "bundle", "resource": bundle}), {"bundle": Wanted("resource")})
    assert one(given, "bundle") == bundle
    with pytest.raises(Refused) as refused:
        read_parameters(
            asked({"name": "bundle", "resource": {**bundle, "type": "box"}}), {"bundle": Wanted("resource")}
        )
    assert [issue.expression for issue in refused.value.issues] == ["Parameters.parameter[0].resource.type"]


def test_the_place_of_a_parameter_is_that_of_the_first_of_its_name() -> None:
    content = asked({"name": "a"}, {"name": "b"}, {"name": "b"})
    assert place_of(content, "b") == "Parameters.parameter[1]"


ASKABLE = {**WANTED, "term": Wanted("valueCode", repeats=True)}


def test_a_query_is_read_without_what_says_how_to_answer() -> None:
    query = {"_format": ["json"], "subject": ["Patient/1"], "term": ["a", "b"], "_pretty": ["true", "false"]}
    assert read_query(query, ASKABLE) == {"subject": ("Patient/1",), "term": ("a", "b")}


UNREAD = "met a parameter that is not read; allowed are subject, term"


@pytest.mark.parametrize(
    ("query", "code", "text"),
    [
        ({"subject": ["a", "b"]}, "duplicate", "the parameter 'subject' came more than once; allowed once"),
        ({"context": ["a"]}, "not-supported", UNREAD),
        ({"other": ["a"]}, "not-supported", UNREAD),
    ],
)
def test_a_query_holds_primitive_parameters_alone(query: dict[str, list[str]], code: str, text: str) -> None:
    with pytest.raises(Refused) as refused:
        read_query(query, ASKABLE)
    assert (refused.value.status, refused.value.issues) == (400, (Issue("error", code, text),))
