"""What an operation is asked with is read strictly: an unknown parameter could be one that somebody relies on."""

from typing import Any

import pytest

from service.errors import Refused
from service.mapping.operations.parameters import Wanted, one, read_parameters, read_query

WANTED = {
    "subject": Wanted("valueString"),
    "context": Wanted("part", repeats=True),
    "response": Wanted("resource", resource_type="QuestionnaireResponse"),
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


@pytest.mark.parametrize(
    ("content", "status", "comment"),
    [
        (None, 400, "nothing"),
        ({"resourceType": "Nobody"}, 400, "no resource of R4"),
        ({"resourceType": "Parameters", "parameter": []}, 400, "an empty array is no R4"),
        (asked({"name": "other", "valueString": "a"}), 422, "a parameter that is not there"),
        (asked({"name": "subject", "valueUri": "a"}), 422, "another type"),
        (asked(*[{"name": "subject", "valueString": "a"}] * 2), 422, "twice, where once is allowed"),
        (asked({"name": "response", "resource": {"resourceType": "Patient", "active": True}}), 422, "another resource"),
        (asked({"name": "response", "resource": {**RESPONSE, "status": "done"}}), 400, "a resource that is no R4"),
        ({"resourceType": "Patient", "active": True}, 422, "another resource alone"),
        ({**RESPONSE, "status": "done"}, 400, "a resource alone that is no R4"),
    ],
)
def test_what_is_not_asked_rightly_is_refused(content: object, status: int, comment: str) -> None:
    with pytest.raises(Refused) as refused:
        read_parameters(content, WANTED, "response")
    assert refused.value.status == status, comment


def test_where_no_resource_may_stand_alone_only_parameters_are_read() -> None:
    with pytest.raises(Refused):
        read_parameters(RESPONSE, WANTED)


@pytest.mark.parametrize(
    ("query", "allowed"),
    [
        ({"subject": ["Patient/1"], "_format": ["json"]}, True),
        ({"subject": ["a", "b"]}, False),
        ({"context": ["a"]}, False),
        ({"other": ["a"]}, False),
    ],
)
def test_a_query_holds_primitive_parameters_alone(query: dict[str, list[str]], allowed: bool) -> None:
    if allowed:
        assert read_query(query, WANTED) == {"subject": ("Patient/1",)}
    else:
        with pytest.raises(Refused):
            read_query(query, WANTED)
