"""The other generated artefacts: code systems that hold every code that is sent, and the operation as it is offered."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import fhirpathpy
import pytest
from fhir.resources.R4B import get_fhir_model_class
from fhirpathpy.models import models

from service.mapping.artefacts.activity_definitions import activity_definitions
from service.mapping.artefacts.capability_statement import capability_statement
from service.mapping.artefacts.code_systems import code_systems
from service.mapping.artefacts.concept_map import concept_map
from service.mapping.artefacts.library import library
from service.mapping.artefacts.operation import operation_definition
from service.mapping.artefacts.package import implementation_guide, index, manifest
from service.mapping.artefacts.plan_definition import plan_definition
from service.mapping.artefacts.questionnaire import questionnaire
from service.mapping.artefacts.search_parameters import search_parameters
from service.mapping.artefacts.value_sets import value_sets
from service.mapping.body import BUNDLE_TYPES, CONTEXT_TYPES, PARAMETERS
from service.mapping.canonical import ADMINISTRATIVE_GENDER, BASE, options_of
from service.mapping.gate.json_text import parse
from service.mapping.gate.structure import check
from service.mapping.writing.codings import activity_concept
from service.mapping.writing.json_bytes import dump
from service.usecases.profiles import artefacts, resources
from tests.example_cases import FOLDER
from tests.mapping.reading import LIMITS
from tests.mapping.responses import BOOK, ITEMS
from tests.real_book import proven_book

RESOURCES = {f"{one['resourceType']}/{one['id']}": one for one in resources(BOOK)}
FILES = artefacts(BOOK)
SYSTEMS = {one["url"]: one for one in RESOURCES.values() if one["resourceType"] == "CodeSystem"}
OPERATION = RESOURCES["OperationDefinition/triage"]
PROFILES = ("questionnaire-response", "risk-assessment", "care-plan", "service-request")


def codes(name: str) -> list[str]:
    """Return the codes of one of the project's own systems."""
    return [concept["code"] for concept in SYSTEMS[f"{BASE}/CodeSystem/{name}"]["concept"]]  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", RESOURCES)
def test_every_artefact_is_valid_r4(name: str) -> None:
    resource = RESOURCES[name]
    assert check(resource, name.partition("/")[0]) == ()
    assert resource["url"] == f"{BASE}/{name}"
    assert resource["status"] == "draft"
    assert resource["experimental"] is True


def test_no_artefact_comes_twice() -> None:
    names = [f"{one['resourceType']}/{one['id']}" for one in resources(BOOK)]
    assert len(names) == len(set(names))


def test_a_second_model_of_r4_reads_them_too() -> None:
    for name, resource in RESOURCES.items():
        content = FILES[f"{name.replace('/', '-')}.json"]
        get_fhir_model_class(resource["resourceType"]).model_validate_json(content)


def test_every_option_of_the_form_is_a_concept() -> None:
    for item in ITEMS.values():
        for system, code in options_of(item):
            if system != ADMINISTRATIVE_GENDER:
                assert code in codes(system.rpartition("/")[2])


OWN: list[tuple[str, list[str]]] = [
    # code system, its codes
    ("finding", list(BOOK.findings)),
    ("answer", ["yes", "no", "not-sure", "none-of-these"]),
    ("triage-level", ["ambulance", "emergency", "within-24h", "appointment", "self-care"]),
    ("cause", list(BOOK.causes)),
    ("activity", list(BOOK.activities)),
    ("pattern-fit", ["fits", "partly-fits", "not-excluded"]),
    ("rule", list(BOOK.rules)),
]


@pytest.mark.parametrize(("name", "expected"), OWN)
def test_a_code_system_has_each_of_its_codes_once_with_words(name: str, expected: list[str]) -> None:
    assert codes(name) == expected
    system = SYSTEMS[f"{BASE}/CodeSystem/{name}"]
    assert system["count"] == len(expected)
    assert all(concept["display"].strip() for concept in system["concept"])  # type: ignore[attr-defined]


def test_the_options_of_sex_are_fhirs_own_and_not_ours() -> None:
    assert "heat" in codes("finding-option")
    assert "female" not in codes("finding-option")


def test_the_operation_takes_what_the_reader_takes() -> None:
    parameters = OPERATION["parameter"]
    taken = [one for one in parameters if one["use"] == "in"]  # type: ignore[attr-defined]
    assert tuple(one["name"] for one in taken) == tuple(PARAMETERS)
    # response: required on the type; on an instance the stored response takes its place
    assert [(one["min"], one["max"]) for one in taken] == [(0, "1"), (0, "1"), (0, "1")]
    assert (OPERATION["type"], OPERATION["instance"], OPERATION["affectsState"]) == (True, True, False)
    for word in (*BUNDLE_TYPES, *CONTEXT_TYPES):
        assert word in taken[0]["documentation"]
    for policy in BOOK.policies:
        assert policy in taken[1]["documentation"]


def test_every_statement_row_and_source_that_a_result_can_rest_on_is_a_concept() -> None:
    of_activities = {each for one in BOOK.activities.values() for each in one.rests_on}
    of_causes = {each for one in BOOK.causes.values() for each in one.rests_on}
    of_rules = {each for one in BOOK.rules.values() for each in (*one.statements, *one.supports)}
    of_withholdings = {one.statement for one in BOOK.withholdings.values()}
    assert of_activities | of_causes | of_rules | of_withholdings <= set(codes("statement"))
    assert len(codes("statement")) == len(set(codes("statement")))


def test_each_activity_is_defined_with_the_kind_and_code_that_plans_give_it() -> None:
    for activity in BOOK.activities.values():
        definition = RESOURCES[f"ActivityDefinition/{activity.id}"]
        assert definition["code"] == activity_concept(BOOK, activity)
        assert definition.get("kind", "") == activity.kind
        assert definition["intent"] == "proposal"
        # what a plan only ever names as what must not be done
        assert definition.get("doNotPerform", False) is (activity.section == "never")
        assert definition["relatedArtifact"]


CC = "Cleveland Clinic, Upper Back Pain (2026-01-21)"
GM = "General Medicine, Upper Back Pain: Causes & How to Get Relief (2025-03-06)"
ITSELF = "This project itself, without a source"
CITED: list[tuple[tuple[str, ...], list[str], str]] = [
    # what an activity rests on, whom it cites, comment
    (("CC-scope",), [CC], "one statement"),
    (("CC-scope", "GM-scope", "CC-911-breath"), [GM, CC], "each source once"),
    (("project",), [ITSELF], "the project's word alone"),
    (("CC-scope", "project"), [CC, ITSELF], "the project's word beside a source"),
    ((), [ITSELF], "nobody else said it"),
]


@pytest.mark.parametrize(("rests_on", "cited", "_comment"), CITED)
def test_an_activity_cites_its_sources_and_says_where_the_project_speaks_for_itself(
    rests_on: tuple[str, ...], cited: list[str], _comment: str
) -> None:
    activity = replace(BOOK.activities["call-ambulance"], rests_on=rests_on)
    (definition,) = activity_definitions(replace(BOOK, activities={activity.id: activity}))
    assert definition["relatedArtifact"] == [{"type": "citation", "citation": one} for one in cited]


def test_what_a_question_offers_is_a_value_set() -> None:
    for item in ITEMS.values():
        if options_of(item):
            name = "yes-no-not-sure" if item.kind == "yes-no-not-sure" else item.link_id
            included = RESOURCES[f"ValueSet/answers-{name}"]["compose"]["include"]  # type: ignore[index]
            offered = [(one["system"], concept["code"]) for one in included for concept in one["concept"]]
            assert sorted(offered) == sorted(options_of(item))


def test_the_level_is_what_its_search_parameter_finds() -> None:
    expression = str(RESOURCES["SearchParameter/triage-level"]["expression"])
    answer = json.loads((FOLDER / "within-24h-breath-pain" / "answer.json").read_bytes())
    (concept,) = fhirpathpy.evaluate(answer["entry"][0]["resource"], expression, None, models["r4"])
    assert concept["coding"][0]["code"] == "within-24h"


def test_the_capability_statement_names_only_own_definitions_that_there_are() -> None:
    text = dump(RESOURCES["CapabilityStatement/upper-back-triage"]).decode()
    named = {one for one in re.findall(r'"([^"]+)"', text) if one.startswith(f"{BASE}/")}
    compiled = {f"{BASE}/StructureDefinition/triage-{name}" for name in PROFILES}
    assert named - {f"{BASE}/{name}" for name in RESOURCES} == compiled


def test_the_files_are_named_after_their_resources_and_end_in_a_new_line() -> None:
    others = ["ImplementationGuide-upper-back-triage.json", "package.json", ".index.json"]
    assert sorted(FILES) == sorted([*(f"{name.replace('/', '-')}.json" for name in RESOURCES), *others])
    for content in FILES.values():
        assert content.endswith(b"}\n")
        assert parse(content, LIMITS)


COMMITTED = Path(__file__).parents[2] / "fhir_profiles"
BUILDERS: Mapping[str, Callable[[], Sequence[Mapping[str, Any]]]] = {
    "the form": lambda: [questionnaire(BOOK)],
    "the rules": lambda: [plan_definition(BOOK)],
    "the rule book as a whole": lambda: [library(BOOK)],
    "what a plan may suggest": lambda: activity_definitions(BOOK),
    "codes": lambda: code_systems(BOOK),
    "what questions offer": lambda: value_sets(BOOK),
    "external codes": lambda: [concept_map(BOOK)],
    "the operation": lambda: [operation_definition(BOOK)],
    "searches": search_parameters,
    "the server": lambda: [capability_statement()],
}


@pytest.mark.parametrize("build", BUILDERS.values(), ids=BUILDERS)
def test_what_is_built_is_what_is_committed(build: Callable[[], Sequence[Mapping[str, Any]]]) -> None:
    built = build()
    assert built
    for one in built:
        committed = COMMITTED / f"{one['resourceType']}-{one['id']}.json"
        assert dump(one, pretty=True) + b"\n" == committed.read_bytes()


def test_manifest_index_and_guide_are_built_as_they_are_committed() -> None:
    files = {path.name: json.loads(path.read_bytes()) for path in sorted(COMMITTED.glob("[A-Z]*.json"))}
    examples = [json.loads(path.read_bytes()) for path in COMMITTED.glob("example/*.json")]
    others = [one for name, one in files.items() if not name.startswith("ImplementationGuide-")]
    built: Mapping[str, Mapping[str, Any]] = {
        "package.json": manifest(),
        ".index.json": index(files),
        "ImplementationGuide-upper-back-triage.json": implementation_guide(others, examples),
    }
    for name, content in built.items():
        assert dump(content, pretty=True) + b"\n" == (COMMITTED / name).read_bytes()


def test_the_same_book_gives_the_same_bytes() -> None:
    assert artefacts(proven_book()) == FILES
