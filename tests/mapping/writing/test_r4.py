"""Every result is FHIR R4, by two independent judges: fhir.resources, and HL7's own definitions."""

import importlib
import json
import uuid
from typing import Any

import pytest

from service.mapping.gate.json_text import parse
from service.mapping.gate.structure import check
from service.mapping.writing.bundle import collection
from service.mapping.writing.json_bytes import dump
from service.settings import Limits
from tests.mapping.writing.patients import PATIENTS, Patient, entries, free_text, header, warning

everyone = pytest.mark.parametrize("who", PATIENTS, ids=[one.says for one in PATIENTS])

HEADERS = {
    "as sent": header(),
    "no subject, no date, free text, a warning": header(
        subject=None, encounter=None, authored="", free_texts=free_text("<b>"), notices=(warning("no subject"),)
    ),
    "a month as date": header(authored="2026-05"),
}
headers = pytest.mark.parametrize("head", HEADERS.values(), ids=HEADERS.keys())


@everyone
@headers
def test_fhir_resources_accepts_every_result(who: Patient, head: Any) -> None:
    for entry in entries(who, head):
        name = entry["resource"]["resourceType"]
        model = getattr(importlib.import_module(f"fhir.resources.R4B.{name.lower()}"), name)
        model.model_validate_json(dump(entry["resource"]))


@everyone
@headers
def test_the_definitions_of_hl7_accept_every_result(who: Patient, head: Any) -> None:
    bundle: Any = parse(dump(collection(entries(who, head))), Limits())
    for index, entry in enumerate(bundle["entry"]):
        assert check(entry["resource"], f"Bundle.entry[{index}].resource") == ()


@everyone
def test_nothing_has_an_id_and_every_entry_is_a_urn_of_its_own(who: Patient) -> None:
    written = entries(who)
    assert all("id" not in entry["resource"] for entry in written)
    names = [entry["fullUrl"] for entry in written]
    assert len(set(names)) == len(names)
    assert all(uuid.UUID(name.removeprefix("urn:uuid:")).version == 5 for name in names)


@everyone
def test_every_urn_that_is_referred_to_stands_in_the_bundle_or_is_the_response(who: Patient) -> None:
    written = entries(who)
    known = {entry["fullUrl"] for entry in written} | {header().reference["reference"]}
    assert {one for one in _references(written) if one.startswith("urn:uuid:")} <= known


@everyone
def test_the_identifier_is_the_full_url(who: Patient) -> None:
    for entry in entries(who):
        if entry["resource"]["resourceType"] != "OperationOutcome":
            assert entry["resource"]["identifier"] == [{"system": "urn:ietf:rfc:3986", "value": entry["fullUrl"]}]


def test_a_collection_has_no_timestamp_that_would_vary() -> None:
    assert collection(()) == {"resourceType": "Bundle", "type": "collection", "entry": []}


def _references(value: object) -> list[str]:
    if isinstance(value, dict):
        own = [value["reference"]] if isinstance(value.get("reference"), str) else []
        return own + [one for inner in value.values() for one in _references(inner)]
    if isinstance(value, (list, tuple)):
        return [one for inner in value for one in _references(inner)]
    return []


def test_the_json_is_read_back_as_it_was_written() -> None:
    written = collection(entries(PATIENTS[0]))
    assert json.loads(dump(written))["entry"][0]["resource"]["status"] == "final"
