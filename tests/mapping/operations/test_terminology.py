"""``$expand`` and ``$validate-code`` of our own value sets."""

from typing import Any

import pytest

from service.errors import Issue, Refused
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


# A package of three value sets, small enough to be written out

COLOURS = "https://example.org/CodeSystem/colours"
OURS, NAMED, FOREIGN = (f"https://example.org/ValueSet/{name}" for name in ("colours", "warm", "foreign"))
RED = {"system": COLOURS, "code": "red", "display": "Bright red"}
BLUE = {"system": COLOURS, "code": "blue", "display": "Sky blue"}
GREY = {"system": COLOURS, "code": "grey"}
SIX = {"system": "https://elsewhere.example/numbers", "code": "6", "display": "Six"}
SEVEN = {"system": "https://elsewhere.example/numbers", "code": "7"}


def value_set(url: str, *included: dict[str, Any]) -> dict[str, Any]:
    return {
        "resourceType": "ValueSet",
        "id": url.rpartition("/")[2],
        "url": url,
        "version": "1.2.0",
        "date": "2026-11-21",
        "text": {"status": "generated", "div": "<div/>"},
        "compose": {"include": list(included)},
    }


def small() -> Terminology:
    """Prepare the package anew, so that no test finds what another left."""
    return terminology(
        [
            {
                "resourceType": "CodeSystem",
                "url": COLOURS,
                "concept": [
                    {"code": "red", "display": "Bright red"},
                    {"code": "blue", "display": "Sky blue"},
                    {"code": "grey"},
                ],
            },
            {"resourceType": "Patient", "url": "urn:neither"},
            value_set(OURS, {"system": COLOURS}),
            value_set(NAMED, {"system": COLOURS, "concept": [{"code": "red"}, {"code": "blue", "display": "Blue"}]}),
            value_set(
                FOREIGN,
                {"system": SIX["system"], "concept": [{"code": "6", "display": "Six"}, {"code": "7"}]},
                {"system": COLOURS, "concept": [{"code": "red"}]},
            ),
        ]
    )


def asked(**given: Any) -> dict[str, tuple[Any, ...]]:
    return {name: value if isinstance(value, tuple) else (value,) for name, value in given.items()}


MEMBERS = [
    # value set, what it expands to, comment
    (OURS, [RED, BLUE, GREY], "a whole code system; a code may have no display"),
    (NAMED, [RED, {**BLUE, "display": "Blue"}], "codes by name; a display of the value set goes before the system's"),
    (FOREIGN, [SIX, SEVEN, RED], "codes of two systems, one of them not ours"),
]


@pytest.mark.parametrize(("url", "members", "comment"), MEMBERS)
def test_a_value_set_expands_to_its_own_codes(url: str, members: list[dict[str, str]], comment: str) -> None:
    assert small().expand(asked(url=url)) == {
        "resourceType": "ValueSet",
        "id": url.rpartition("/")[2],
        "url": url,
        "version": "1.2.0",
        "date": "2026-11-21",
        "expansion": {
            "identifier": f"{url}|1.2.0",
            "timestamp": "2026-11-21T00:00:00Z",
            "total": len(members),
            "contains": members,
        },
    }, comment


PAGES: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    # parameters, what the expansion holds beside identifier and timestamp, comment
    ({"filter": "BLU"}, {"total": 1, "contains": [BLUE]}, "by code or display, whatever the case"),
    ({"filter": "bright"}, {"total": 1, "contains": [RED]}, "by display alone"),
    ({"filter": "ey"}, {"total": 1, "contains": [GREY]}, "by code alone"),
    ({"filter": "xx"}, {"total": 0}, "nothing"),
    ({"count": 1}, {"total": 3, "contains": [RED]}, "a page; the total is of all"),
    ({"offset": 1}, {"total": 3, "offset": 1, "contains": [BLUE, GREY]}, "from the second on"),
    ({"offset": 0, "count": 1}, {"total": 3, "offset": 0, "contains": [RED]}, "an offset of 0 is said"),
    ({"offset": 1, "count": 1}, {"total": 3, "offset": 1, "contains": [BLUE]}, "the second page of one"),
    ({"offset": 3}, {"total": 3, "offset": 3}, "behind the last"),
    ({"count": 0}, {"total": 3}, "the total alone"),
]


@pytest.mark.parametrize(("given", "expected", "comment"), PAGES, ids=[row[-1] for row in PAGES])
def test_a_page_of_an_expansion(given: dict[str, Any], expected: dict[str, Any], comment: str) -> None:
    expanded = small().expand(asked(url=OURS, **given))["expansion"]
    assert expanded == {"identifier": f"{OURS}|1.2.0", "timestamp": "2026-11-21T00:00:00Z"} | expected, comment


UNKNOWN = (404, "not-found", "there is no such value set, or not in this version; only our own are known")
UNNAMED = (400, "required", "the value set is not named; allowed is the parameter url")
NOT_WHOLE = "the parameter '{}' is not a whole number from 0 up"
NO_CODE = "no code was named; allowed are code with system, coding, or codeableConcept"

NAMES: list[tuple[dict[str, Any], str, tuple[int, str, str] | None, str]] = [
    # parameters, id of the address, why it is refused, comment
    ({"url": OURS}, "", None, "its url"),
    ({"url": f"{OURS}|1.2.0"}, "", None, "with its version"),
    ({"url": OURS, "valueSetVersion": "1.2.0"}, "", None, "with its version apart"),
    ({"url": f"{OURS}|9", "valueSetVersion": "1.2.0"}, "", None, "the version that stands apart counts"),
    ({}, "colours", None, "its id in the address"),
    ({"url": "urn:other"}, "colours", None, "the id in the address counts before a url"),
    ({"url": f"{OURS}|9"}, "", UNKNOWN, "another version"),
    ({"url": OURS, "valueSetVersion": "9"}, "", UNKNOWN, "another version apart"),
    ({"valueSetVersion": "9"}, "colours", UNKNOWN, "another version of an id"),
    ({"url": "urn:other"}, "", UNKNOWN, "another url"),
    ({}, "other", UNKNOWN, "another id"),
    ({}, "", UNNAMED, "nothing"),
]


@pytest.mark.parametrize(("given", "identity", "refusal", "comment"), NAMES, ids=[row[-1] for row in NAMES])
def test_a_value_set_is_named_by_url_or_id(
    given: dict[str, Any], identity: str, refusal: tuple[int, str, str] | None, comment: str
) -> None:
    for operation in (small().expand, small().validate_code):
        parameters = asked(**given, coding=RED)
        if refusal is None:
            assert operation(parameters, identity), comment
            continue
        with pytest.raises(Refused) as refused:
            operation(parameters, identity)
        status, code, text = refusal
        assert (refused.value.status, refused.value.issues) == (status, (Issue("error", code, text),))


@pytest.mark.parametrize("name", ["offset", "count"])
@pytest.mark.parametrize("number", ["-1", -1, "many", "1.5", ""])
def test_a_page_is_asked_for_in_whole_numbers(name: str, number: object) -> None:
    with pytest.raises(Refused) as refused:
        small().expand(asked(url=OURS, **{name: number}))
    assert (refused.value.status, refused.value.issues) == (
        400,
        (Issue("error", "value", NOT_WHOLE.format(name)),),
    )


OUTSIDE = "the code is not in the value set; its system counts too"
MISNAMED = "the display is not that of the code"

VALIDATED: list[tuple[dict[str, Any], tuple[bool, str, str], str]] = [
    # what is asked about; result, message, display; comment
    ({"code": "red", "system": COLOURS}, (True, "", "Bright red"), "code and system"),
    ({"code": "red", "system": COLOURS, "display": "Bright red"}, (True, "", "Bright red"), "with its display"),
    ({"code": "red", "system": COLOURS, "display": "Red"}, (False, MISNAMED, "Bright red"), "with another display"),
    ({"code": "red"}, (False, OUTSIDE, ""), "without a system"),
    ({"code": "red", "system": "urn:other"}, (False, OUTSIDE, ""), "of another system"),
    ({"code": "pink", "system": COLOURS}, (False, OUTSIDE, ""), "a code that is not there"),
    ({"code": "grey", "system": COLOURS}, (True, "", ""), "a code without a display"),
    ({"code": "grey", "system": COLOURS, "display": "Gray"}, (True, "", ""), "whose display nobody can judge"),
    ({"coding": {"system": COLOURS, "code": "blue"}}, (True, "", "Sky blue"), "a coding"),
    ({"coding": {"system": COLOURS, "code": "blue", "display": "B"}}, (False, MISNAMED, "Sky blue"), "misnamed"),
    ({"coding": {"display": "Bright red"}}, (False, OUTSIDE, ""), "a coding of a display alone"),
    (
        {"codeableConcept": {"coding": [{"system": "urn:other", "code": "r"}, RED]}},
        (True, "", "Bright red"),
        "a concept with another coding first",
    ),
    (
        {"codeableConcept": {"coding": [{**RED, "display": "Red"}, {**BLUE, "display": "Blue"}]}},
        (False, MISNAMED, "Bright red"),
        "of several the first that is known",
    ),
]


@pytest.mark.parametrize(("given", "said", "comment"), VALIDATED, ids=[row[-1] for row in VALIDATED])
def test_what_is_said_of_a_code(given: dict[str, Any], said: tuple[bool, str, str], comment: str) -> None:
    result, message, display = said
    assert small().validate_code(asked(url=OURS, **given)) == {
        "resourceType": "Parameters",
        "parameter": [
            {"name": "result", "valueBoolean": result},
            *([{"name": "message", "valueString": message}] if message else []),
            *([{"name": "display", "valueString": display}] if display else []),
        ],
    }, comment


@pytest.mark.parametrize("given", [{}, {"codeableConcept": {"text": "red"}}, {"system": COLOURS, "display": "Red"}])
def test_a_code_must_be_named(given: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        small().validate_code(asked(url=OURS, **given))
    assert (refused.value.status, refused.value.issues) == (400, (Issue("error", "required", NO_CODE),))
