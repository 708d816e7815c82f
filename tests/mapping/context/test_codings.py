"""Which codes of a concept are read, and which of several codings of a status decides."""

import pytest

from service.knowledge.context import Standing
from service.mapping.context.codings import codes_of, standing

from .bodies import BOOK, HL7, LOINC, SCT, Json, concept, condition, entry, status

CODES: list[tuple[object, list[tuple[str, str]], str]] = [
    # concept, the codes that are read, comment
    (concept("1"), [("sct", "1")], "one coding"),
    ({"coding": [*concept("2", LOINC)["coding"], *concept("1")["coding"]]}, [("loinc", "2"), ("sct", "1")], "in order"),
    ({"text": "cancer"}, [], "words alone"),
    ({"coding": [{"system": SCT, "display": "cancer"}, {"system": SCT, "code": "1"}]}, [("sct", "1")], "no code"),
    ({"coding": [{"code": "1"}, {"system": "https://local.example", "code": "2"}]}, [], "no system, or a local one"),
    (None, [], "no concept at all"),
]


@pytest.mark.parametrize(("written", "expected", "comment"), CODES, ids=[row[-1] for row in CODES])
def test_the_codes_of_a_concept(written: object, expected: list[tuple[str, str]], comment: str) -> None:
    assert list(codes_of(written)) == expected, comment


def clinical(*codings: Json) -> Json:
    return {"clinicalStatus": {"coding": [coding for one in codings for coding in one["coding"]]}}


RESOLVED, ACTIVE = status("condition-clinical", "resolved"), status("condition-clinical", "active")
UNKNOWN_TO_US = concept("archived", f"{HL7}/other")

STANDINGS: list[tuple[Json, Standing, str]] = [
    # what a Condition says of its clinicalStatus, how it stands, comment
    ({}, "counts", "no status keeps nothing from counting"),
    ({"clinicalStatus": {"extension": [{"url": "urn:a", "valueCode": "unknown"}]}}, "counts", "nor does one in words"),
    (clinical(ACTIVE), "counts", "active"),
    (clinical(RESOLVED), "past", "resolved"),
    (clinical(RESOLVED, ACTIVE), "counts", "of two the one that counts"),
    (clinical(UNKNOWN_TO_US, RESOLVED), "past", "a history before a code that we do not know"),
]


@pytest.mark.parametrize(("more", "expected", "comment"), STANDINGS, ids=[row[-1] for row in STANDINGS])
def test_the_status_that_speaks_most_for_danger_decides(more: Json, expected: Standing, comment: str) -> None:
    assert standing(BOOK.context, entry(condition("1", **more)), "clinicalStatus") == expected, comment
