"""The definitions that the service carries are those that stand in fhir_profiles, and every one is served."""

import io

from service.mapping.artefacts.compiled import FILE, compiled
from service.mapping.search.parameters import PACKAGE_TYPES
from service.settings import Settings
from service.usecases.served import served_resources
from service.web.app import create_app
from service.web.logs import json_log
from tests.judges.pack_compiled import PROFILES, packed
from tests.real_book import proven_book

from .small_service import digest_triage


def test_what_was_packed_is_what_was_compiled() -> None:
    assert FILE.read_text("utf-8") == packed(PROFILES), "python -m tests.judges.pack_compiled writes it anew"


def test_every_resource_of_the_package_is_read_and_found_by_its_address() -> None:
    artefacts = served_resources(proven_book())
    client = create_app(digest_triage, Settings(), artefacts, json_log(io.StringIO(), "info")).test_client()
    offered = [each for each in artefacts if each["resourceType"] in PACKAGE_TYPES]
    assert {each["id"] for each in compiled()} <= {each["id"] for each in offered}
    for each in offered:
        kind = each["resourceType"]
        read = client.get(f"/fhir/{kind}/{each['id']}")
        assert read.status_code == 200, (kind, each["id"])
        found = client.get(f"/fhir/{kind}", query_string={"url": each["url"]}).get_json()
        assert [entry["resource"] for entry in found["entry"]] == [read.get_json()]
