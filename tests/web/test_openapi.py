"""The OpenAPI document describes every route, and every answer that the other tests see is declared."""

import json
from dataclasses import replace
from typing import Any

import pytest

from service.settings import Settings
from service.web.capability import Software
from service.web.openapi import openapi_document, statuses
from service.web.route import Route, plain_path
from service.web.routes import route_table

from .conftest import Bench
from .stored_service import RESPONSES, Stored, path_of, response

ROUTES = route_table(stores=True)


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return openapi_document(ROUTES, Software("name", "1"), Settings())


def route_named(name: str) -> Route:
    return next(route for route in ROUTES if route.name == name)


def test_it_is_served(bench: Bench) -> None:
    answer = bench.client.get("/openapi.json")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
    known = bench.client.get("/openapi.json", headers={"If-None-Match": answer.headers["ETag"]})
    assert known.status_code == 304


def test_it_describes_every_route_and_no_other(document: dict[str, Any]) -> None:
    described = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    assert described == {(route.method, plain_path(route)) for route in ROUTES}


def test_names_of_operations_are_unique(document: dict[str, Any]) -> None:
    names = [each["operationId"] for methods in document["paths"].values() for each in methods.values()]
    assert len(names) == len(set(names))


def test_every_parameter_of_a_path_is_described(document: dict[str, Any]) -> None:
    for path, methods in document["paths"].items():
        for described in methods.values():
            named = {each["name"] for each in described["parameters"] if each["in"] == "path"}
            assert named == {part[1:-1] for part in path.split("/") if part.startswith("{")}


def test_every_schema_that_is_referred_to_is_there(document: dict[str, Any]) -> None:
    referred = {part.partition('"')[0] for part in json.dumps(document).split("#/components/schemas/")[1:]}
    assert referred <= document["components"]["schemas"].keys()


# fmt: off
ANSWERS = [
    # route                        request                                                       comment
    ("create",                     ("POST", RESPONSES, response(2), {}),                         "created"),
    ("create",                     ("POST", RESPONSES, {}, {}),                                  "no resource"),
    ("create",                     ("POST", RESPONSES, response(), {"Content-Type": "a/b"}),     "another type"),
    ("create",                     ("POST", RESPONSES, response(2), {"If-None-Exist": "x=1"}),   "a bad condition"),
    ("update",                     ("PUT", RESPONSES + "/none", {**response(), "id": "none"}, {}), "an unknown id"),
    ("update",                     ("PUT", "PATH", response(), {}),                              "without an id"),
    ("read QuestionnaireResponse", ("GET", "PATH", None, {}),                                    "there"),
    ("read QuestionnaireResponse", ("GET", "PATH", None, {"If-None-Match": 'W/"1"'}),            "known"),
    ("read QuestionnaireResponse", ("GET", RESPONSES + "/none", None, {}),                       "not there"),
    ("read QuestionnaireResponse", ("GET", "PATH", None, {"Accept": "a/b"}),                     "no form"),
    ("search RiskAssessment",      ("GET", "/fhir/RiskAssessment?nonsense=1", None, {}),         "a bad search"),
    ("search RiskAssessment by form", ("POST", "/fhir/RiskAssessment/_search", {}, {}),          "no form"),
    ("triage stored",              ("GET", "PATH/$triage?policy=nonsense", None, {}),            "a bad policy"),
    ("triage",                     ("POST", RESPONSES + "/$triage", response(), {}),             "triaged"),
    ("metadata",                   ("GET", "/fhir/metadata?_format=ttl", None, {}),              "no form"),
]
# fmt: on


@pytest.mark.parametrize(("name", "sent", "comment"), ANSWERS)
def test_what_a_route_answers_is_declared(stored: Stored, name: str, sent: tuple[Any, ...], comment: str) -> None:
    method, address, body, headers = sent
    path = path_of(stored.post(response()))
    data = None if body is None else json.dumps(body)
    answer = stored.client.open(
        address.replace("PATH", path),
        method=method,
        data=data,
        headers={"Content-Type": "application/fhir+json"} | headers,
    )
    assert answer.status_code in statuses(route_named(name), Settings()), comment


def test_a_store_that_may_be_down_and_a_limit_that_is_set_are_declared() -> None:
    limited = replace(Settings(), requests_per_minute=1)
    for name, stored in (("read CarePlan", True), ("read ValueSet", False), ("triage", False), ("triage stored", True)):
        assert (503 in statuses(route_named(name), Settings())) is stored, name
        assert 429 in statuses(route_named(name), limited), name
        assert 429 not in statuses(route_named(name), Settings()), name


def test_a_route_that_asks_for_a_token_declares_it_and_what_it_answers_without() -> None:
    settings = replace(Settings(), issuers="issuers.json")
    paths = openapi_document(ROUTES, Software("name", "1"), settings)["paths"]
    for path, guarded in (
        ("/fhir/CarePlan", True),
        ("/fhir/ValueSet", True),
        ("/fhir/metadata", False),
        ("/livez", False),
    ):
        described = paths[path]["get"]
        assert ("security" in described) is guarded, path
        assert ({"401", "403"} <= described["responses"].keys()) is guarded, path
    assert (
        "security" not in openapi_document(ROUTES, Software("name", "1"), Settings())["paths"]["/fhir/CarePlan"]["get"]
    )
