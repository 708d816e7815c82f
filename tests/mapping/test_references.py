"""Where R4's transactions rename the addresses of a Bundle: references and values that are addresses, nothing else."""

from typing import Any

import pytest

from service.mapping.references import condition_of, is_of_this_bundle, references_in, renamed

Json = dict[str, Any]

NAMES = {"urn:uuid:1": "Patient/a", "urn:uuid:2": "Observation/b"}

RENAMED: list[tuple[str, Any, Any]] = [
    # comment, JSON, the same with the addresses of what is stored
    ("a reference", {"subject": {"reference": "urn:uuid:1"}}, {"subject": {"reference": "Patient/a"}}),
    ("a reference to what is not in the Bundle", {"reference": "urn:uuid:9"}, {"reference": "urn:uuid:9"}),
    ("a uri", {"valueUri": "urn:uuid:1"}, {"valueUri": "Patient/a"}),
    ("a url", {"valueUrl": "urn:uuid:1"}, {"valueUrl": "Patient/a"}),
    ("a uuid", {"valueUuid": "urn:uuid:1"}, {"valueUuid": "Patient/a"}),
    ("an oid", {"valueOid": "urn:uuid:1"}, {"valueOid": "Patient/a"}),
    ("a canonical stays", {"valueCanonical": "urn:uuid:1"}, {"valueCanonical": "urn:uuid:1"}),
    ("a string stays", {"valueString": "urn:uuid:1"}, {"valueString": "urn:uuid:1"}),
    (
        "the value of an identifier stays",
        {"identifier": {"value": "urn:uuid:1"}},
        {"identifier": {"value": "urn:uuid:1"}},
    ),
    (
        "in arrays, in their order",
        {"basedOn": [{"reference": "urn:uuid:2"}, {"reference": "urn:uuid:1"}]},
        {"basedOn": [{"reference": "Observation/b"}, {"reference": "Patient/a"}]},
    ),
    ("in arrays of arrays", [[{"reference": "urn:uuid:1"}], 1], [[{"reference": "Patient/a"}], 1]),
    ("an array of strings stays", {"given": ["urn:uuid:1"]}, {"given": ["urn:uuid:1"]}),
    ("what is no address stays", {"reference": 5, "active": True}, {"reference": 5, "active": True}),
    (
        "links and pictures of a narrative, nothing else of it",
        {"div": '<div><a href="urn:uuid:1">urn:uuid:1</a><img src = \'urn:uuid:2\'/><a href="urn:uuid:9"/></div>'},
        {"div": '<div><a href="Patient/a">urn:uuid:1</a><img src = \'Observation/b\'/><a href="urn:uuid:9"/></div>'},
    ),
]


@pytest.mark.parametrize(("content", "expected"), [pytest.param(*row[1:], id=row[0]) for row in RENAMED])
def test_an_address_of_the_bundle_becomes_that_of_what_is_stored(content: Any, expected: Any) -> None:
    assert renamed(content, NAMES) == expected


def test_every_reference_is_visited_with_its_place() -> None:
    content = {
        "subject": {"reference": "Patient/1", "type": "Patient"},
        "item": [{"answer": [{"valueReference": {"reference": "Observation/2"}}]}, {"linkId": "reference"}],
        "reference": {"reference": "Device/3"},
        "note": "reference",
    }
    assert list(references_in(content, "Bundle.entry[0].resource")) == [
        ("Patient/1", "Bundle.entry[0].resource.subject.reference"),
        ("Observation/2", "Bundle.entry[0].resource.item[0].answer[0].valueReference.reference"),
        ("Device/3", "Bundle.entry[0].resource.reference.reference"),
    ]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("urn:uuid:6ba7b810-9dad-41d1-80b4-00c04fd430c8", True),
        ("urn:oid:1.2.3", True),
        ("Patient/urn:uuid:1", False),
        ("https://ehr.example/Patient/1", False),
        ("urn:example:1", False),
    ],
)
def test_a_uuid_or_an_oid_means_something_only_inside_its_bundle(address: str, expected: bool) -> None:
    assert is_of_this_bundle(address) is expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("Patient?identifier=urn:mrn|17", ("Patient", "identifier=urn:mrn|17")),
        ("Patient?name=a?b&active=true", ("Patient", "name=a?b&active=true")),
        ("Patient?", None),
        ("Patient/1", None),
        ("patient?name=a", None),
        ("https://ehr.example/Patient?name=a", None),
    ],
)
def test_a_conditional_reference_is_a_type_and_a_query(address: str, expected: tuple[str, str] | None) -> None:
    assert condition_of(address) == expected
