"""The table of search parameters agrees with R4's definitions, with our own, and with itself."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from service.mapping.artefacts.search_parameters import search_parameters
from service.mapping.search.parameters import (
    HL7,
    OWN,
    PACKAGE_TYPES,
    STORED_TYPES,
    Parameter,
    included,
    including,
    parameter,
    parameters,
)
from service.mapping.search.subset import _FILE

R4 = Path(os.environ.get("R4_EXAMPLES", ""))
needs_r4 = pytest.mark.skipif(
    "R4_EXAMPLES" not in os.environ,
    reason="NOT RUN: needs hl7.fhir.r4.examples 4.0.1 from npm, unpacked; R4_EXAMPLES names the folder",
)
ROWS = [(kind, each) for kind in (*STORED_TYPES, *PACKAGE_TYPES) for each in parameters(kind)]


def names(rows: list[tuple[str, Parameter]]) -> list[str]:
    return [f"{kind}-{each.name}" for kind, each in rows]


@pytest.mark.parametrize("kind", [*STORED_TYPES, *PACKAGE_TYPES])
def test_a_type_has_a_parameter_once(kind: str) -> None:
    found = [each.name for each in parameters(kind)]
    assert len(found) == len(set(found))


def test_our_own_parameters_are_those_that_the_package_defines() -> None:
    own = {(kind, each.name, each.definition, each.kind) for kind, each in ROWS if each.definition.startswith(OWN)}
    defined = {(base, each["code"], each["url"], each["type"]) for each in search_parameters() for base in each["base"]}
    assert own == defined


OF_EACH = [("_id", "token", "Resource-id")]
NAMED_ALONE = ("ActivityDefinition", "Library", "PlanDefinition", "Questionnaire")
"""The types of which R4 defines the parameters apart; those of the others it defines together, as conformance."""


@pytest.mark.parametrize("kind", PACKAGE_TYPES)
def test_what_comes_with_the_software_is_found_by_what_r4_defines_for_such_types(kind: str) -> None:
    prefix = kind if kind in NAMED_ALONE else "conformance"
    identified = [] if kind in ("OperationDefinition", "SearchParameter") else [("identifier", "token")]
    own = [("url", "uri"), *identified, ("status", "token"), ("version", "token"), ("date", "date")]
    expected = [*OF_EACH, *((name, type_, f"{prefix}-{name}") for name, type_ in own)]
    assert [(row.name, row.stated_kind, row.definition) for row in parameters(kind)] == [
        (name, type_, f"{HL7}/{definition}") for name, type_, definition in expected
    ]
    assert [row.paths for row in parameters(kind)] == [("id",), *((name,) for name, _ in own)]
    assert (included(kind), including(kind)) == ((), ()), "they point to nothing that is stored, nor is it to them"


# fmt: off
TO_A_PATIENT_OR_A_RESPONSE = [
    # parameter    of which types                                                 paths
    ("patient",    "QuestionnaireResponse RiskAssessment CarePlan ServiceRequest", ("subject",)),
    ("patient",    "Provenance",                                                  ("target",)),
    ("patient",    "AuditEvent",                                                  ("agent.who", "entity.what")),
    ("response",   "RiskAssessment",                                              ("basis",)),
    ("response",   "CarePlan",                                                    ("supportingInfo",)),
]
# fmt: on


@pytest.mark.parametrize(("name", "kinds", "paths"), TO_A_PATIENT_OR_A_RESPONSE)
def test_a_parameter_for_one_type_passes_over_references_to_another(
    name: str, kinds: str, paths: tuple[str, ...]
) -> None:
    target = {"patient": "Patient", "response": "QuestionnaireResponse"}[name]
    for kind in kinds.split():
        row = parameter(kind, name)
        assert row is not None
        assert (row.kind, row.paths, row.targets, row.narrow) == ("reference", paths, (target,), True)


def test_a_type_that_is_not_served_has_no_parameters() -> None:
    assert parameters("Observation") == ()
    assert parameter("Observation", "status") is None
    assert parameter("CarePlan", "colour") is None


@pytest.mark.needs("R4 definitions")
@needs_r4
@pytest.mark.parametrize(
    ("kind", "row"),
    [(kind, each) for kind, each in ROWS if each.definition.startswith(HL7)],
    ids=names([(kind, each) for kind, each in ROWS if each.definition.startswith(HL7)]),
)
def test_a_parameter_of_r4_is_as_r4_defines_it(kind: str, row: Parameter) -> None:
    file = f"SearchParameter-{row.definition.rpartition('/')[2]}.json"
    defined: dict[str, Any] = json.loads((R4 / file).read_text("utf-8"))
    assert (defined["url"], defined["code"], defined["type"]) == (row.definition, row.name, row.stated_kind)
    assert {kind, "Resource"} & set(defined["base"])
    elements = [f"{start}.{path.removesuffix('DateTime')}" for path in row.paths for start in (kind, "Resource")]
    assert any(element in defined["expression"] for element in elements), defined["expression"]


@pytest.mark.needs("R4 definitions")
@needs_r4
def test_the_elements_of_a_summary_are_those_of_r4() -> None:
    for kind, listed in json.loads(_FILE.read_text("utf-8")).items():
        definition = json.loads((R4 / f"StructureDefinition-{kind}.json").read_text("utf-8"))
        elements = [each for each in definition["snapshot"]["element"] if each["path"].count(".") == 1]
        own = {each["path"].split(".")[1]: each for each in elements}
        always = {"id", "meta", "implicitRules", "modifierExtension"}
        assert set(listed["summary"]) == {name for name, each in own.items() if each.get("isSummary")} - always
        kept = {name for name, each in own.items() if each.get("isModifier") or each["min"] > 0} - always
        assert set(listed["kept"]) == kept


# fmt: off
POINTING = [
    # type                    its own that point to what is stored      what points to it, beside what points to all
    ("QuestionnaireResponse", "",                                       "RiskAssessment.response CarePlan.response"),
    ("RiskAssessment",        "response",                               ""),
    ("CarePlan",              "activity-reference replaces response",   "CarePlan.replaces"),
    ("ServiceRequest",        "replaces",              "CarePlan.activity-reference ServiceRequest.replaces"),
    ("Provenance",            "target entity",                          ""),
    ("AuditEvent",            "entity",                                 ""),
]
# fmt: on


@pytest.mark.parametrize(("kind", "points", "pointed"), POINTING)
def test_an_include_may_name_what_points_to_something_stored(kind: str, points: str, pointed: str) -> None:
    assert " ".join(row.name for row in included(kind)) == points
    to_all = ["Provenance.target", "Provenance.entity", "AuditEvent.entity"]
    assert [f"{other}.{row.name}" for other, row in including(kind)] == [*pointed.split(), *to_all]
