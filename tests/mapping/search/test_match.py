"""What it means that a resource meets a search; the store's SQL is held to the same."""

import pytest

from service.mapping.search.index import values_of
from service.mapping.search.match import meets, sort_key
from service.mapping.search.read_query import read_search
from service.mapping.search.values import IndexValue

from .resources import ASSESSMENT, LEVELS, PLAN, RESPONSE

BASE = "http://here/fhir"
MONTH = {**RESPONSE, "authored": "2026-02"}
FIRST = {**RESPONSE, "authored": "2026-02-28T00:00:00.000000Z"}
LAST = {**RESPONSE, "authored": "2026-02-28T23:59:59.999999Z"}
AT_OURS = {**RESPONSE, "subject": {"reference": f"{BASE}/Patient/7"}}

# fmt: off
MEETS = [
    # resource   parameter                value                               met     comment
    (RESPONSE,   "identifier",            "A-1",                              True,   "any system"),
    (RESPONSE,   "identifier",            "urn:his|A-1",                      True,   "its system"),
    (RESPONSE,   "identifier",            "urn:his|",                         True,   "any value of a system"),
    (RESPONSE,   "identifier",            "|A-1",                             False,  "asked for one without a system"),
    (RESPONSE,   "identifier",            "urn:other|A-1",                    False,  "another system"),
    (RESPONSE,   "identifier",            "a-1",                              False,  "case counts"),
    (RESPONSE,   "status",                "|completed",                       True,   "a code has no system"),
    (RESPONSE,   "status",                "amended,completed",                True,   "one of two"),
    (RESPONSE,   "status",                "amended\\,completed",              False,  "one value with a comma in it"),
    (RESPONSE,   "status:not",            "amended",                          True,   "not this one"),
    (RESPONSE,   "status:not",            "amended,completed",                False,  "neither of the two"),
    (PLAN,       "category:not",          "urn:x|y",                         True,   ":not includes those without any"),
    (RESPONSE,   "encounter:missing",     "false",                            True,   "there is one"),
    (RESPONSE,   "encounter:missing",     "true",                             False,  "it is not missing"),
    (ASSESSMENT, "encounter:missing",     "true",                             True,   "it is missing"),
    (RESPONSE,   "patient",               "7",                                True,   "an id alone"),
    (RESPONSE,   "patient",               "Patient/7",                        True,   "type and id"),
    (RESPONSE,   "patient",               "Patient/7/_history/1",             True,   "whatever version"),
    (RESPONSE,   "patient",               f"{BASE}/Patient/7",                True,   "below our own address"),
    (AT_OURS,    "patient",               "7",                                True,   "written with our address"),
    (RESPONSE,   "patient",              "http://there/fhir/Patient/7",      False,  "elsewhere it is another patient"),
    (RESPONSE,   "subject:Patient",       "7",                                True,   "a type as modifier"),
    (RESPONSE,   "subject:Group",         "7",                                False,  "of another type"),
    (RESPONSE,   "subject:identifier",    "urn:mrn|M7",                       True,   "by identifier"),
    (RESPONSE,   "encounter",             "https://ehr.example.org/fhir/Encounter/e1", True, "a whole URL"),
    (RESPONSE,   "encounter",             "e1",                               False,  "an id is one of ours"),
    (RESPONSE,   "questionnaire",         RESPONSE["questionnaire"],          True,   "with its version"),
    (RESPONSE,   "questionnaire",         RESPONSE["questionnaire"][:-6],     True,   "whatever version"),
    (RESPONSE,   "questionnaire",         RESPONSE["questionnaire"][:-1] + "9", False, "another version"),
    (ASSESSMENT, "triage-level",          f"{LEVELS}|emergency",              True,   "our level"),
    (ASSESSMENT, "triage-level",          "never",                            False,  "of another extension"),
    # authored is the day 2026-02-28
    (RESPONSE,   "authored",              "2026-02-28",                       True,   "the same day"),
    (RESPONSE,   "authored",              "2026-02",                          True,   "the month holds the day"),
    (RESPONSE,   "authored",              "2026-02-28T12:00:00Z",             False,  "a second does not hold the day"),
    (RESPONSE,   "authored",              "ne2026-02-28",                     False,  "ne is not eq"),
    (RESPONSE,   "authored",              "gt2026-02-27",                     True,   "gt: the day before"),
    (RESPONSE,   "authored",              "gt2026-02-28",                     False,  "gt: the day itself"),
    (RESPONSE,   "authored",           "gt2026-02-28T12:00:00Z",           True,   "gt: part of the day is after noon"),
    (RESPONSE,   "authored",              "ge2026-02-28",                     True,   "ge: the day itself"),
    (RESPONSE,   "authored",              "ge2026-03-01",                     False,  "ge: the day after"),
    (RESPONSE,   "authored",              "lt2026-03-01",                     True,   "lt: the day after"),
    (RESPONSE,   "authored",              "lt2026-02-28",                     False,  "lt: the day itself"),
    (RESPONSE,   "authored",              "le2026-02-28",                     True,   "le: the day itself"),
    (RESPONSE,   "authored",              "le2026-02-27",                     False,  "le: the day before"),
    (RESPONSE,   "authored",              "sa2026-02-27",                     True,   "sa: the whole day is after"),
    (RESPONSE,   "authored",              "sa2026-02-28T12:00:00Z",           False,  "sa: only part of the day"),
    (RESPONSE,   "authored",              "eb2026-03-01",                     True,   "eb: the whole day is before"),
    (RESPONSE,   "authored",              "eb2026-02-28",                     False,  "eb: the day itself"),
    # the spans of both touch each other at one end
    (MONTH,      "authored",              "ge2026-02-28",                     False,  "ends with the day, no later"),
    (MONTH,      "authored",              "le2026-02-01",                     False,  "begins with it, no earlier"),
    (LAST,       "authored",              "sa2026-02-28",                     False,  "the last instant of the day"),
    (LAST,       "authored",              "eb2026-03-01",                     True,   "the last before the next day"),
    (FIRST,      "authored",              "eb2026-02-28",                     False,  "the first instant of the day"),
    (FIRST,      "authored",              "sa2026-02-27",                     True,   "the first after the day before"),
    (LAST,       "authored",              "eb2026-02-28T23:59:59.999999Z",    False,  "the same instant is not before"),
    (FIRST,      "authored",              "sa2026-02-28T00:00:00.000000Z",    False,  "nor after"),
    (ASSESSMENT, "date",                "2026-02-28T09:00:00Z",             True,   "the same instant in another zone"),
    (ASSESSMENT, "date",                "2026-02-28T10:00:00 01:00",        True,   "a plus sign that was not escaped"),
    (PLAN,       "date",                  "gt2030",                          True,   "a period without an end goes on"),
    (PLAN,       "date",                  "eb2030",                           False,  "and ends before nothing"),
]
# fmt: on


@pytest.mark.parametrize(("resource", "name", "value", "met", "comment"), MEETS)
def test_a_resource_meets_a_search(resource: dict[str, str], name: str, value: str, met: bool, comment: str) -> None:
    search = read_search(resource["resourceType"], [(name, value)], BASE, strict=True)
    assert meets(values_of(resource), search.query.criteria) is met, comment


def test_criteria_are_joined_by_and() -> None:
    between = [("authored", "ge2026-02-01"), ("authored", "lt2026-03-01")]
    for pairs, met in ((between, True), ([*between, ("status", "amended")], False)):
        search = read_search("QuestionnaireResponse", pairs, BASE, strict=True)
        assert meets(values_of(RESPONSE), search.query.criteria) is met


TAKEN = (IndexValue("taken", low="2026", high="2027"), IndexValue("taken", low="2025", high="2029"))
NAMED = (IndexValue("named", "s", "b"), IndexValue("named", "t", "a"), IndexValue("other", "s", "c"))

# fmt: off
KEYS = [
    # values    parameter   descending   key       comment
    (NAMED,     "named",    False,       "a",      "the least"),
    (NAMED,     "named",    True,        "b",      "the greatest"),
    (TAKEN,     "taken",    False,       "2025",   "where a time begins"),
    (TAKEN,     "taken",    True,        "2026",   "likewise"),
    (NAMED,     "taken",    False,       None,     "none"),
    ((),        "taken",    True,        None,     "none at all"),
]
# fmt: on


@pytest.mark.parametrize(("values", "parameter", "descending", "key", "comment"), KEYS)
def test_a_resource_is_sorted_by_its_least_value_or_its_greatest(
    values: tuple[IndexValue, ...], parameter: str, descending: bool, key: str | None, comment: str
) -> None:
    assert sort_key(values, parameter, descending=descending) == key, comment
