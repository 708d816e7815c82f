"""What a search may ask; what it may not is refused with every fault, and without a word of what was sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import Refused
from service.mapping.search.parameters import PACKAGE_TYPES, STORED_TYPES, parameters
from service.mapping.search.query import Query, Wanted
from service.mapping.search.read_query import MOST, read_condition, read_history, read_search

RESPONSES = "QuestionnaireResponse"

# fmt: off
REFUSED = [
    # parameter                  value                           code             comment
    ("nonsense",                 "x",                            "not-supported", "no parameter of anyone"),
    ("triage-level",             "emergency",                    "not-supported", "a parameter of another type"),
    ("patient.identifier",       "x",                            "not-supported", "a chain"),
    ("_has:RiskAssessment:response:risk", "x",                   "not-supported", "a chain backwards"),
    ("status:text",              "completed",                    "not-supported", "a modifier that is not offered"),
    ("status:exact",             "completed",                    "not-supported", "a modifier of strings"),
    ("authored:not",             "2026",                         "not-supported", "a modifier of tokens"),
    ("subject:Device",           "1",                            "not-supported", "a type that it never has"),
    ("status:missing",           "yes",                          "value",         "neither true nor false"),
    ("authored",                 "yesterday",                    "value",         "no date"),
    ("authored",                 "ap2026",                       "value",         "about is not offered"),
    ("authored",                 "2026-02-30",                   "value",         "no day of the calendar"),
    ("patient",                  "Smith, John",                  "value",         "no reference"),
    ("patient",                  "Nonsense/1",                   "value",         "no type of R4"),
    ("subject:Patient",          "Group/1",                      "value",         "type and modifier differ"),
    ("_sort",                    "nonsense",                     "not-supported", "no parameter to sort by"),
    ("_sort",                    "-",                            "not-supported", "no parameter at all"),
    ("_count",                   "-1",                           "value",         "below nothing"),
    ("_count",                   "ten",                          "value",         "no number"),
    ("_count",                   "٣",                            "value",         "digits of another script"),
    ("_total",                   "all",                          "value",         "no code of R4"),
    ("_summary",                 "yes",                          "value",         "no code of R4"),
    ("_include",                 "RiskAssessment:response",      "not-supported", "an include of another type"),
    ("_include",                 "QuestionnaireResponse:subject", "not-supported", "patients are not stored"),
    ("_include:iterate",         "RiskAssessment:response",      "not-supported", "iteration"),
    ("_revinclude",              "Observation:derived-from",     "not-supported", "a type that is not stored"),
    ("status",                   "a\x00b",                       "value",         "a character that no database takes"),
]
# fmt: on


@pytest.mark.parametrize(("name", "value", "code", "comment"), REFUSED)
def test_what_cannot_be_answered_is_refused(name: str, value: str, code: str, comment: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_search(RESPONSES, [(name, value)], "http://here/fhir", strict=True)
    assert (refusal.value.status, [issue.code for issue in refusal.value.issues]) == (400, [code]), comment


def test_every_fault_is_named_at_once() -> None:
    with pytest.raises(Refused) as refusal:
        read_search(RESPONSES, [("authored", "x"), ("nonsense", "x"), ("_count", "x")], "", strict=True)
    assert [issue.severity for issue in refusal.value.issues] == ["error"] * 3


@given(st.text(min_size=1), st.text(min_size=1))
def test_no_search_crashes_and_no_value_is_repeated(name: str, value: str) -> None:
    token = f"7f3a9{value}"
    for own in (name, *(each.name for each in parameters("CarePlan")), "_sort", "_count", "_include", "_summary"):
        refusal = refusal_of(own, token)
        assert refusal is None or refusal.status == 400
        assert refusal is None or all("7f3a9" not in issue.text for issue in refusal.issues)


def refusal_of(name: str, value: str) -> Refused | None:
    try:
        read_search("CarePlan", [(name, value)], "http://here/fhir", strict=True)
    except Refused as refusal:
        return refusal
    return None


def test_a_name_that_could_be_an_identifier_is_not_repeated() -> None:
    for name, is_named in (("kind-of-visit", True), ("Smith", False), ("4711", False), ("x_7f3a9", False)):
        with pytest.raises(Refused) as refusal:
            read_search(RESPONSES, [(name, "x")], "", strict=True)
        assert (name in refusal.value.issues[0].text) is is_named


def test_a_lenient_search_goes_without_what_it_does_not_know_and_says_so() -> None:
    search = read_search(RESPONSES, [("nonsense", "x"), ("status", "completed")], "", strict=False)
    assert [criterion.parameter for criterion in search.query.criteria] == ["status"]
    assert search.used == (("status", "completed"),)
    assert [(issue.severity, "nonsense" in issue.text) for issue in search.ignored] == [("warning", True)]


def test_a_lenient_search_still_refuses_a_value_that_is_wrong() -> None:
    with pytest.raises(Refused):
        read_search(RESPONSES, [("authored", "yesterday")], "", strict=False)


def test_a_parameter_without_a_value_and_those_of_the_form_are_passed_over() -> None:
    search = read_search(RESPONSES, [("status", ""), ("nonsense", ""), ("_format", "json")], "", strict=True)
    assert (search.query, search.used) == (Query(RESPONSES), ())


def test_a_page_is_never_larger_than_the_largest_and_may_be_empty() -> None:
    counts = {count: read_search(RESPONSES, [("_count", count)], "", strict=True) for count in ("0", "7", "1000")}
    assert {count: search.query.count for count, search in counts.items()} == {"0": 0, "7": 7, "1000": MOST}
    assert [search.counts_only for search in counts.values()] == [True, False, False]


def test_what_is_asked_for_once_is_refused_twice() -> None:
    for name, value in (("_count", "1"), ("_sort", "_id"), ("_total", "none"), ("_summary", "true")):
        with pytest.raises(Refused):
            read_search(RESPONSES, [(name, value), (name, value)], "", strict=True)


def test_sorting_keeps_the_order_of_its_keys() -> None:
    search = read_search(RESPONSES, [("_sort", "-authored,_id")], "", strict=True)
    assert search.query.sort == (("authored", True), ("_id", False))


@pytest.mark.parametrize("kind", [*STORED_TYPES, *PACKAGE_TYPES])
def test_every_parameter_of_every_type_can_be_asked_for_and_sorted_by(kind: str) -> None:
    values = {"token": "a|b", "reference": "1", "uri": "urn:x", "canonical": "urn:x|1", "date": "ge2026"}
    for each in parameters(kind):
        search = read_search(kind, [(each.name, values[each.kind]), ("_sort", each.name)], "", strict=True)
        assert [criterion.parameter for criterion in search.query.criteria] == [each.name]


# fmt: off
CONDITIONS = [
    # header                                                                   comment
    ("identifier=urn:his|A-1",                                                 "the query alone, as R4 says"),
    ("identifier=urn%3Ahis%7CA-1",                                             "escaped"),
    ("QuestionnaireResponse?identifier=urn:his|A-1",                           "behind the type"),
    ("http://here/fhir/QuestionnaireResponse?identifier=urn%3Ahis%7CA-1",    "an absolute URL, as HAPI's client sends"),
]
NO_CONDITIONS = [
    ("",                                   "nothing"),
    ("identifier=",                        "no value"),
    ("http://here/fhir/QuestionnaireResponse", "no query"),
    ("nonsense=1",                         "not known: half understood is not understood"),
    ("identifier=a&nonsense=1",            "half known"),
    ("identifier=a&_count=1",              "about a page"),
]
# fmt: on


@pytest.mark.parametrize(("written", "comment"), CONDITIONS)
def test_a_condition_is_read_in_every_form_that_clients_send(written: str, comment: str) -> None:
    (criterion,) = read_condition(RESPONSES, written).criteria
    assert criterion.alternatives == (Wanted("urn:his", "A-1"),), comment


@pytest.mark.parametrize(("written", "comment"), NO_CONDITIONS)
def test_a_condition_that_is_not_understood_whole_is_refused(written: str, comment: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_condition(RESPONSES, written)
    assert refusal.value.status == 400, comment


def test_a_history_has_a_count_and_nothing_else() -> None:
    assert read_history([("_count", "3"), ("_format", "json")], strict=True).count == 3
    assert read_history([("_since", "2026")], strict=False).used == ()
    for pairs in ([("_since", "2026")], [("_count", "1"), ("_count", "2")]):
        with pytest.raises(Refused):
            read_history(pairs, strict=True)


# fmt: off
ORDERS = [
    # asked                                             order                         comment
    ("authored=gt2026",                                 (("authored", True),),        "later: the latest first"),
    ("authored=ge2026",                                 (("authored", True),),        "likewise"),
    ("_lastUpdated=sa2026",                             (("_lastUpdated", True),),    "starts after"),
    ("authored=lt2026",                                 (("authored", False),),       "earlier: the earliest first"),
    ("authored=le2026&status=completed",                (("authored", False),),       "whatever else is asked"),
    ("_lastUpdated=eb2026",                             (("_lastUpdated", False),),   "ends before"),
    ("authored=gt2026&_sort=status",                    (("status", False),),         "an order that is asked for"),
    ("authored=2026",                                   (),                           "within: neither end is nearer"),
    ("authored=ne2026",                                 (),                           "on both sides"),
    ("authored=ge2026&authored=lt2027",                 (),                           "between"),
    ("authored=lt2025,gt2026",                          (),                           "on both sides"),
    ("authored:missing=true",                           (),                           "without a date"),
    ("status=completed",                                (),                           "no date is asked for"),
]
# fmt: on


@pytest.mark.parametrize(("asked", "order", "comment"), ORDERS)
def test_a_search_for_later_or_earlier_is_ordered_by_its_date(asked: str, order: object, comment: str) -> None:
    pairs = [(name, value) for name, _, value in (each.partition("=") for each in asked.split("&"))]
    assert read_search(RESPONSES, pairs, "", strict=True).query.sort == order, comment
