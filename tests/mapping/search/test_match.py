"""What it means that a resource meets a search; the store's SQL is held to the same."""

import pytest

from service.mapping.search.index import values_of
from service.mapping.search.match import meets
from service.mapping.search.read_query import read_search

from .resources import ASSESSMENT, LEVELS, PLAN, RESPONSE

BASE = "http://here/fhir"

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
