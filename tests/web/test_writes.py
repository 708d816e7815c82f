"""Create and update over HTTP: statuses, headers, preferences and conditions; what storing means is tested with it."""

import json
import re
from typing import Any

import pytest

from .stored_service import ORIGIN, RESPONSES, Stored, outcome_codes, path_of, response

UNKNOWN = "/fhir/QuestionnaireResponse/00000000-0000-0000-0000-000000000000"


def test_a_response_that_is_created_comes_back_with_its_address_and_version(stored: Stored) -> None:
    answer = stored.post(response())
    resource = json.loads(answer.data)
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"{ORIGIN}{RESPONSES}/{resource['id']}/_history/1"
    assert answer.headers["ETag"] == 'W/"1"'
    assert resource["meta"]["versionId"] == "1"
    assert stored.found(path_of(answer)) == resource


def test_a_resend_is_answered_with_the_first_result(stored: Stored) -> None:
    first, again = stored.post(response()), stored.post(response())
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.data == first.data
    for header in ("Location", "ETag", "Last-Modified"):
        assert again.headers[header] == first.headers[header]


# fmt: off
PREFERRED = [
    # Prefer                           body                       applied                        comment
    (None,                       "QuestionnaireResponse",   None,                        "clients take the id from it"),
    ("return=representation",          "QuestionnaireResponse",   "return=representation",       "asked for"),
    ("return=minimal",                 None,                      "return=minimal",              "headers alone"),
    ("return=OperationOutcome",      "OperationOutcome",      "return=OperationOutcome",     "what was done, in words"),
    ("return=everything",              "QuestionnaireResponse",   None,                         "unknown: passed over"),
    ("respond-async, return=minimal",  None,                      "return=minimal",              "one of two"),
    ('handling=strict; return="minimal"', None,                "return=minimal",              "quoted, behind another"),
]
# fmt: on


@pytest.mark.parametrize(("prefer", "body", "applied", "comment"), PREFERRED)
def test_a_preference_decides_what_comes_back(
    stored: Stored, prefer: str | None, body: str | None, applied: str | None, comment: str
) -> None:
    answer = stored.post(response(), **({"Prefer": prefer} if prefer else {}))
    assert answer.status_code == 201, comment
    assert answer.headers.get("Preference-Applied") == applied, comment
    assert (json.loads(answer.data)["resourceType"] if answer.data else None) == body, comment
    assert answer.headers["Location"].endswith("/_history/1"), comment
    assert ("Content-Type" in answer.headers) is (body is not None), comment


def test_the_outcome_that_was_preferred_names_what_was_stored(stored: Stored) -> None:
    answer = stored.post(response(), Prefer="return=OperationOutcome")
    text = json.loads(answer.data)["issue"][0]["details"]["text"]
    kinds = re.findall(r"(\w+)/[0-9a-f-]{36}/_history/1", text)
    assert kinds == ["QuestionnaireResponse", "RiskAssessment", "CarePlan", "ServiceRequest"]


# fmt: off
CONDITIONS = [
    # If-None-Exist                                        status   comment
    ("identifier=urn:his|A-1",                             200,     "there is one"),
    ("identifier=urn%3Ahis%7CA-1",                         200,     "escaped"),
    (f"{ORIGIN}{RESPONSES}?identifier=urn%3Ahis%7CA-1",    200,     "an absolute URL, as HAPI's client sends it"),
    ("identifier=urn:his|A-3",                             201,     "there is none"),
    ("patient=7",                                          412,     "there are two"),
    ("nonsense=1",                                         400,     "not understood"),
    ("",                                                   201,     "empty, as good as none"),
]
# fmt: on


@pytest.mark.parametrize(("condition", "status", "comment"), CONDITIONS)
def test_a_create_may_depend_on_what_is_stored(stored: Stored, condition: str, status: int, comment: str) -> None:
    for number in (1, 2):
        assert stored.post(response(number)).status_code == 201
    answer = stored.post(response(9), If_None_Exist=condition)
    assert answer.status_code == status, comment
    if status == 200:
        assert json.loads(answer.data)["identifier"]["value"] == "A-1", comment


def test_an_update_makes_the_next_version(stored: Stored) -> None:
    path = path_of(stored.post(response()))
    changed = {**response(status="amended"), "id": path.rpartition("/")[2]}
    answer = stored.put(path, changed, If_Match='W/"1"')
    assert (answer.status_code, answer.headers["ETag"]) == (200, 'W/"2"')
    assert answer.headers["Location"] == f"{ORIGIN}{path}/_history/2"
    assert stored.found(path)["meta"]["versionId"] == "2"
    assert stored.found(f"{path}/_history/1")["status"] == "completed"


# fmt: off
IF_MATCH = [
    # If-Match          expected                  comment
    ('W/"2"',           (412, ["conflict"]),      "another version than the current one"),
    ('W/"0"',           (412, ["conflict"]),      "a version that cannot exist"),
    ('W/"01"',          (412, ["conflict"]),      "not how we write it"),
    ('W/"x"',           (412, ["conflict"]),      "a version of another server"),
    ("1",               (400, ["value"]),         "not quoted"),
    ("*",               (400, ["value"]),         "any version: name the one that was seen"),
    ('W/"1", W/"2"',    (400, ["value"]),         "one of two"),
]
# fmt: on


@pytest.mark.parametrize(("if_match", "expected", "comment"), IF_MATCH)
def test_an_update_of_another_version_than_was_seen_is_refused(
    stored: Stored, if_match: str, expected: tuple[int, list[str]], comment: str
) -> None:
    path = path_of(stored.post(response()))
    changed = {**response(status="amended"), "id": path.rpartition("/")[2]}
    assert outcome_codes(stored.put(path, changed, If_Match=if_match)) == expected, comment
    assert stored.found(path)["meta"]["versionId"] == "1"


# fmt: off
REFUSED: list[tuple[dict[str, Any], dict[str, str], int, str]] = [
    # body                                 headers                            status   comment
    (response(subject={"display": "x"}),   {},                                422,     "no subject that can be found"),
    (response(status="done"),              {},                                400,     "no R4"),
    ({"resourceType": "Patient"},          {},                                400,     "another resource"),
    ({},                                   {},                                400,     "no resource"),
    (response(),                           {"Content-Type": "text/plain"},    415,     "no FHIR"),
    (response(),                           {"Content-Encoding": "gzip"},      415,     "compressed"),
    (response(),                           {"Accept": "text/html"},           406,     "nothing that we write"),
    (response(),                       {"Content-Type": "application/fhir+json; fhirVersion=5.0"}, 415, "another FHIR"),
    (response(), {"Content-Type": "application/fhir+json; fhirVersion=4.0",
                  "Accept": "application/fhir+json; fhirVersion=4.3"},        400,     "two versions of FHIR at once"),
]
# fmt: on


@pytest.mark.parametrize(("body", "headers", "status", "comment"), REFUSED)
def test_a_body_that_is_refused_is_not_stored(
    stored: Stored, body: dict[str, Any], headers: dict[str, str], status: int, comment: str
) -> None:
    answer = stored.post(body, **headers)
    assert (answer.status_code, json.loads(answer.data)["resourceType"]) == (status, "OperationOutcome"), comment
    assert stored.found(f"{RESPONSES}?_summary=count")["total"] == 0, comment


def test_a_policy_in_the_query_of_a_create_is_refused_as_it_would_look_applied(stored: Stored) -> None:
    assert outcome_codes(stored.post(response(), f"{RESPONSES}?policy=reconciled")) == (400, ["not-supported"])


def test_an_id_is_given_by_the_service_alone(stored: Stored) -> None:
    named = {**response(), "id": UNKNOWN.rpartition("/")[2]}
    assert stored.put(UNKNOWN, named).status_code == 405
    assert path_of(stored.post(named)) != UNKNOWN


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", UNKNOWN, "GET, HEAD, PUT"),
        ("PATCH", UNKNOWN, "GET, HEAD, PUT"),
        ("PUT", RESPONSES, "GET, HEAD, POST"),
        ("POST", "/fhir/RiskAssessment", "GET, HEAD"),
        ("DELETE", "/fhir/RiskAssessment/1", "GET, HEAD"),
        ("GET", f"{RESPONSES}/_search", "POST"),
    ],
)
def test_what_is_not_offered_is_405_and_says_what_is(stored: Stored, method: str, path: str, allowed: str) -> None:
    answer = stored.client.open(path, method=method)
    assert outcome_codes(answer) == (405, ["not-supported"])
    assert answer.headers["Allow"] == allowed


@pytest.mark.parametrize("host", ["a b", "..", "x" * 300, '"><script>', "a:b"])
def test_without_a_host_that_links_can_name_nothing_is_stored(stored: Stored, host: str) -> None:
    assert outcome_codes(stored.post(response(), Host=host))[0] == 400
    assert outcome_codes(stored.get(RESPONSES, Host=host))[0] == 400
    assert stored.found(f"{RESPONSES}?_summary=count")["total"] == 0


@pytest.mark.parametrize("host", ["triage_service", "triage.example.org:8443", "[::1]:8080", "192.0.2.7"])
def test_links_name_the_host_as_the_client_named_it(stored: Stored, host: str) -> None:
    assert stored.post(response(), Host=host).headers["Location"].startswith(f"http://{host}{RESPONSES}/")


def test_a_store_that_is_down_is_503_with_a_time_to_come_back(stored: Stored) -> None:
    stored.break_down()
    answers = [stored.post(response()), stored.get(f"{RESPONSES}/1"), stored.get(RESPONSES)]
    for answer in answers:
        assert outcome_codes(answer) == (503, ["no-store"])
        assert int(answer.headers["Retry-After"]) > 0
    assert stored.post(response(), f"{RESPONSES}/$triage").status_code == 200
