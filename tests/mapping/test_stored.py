"""What a resource gains when it is stored, whole; and whether two References name one subject."""

import uuid
from datetime import UTC, datetime
from typing import Any

import pytest

from service.mapping.canonical import BASE
from service.mapping.stored import (
    instant,
    is_same_subject,
    names_somebody,
    replacing,
    stamped,
    status_of_next,
    stored_id,
    with_status,
)

Json = dict[str, Any]

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, BASE)
MOMENT = datetime(2026, 11, 21, 9, 5, 7, 89_999, tzinfo=UTC)
ID = "6ba7b810-9dad-41d1-80b4-00c04fd430c8"


@pytest.mark.parametrize(
    ("given", "parts"),
    [
        # arguments, the parts of the UUIDv5: a later version of the response is one more
        (("ward", "identity", "CarePlan"), '["ward", "identity", "CarePlan"]'),
        (("ward", "identity", "CarePlan", 1), '["ward", "identity", "CarePlan"]'),
        (("ward", "identity", "CarePlan", 2), '["ward", "identity", "CarePlan", "2"]'),
    ],
)
def test_the_id_follows_from_tenant_identity_type_and_version(given: tuple[Any, ...], parts: str) -> None:
    assert stored_id(*given) == str(uuid.uuid5(NAMESPACE, parts))


@pytest.mark.parametrize(
    ("meta", "kept"),
    [
        # meta as received, what stays of it
        ({}, {}),
        ({"meta": {"profile": ["urn:p"], "versionId": "9", "lastUpdated": "2020-01-01T00:00:00Z"}}, "profile"),
    ],
)
def test_a_stored_resource_has_our_id_version_and_time_in_front(meta: Json, kept: str | Json) -> None:
    content = {"status": "draft", "id": "theirs", **meta, "resourceType": "CarePlan", "title": "a"}
    read = stamped(content, ID, 3, MOMENT)
    assert read == {
        "resourceType": "CarePlan",
        "id": ID,
        "meta": {
            **({"profile": ["urn:p"]} if kept else {}),
            "versionId": "3",
            "lastUpdated": "2026-11-21T09:05:07.089Z",
        },
        "status": "draft",
        "title": "a",
    }
    assert list(read) == ["resourceType", "id", "meta", "status", "title"]


@pytest.mark.parametrize(
    ("microseconds", "written"), [(0, "000Z"), (999, "000Z"), (1_000, "001Z"), (89_000, "089Z"), (999_999, "999Z")]
)
def test_an_instant_has_three_digits_of_a_second_and_is_never_later_than_it_was(
    microseconds: int, written: str
) -> None:
    assert instant(MOMENT.replace(microsecond=microseconds)) == f"2026-11-21T09:05:07.{written}"


def test_another_status_changes_nothing_else() -> None:
    assert with_status({"status": "draft", "title": "a"}, "revoked") == {"status": "revoked", "title": "a"}


def test_a_proposal_names_what_it_replaces() -> None:
    assert replacing({"title": "a"}, ()) == {"title": "a"}
    assert replacing({"title": "a"}, ("CarePlan/1", "CarePlan/2")) == {
        "title": "a",
        "replaces": [{"reference": "CarePlan/1"}, {"reference": "CarePlan/2"}],
    }


@pytest.mark.parametrize(
    ("triaged", "response_status", "expected"),
    [
        ("final", "completed", "amended"),
        ("preliminary", "amended", "amended"),
        ("preliminary", "in-progress", "preliminary"),
        ("preliminary", "stopped", "preliminary"),
    ],
)
def test_a_later_result_is_amended_unless_its_form_is_unfinished(
    triaged: str, response_status: str, expected: str
) -> None:
    assert status_of_next(triaged, response_status) == expected


ONE = {"reference": "Patient/1"}
NUMBER = {"identifier": {"system": "urn:mrn", "value": "17"}}

SUBJECTS: list[tuple[str, Json, Json, bool]] = [
    # comment, two References, do they name one subject
    ("one address", ONE, {"reference": "Patient/1", "display": "A"}, True),
    ("another address", ONE, {"reference": "Patient/2"}, False),
    ("another version of one", {"reference": "Patient/1/_history/2"}, {"reference": "Patient/1/_history/3"}, True),
    ("one address, whatever the identifiers", {**ONE, **NUMBER}, {**ONE, "identifier": {"value": "18"}}, True),
    ("two addresses, whatever the identifiers", {**ONE, **NUMBER}, {"reference": "Patient/2", **NUMBER}, False),
    ("one identifier", NUMBER, {**NUMBER, "display": "A"}, True),
    ("one identifier, where only one has an address", {**ONE, **NUMBER}, NUMBER, True),
    ("one identifier, the other way", NUMBER, {**ONE, **NUMBER}, True),
    ("another value", NUMBER, {"identifier": {"system": "urn:mrn", "value": "18"}}, False),
    ("another system", NUMBER, {"identifier": {"system": "urn:other", "value": "17"}}, False),
    ("a value without its system", {"identifier": {"value": "17"}}, {"identifier": {"value": "17"}}, True),
    ("a system and no values", {"identifier": {"system": "urn:mrn"}}, {"identifier": {"system": "urn:mrn"}}, False),
    ("an address and no identifier", ONE, NUMBER, False),
    ("an identifier and no address", NUMBER, ONE, False),
    ("words, which name nobody", {"display": "A"}, {"display": "A"}, False),
]


@pytest.mark.parametrize(("one", "other", "expected"), [pytest.param(*row[1:], id=row[0]) for row in SUBJECTS])
def test_whether_two_references_name_one_subject(one: Json, other: Json, expected: bool) -> None:
    assert is_same_subject(one, other) is expected


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        (None, False),
        ({}, False),
        ({"display": "A"}, False),
        ({"identifier": {"system": "urn:mrn"}}, False),
        ({"identifier": {"value": "17"}}, True),
        (NUMBER, True),
        (ONE, True),
        ({**ONE, "identifier": {"system": "urn:mrn"}}, True),
    ],
)
def test_who_is_named_has_an_address_or_the_value_of_an_identifier(subject: Json | None, expected: bool) -> None:
    assert names_somebody(subject) is expected
