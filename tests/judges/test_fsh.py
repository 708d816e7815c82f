"""The compiled profiles are those of the FSH, and define every name that results use; no judge is needed for this."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from service.mapping.canonical import ADMINISTRATIVE_GENDER
from service.mapping.writing import canonicals
from service.usecases.profiles import resources
from tests.judges.fsh_digest import compiled_names, differences, record
from tests.judges.shown import PROFILES, definitions
from tests.mapping.responses import BOOK

MADE: dict[str, dict[str, Any]] = {
    one["url"]: one for one in map(json.loads, definitions().values()) if one["resourceType"] != "ImplementationGuide"
}
BUILT = {one["url"] for one in resources(BOOK)}
VALUE_SETS = [one for one in MADE.values() if one["resourceType"] == "ValueSet"]
PROFILE_NAMES = [canonicals.RISK_ASSESSMENT_PROFILE, canonicals.CARE_PLAN_PROFILE, canonicals.SERVICE_REQUEST_PROFILE]
EXTENSIONS = [
    address
    for name, address in vars(canonicals).items()
    if name.isupper() and str(address).startswith(f"{canonicals.DEFINITIONS}/") and address not in PROFILE_NAMES
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copied = tmp_path / "fhir_profiles"
    shutil.copytree(PROFILES, copied, ignore=shutil.ignore_patterns("examples"))
    return copied


def test_the_committed_definitions_are_those_of_the_committed_fsh() -> None:
    assert list(differences(PROFILES)) == []


def test_a_changed_source_a_new_one_a_changed_definition_and_a_lost_one_are_named(folder: Path) -> None:
    with (folder / "input" / "fsh" / "aliases.fsh").open("a") as file:
        file.write("// one more line\n")
    (folder / "input" / "fsh" / "new.fsh").write_text("// nothing\n")
    (folder / "ValueSet-scope.json").unlink()
    (folder / "ValueSet-cause.json").write_text("{}")
    assert sorted(differences(folder)) == [
        "added: input/fsh/new.fsh",
        "changed: ValueSet-cause.json",
        "changed: input/fsh/aliases.fsh",
        "missing: ValueSet-scope.json",
    ]
    record(folder, [name for name in compiled_names(folder) if name != "ValueSet-scope.json"])
    assert list(differences(folder)) == []


@pytest.mark.parametrize("name", PROFILE_NAMES)
def test_every_profile_that_results_name_is_defined_in_the_version_they_name(name: str) -> None:
    address, _, version = name.partition("|")
    assert MADE[address]["version"] == version
    assert MADE[address]["snapshot"]["element"]


@pytest.mark.parametrize("address", EXTENSIONS)
def test_every_extension_that_results_use_is_defined(address: str) -> None:
    assert MADE[address]["type"] == "Extension"


def test_there_are_as_many_extensions_as_results_use() -> None:
    defined = [one["url"] for one in MADE.values() if one.get("type") == "Extension"]
    assert sorted(defined) == sorted(EXTENSIONS)


@pytest.mark.parametrize("value_set", VALUE_SETS, ids=lambda one: str(one["id"]))
def test_every_value_set_is_of_a_code_system_that_is_built_from_the_book(value_set: dict[str, Any]) -> None:
    built = BUILT | {canonicals.RISK_PROBABILITY, ADMINISTRATIVE_GENDER}
    assert {include["system"] for include in value_set["compose"]["include"]} <= built
