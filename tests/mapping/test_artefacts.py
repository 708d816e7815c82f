"""The other generated artefacts: code systems that hold every code that is sent, and the operation as it is offered."""

import pytest
from fhir.resources.R4B.codesystem import CodeSystem
from fhir.resources.R4B.operationdefinition import OperationDefinition

from service.knowledge.load import load
from service.mapping.body import BUNDLE_TYPES, CONTEXT_TYPES, PARAMETERS
from service.mapping.canonical import ADMINISTRATIVE_GENDER, BASE, options_of
from service.mapping.gate.json_text import parse
from service.mapping.gate.structure import check
from service.usecases.profiles import artefacts, resources
from tests.mapping.reading import LIMITS
from tests.mapping.responses import BOOK, ITEMS

RESOURCES = {f"{one['resourceType']}/{one['id']}": one for one in resources(BOOK)}
SYSTEMS = {one["url"]: one for one in resources(BOOK) if one["resourceType"] == "CodeSystem"}
OPERATION = RESOURCES["OperationDefinition/triage"]


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


def test_a_second_model_of_r4_reads_them_too() -> None:
    for name, content in artefacts(BOOK).items():
        if name.startswith("CodeSystem-"):
            CodeSystem.model_validate_json(content)
    OperationDefinition.model_validate_json(artefacts(BOOK)["OperationDefinition-triage.json"])


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
    assert tuple(one["name"] for one in taken) == PARAMETERS
    assert [(one["min"], one["max"]) for one in taken] == [(1, "1"), (0, "1"), (0, "1")]
    for word in (*BUNDLE_TYPES, *CONTEXT_TYPES):
        assert word in taken[0]["documentation"]
    for policy in BOOK.policies:
        assert policy in taken[1]["documentation"]


def test_the_files_are_named_after_their_resources_and_end_in_a_new_line() -> None:
    files = artefacts(BOOK)
    assert sorted(files) == sorted(f"{name.replace('/', '-')}.json" for name in RESOURCES)
    for content in files.values():
        assert content.endswith(b"}\n")
        assert parse(content, LIMITS)


def test_the_same_book_gives_the_same_bytes() -> None:
    assert artefacts(load()) == artefacts(BOOK)
