"""Searches over HTTP: what is found, what is sent beside it, pages that stay right while data arrive."""

import json
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest

from service.mapping.canonical import BASE

from .conftest import Bench
from .stored_service import ORIGIN, RESPONSES, Stored, outcome_codes, path_of, response

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def three(stored: Stored) -> Stored:
    """Return a service that holds two responses of one patient and one of another."""
    for number, patient in ((1, "7"), (2, "7"), (3, "8")):
        assert stored.post(response(number, patient)).status_code == 201
    return stored


def relations(bundle: dict[str, Any]) -> dict[str, str]:
    return {each["relation"]: each["url"] for each in bundle["link"]}


# fmt: off
FOUND = [
    # search                                                         how many   comment
    ("QuestionnaireResponse",                                            3,     "all"),
    ("QuestionnaireResponse?patient=7",                                  2,     "of one patient"),
    ("QuestionnaireResponse?patient=Patient/7&status=completed",         2,     "both are to be met"),
    ("QuestionnaireResponse?patient=7,8",                                3,     "of either"),
    ("QuestionnaireResponse?identifier=urn:his%7CA-2",                   1,     "by identifier"),
    ("QuestionnaireResponse?identifier=urn:his%7CA-9",                   0,     "none: an empty searchset, no 404"),
    ("QuestionnaireResponse?status:not=completed",                       0,     "none that is not"),
    ("QuestionnaireResponse?authored=2026-06-01",                        3,     "that day"),
    ("QuestionnaireResponse?authored=lt2026-06-01",                      0,     "before that day"),
    ("QuestionnaireResponse?encounter:missing=true",                     0,     "all have one"),
    (f"QuestionnaireResponse?questionnaire={BASE}/Questionnaire/upper-back-pain", 3, "whatever its version"),
    ("RiskAssessment?triage-level=within-24h",                           3,     "our own parameter"),
    ("RiskAssessment?triage-level=emergency",                            0,     "another level"),
    ("RiskAssessment?patient=8",                                         1,     "results know their patient"),
    ("RiskAssessment?date=2026-06",                                      3,     "when it was answered"),
    ("CarePlan?intent=proposal&status=draft",                            3,     "proposals"),
    ("ServiceRequest?authored=ge2026-06-01",                             3,     "requests"),
    ("Provenance?recorded=ge2026",                                       3,     "where results come from"),
    ("AuditEvent?date=ge2026",                                           3,     "who did what"),
]
# fmt: on


@pytest.mark.parametrize(("search", "count", "comment"), FOUND)
def test_a_search_finds_what_is_stored_by_get_and_by_form(three: Stored, search: str, count: int, comment: str) -> None:
    kind, _, query = search.partition("?")
    bundle = three.found(f"/fhir/{search}")
    assert (bundle["type"], bundle["total"], len(bundle.get("entry", []))) == ("searchset", count, count), comment
    assert {entry["search"]["mode"] for entry in bundle.get("entry", [])} <= {"match"}, comment
    form = urlencode(parse_qsl(query))
    posted = three.client.post(f"/fhir/{kind}/_search", data=form, headers=FORM)
    if kind == "AuditEvent":
        assert json.loads(posted.data)["total"] == count + 1, "the search before is on record itself"
    else:
        assert json.loads(posted.data) == bundle, comment


def test_parameters_of_the_url_and_of_the_form_count_together(three: Stored) -> None:
    answer = three.client.post(f"{RESPONSES}/_search?patient=7", data="identifier=urn:his|A-1", headers=FORM)
    assert json.loads(answer.data)["total"] == 1


def test_a_result_is_found_by_its_response_and_sent_beside_it(three: Stored) -> None:
    (name,) = three.ids(f"{RESPONSES}?identifier=urn:his|A-2")
    (assessment,) = three.ids(f"/fhir/RiskAssessment?response={name}")
    (plan,) = three.ids(f"/fhir/CarePlan?response={name}")
    own = f"QuestionnaireResponse?_id={name.partition('/')[2]}"
    asked = f"/fhir/{own}&_revinclude=RiskAssessment:response&_revinclude=CarePlan:response"
    assert sorted(three.ids(asked, "include")) == sorted([assessment, plan])
    assert three.ids("/fhir/RiskAssessment?_include=RiskAssessment:response&patient=8", "include") == three.ids(
        f"{RESPONSES}?patient=8"
    )
    requests = three.ids(f"/fhir/CarePlan?response={name}&_include=CarePlan:activity-reference", "include")
    assert [each.partition("/")[0] for each in requests] == ["ServiceRequest"]
    for search, asked in ((f"RiskAssessment?response={name}", "Provenance:target"), (own, "AuditEvent:entity")):
        kinds = three.ids(f"/fhir/{search}&_revinclude={asked}", "include")
        assert [each.partition("/")[0] for each in kinds] == [asked.partition(":")[0]], asked


def test_what_is_sent_beside_the_matches_is_not_counted(three: Stored) -> None:
    bundle = three.found("/fhir/RiskAssessment?_include=RiskAssessment:response&_count=1")
    assert (bundle["total"], [entry["search"]["mode"] for entry in bundle["entry"]]) == (3, ["match", "include"])


# fmt: off
SORTED = [
    # sort                       patients in order    comment
    ("patient",                  ["7", "7", "8"],     "least first"),
    ("-patient",                 ["8", "7", "7"],     "greatest first"),
    ("_lastUpdated",             ["7", "7", "8"],     "in the order of arrival"),
    ("-_lastUpdated",            ["8", "7", "7"],     "the newest first"),
    ("status,-identifier",       ["8", "7", "7"],     "a second key among equals"),
]
# fmt: on


@pytest.mark.parametrize(("sort", "patients", "comment"), SORTED)
def test_a_search_is_sorted(three: Stored, sort: str, patients: list[str], comment: str) -> None:
    entries = three.found(f"{RESPONSES}?_sort={sort}")["entry"]
    found = [entry["resource"]["subject"]["reference"].partition("/")[2] for entry in entries]
    assert found == patients, comment


@pytest.mark.parametrize("sort", ["", "&_sort=-patient,_id", "&_sort=authored"])
def test_pages_hold_each_resource_once_while_others_arrive(three: Stored, sort: str) -> None:
    bundle = three.found(f"{RESPONSES}?_count=1{sort}")
    seen, number = three.ids(relations(bundle)["self"]), 10
    first = seen[0]
    while "next" in relations(bundle):
        assert three.post(response(number, "7")).status_code == 201
        number += 1
        address = relations(bundle)["next"]
        seen += three.ids(address)
        bundle = three.found(address)
    assert (len(seen), len(set(seen))) == (3, 3)
    while "previous" in relations(bundle):
        address = relations(bundle)["previous"]
        bundle = three.found(address)
    assert three.ids(address) == [first]


def test_the_link_self_says_what_was_really_used(three: Stored) -> None:
    lenient = three.found(f"{RESPONSES}?nonsense=1&patient=7&status=&_format=json", Prefer="handling=lenient")
    assert relations(lenient) == {"self": f"{ORIGIN}{RESPONSES}?patient=7&_format=json"}
    (notice,) = [entry["resource"] for entry in lenient["entry"] if entry["search"]["mode"] == "outcome"]
    assert [issue["severity"] for issue in notice["issue"]] == ["warning"]
    assert "nonsense" in notice["issue"][0]["details"]["text"]
    assert lenient["total"] == 2


def test_a_search_is_strict_unless_asked_otherwise_as_a_filter_that_is_dropped_shows_other_patients(
    three: Stored,
) -> None:
    for headers in ({}, {"Prefer": "handling=strict"}):
        answer = three.get(f"{RESPONSES}?pateint=7", **headers)
        assert outcome_codes(answer) == (400, ["not-supported"])
    applied = three.get(f"{RESPONSES}?patient=7", Prefer="handling=lenient").headers["Preference-Applied"]
    assert applied == "handling=lenient"


def test_the_total_can_be_all_or_nothing(three: Stored) -> None:
    for asked in ("_summary=count", "_count=0"):
        bundle = three.found(f"{RESPONSES}?{asked}")
        assert (bundle["total"], "entry" in bundle, set(relations(bundle))) == (3, False, {"self"})
    assert "total" not in three.found(f"{RESPONSES}?_total=none")


def test_a_search_may_ask_for_less_of_each_resource(three: Stored) -> None:
    for asked in ("_summary=true", "_elements=authored"):
        resources = [entry["resource"] for entry in three.found(f"{RESPONSES}?{asked}")["entry"]]
        assert all("item" not in each and each["meta"]["tag"][-1]["code"] == "SUBSETTED" for each in resources)


# fmt: off
FOREIGN = [
    # cursor                  comment
    ("x",                     "not written by us"),
    ("",                      "empty"),
    ("W10",                   "an empty list"),
    ("bnVsbA",                "null"),
    ("W1tdLDEsMSxmYWxzZSwieCJd", "of another search"),
    ("ÿ",                     "not ASCII"),
]
# fmt: on


@pytest.mark.parametrize(("cursor", "comment"), FOREIGN)
def test_a_cursor_that_is_not_ours_is_refused(three: Stored, cursor: str, comment: str) -> None:
    answer = three.get(f"{RESPONSES}?{urlencode({'_cursor': cursor})}")
    assert outcome_codes(answer) == (400, ["value"]), comment


def test_a_cursor_does_not_serve_another_search(three: Stored) -> None:
    following = relations(three.found(f"{RESPONSES}?patient=7&_count=1"))["next"]
    assert outcome_codes(three.get(following.replace("patient=7", "patient=8"))) == (400, ["value"])


# fmt: off
FORMS = [
    # headers                                                          body         expected                 comment
    ({"Content-Type": "application/json"},                             b"{}",       (415, "not-supported"),  "no form"),
    ({**FORM, "Content-Encoding": "gzip"},                          b"x",        (415, "not-supported"),  "compressed"),
    ({"Content-Type": FORM["Content-Type"] + ";charset=utf-16"},      b"x",       (415, "not-supported"),  "a charset"),
    (FORM,                                                            b"_id=%ff",  (400, "structure"),      "no UTF-8"),
    (FORM,                                                            b"\xff",     (400, "structure"),      "no ASCII"),
    (FORM,                                                            b"&a=1" * 201, (400, "structure"),    "too many"),
    (FORM,                                                            b"a" * 70000, (413, "too-long"),      "too long"),
    (FORM,                                                             b"_id=%00",  (400, "value"),          "NUL"),
    (FORM,                                              b"_format=ttl", (406, "not-supported"), "a form of the answer"),
]
# fmt: on


@pytest.mark.parametrize(("headers", "body", "expected", "comment"), FORMS)
def test_a_form_that_is_not_understood_is_refused(
    stored: Stored, headers: dict[str, str], body: bytes, expected: tuple[int, str], comment: str
) -> None:
    answer = stored.client.post(f"{RESPONSES}/_search", data=body, headers=headers)
    status, (code,) = outcome_codes(answer)
    assert (status, code) == expected, comment


def test_an_empty_form_finds_everything(three: Stored) -> None:
    assert json.loads(three.client.post(f"{RESPONSES}/_search").data)["total"] == 3


def test_links_and_addresses_are_below_the_address_that_was_set(bench: Bench) -> None:
    bundle = json.loads(bench.client.get("/fhir/Questionnaire", headers={"Host": "triage.example.org:8443"}).data)
    assert relations(bundle)["self"] == "http://triage.example.org:8443/fhir/Questionnaire"
    assert bundle["entry"][0]["fullUrl"] == "http://triage.example.org:8443/fhir/Questionnaire/upper-back-pain"


def test_one_patient_is_never_found_in_the_search_for_another(three: Stored) -> None:
    for patient in ("7", "8"):
        for kind in ("QuestionnaireResponse", "RiskAssessment", "CarePlan", "ServiceRequest"):
            for entry in three.found(f"/fhir/{kind}?patient={patient}")["entry"]:
                assert entry["resource"]["subject"]["reference"] == f"Patient/{patient}"
    assert path_of(three.post(response(1))) == "/fhir/" + three.ids(f"{RESPONSES}?identifier=A-1")[0]
