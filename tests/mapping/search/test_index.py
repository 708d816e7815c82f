"""Every value that a search can find stands in the index of a resource, and no other."""

from typing import Any

import pytest

from service.mapping.search.index import values_of
from service.mapping.search.values import EARLIEST, LATEST, IndexValue
from service.mapping.writing.json_bytes import Written, dump

from .resources import ASSESSMENT, LEVELS, PLAN, RESPONSE

CAPITAL = {**RESPONSE, "id": "R1"}
BOOLEAN = {**RESPONSE, "status": False}
NO_SYSTEM = {**RESPONSE, "identifier": {"value": "A-1"}}
BARS = {**RESPONSE, "questionnaire": "urn:a|1|2"}
OF_GROUP = {**PLAN, "subject": {"type": "Group", "identifier": {"value": "G7"}}}
VALUE_SET = {"resourceType": "ValueSet", "id": "v1", "url": "urn:a|1"}
MARCH = {**PLAN, "period": {"start": "2026-03-01", "end": "2026-03-31"}}
UNTIL = {**PLAN, "period": {"end": "2026-03"}}
EVER = {**PLAN, "period": {"id": "ever"}}

# fmt: off
FOUND: list[tuple[dict[str, Any], str, list[IndexValue], str]] = [
    # resource   parameter               values                                             comment
    (RESPONSE,   "_id",                  [IndexValue("_id", "", "r1")],                      "its own id"),
    (RESPONSE,   "identifier",           [IndexValue("identifier", "urn:his", "A-1")],       "an Identifier"),
    (RESPONSE,   "status",               [IndexValue("status", "", "completed")],            "a code has no system"),
    (RESPONSE,   "subject",              [IndexValue("subject", "", "Patient/7")],           "without its version"),
    (RESPONSE,  "subject:identifier",  [IndexValue("subject:identifier", "urn:mrn", "M7")], "the identifier beside it"),
    (RESPONSE,   "patient",              [IndexValue("patient", "", "Patient/7")],           "a Patient"),
    (RESPONSE,   "encounter",            [IndexValue("encounter", "", "https://ehr.example.org/fhir/Encounter/e1")],
                                                                                            "a URL elsewhere, whole"),
    (RESPONSE,   "questionnaire",        [IndexValue("questionnaire", "", RESPONSE["questionnaire"]),
                                          IndexValue("questionnaire", "", RESPONSE["questionnaire"][:-6])],
     "with its version and without"),
    (RESPONSE,   "authored",             [IndexValue("authored", low="2026-02-28T00:00:00.000000Z",
                                                     high="2026-02-28T23:59:59.999999Z")],   "a day"),
    (RESPONSE,   "_lastUpdated",         [IndexValue("_lastUpdated", low="2026-03-01T08:00:00.250000Z",
                                                     high="2026-03-01T08:00:00.250999Z")],   "a millisecond"),
    (ASSESSMENT, "triage-level",         [IndexValue("triage-level", LEVELS, "emergency")],  "our extension alone"),
    (ASSESSMENT, "risk",                 [IndexValue("risk", "urn:fit", "fits"), IndexValue("risk", "urn:risk", "low")],
                                                                                            "each coding, no text"),
    (ASSESSMENT, "response",             [IndexValue("response", "", "QuestionnaireResponse/r1")], "no Observation"),
    (ASSESSMENT, "patient",              [],                                                 "a Group is no Patient"),
    (ASSESSMENT, "subject",              [IndexValue("subject", "", "Group/g")],             "but a subject"),
    (ASSESSMENT, "encounter",            [],                                                 "there is none"),
    (PLAN,       "response:identifier",  [IndexValue("response:identifier", "urn:his", "A-1")], "by identifier alone"),
    (PLAN,    "patient:identifier",   [IndexValue("patient:identifier", "", "M7")],     "one that says no type counts"),
    (PLAN,       "date",              [IndexValue("date", low="2026-03-01T00:00:00.000000Z", high=LATEST)], "open end"),
    (PLAN,       "activity-reference",   [IndexValue("activity-reference", "", "ServiceRequest/s1")], "through lists"),
    (CAPITAL,    "_id",                  [IndexValue("_id", "", "R1")],                      "as it is written"),
    (BOOLEAN,    "status",               [IndexValue("status", "", "false")],                "a boolean in R4"),
    (NO_SYSTEM,  "identifier",           [IndexValue("identifier", "", "A-1")],              "of no system"),
    (BARS,       "questionnaire",        [IndexValue("questionnaire", "", "urn:a|1|2"),
                                          IndexValue("questionnaire", "", "urn:a")],         "the first bar counts"),
    (OF_GROUP,   "patient:identifier",   [],                                                 "says another type"),
    (OF_GROUP,   "subject:identifier",   [IndexValue("subject:identifier", "", "G7")],       "but a subject"),
    (VALUE_SET,  "url",                  [IndexValue("url", "", "urn:a|1")],                 "a URI has no version"),
    (MARCH,      "date",                 [IndexValue("date", low="2026-03-01T00:00:00.000000Z",
                                                     high="2026-03-31T23:59:59.999999Z")],   "from and to"),
    (UNTIL,      "date",                 [IndexValue("date", low=EARLIEST, high="2026-03-31T23:59:59.999999Z")],
                                                                                            "open beginning"),
    (EVER,       "date",                 [],                                                 "neither says nothing"),
]
# fmt: on


@pytest.mark.parametrize(("resource", "parameter", "expected", "comment"), FOUND)
def test_a_parameter_finds_its_values(
    resource: dict[str, Any], parameter: str, expected: list[IndexValue], comment: str
) -> None:
    assert [value for value in values_of(resource) if value.parameter == parameter] == expected, comment


def test_a_value_that_stands_twice_is_found_once() -> None:
    twice = {**ASSESSMENT, "basis": [ASSESSMENT["basis"][0]] * 2}
    assert [value.parameter for value in values_of(twice)].count("response") == 1


@pytest.mark.parametrize(
    ("reference", "comment"),
    [({"reference": "#p"}, "contained"), ({"display": "a name"}, "a display alone"), ({}, "nothing")],
)
def test_a_reference_that_leads_nowhere_has_no_value(reference: dict[str, Any], comment: str) -> None:
    values = values_of({"resourceType": "CarePlan", "id": "x", "subject": reference})
    assert [value.parameter for value in values] == ["_id"], comment


def test_a_type_that_is_not_served_has_no_values() -> None:
    assert values_of({"resourceType": "Patient", "id": "1"}) == ()


def _written(resource: dict[str, Any], *names: str) -> dict[str, Any]:
    return {key: Written(dump(value)) if key in names else value for key, value in resource.items()}


LEVEL, OTHER = ASSESSMENT["extension"][1], ASSESSMENT["extension"][0]
SECOND = {**LEVEL, "valueCodeableConcept": {"coding": [{"system": LEVELS, "code": "self-care"}]}}
NESTED = {"url": "urn:outer", "extension": [SECOND]}
TURNED = dict(reversed(SECOND.items()))
EXTENSIONS = [
    # extensions         levels that are found         comment
    ([LEVEL, OTHER], ["emergency"], "the level first, as results are written: nothing after it is read"),
    ([OTHER, LEVEL], ["emergency"], "the level after another"),
    ([LEVEL, OTHER, SECOND], ["emergency", "self-care"], "a second one of the same address"),
    ([LEVEL, TURNED], ["emergency", "self-care"], "a second one whose address stands last"),
    ([LEVEL, NESTED], ["emergency"], "one inside of another extension is none of the resource"),
    ([NESTED], [], "that one alone"),
    ([{**OTHER, "valueString": '[{"url":"' + LEVEL["url"]}], [], "an address that is quoted in a text"),
    ([], [], "none"),
]


@pytest.mark.parametrize(("extensions", "levels", "comment"), EXTENSIONS)
def test_extensions_are_found_in_json_that_is_written_as_in_plain_data(
    extensions: list[dict[str, Any]], levels: list[str], comment: str
) -> None:
    plain = {**ASSESSMENT, "extension": extensions}
    for resource in (plain, _written(plain, "extension")):
        found = [one.value for one in values_of(resource) if one.parameter == "triage-level"]
        assert found == levels, comment


@pytest.mark.parametrize("resource", [RESPONSE, ASSESSMENT, PLAN], ids=lambda one: str(one["resourceType"]))
def test_a_resource_is_found_alike_whichever_part_of_it_is_written(resource: dict[str, Any]) -> None:
    for name in resource.keys() - {"resourceType", "id", "meta", "status"}:
        part = resource[name]
        if isinstance(part, (dict, list)):
            assert values_of(_written(resource, name)) == values_of(resource), name
        if isinstance(part, list):
            each = {**resource, name: [Written(dump(one)) for one in part]}
            assert values_of(each) == values_of(resource), name
