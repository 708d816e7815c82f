"""The CapabilityStatement says what is true and nothing more."""

import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest
from fhir.resources.R4B.capabilitystatement import CapabilityStatement
from flask.testing import FlaskClient

from service.mapping.writing.json_bytes import dump
from service.settings import Settings
from service.web.app import create_app
from service.web.capability import STATED_ON, Software, capability_statement
from service.web.routes import FIXED, Route, route_table

from .conftest import Bench
from .small_service import OPERATION_DEFINITION, QUESTIONNAIRE, digest_triage

STATED_THEN = "6b207faa1cd9726c"
"""The digest of what was stated on STATED_ON; where it changes, so does that day."""


@pytest.fixture
def statement(bench: Bench) -> dict[str, Any]:
    return read_statement(bench.client)


def read_statement(client: FlaskClient) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(client.get("/fhir/metadata").data)
    return found


def resources(statement: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["type"]: each for each in statement["rest"][0]["resource"]}


def test_it_states_what_r4_requires_of_an_instance(statement: dict[str, Any]) -> None:
    assert (statement["resourceType"], statement["kind"], statement["fhirVersion"]) == (
        "CapabilityStatement",
        "instance",
        "4.0.1",
    )
    assert (statement["status"], statement["date"], statement["format"]) == ("active", STATED_ON, ["json"])
    assert statement["implementation"]["description"]
    assert statement["software"].keys() == {"name", "version"}


def test_every_interaction_it_states_is_answered(bench: Bench, statement: dict[str, Any]) -> None:
    ids = {"Questionnaire": "upper-back-pain", "OperationDefinition": "triage"}
    stated = [(kind, each["code"]) for kind, one in resources(statement).items() for each in one.get("interaction", [])]
    assert stated == [("OperationDefinition", "read"), ("Questionnaire", "read")]
    for kind, _ in stated:
        assert bench.client.get(f"/fhir/{kind}/{ids[kind]}").status_code == 200


def test_every_operation_it_states_is_answered_and_named_without_the_dollar_sign(
    bench: Bench, statement: dict[str, Any]
) -> None:
    stated = [(kind, each) for kind, one in resources(statement).items() for each in one.get("operation", [])]
    assert stated == [
        (
            "QuestionnaireResponse",
            {"name": "triage", "definition": "https://w3id.org/upper-back-triage/OperationDefinition/triage"},
        )
    ]
    for kind, operation in stated:
        answer = bench.client.post(f"/fhir/{kind}/${operation['name']}", json={"resourceType": "QuestionnaireResponse"})
        assert answer.status_code == 200


def test_it_states_nothing_that_is_not_in_the_route_table() -> None:
    routes = route_table((QUESTIONNAIRE,))
    stated = resources(capability_statement(routes, Software("name", "1"), trusted_network=False))
    assert stated.keys() == {"Questionnaire", "QuestionnaireResponse"}
    assert resources(capability_statement((), Software("name", "1"), trusted_network=False)) == {}


def test_a_route_that_is_added_is_stated() -> None:
    routes = (*FIXED, Route("GET", "/fhir/ValueSet/levels", "ValueSet/levels", "ValueSet", interaction="read"))
    stated = resources(capability_statement(routes, Software("name", "1"), trusted_network=False))
    assert stated["ValueSet"] == {"type": "ValueSet", "interaction": [{"code": "read"}], "versioning": "no-version"}


def test_it_says_that_there_is_no_authentication_and_who_can_reach_it() -> None:
    said = {}
    for trusted in (False, True):
        settings = replace(Settings(), trusted_network=trusted)
        client = create_app(digest_triage, settings, (QUESTIONNAIRE,)).test_client()
        said[trusted] = read_statement(client)["rest"][0]["security"]["description"]
    assert all("no authentication" in text for text in said.values())
    assert ("loopback" in said[False], "trusted" in said[True]) == (True, True)


def test_the_day_it_gives_is_changed_together_with_what_it_states() -> None:
    routes = route_table((QUESTIONNAIRE, OPERATION_DEFINITION))
    stated = capability_statement(routes, Software("name", "1"), trusted_network=False)
    assert hashlib.sha256(dump(stated)).hexdigest()[:16] == STATED_THEN


def test_fhir_resources_reads_it_as_r4b_whose_capability_statement_is_that_of_r4(statement: dict[str, Any]) -> None:
    read = CapabilityStatement.model_validate_json(json.dumps(statement))
    assert json.loads(read.model_dump_json()) == statement
