"""Reads of what is stored: the current version, earlier ones, histories, and triage of a stored response."""

import json
from datetime import timedelta

import pytest
from werkzeug.http import http_date, parse_date

from .stored_service import ORIGIN, RESPONSES, Stored, outcome_codes, path_of, response

STORED = ("QuestionnaireResponse", "RiskAssessment", "CarePlan", "ServiceRequest", "Provenance", "AuditEvent")


@pytest.fixture
def path(stored: Stored) -> str:
    return path_of(stored.post(response()))


@pytest.mark.parametrize("kind", STORED)
def test_everything_that_is_stored_is_read_as_itself_and_as_its_version(stored: Stored, path: str, kind: str) -> None:
    (name,) = stored.ids(f"/fhir/{kind}")
    current, version = stored.get(f"/fhir/{name}"), stored.get(f"/fhir/{name}/_history/1")
    assert current.data == version.data
    assert current.headers["ETag"] == version.headers["ETag"] == 'W/"1"'
    resource = json.loads(current.data)
    assert (resource["resourceType"], resource["meta"]["versionId"]) == (kind, "1")
    updated = parse_date(current.headers["Last-Modified"])
    assert updated is not None
    assert updated.strftime("%Y-%m-%dT%H:%M:%S") == resource["meta"]["lastUpdated"][:19]


def test_head_answers_as_get_does_without_a_body(stored: Stored, path: str) -> None:
    got, head = stored.get(path), stored.client.head(path)
    assert (head.status_code, head.data) == (200, b"")
    for header in ("Content-Type", "Content-Length", "ETag", "Last-Modified"):
        assert head.headers[header] == got.headers[header]


def test_a_version_that_is_known_is_304(stored: Stored, path: str) -> None:
    modified = stored.get(path).headers["Last-Modified"]
    moment = parse_date(modified)
    assert moment is not None
    known = [{"If_None_Match": 'W/"1"'}, {"If_Modified_Since": modified}]
    news = [{"If_None_Match": 'W/"2"'}, {"If_Modified_Since": http_date(moment - timedelta(seconds=1))}]
    assert [stored.get(path, **headers).status_code for headers in known] == [304, 304]
    assert [stored.get(path, **headers).status_code for headers in news] == [200, 200]


# fmt: off
MISSING = [
    # path                               expected                    comment
    ("/none",                            (404, ["not-found"]),       "no such id"),
    ("/none/_history",                   (404, ["not-found"]),       "no history of it"),
    ("/none/_history/1",                 (404, ["not-found"]),       "no version of it"),
    ("/none/$triage",                    (404, ["not-found"]),       "nothing to triage"),
    ("/none/$nonsense",                  (404, ["not-supported"]),   "no such operation"),
    ("/with_underscore",                 (404, ["not-supported"]),   "no id of R4"),
]
VERSIONS = ["2", "0", "01", "x", "99999999999999999999", "-1"]
# fmt: on


@pytest.mark.parametrize(("below", "expected", "comment"), MISSING)
def test_what_is_not_there_is_404(stored: Stored, below: str, expected: tuple[int, list[str]], comment: str) -> None:
    assert outcome_codes(stored.get(RESPONSES + below)) == expected, comment


@pytest.mark.parametrize("version", VERSIONS)
def test_a_version_that_is_not_there_is_404(stored: Stored, path: str, version: str) -> None:
    assert outcome_codes(stored.get(f"{path}/_history/{version}")) == (404, ["not-found"])


def test_a_read_may_leave_out_elements_and_says_so(stored: Stored, path: str) -> None:
    short = stored.found(f"{path}?_elements=authored")
    assert short.keys() == {"resourceType", "id", "meta", "status", "authored"}
    assert short["meta"]["tag"][0]["code"] == "SUBSETTED"
    assert outcome_codes(stored.get(f"{path}?_summary=count")) == (400, ["value"])


def test_a_version_of_fhir_that_was_asked_for_is_named(stored: Stored, path: str) -> None:
    for version in ("4.0", "4.3"):
        answer = stored.get(path, Accept=f"application/fhir+json; fhirVersion={version}")
        assert answer.headers["Content-Type"] == f"application/fhir+json; charset=utf-8; fhirVersion={version}"
    assert stored.get(path, Accept="application/fhir+json; fhirVersion=3.0").status_code == 406


def test_a_history_lists_versions_the_newest_first_and_says_how_each_came_about(stored: Stored, path: str) -> None:
    stored.put(path, {**response(status="amended"), "id": path.rpartition("/")[2]})
    bundle = stored.found(f"{path}/_history")
    assert (bundle["type"], bundle["total"]) == ("history", 2)
    entries = [(each["request"], each["response"]) for each in bundle["entry"]]
    told = [(request["method"], answer["status"], answer["etag"]) for request, answer in entries]
    assert told == [("PUT", "200", 'W/"2"'), ("POST", "201", 'W/"1"')]
    assert {each["fullUrl"] for each in bundle["entry"]} == {ORIGIN + path}
    assert all(each["response"]["lastModified"] == each["resource"]["meta"]["lastUpdated"] for each in bundle["entry"])


@pytest.mark.parametrize("kind", STORED)
def test_the_history_of_a_type_is_paged(stored: Stored, kind: str) -> None:
    for number in range(3):
        stored.post(response(number))
    address, seen = f"/fhir/{kind}/_history?_count=2", []
    while address:
        bundle = stored.found(address)
        seen += [each["fullUrl"] for each in bundle["entry"]]
        address = next((each["url"] for each in bundle["link"] if each["relation"] == "next"), "")
    assert (len(seen), len(set(seen))) == (3, 3)


def test_a_history_refuses_what_it_does_not_know(stored: Stored, path: str) -> None:
    assert outcome_codes(stored.get(f"{path}/_history?_since=2026")) == (400, ["not-supported"])
    assert stored.get(f"{path}/_history?_since=2026", Prefer="handling=lenient").status_code == 200


PARAMETERS = {"resourceType": "Parameters"}
STRICTEST = {"name": "policy", "valueCode": "strictest"}

# fmt: off
TRIAGED = [
    # method, query,                  body                                       comment
    ("GET",   "",                     None,                                      "as it is"),
    ("GET",   "?policy=strictest",    None,                                      "with a policy in the query"),
    ("POST",  "",                     None,                                      "without a body"),
    ("POST",  "",                     PARAMETERS,                                "with nothing wished for"),
    ("POST",  "",                     {**PARAMETERS, "parameter": [STRICTEST]},  "with a policy in the body"),
]
# fmt: on


@pytest.mark.parametrize(("method", "query", "body", "comment"), TRIAGED)
def test_a_stored_response_is_triaged_without_storing_anything(
    stored: Stored, path: str, method: str, query: str, body: dict[str, object] | None, comment: str
) -> None:
    data = None if body is None else json.dumps(body)
    answer = stored.client.open(
        f"{path}/$triage{query}", method=method, data=data, headers={"Content-Type": "application/fhir+json"}
    )
    bundle = json.loads(answer.data)
    assert (answer.status_code, bundle["type"]) == (200, "collection"), comment
    assessment = bundle["entry"][0]["resource"]
    assert assessment["basis"][0]["reference"] == path.removeprefix("/fhir/"), comment
    assert stored.found("/fhir/RiskAssessment?_summary=count")["total"] == 1, comment


def test_a_stored_response_is_replayed_at_a_moment(stored: Stored, path: str) -> None:
    moment = "2026-06-01T09:45:00Z"
    parameter = [{"name": "at", "valueDateTime": moment}]
    posted = stored.post({"resourceType": "Parameters", "parameter": parameter}, f"{path}/$triage")
    assert posted.data == stored.get(f"{path}/$triage?at={moment}").data
    assert "HTEST" in posted.get_data(as_text=True)


def wish(**parameter: str) -> dict[str, object]:
    return {**PARAMETERS, "parameter": [parameter]}


# fmt: off
NOT_TRIAGED: list[tuple[str | dict[str, object], int, str]] = [
    # query or body                                                         status  comment
    ("?policy=strictest&policy=strictest",                                  400,    "twice"),
    ("?nonsense=1",                                                         400,    "unknown"),
    ("?at=yesterday",                                                       400,    "no moment"),
    ({"resourceType": "QuestionnaireResponse", "status": "completed"},      422,    "another response"),
    (wish(name="response", valueCode="x"),                                  422,    "the response again"),
    (wish(name="policy", valueString="strictest"),                          422,    "another type"),
    (wish(name="policy", value="x"),                                        400,    "no R4"),
]
# fmt: on


@pytest.mark.parametrize(("sent", "status", "comment"), NOT_TRIAGED)
def test_a_wish_that_is_not_understood_is_refused(
    stored: Stored, path: str, sent: str | dict[str, object], status: int, comment: str
) -> None:
    answer = (
        stored.get(f"{path}/$triage{sent}") if isinstance(sent, str) else stored.post(dict(sent), f"{path}/$triage")
    )
    assert outcome_codes(answer)[0] == status, comment
