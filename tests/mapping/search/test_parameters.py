"""The table of search parameters agrees with R4's definitions, with our own, and with itself."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from service.mapping.artefacts.search_parameters import search_parameters
from service.mapping.search.parameters import HL7, OWN, PACKAGE_TYPES, STORED_TYPES, Parameter, parameters
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
