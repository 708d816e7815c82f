"""``$expand`` and ``$validate-code`` of our own value sets."""

from typing import Any

import pytest

from service.errors import Refused
from service.mapping.canonical import BASE
from service.mapping.operations.terminology import Terminology, terminology
from service.usecases.served import served_resources
from tests.mapping.responses import BOOK

LEVELS = f"{BASE}/ValueSet/triage-level"
LEVEL_CODES = f"{BASE}/CodeSystem/triage-level"


@pytest.fixture(scope="module")
def known() -> Terminology:
    return terminology(served_resources(BOOK))


def expansion(known: Terminology, **given: Any) -> dict[str, Any]:
    expanded: dict[str, Any] = known.expand({name: (value,) for name, value in given.items()})["expansion"]
    return expanded


def test_a_value_set_of_a_whole_code_system_has_all_its_codes_in_order(known: Terminology) -> None:
    expanded = expansion(known, url=LEVELS)
    assert [one["code"] for one in expanded["contains"]] == [*BOOK.levels]
    assert expanded["total"] == len(BOOK.levels)
    assert {one["system"] for one in expanded["contains"]} == {LEVEL_CODES}


def test_every_value_set_of_the_package_expands_to_something(known: Terminology) -> None:
    assert len(known.value_sets) > 30
    for url in known.value_sets:
        assert expansion(known, url=url)["contains"], url


@pytest.mark.parametrize(
    ("given", "codes", "comment"),
    [
        ({"filter": "EMERGENCY NUM"}, ["ambulance"], "the filter looks at code and display, whatever the case"),
        ({"count": 2}, ["ambulance", "emergency"], "the first two"),
        ({"count": 2, "offset": 4}, ["self-care"], "the last page is shorter"),
        ({"count": "0"}, [], "count 0 asks for the total alone; a query sends text"),
        ({"filter": "nothing like it"}, [], "an empty expansion has no contains"),
    ],
)
def test_an_expansion_is_filtered_and_paged(
    known: Terminology, given: dict[str, Any], codes: list[str], comment: str
) -> None:
    assert [one["code"] for one in expansion(known, url=LEVELS, **given).get("contains", [])] == codes, comment


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({}, 400),
        ({"url": "http://hl7.org/fhir/ValueSet/languages"}, 404),
        ({"url": LEVELS, "valueSetVersion": "99"}, 404),
        ({"url": f"{LEVELS}|99"}, 404),
        ({"url": LEVELS, "count": "-1"}, 400),
        ({"url": LEVELS, "offset": "many"}, 400),
    ],
)
def test_what_cannot_be_expanded_is_refused(known: Terminology, given: dict[str, Any], status: int) -> None:
    with pytest.raises(Refused) as refused:
        expansion(known, **given)
    assert refused.value.status == status


@pytest.mark.parametrize(
    ("given", "result", "comment"),
    [
        ({"code": "emergency", "system": LEVEL_CODES}, True, "code and system"),
        ({"code": "emergency"}, False, "without a system it is another code"),
        ({"code": "urgent", "system": LEVEL_CODES}, False, "no such code"),
        ({"coding": {"system": LEVEL_CODES, "code": "ambulance"}}, True, "a coding"),
        ({"codeableConcept": {"coding": [{"code": "x"}, {"system": LEVEL_CODES, "code": "ambulance"}]}}, True, "any"),
        ({"code": "emergency", "system": LEVEL_CODES, "display": "Nothing to worry about"}, False, "a wrong display"),
    ],
)
def test_a_code_is_in_a_value_set_or_not(known: Terminology, given: dict[str, Any], result: bool, comment: str) -> None:
    said = known.validate_code({name: (value,) for name, value in {"url": LEVELS, **given}.items()})
    values = {one["name"]: one.get("valueBoolean", one.get("valueString")) for one in said["parameter"]}
    assert values["result"] is result, comment
    assert ("message" in values) is not result


def test_a_value_set_is_named_by_its_id_as_well_and_a_code_must_be_named(known: Terminology) -> None:
    assert known.expand({}, "triage-level")["url"] == LEVELS
    with pytest.raises(Refused) as refused:
        known.validate_code({}, "triage-level")
    assert refused.value.status == 400
