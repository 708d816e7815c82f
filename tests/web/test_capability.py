"""The CapabilityStatement says what is true and nothing more: every line of it is tried."""

import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest
from fhir.resources.R4B.capabilitystatement import CapabilityStatement
from flask.testing import FlaskClient

from service.mapping.canonical import BASE
from service.mapping.search.parameters import HL7, OWN, PACKAGE_TYPES, STORED_TYPES
from service.mapping.writing.json_bytes import dump
from service.settings import Settings
from service.usecases.served import served_resources
from service.web.app import create_app
from service.web.capability import STATED_ON, Software, capability_statement, profiles_of
from service.web.route import Route
from service.web.routes import route_table
from service.web.views.states import live
from tests.real_book import proven_book

from .conftest import Bench
from .small_service import QUESTIONNAIRE, digest_triage
from .stored_service import RESPONSES, Stored, response

STATED_THEN = "1c6407e0be2334c5"
"""The digest of what was stated on STATED_ON; where it changes, so does that day."""

SOFTWARE = Software("name", "1")


@pytest.fixture
def statement(stored: Stored) -> dict[str, Any]:
    return stored.found("/fhir/metadata")


def read_statement(client: FlaskClient) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(client.get("/fhir/metadata").data)
    return found


def resources(statement: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["type"]: each for each in statement["rest"][0]["resource"]}


def stated_of(routes: tuple[Route, ...]) -> dict[str, dict[str, Any]]:
    return resources(capability_statement(routes, SOFTWARE, Settings(), {}))


def codes(stated: dict[str, Any]) -> list[str]:
    return [each["code"] for each in stated.get("interaction", [])]


def test_it_states_what_r4_requires_of_an_instance(statement: dict[str, Any]) -> None:
    assert (statement["resourceType"], statement["kind"], statement["fhirVersion"]) == (
        "CapabilityStatement",
        "instance",
        "4.0.1",
    )
    assert (statement["status"], statement["date"], statement["format"]) == ("active", STATED_ON, ["json", "xml"])
    assert statement["implementation"]["description"]
    assert statement["software"].keys() == {"name", "version"}


def test_it_states_the_interactions_that_are_offered(statement: dict[str, Any]) -> None:
    stored = ["history-instance", "history-type", "read", "search-type", "vread"]
    expected = dict.fromkeys(STORED_TYPES, stored) | {kind: ["read", "search-type"] for kind in PACKAGE_TYPES}
    expected["QuestionnaireResponse"] = sorted([*stored, "create", "update"])
    assert {kind: codes(each) for kind, each in resources(statement).items()} == expected


def test_what_it_states_of_versions_is_true(statement: dict[str, Any], stored: Stored) -> None:
    stated = resources(statement)
    responses = stated["QuestionnaireResponse"]
    assert (responses["versioning"], responses["readHistory"]) == ("versioned", True)
    assert (responses["updateCreate"], responses["conditionalCreate"]) == (False, True)
    assert stored.put(f"{RESPONSES}/none", {**response(), "id": "none"}).status_code == 405
    assert {stated[kind]["versioning"] for kind in STORED_TYPES} == {"versioned"}
    assert {stated[kind]["versioning"] for kind in PACKAGE_TYPES} == {"no-version"}
    assert {stated[kind]["readHistory"] for kind in PACKAGE_TYPES} == {False}


def test_every_search_parameter_and_include_it_states_is_answered(statement: dict[str, Any], stored: Stored) -> None:
    # The searches are on record themselves, so the day asked for is one on which nobody searched.
    values = {"token": "a|b", "reference": "a", "uri": "urn:x", "date": "2020"}
    for kind, each in resources(statement).items():
        for parameter in each["searchParam"]:
            value = values[parameter["type"]]
            assert stored.found(f"/fhir/{kind}?{parameter['name']}={value}")["total"] == 0, parameter
            assert parameter["definition"].startswith((f"{HL7}/", f"{OWN}/"))
        for name in each.get("searchInclude", []):
            assert stored.found(f"/fhir/{kind}?_include={name}"), name
        for name in each.get("searchRevInclude", []):
            assert stored.found(f"/fhir/{kind}?_revinclude={name}"), name


def test_every_operation_it_states_is_answered_and_named_without_the_dollar_sign(
    statement: dict[str, Any], stored: Stored
) -> None:
    stated = [(kind, each) for kind, one in resources(statement).items() for each in one.get("operation", [])]
    sdc, core = "http://hl7.org/fhir/uv/sdc/OperationDefinition", "http://hl7.org/fhir/OperationDefinition"
    assert {(kind, each["name"]): each["definition"] for kind, each in stated} == {
        ("PlanDefinition", "apply"): f"{core}/PlanDefinition-apply",
        ("Questionnaire", "populate"): f"{sdc}/Questionnaire-populate",
        ("QuestionnaireResponse", "extract"): f"{sdc}/QuestionnaireResponse-extract",
        ("QuestionnaireResponse", "triage"): f"{BASE}/OperationDefinition/triage",
        ("QuestionnaireResponse", "validate"): f"{core}/Resource-validate",
        ("ValueSet", "expand"): f"{core}/ValueSet-expand",
        ("ValueSet", "validate-code"): f"{core}/ValueSet-validate-code",
    }
    of_system = {each["name"] for each in statement["rest"][0]["operation"]}
    assert of_system == {"process-message"}
    assert stored.post(response(), f"{RESPONSES}/$triage").status_code == 200


def test_it_states_nothing_that_is_not_in_the_route_table() -> None:
    assert stated_of(()) == {}
    without = stated_of(route_table(stores=False))
    assert set(without) == {*PACKAGE_TYPES, "QuestionnaireResponse"}
    assert without["QuestionnaireResponse"].keys() == {"type", "versioning", "operation"}
    assert all("searchRevInclude" not in each for each in without.values())


def test_a_route_that_is_added_is_stated() -> None:
    routes = (
        Route("GET", "/fhir/Patient/<id:identity>", "read Patient", live, "Patient", "read"),
        Route("POST", "/fhir", "batch", live, interaction="batch"),
        Route("POST", "/fhir/$process-message", "message", live, operation="process-message", definition="urn:other"),
    )
    rest = capability_statement(routes, SOFTWARE, Settings(), {})["rest"][0]
    assert [codes(each) for each in rest["resource"]] == [["read"]]
    assert rest["interaction"] == [{"code": "transaction"}, {"code": "batch"}], "one address takes both"
    assert rest["operation"] == [{"name": "process-message", "definition": "urn:other"}]


def test_it_names_the_profiles_of_the_package() -> None:
    artefacts = served_resources(proven_book())
    stated = resources(capability_statement(route_table(stores=True), SOFTWARE, Settings(), profiles_of(artefacts)))
    profiled = {kind: each["supportedProfile"] for kind, each in stated.items() if "supportedProfile" in each}
    assert profiled == {
        kind: [f"{BASE}/StructureDefinition/triage-{name}"]
        for kind, name in (
            ("CarePlan", "care-plan"),
            ("QuestionnaireResponse", "questionnaire-response"),
            ("RiskAssessment", "risk-assessment"),
            ("ServiceRequest", "service-request"),
        )
    }


def test_it_says_that_there_is_no_authentication_and_who_can_reach_it() -> None:
    said = {}
    for trusted in (False, True):
        settings = replace(Settings(), trusted_network=trusted)
        client = create_app(digest_triage, settings, (QUESTIONNAIRE,)).test_client()
        said[trusted] = read_statement(client)["rest"][0]["security"]["description"]
    assert all("no authentication" in text for text in said.values())
    assert ("loopback" in said[False], "trusted" in said[True]) == (True, True)


def test_it_says_whether_pages_of_other_origins_may_call_and_where_it_is() -> None:
    settings = replace(
        Settings(), cors_origins=("https://app.example.org",), base_url="https://triage.example.org/fhir"
    )
    statement = read_statement(create_app(digest_triage, settings, (QUESTIONNAIRE,)).test_client())
    assert statement["rest"][0]["security"]["cors"] is True
    assert statement["implementation"]["url"] == "https://triage.example.org/fhir"


def test_it_says_where_the_rules_are_not_proven(bench: Bench) -> None:
    app = create_app(digest_triage, Settings(), (QUESTIONNAIRE,), unproven=True)
    assert "not proven" in read_statement(app.test_client())["implementation"]["description"]
    assert "not proven" not in read_statement(bench.client)["implementation"]["description"]


@pytest.mark.parametrize("mode", ["full", "normative", "terminology"])
def test_a_mode_is_borne(bench: Bench, mode: str) -> None:
    assert bench.client.get(f"/fhir/metadata?mode={mode}").json == read_statement(bench.client)


def test_the_day_it_gives_is_changed_together_with_what_it_states() -> None:
    stated = capability_statement(route_table(stores=True), SOFTWARE, Settings(), {})
    assert hashlib.sha256(dump(stated)).hexdigest()[:16] == STATED_THEN


def test_fhir_resources_reads_it_as_r4b_whose_capability_statement_is_that_of_r4(statement: dict[str, Any]) -> None:
    read = CapabilityStatement.model_validate_json(json.dumps(statement))
    assert json.loads(read.model_dump_json()) == statement
