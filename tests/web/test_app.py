"""What the routes answer: status, headers, form; and that every error is an OperationOutcome."""

import hashlib
import json
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.settings import Settings
from service.usecases.answer import Answer
from service.web.app import create_app

from .conftest import TRIAGE_PATH, Bench
from .small_service import QUESTIONNAIRE

FHIR_JSON = "application/fhir+json; charset=utf-8"
BODY = b'{"resourceType":"QuestionnaireResponse","status":"completed"}'
READS = ["/fhir/metadata", "/fhir/Questionnaire/upper-back-pain", "/fhir/OperationDefinition/triage"]
PROBES = ["/livez", "/readyz", "/openapi.json"]


def post(client: FlaskClient, body: bytes = BODY, path: str = TRIAGE_PATH, **headers: str) -> TestResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post(path, data=body, headers={"Content-Type": "application/fhir+json"} | named)


def outcome(response: TestResponse) -> list[dict[str, Any]]:
    """Return the issues of an error, having made sure that it is a FHIR error at all."""
    assert response.headers["Content-Type"] == FHIR_JSON
    resource = json.loads(response.data)
    assert resource["resourceType"] == "OperationOutcome"
    issues: list[dict[str, Any]] = resource["issue"]
    return issues


def test_a_body_reaches_the_operation_byte_for_byte_and_its_answer_comes_back(bench: Bench) -> None:
    response = post(bench.client)
    assert (response.status_code, response.headers["Content-Type"]) == (200, FHIR_JSON)
    assert json.loads(response.data)["identifier"]["value"] == hashlib.sha256(BODY).hexdigest()


def test_a_decimal_of_the_answer_keeps_its_digits_on_the_wire(bench: Bench) -> None:
    assert b'"total":72.50' in post(bench.client).data


def test_the_answer_is_written_in_the_form_that_was_asked_for(bench: Bench) -> None:
    response = post(bench.client, path=f"{TRIAGE_PATH}?_pretty=true&_format=json", Accept="application/fhir+turtle")
    assert response.headers["Content-Type"] == FHIR_JSON
    assert response.data.startswith(b'{\n  "resourceType"')


def test_the_status_of_the_answer_is_the_status_of_the_response() -> None:
    app = create_app(lambda body: Answer(422, {"resourceType": "Bundle"}), Settings(), (QUESTIONNAIRE,))
    assert post(app.test_client()).status_code == 422


def test_a_refusal_of_the_operation_is_answered_with_every_issue(bench: Bench) -> None:
    response = post(bench.client, b'{"resourceType":"Patient"}')
    assert response.status_code == 422
    assert outcome(response) == [
        {
            "severity": "error",
            "code": "required",
            "details": {"text": "Met no answer."},
            "diagnostics": "linkId fever: Do you have a fever?",
            "expression": ["QuestionnaireResponse.item[0]"],
        },
        {
            "severity": "warning",
            "code": "value",
            "details": {"text": "Met a string; allowed: a boolean."},
            "expression": ["QuestionnaireResponse.item[1]"],
        },
    ]


@pytest.mark.parametrize("path", [*READS, *PROBES])
@pytest.mark.parametrize("slash", ["", "/"], ids=["no slash", "trailing slash"])
def test_get_and_head_answer_alike_with_or_without_a_trailing_slash(bench: Bench, path: str, slash: str) -> None:
    got, head = bench.client.get(path + slash), bench.client.head(path + slash)
    assert (got.status_code, head.status_code) == (200, 200)
    assert (len(got.data), head.data) == (int(head.headers["Content-Length"]), b"")


def test_the_operation_bears_a_trailing_slash_and_an_escaped_dollar_sign(bench: Bench) -> None:
    assert post(bench.client, path=TRIAGE_PATH + "/").status_code == 200
    assert post(bench.client, path=TRIAGE_PATH.replace("$", "%24")).status_code == 200


def test_the_questionnaire_is_served_as_it_was_given(bench: Bench) -> None:
    assert bench.client.get("/fhir/Questionnaire/upper-back-pain").json == QUESTIONNAIRE


def test_an_artefact_that_does_not_exist_is_not_found() -> None:
    client = create_app(lambda body: Answer(200, {}), Settings(), (QUESTIONNAIRE,)).test_client()
    assert client.get("/fhir/OperationDefinition/triage").status_code == 404


def test_without_its_questionnaire_the_application_is_not_built() -> None:
    with pytest.raises(ValueError, match="upper-back-pain"):
        create_app(lambda body: Answer(200, {}), Settings(), ())


# fmt: off
QUESTIONNAIRE_PATH = "/fhir/Questionnaire/upper-back-pain"
TURTLE_ONLY = {"Accept": "application/fhir+turtle"}
UPGRADE = {"Connection": "Upgrade", "Upgrade": "websocket"}

ERRORS = [
    # method,   path                            headers                         expected                comment
    ("GET",     "/",                            {},                             (404, "not-found"),     "no FHIR path"),
    ("GET",     "/fhir",                        {},                             (404, "not-found"),     "the base"),
    ("GET",     "//fhir/metadata",              {},                             (404, "not-found"),     "no redirect"),
    ("GET",     "/fhir/metadata//",             {},                             (404, "not-supported"), "no redirect"),
    ("GET",     "/fhir/Metadata",               {},                             (404, "not-supported"), "case counts"),
    ("GET",     "/fhir/Patient/1",              {},                             (404, "not-supported"), "another type"),
    ("GET",     "/fhir/Questionnaire/other",    {},                             (404, "not-found"),     "another id"),
    ("GET",     "/fhir/Questionnaire?x=1",      {},                             (400, "not-supported"), "no parameter"),
    ("GET",     "/fhir/Questionnaire/a_b",      {},                             (404, "not-supported"), "no id of R4"),
    ("GET",     "/fhir/RiskAssessment",         {},                        (404, "not-supported"), "nothing is stored"),
    ("GET",     "/fhir/metadata?mode=x",        {},                            (400, "value"),         "no mode of R4"),
    ("GET",     QUESTIONNAIRE_PATH + "/_history", {},                           (404, "not-supported"), "history"),
    ("POST",    "/fhir/QuestionnaireResponse",  {},                             (404, "not-supported"), "create"),
    ("GET",     TRIAGE_PATH,                    {},                             (405, "not-supported"), "only POST"),
    ("PUT",     QUESTIONNAIRE_PATH,             {},                             (405, "not-supported"), "update"),
    ("DELETE",  "/fhir/metadata",               {},                             (405, "not-supported"), "delete"),
    ("OPTIONS", TRIAGE_PATH,                    {},                             (405, "not-supported"), "no CORS"),
    ("BREW",    "/livez",                       {},                             (405, "not-supported"), "no one's"),
    ("GET",     "/fhir/metadata",               TURTLE_ONLY,                    (406, "not-supported"), "Turtle only"),
    ("GET",     "/fhir/metadata?_format=ttl",   {},                             (406, "not-supported"), "Turtle only"),
    ("POST",    TRIAGE_PATH,                    TURTLE_ONLY,                    (406, "not-supported"), "Turtle only"),
    ("POST",    TRIAGE_PATH,                    {"Content-Type": "text/plain"}, (415, "not-supported"), "not JSON"),
    ("POST",    TRIAGE_PATH,                    {"Content-Encoding": "gzip"},   (415, "not-supported"), "compressed"),
    ("POST",    TRIAGE_PATH + "?policy=x",      {},                             (400, "not-supported"), "not in query"),
    ("POST",    TRIAGE_PATH + "?_pretty=maybe", {},                             (400, "value"),         "no boolean"),
    ("GET",     "/livez",                       UPGRADE,                        (400, "invalid"),       "Werkzeug's"),
]
# fmt: on


@pytest.mark.parametrize(("method", "path", "headers", "expected", "comment"), ERRORS)
def test_every_error_is_an_operation_outcome(
    bench: Bench, method: str, path: str, headers: dict[str, str], expected: tuple[int, str], comment: str
) -> None:
    sent = {"Content-Type": "application/fhir+json"} | headers
    response = bench.client.open(path, method=method, headers=sent, data=BODY if method == "POST" else None)
    (issue,) = outcome(response)
    assert (response.status_code, issue["code"]) == expected, comment


def test_every_answer_carries_its_safety_headers(bench: Bench) -> None:
    answers = [post(bench.client), bench.client.get("/fhir/metadata"), bench.client.get("/nowhere")]
    for answer in answers:
        assert (answer.headers["Cache-Control"], answer.headers["X-Content-Type-Options"]) == ("no-store", "nosniff")


@pytest.mark.parametrize(
    ("path", "allowed"),
    [(TRIAGE_PATH, "POST"), ("/fhir/metadata", "GET, HEAD"), ("/livez", "GET, HEAD")],
)
def test_a_method_that_is_not_offered_is_told_which_are(bench: Bench, path: str, allowed: str) -> None:
    assert bench.client.patch(path).headers["Allow"] == allowed


def test_an_error_is_indented_where_that_was_asked_for(bench: Bench) -> None:
    assert bench.client.get("/nowhere?_pretty=true").data.startswith(b"{\n")


@pytest.mark.parametrize("path", READS)
def test_a_read_that_has_not_changed_is_304_without_a_body(bench: Bench, path: str) -> None:
    etag = bench.client.get(path).headers["ETag"]
    assert re.fullmatch(r'W/"[0-9a-f]{32}"', etag)
    for sent in (etag, etag.removeprefix("W/"), f'"other", {etag}', "*"):
        response = bench.client.get(path, headers={"If-None-Match": sent})
        assert (response.status_code, response.data, response.headers["ETag"]) == (304, b"", etag)


def test_a_read_that_has_changed_is_sent_again(bench: Bench) -> None:
    response = bench.client.get("/fhir/metadata", headers={"If-None-Match": 'W/"other"'})
    assert (response.status_code, response.json["resourceType"]) == (200, "CapabilityStatement")  # type: ignore[index] # JSON of our own


def test_two_resources_never_share_an_etag(bench: Bench) -> None:
    assert len({bench.client.get(path).headers["ETag"] for path in READS}) == len(READS)


UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

# fmt: off
REQUEST_IDS = [
    # X-Request-Id   kept?   X-Correlation-Id   comment
    ("abc-1.2",      True,   None,              "a plain id is used as it is"),
    ("a" * 64,       True,   None,              "the longest"),
    ("a" * 65,       False,  "a" * 65,          "too long to be ours, returned as the client's"),
    ("with_underscore", False, "with_underscore", "not plain, but one visible word"),
    ("two words",    False,  None,              "not one word: not repeated"),
    ("",             False,  None,              "empty"),
    (None,           False,  None,              "none was sent"),
]
# fmt: on


@pytest.mark.parametrize(("sent", "kept", "correlation", "comment"), REQUEST_IDS)
def test_a_request_keeps_its_plain_id_or_gets_one(
    bench: Bench, sent: str | None, kept: bool, correlation: str | None, comment: str
) -> None:
    response = bench.client.get("/fhir/metadata", headers={} if sent is None else {"X-Request-Id": sent})
    own = response.headers["X-Request-Id"]
    assert own == sent if kept else UUID.fullmatch(own), comment
    assert response.headers.get("X-Correlation-Id") == correlation, comment
    assert bench.lines()[-1]["request_id"] == own, comment


def test_the_access_log_holds_the_route_and_not_the_path(bench: Bench) -> None:
    post(bench.client, path=TRIAGE_PATH + "/?_pretty=true")
    bench.client.open("/fhir/Patient/1", method="BREW")
    triage, unknown = bench.lines()
    assert triage.keys() == {"event", "level", "time", "method", "route", "status", "milliseconds", "request_id"}
    assert (triage["method"], triage["route"], triage["status"]) == ("POST", TRIAGE_PATH, 200)
    assert (unknown["method"], unknown["route"], unknown["status"]) == ("other", "none", 404)


@pytest.mark.parametrize("body", [b'{"explode":"canary"}', b'{"unwritable":"canary"}'], ids=["raised", "not writable"])
def test_what_no_one_foresaw_is_500_with_an_incident_that_the_log_explains(bench: Bench, body: bytes) -> None:
    response = post(bench.client, body)
    (issue,) = outcome(response)
    incident, access = bench.lines()
    assert (response.status_code, issue["severity"], issue["code"]) == (500, "fatal", "exception")
    assert incident["incident"] in issue["details"]["text"]
    assert incident["exception"] in {"RuntimeError", "TypeError"}
    assert any(frame.endswith(" triage") for frame in incident["frames"])
    assert access["status"] == 500
    assert "canary" not in bench.stream.getvalue() + response.text


def test_two_applications_in_one_process_share_nothing(bench: Bench) -> None:
    other = create_app(lambda body: Answer(200, {"resourceType": "Basic"}), Settings(), (QUESTIONNAIRE,))
    assert json.loads(post(other.test_client()).data)["resourceType"] == "Basic"
    assert json.loads(post(bench.client).data)["resourceType"] == "Bundle"
