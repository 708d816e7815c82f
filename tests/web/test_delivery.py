"""What happens to answers on their way out: gzip, pages of other origins, a limit of requests; the store's state."""

import gzip
import io
import json
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from service.settings import Settings
from service.web.app import create_app
from service.web.logs import json_log

from .conftest import TRIAGE_PATH, Bench
from .small_service import QUESTIONNAIRE, digest_triage
from .stored_service import Stored

LARGE = "/openapi.json"
SMALL = "/livez"
ORIGIN = "https://app.example.org"


def client_with(**settings: Any) -> FlaskClient:
    chosen = replace(Settings(), **settings)
    return create_app(digest_triage, chosen, (QUESTIONNAIRE,), json_log(io.StringIO(), "info")).test_client()


# fmt: off
CODINGS = [
    # Accept-Encoding          path     compressed?  comment
    ("gzip",                   LARGE,   True,        "asked for"),
    ("br;q=1.0, gzip;q=0.5",   LARGE,   True,        "what we can"),
    ("gzip;q=0",               LARGE,   False,       "refused"),
    ("identity",               LARGE,   False,       "not asked for"),
    (None,                     LARGE,   False,       "not asked for"),
    ("gzip",                   SMALL,   False,       "too small to be worth it"),
]
# fmt: on


@pytest.mark.parametrize(("coding", "path", "compressed", "comment"), CODINGS)
def test_a_large_answer_is_compressed_where_that_is_asked_for(
    bench: Bench, coding: str | None, path: str, compressed: bool, comment: str
) -> None:
    plain = bench.client.get(path).data
    answer = bench.client.get(path, headers={"Accept-Encoding": coding} if coding else {})
    assert (answer.headers.get("Content-Encoding") == "gzip") is compressed, comment
    assert (gzip.decompress(answer.data) if compressed else answer.data) == plain, comment
    assert int(answer.headers["Content-Length"]) == len(answer.data), comment
    assert "Accept-Encoding" in answer.headers["Vary"], comment


def test_an_answer_without_a_body_is_never_compressed(bench: Bench) -> None:
    etag = bench.client.get(LARGE).headers["ETag"]
    answer = bench.client.get(LARGE, headers={"If-None-Match": etag, "Accept-Encoding": "gzip"})
    assert (answer.status_code, answer.data, answer.headers.get("Content-Encoding")) == (304, b"", None)


def test_head_names_the_length_of_what_get_sends_compressed(bench: Bench) -> None:
    headers = {"Accept-Encoding": "gzip"}
    got, head = bench.client.get(LARGE, headers=headers), bench.client.head(LARGE, headers=headers)
    assert (head.data, head.headers["Content-Length"]) == (b"", got.headers["Content-Length"])


PREFLIGHT = {"Origin": ORIGIN, "Access-Control-Request-Method": "POST"}


def test_without_origins_no_page_may_call() -> None:
    client = client_with()
    assert client.options(TRIAGE_PATH, headers=PREFLIGHT).status_code == 405
    assert "Access-Control-Allow-Origin" not in client.get(SMALL, headers=PREFLIGHT).headers


def test_a_page_of_an_origin_that_is_named_may_call() -> None:
    client = client_with(cors_origins=(ORIGIN,))
    preflight = client.options(TRIAGE_PATH, headers=PREFLIGHT)
    assert (preflight.status_code, preflight.data) == (204, b"")
    assert preflight.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "POST" in preflight.headers["Access-Control-Allow-Methods"]
    assert "If-None-Exist" in preflight.headers["Access-Control-Allow-Headers"]
    answer = client.get("/nowhere", headers=PREFLIGHT)
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "Location" in answer.headers["Access-Control-Expose-Headers"]
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert "Origin" in answer.headers["Vary"]


def test_a_page_of_another_origin_may_not() -> None:
    client = client_with(cors_origins=(ORIGIN,))
    other = PREFLIGHT | {"Origin": "https://app.example.org.evil.example"}
    assert client.options(TRIAGE_PATH, headers=other).status_code == 405
    assert "Access-Control-Allow-Origin" not in client.get(SMALL, headers=other).headers


def test_every_page_may_call_where_that_was_set() -> None:
    assert client_with(cors_origins=("*",)).get(SMALL, headers=PREFLIGHT).headers["Access-Control-Allow-Origin"] == "*"


def test_whoever_sends_more_than_is_allowed_is_told_when_to_come_back() -> None:
    client = client_with(requests_per_minute=2)
    answers = [client.get("/fhir/metadata") for _ in range(3)]
    assert [each.status_code for each in answers] == [200, 200, 429]
    refused = json.loads(answers[-1].data)
    assert (refused["resourceType"], refused["issue"][0]["code"]) == ("OperationOutcome", "throttled")
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert client.get(SMALL).status_code == 200, "whoever watches the service is never refused"
    assert client.get("/fhir/metadata", environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 200, "another address"


def test_without_a_limit_nobody_is_refused() -> None:
    client = client_with()
    assert {client.get("/fhir/metadata").status_code for _ in range(200)} == {200}


def test_the_state_of_the_store_is_told(bench: Bench, stored: Stored) -> None:
    assert bench.client.get("/readyz").json == {"status": "ready", "store": "off"}
    assert stored.found("/readyz?store=1") == {"status": "ready", "store": "up"}
    stored.break_down()
    assert stored.found("/readyz") == {"status": "ready", "store": "down"}
    asked = stored.get("/readyz?store=1")
    assert (asked.status_code, json.loads(asked.data)["store"]) == (503, "down")
    assert int(asked.headers["Retry-After"]) > 0
