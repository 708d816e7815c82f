"""What the table of R4 tells the gate: the place that a key names, and whether a concept has a code it must have."""

from typing import Any

import pytest

from service.mapping.gate.definitions import ValueSet, r4

PATHS = [
    # key, FHIRPath name, comment
    ("birthDate", "birthDate", "an element of one type"),
    ("valueString", "value", "a choice"),
    ("valueQuantity", "value", "a choice, but not in Device.property"),
    ("effectivePeriod", "effective", "a choice, but not in ActivityDefinition"),
    ("doseQuantity", "dose", "a choice in Dosage, but not in Immunization"),
]


@pytest.mark.parametrize(("key", "path", "comment"), PATHS, ids=[row[-1] for row in PATHS])
def test_a_key_names_its_place_and_where_types_differ_the_choice_wins(key: str, path: str, comment: str) -> None:
    assert r4().path_names[key] == path, comment


STATUS = ValueSet(("active", "resolved"), frozenset({("urn:status", "active"), ("urn:status", "resolved")}))
ACTIVE = {"system": "urn:status", "code": "active"}
WHY = [{"url": "urn:why", "valueCode": "unknown"}]

CONCEPTS: list[tuple[dict[str, Any], bool, str]] = [
    # concept, has it a code of the set, comment
    ({"coding": [ACTIVE]}, True, "a code of the set"),
    ({"coding": [{"system": "urn:other", "code": "a"}, ACTIVE], "text": "a"}, True, "beside another"),
    ({"coding": [{**ACTIVE, "system": "urn:other"}]}, False, "the code of another system"),
    ({"coding": [{"code": "active"}]}, False, "without its system"),
    ({"coding": [{"system": "urn:status"}]}, False, "without its code"),
    ({"text": "active"}, False, "words"),
    ({"coding": "active"}, False, "no array, which was reported already"),
    ({"coding": ["active"]}, False, "no object, which was reported already"),
    ({"extension": WHY}, True, "extensions alone hold nothing that could be wrong"),
    ({"id": "a", "extension": WHY}, True, "nor do extensions and an id"),
    ({"extension": WHY, "text": "active"}, False, "words with an extension"),
]


@pytest.mark.parametrize(("concept", "expected", "comment"), CONCEPTS, ids=[row[-1] for row in CONCEPTS])
def test_whether_a_concept_has_a_code_that_r4_requires(concept: dict[str, Any], expected: bool, comment: str) -> None:
    assert STATUS.has_code_of(concept) is expected, comment
