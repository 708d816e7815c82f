"""What a search may ask; what it may not is refused with every fault, and without a word of what was sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import Issue, Refused
from service.mapping.search.parameters import PACKAGE_TYPES, STORED_TYPES, parameter, parameters
from service.mapping.search.query import Criterion, Query, Wanted
from service.mapping.search.read_query import MOST, History, Search, read_condition, read_history, read_search

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


OWN = "_id, _lastUpdated, identifier, patient, subject, questionnaire, status, authored, encounter"
OFFERED = f"allowed for {RESPONSES}: {OWN}, _sort, _count, _total, _summary, _elements, _include, _revinclude."
POINTING = "RiskAssessment:response, CarePlan:response, Provenance:target, Provenance:entity, AuditEvent:entity"

SAYS: list[tuple[str, str, str, str]] = [
    # parameter, value, code, all that the refusal says
    ("nonsense", "x", "not-supported", f"The search parameter nonsense is not offered; {OFFERED}"),
    ("_has:a:b:c", "x", "not-supported", f"The search parameter _has is not offered; {OFFERED}"),
    ("Smith", "x", "not-supported", f"A search parameter is not offered; {OFFERED}"),
    ("_sort", "status,x", "not-supported", f"_sort names a parameter that is not offered; allowed: {OWN}."),
    ("_count", "ten", "value", "_count has a value that is not allowed; allowed: a whole number, 0 to 500."),
    ("_total", "x", "value", "_total has a value that is not allowed; allowed: none, estimate, accurate."),
    ("_summary", "x", "value", "_summary has a value that is not allowed; allowed: true, text, data, count, false."),
    ("_include", "x", "not-supported", "_include names something that is not offered; allowed: none for this type."),
    ("_revinclude", "x", "not-supported", f"_revinclude names something that is not offered; allowed: {POINTING}."),
    ("status", "a\x00b", "value", "The search has the character NUL in it; allowed is other text."),
    ("stat\x00us", "a", "value", "The search has the character NUL in it; allowed is other text."),
]


@pytest.mark.parametrize(("name", "value", "code", "says"), SAYS)
def test_a_refusal_says_what_is_allowed(name: str, value: str, code: str, says: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_search(RESPONSES, [(name, value)], "", strict=True)
    assert (refusal.value.status, refusal.value.issues) == (400, (Issue("error", code, says),))


def test_every_fault_is_named_at_once() -> None:
    pairs = [("nonsense", "x"), ("_count", "x"), ("_total", "none"), ("_sort", "x"), ("_total", "none")]
    with pytest.raises(Refused) as refusal:
        read_search(RESPONSES, pairs, "", strict=True)
    assert refusal.value.status == 400
    assert [issue.text for issue in refusal.value.issues] == [
        "The parameter _total was given more than once; allowed: once.",
        "_count has a value that is not allowed; allowed: a whole number, 0 to 500.",
        f"_sort names a parameter that is not offered; allowed: {OWN}.",
        f"The search parameter nonsense is not offered; {OFFERED}",
    ]
    assert [(issue.severity, issue.code) for issue in refusal.value.issues] == [
        ("error", "value"),
        ("error", "value"),
        ("error", "not-supported"),
        ("error", "not-supported"),
    ]


# fmt: off
WHOLE = [
    # parameter                  value
    ("status",                   "draft"),
    ("intent:not",               "order"),
    ("patient",                  "7"),
    ("_sort",                    "-date,status"),
    ("_count",                   "7"),
    ("_total",                   "accurate"),
    ("_summary",                 "data"),
    ("_elements",                "status, subject"),
    ("_include",                 "CarePlan:activity-reference"),
    ("_include",                 "CarePlan:replaces:CarePlan"),
    ("_revinclude",              "Provenance:target"),
    ("_revinclude",              "CarePlan:replaces:CarePlan"),
]
# fmt: on


def test_a_search_is_understood_whole() -> None:
    given_pairs = [*WHOLE[:3], ("_format", "json"), ("category", ""), *WHOLE[3:], ("_pretty", "true")]
    by_name = {each.name: each for each in parameters("CarePlan")}
    assert read_search("CarePlan", given_pairs, "http://here/fhir", strict=True) == Search(
        Query(
            "CarePlan",
            (
                Criterion("status", (Wanted(None, "draft"),)),
                Criterion("intent", (Wanted(None, "order"),), negated=True),
                Criterion("patient", (Wanted("", "Patient/7"), Wanted("", "http://here/fhir/Patient/7"))),
            ),
            (("date", True), ("status", False)),
            7,
        ),
        include=((by_name["activity-reference"], ""), (by_name["replaces"], "CarePlan")),
        revinclude=(("Provenance", parameter("Provenance", "target")), ("CarePlan", by_name["replaces"])),  # type: ignore[arg-type]  # there is one
        summary="data",
        elements=("status", "subject"),
        total="accurate",
        used=tuple(WHOLE),
    )


def test_a_search_of_nothing_asks_for_the_first_twenty_whole() -> None:
    assert read_search(RESPONSES, [], "", strict=True) == Search(Query(RESPONSES, count=20), total="estimate")


# fmt: off
NO_INCLUDES = [
    # parameter       value                                     comment
    ("_include",      "CarePlan:subject",                       "patients are not stored"),
    ("_include",      "CarePlan:replaces:ServiceRequest",       "of a type to which it never points"),
    ("_include",      "ServiceRequest:replaces",                "of another type"),
    ("_include",      "CarePlan",                               "no parameter"),
    ("_revinclude",   "CarePlan:activity-reference",            "points to another type"),
    ("_revinclude",   "Provenance:target:ServiceRequest",       "to another type than is looked for"),
    ("_revinclude",   "Provenance",                             "no parameter"),
    ("_revinclude",   "RiskAssessment:entity",                  "a parameter of another type"),
]
# fmt: on


@pytest.mark.parametrize(("name", "value", "comment"), NO_INCLUDES)
def test_an_include_names_a_type_a_parameter_and_what_it_points_to(name: str, value: str, comment: str) -> None:
    ours = {
        "_include": "CarePlan:activity-reference, CarePlan:replaces, CarePlan:response",
        "_revinclude": "CarePlan:replaces, Provenance:target, Provenance:entity, AuditEvent:entity",
    }
    says = f"{name} names something that is not offered; allowed: {ours[name]}."
    with pytest.raises(Refused) as refusal:
        read_search("CarePlan", [(name, value)], "", strict=True)
    assert refusal.value.issues == (Issue("error", "not-supported", says),), comment


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
    says = f"The search parameter nonsense is not offered and was ignored; {OFFERED}"
    assert search.ignored == (Issue("warning", "not-supported", says),)


def test_a_lenient_search_still_refuses_a_value_that_is_wrong() -> None:
    with pytest.raises(Refused):
        read_search(RESPONSES, [("authored", "yesterday")], "", strict=False)


def test_a_parameter_without_a_value_and_those_of_the_form_are_passed_over() -> None:
    search = read_search(RESPONSES, [("status", ""), ("nonsense", ""), ("_format", "json")], "", strict=True)
    assert (search.query, search.used) == (Query(RESPONSES), ())


def test_a_page_is_never_larger_than_the_largest_and_may_be_empty() -> None:
    allowed = {"0": 0, "1": 1, "7": 7, "500": MOST, "501": MOST, "999999999": MOST}
    counts = {count: read_search(RESPONSES, [("_count", count)], "", strict=True) for count in allowed}
    assert {count: search.query.count for count, search in counts.items()} == allowed
    assert [search.counts_only for search in counts.values()] == [True, False, False, False, False, False]
    assert refusal_of("_count", "1000000000") is not None, "ten digits are no count"


@pytest.mark.parametrize(("summary", "counts"), [("count", True), ("true", False), ("false", False)])
def test_a_summary_of_counts_asks_for_the_total_alone(summary: str, counts: bool) -> None:
    assert read_search(RESPONSES, [("_summary", summary)], "", strict=True).counts_only is counts


def test_what_is_asked_for_once_is_refused_twice() -> None:
    once = (("_count", "1"), ("_sort", "_id"), ("_total", "none"), ("_summary", "true"), ("_elements", "id"))
    for name, value in once:
        with pytest.raises(Refused) as refusal:
            read_search(RESPONSES, [(name, value), (name, value)], "", strict=False)
        says = f"The parameter {name} was given more than once; allowed: once."
        assert refusal.value.issues == (Issue("error", "value", says),)


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
    # header                                    fault       comment
    ("",                                        "nothing",  "nothing"),
    ("identifier=",                             "nothing",  "no value"),
    ("http://here/fhir/QuestionnaireResponse",  "nothing",  "no query"),
    ("nonsense=1",                              "unknown",  "half understood is not understood"),
    ("identifier=a&nonsense=1",                 "unknown",  "half known"),
    ("identifier=a&_count=1",                   "form",     "about a page"),
    ("identifier=a&_count=",                    "form",     "also without a value"),
    ("identifier=a&_format=json",               "form",     "about how to write it"),
]
# fmt: on


@pytest.mark.parametrize(("written", "comment"), CONDITIONS)
def test_a_condition_is_read_in_every_form_that_clients_send(written: str, comment: str) -> None:
    asked = (Criterion("identifier", (Wanted("urn:his", "A-1"),)),)
    assert read_condition(RESPONSES, written, "") == Query(RESPONSES, asked, count=2), (
        f"{comment}; two are one too many"
    )


NOTHING = ("required", "The condition names nothing to look for; allowed: name=value, joined by &.")
FORM = ("not-supported", "The condition has a parameter that is about the answer's form.")
UNKNOWN = ("not-supported", f"The search parameter nonsense is not offered; {OFFERED}")


@pytest.mark.parametrize("before", ["", "QuestionnaireResponse?", "http://here/fhir/QuestionnaireResponse?"])
def test_a_value_of_a_condition_may_hold_a_question_mark(before: str) -> None:
    read = read_condition(RESPONSES, f"{before}identifier=urn:his?status=x|A-1?", "")
    assert read.criteria == (Criterion("identifier", (Wanted("urn:his?status=x", "A-1?"),)),)


def test_a_condition_finds_what_refers_to_our_own_address_and_what_does_without() -> None:
    (criterion,) = read_condition(RESPONSES, "subject=Patient/7", "http://here/fhir").criteria
    assert criterion.alternatives == (Wanted("", "Patient/7"), Wanted("", "http://here/fhir/Patient/7"))


@pytest.mark.parametrize(("written", "fault", "comment"), NO_CONDITIONS)
def test_a_condition_that_is_not_understood_whole_is_refused(written: str, fault: str, comment: str) -> None:
    code, says = {"nothing": NOTHING, "form": FORM, "unknown": UNKNOWN}[fault]
    with pytest.raises(Refused) as refusal:
        read_condition(RESPONSES, written, "")
    assert (refusal.value.status, refusal.value.issues) == (400, (Issue("error", code, says),)), comment


# fmt: off
HISTORIES = [
    # asked                                         strict   count   used                   comment
    ([],                                            True,    20,     (),                    "the usual page"),
    ([("_count", "3"), ("_format", "json")],        True,    3,      (("_count", "3"),),    "the form is no matter"),
    ([("_count", "9999")],                          True,    MOST,   (("_count", "9999"),), "never more than the most"),
    ([("_since", "2026"), ("_count", "3")],         False,   3,      (("_count", "3"),),    "lenient: passed over"),
    ([("_since", ""), ("_count", "")],              True,    20,     (),                    "no value: passed over"),
]
# fmt: on


@pytest.mark.parametrize(("pairs", "strict", "count", "used", "comment"), HISTORIES)
def test_a_history_has_a_count_and_nothing_else(
    pairs: list[tuple[str, str]], strict: bool, count: int, used: tuple[tuple[str, str], ...], comment: str
) -> None:
    assert read_history(pairs, strict=strict) == History(count, used), comment


@pytest.mark.parametrize(
    ("pairs", "strict"),
    [([("_since", "2026")], True), ([("_count", "1"), ("_count", "2")], True), ([("_count", "1")] * 2, False)],
)
def test_a_history_refuses_what_it_does_not_have_and_a_count_twice(pairs: list[tuple[str, str]], strict: bool) -> None:
    says = "The history has a parameter that is not offered, or one twice; allowed, once: _count, _format, _pretty."
    with pytest.raises(Refused) as refusal:
        read_history(pairs, strict=strict)
    assert (refusal.value.status, refusal.value.issues) == (400, (Issue("error", "not-supported", says),))


def test_a_count_of_a_history_is_a_whole_number() -> None:
    says = "_count has a value that is not allowed; allowed: a whole number, 0 to 500."
    with pytest.raises(Refused) as refusal:
        read_history([("_count", "ten")], strict=False)
    assert (refusal.value.status, refusal.value.issues) == (400, (Issue("error", "value", says),))


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
