"""schemathesis drives every route of /openapi.json on a running service: no 5xx, and no answer that is not declared.

It reads the document as any client would, and sends what it makes of it, and beside that sound bodies and damaged ones
(`rest/hooks.py`); its checks, and those that are off, stand in `rest/schemathesis.toml`. What a resource is beyond its
type the document leaves to FHIR: that HAPI's validator judges (`test_recorded_answers.py`). `make judges`;
OPENAPI_EXAMPLES=50 is the long run.
"""

import json
import logging
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from flask import Flask, Response, request
from werkzeug.serving import make_server

from tests.edges.test_tokens import issuers, token
from tests.judges.rest import bodies
from tests.judges.rest.driven import PROGRAM, Report, drive, material
from tests.mapping.responses import as_bytes
from tests.stored_server import Service, running_service
from tests.web.stored_service import stored_service

EXAMPLES = int(os.environ.get("OPENAPI_EXAMPLES", "10"))
"""How many bodies are made up and how many damaged, for each route; its parameters' boundaries come on top."""

DOCUMENT = "GET /openapi.json"
"""What schemathesis reads before all else; a whole run does not always report it as driven."""
ONE_ROUTE = ("--include-name", "GET /fhir/CarePlan/{identity}")


def missing_part() -> str:
    """Say why schemathesis cannot run here; empty where it can."""
    if not os.environ.get("RUN_JUDGES"):
        return "NOT RUN: RUN_JUDGES is not set; `make judges` sets it"
    return "" if shutil.which(PROGRAM) else "NOT RUN: schemathesis is not installed"


pytestmark = [
    pytest.mark.needs("schemathesis"),
    pytest.mark.skipif(bool(missing_part()), reason=missing_part() or "there"),
]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("driven")
    with running_service(f"sqlite:///{folder}/triage.sqlite3", folder, workers=1) as running:
        yield running


@pytest.fixture(scope="module")
def told(service: Service) -> bodies.Json:
    """What schemathesis is told, of a store that holds one response and its results."""
    stored = service.store(as_bytes(bodies.response(1)))
    assert stored.status == 201
    kinds = {path.split("/")[2] for path in _document(service)["paths"] if path.endswith("/{identity}")}
    ids = {kind: service.send("GET", f"/fhir/{kind}?_count=1").resource["entry"][0]["resource"]["id"] for kind in kinds}
    return material(ids, stored.resource, damages=EXAMPLES)


@pytest.fixture(scope="module")
def report(service: Service, told: bodies.Json, tmp_path_factory: pytest.TempPathFactory) -> Report:
    options = ("--phases", "examples,coverage,fuzzing", "--max-examples", str(EXAMPLES))
    return drive(_address(service), told, tmp_path_factory.mktemp("report"), *options)


def test_no_answer_is_a_failure_or_one_that_is_not_declared(report: Report) -> None:
    assert report.failures == [], report.said


def test_every_route_is_driven_and_answers_with_success(
    service: Service, report: Report, capsys: pytest.CaptureFixture[str]
) -> None:
    routes = {f"{method.upper()} {path}" for path, rows in _document(service)["paths"].items() for method in rows}
    assert report.sent.keys() | {DOCUMENT} == routes
    without = [route for route, statuses in report.sent.items() if not any(200 <= one < 300 for one in statuses)]
    assert without == []
    with capsys.disabled():
        print(f"\nschemathesis sent {report.count} requests to {len(routes)} routes; {len(report.failures)} failures")


def test_no_answer_comes_to_whoever_has_no_token(told: bodies.Json, tmp_path: Path) -> None:
    """The check `ignored_auth` sends each request again without its token, and with one that is none."""
    allowed = issuers(tmp_path)
    bearer = f"Authorization: Bearer {token(scope='system/*.cruds')}"
    database = f"sqlite:///{tmp_path}/guarded.sqlite3"
    with running_service(database, tmp_path, workers=1, ISSUERS=str(allowed)) as guarded:
        options = (
            "--header",
            bearer,
            "--phases",
            "coverage,fuzzing",
            "--max-examples",
            "1",
            "--checks",
            "ignored_auth",
        )
        found = drive(_address(guarded), {**told, "bodies": {}}, tmp_path, *options)
        paths = _document(guarded)["paths"]
    guarded_routes = {
        f"{method.upper()} {path}" for path, rows in paths.items() for method in rows if "security" in rows[method]
    }
    assert found.failures == [], found.said
    assert len(guarded_routes) > 80
    assert guarded_routes <= found.sent.keys()


def _document(service: Service) -> Any:
    return service.send("GET", "/openapi.json").resource


def _address(service: Service) -> str:
    return f"http://127.0.0.1:{service.port}"


Change = Callable[[Response], None]


def _answer(status: int = 200, body: bytes = b"", media_type: str = "") -> Change:
    def change(response: Response) -> None:
        response.status_code = status
        if body:
            response.set_data(body)
        if media_type:
            response.headers["Content-Type"] = media_type

    return change


def _only(holds: Callable[[Response], bool], change: Change) -> Change:
    return lambda response: change(response) if holds(response) else None


def _is_refused(response: Response) -> bool:
    return response.status_code in (400, 406) and request.method == "GET"


def _is_xml(response: Response) -> bool:
    return "xml" in response.content_type


def _is_not_offered(response: Response) -> bool:
    return response.status_code == 405


def _without_allow(response: Response) -> None:
    response.headers.remove("Allow")


NOBODY = b'{"resourceType": "Nobody"}'
NOBODY_IN_XML = b'<Nobody xmlns="http://hl7.org/fhir"/>'
PLAN = b'{"resourceType": "CarePlan"}'
OUTCOME = b'{"resourceType": "OperationOutcome"}'
JSON, SCHEMA = "application/fhir+json", "response_schema_conformance"
# fmt: off
FAULTS = [
    # what goes wrong                    how                                               what must see it
    ("a failure",                        _answer(500, OUTCOME),                            "not_a_server_error"),
    ("a status not declared",            _answer(418, OUTCOME),                            "status_code_conformance"),
    ("a page",                           _answer(200, PLAN, "text/html"),                  "content_type_conformance"),
    ("another resource",                 _answer(200, NOBODY, JSON),                       SCHEMA),
    ("another resource in XML",          _only(_is_xml, _answer(200, NOBODY_IN_XML)),      SCHEMA),
    ("a wrong parameter is passed over", _only(_is_refused, _answer(200, PLAN, JSON)),     "negative_data_rejection"),
    ("a right parameter is refused",     _answer(400, OUTCOME, JSON),                      "positive_data_acceptance"),
    ("a method not offered is answered", _only(_is_not_offered, _answer(200, PLAN, JSON)), "unsupported_method"),
    ("no Allow beside 405",              _only(_is_not_offered, _without_allow),           "unsupported_method"),
]
# fmt: on


@pytest.mark.parametrize(("fault", "change", "check"), FAULTS, ids=[row[0] for row in FAULTS])
def test_a_fault_that_is_put_in_is_found(tmp_path: Path, fault: str, change: Change, check: str) -> None:
    assert check in {name for _, name, _ in _driven_with(change, tmp_path).failures}, fault


def test_a_service_without_a_fault_has_none(tmp_path: Path) -> None:
    found = _driven_with(lambda response: None, tmp_path)
    assert found.failures == []
    assert found.count > 50


def _driven_with(change: Change, folder: Path) -> Report:
    """Drive the one route that reads a CarePlan, whose answers are changed; the document stays as it is."""
    with stored_service(folder) as stored:
        stored.app.after_request(_changing(change))
        stored.post(json.loads(as_bytes(bodies.response(1))))
        plan = stored.ids("/fhir/CarePlan")[0].partition("/")[2]
        told = {"ids": {"CarePlan": plan}, "queries": {}, "bodies": {}}
        with _served(stored.app) as address:
            return drive(address, told, folder, *ONE_ROUTE, "--phases", "coverage", "--max-examples", "1")


def _changing(change: Change) -> Callable[[Response], Response]:
    def changed(response: Response) -> Response:
        if request.path.startswith("/fhir/CarePlan/"):
            change(response)
        return response

    return changed


@contextmanager
def _served(app: Flask) -> Iterator[str]:
    """Serve an application from this process for as long as the block lasts."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
