"""docker-compose.yml is valid by the compose specification's own schema, and keeps what it promises."""

import json
import os
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from service.settings import describe

ROOT = Path(__file__).parents[1]
SCHEMA = os.environ.get("COMPOSE_SCHEMA", "")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
SERVICE = COMPOSE["services"]["triage"]


@pytest.mark.needs("the compose schema")
@pytest.mark.skipif(not SCHEMA, reason="NOT RUN: COMPOSE_SCHEMA does not name the schema of the compose specification")
def test_it_is_valid_by_the_schema_and_a_broken_copy_is_not() -> None:
    schema = jsonschema.Draft201909Validator(json.loads(Path(SCHEMA).read_text("utf-8")))
    schema.validate(COMPOSE)
    broken = {**COMPOSE, "services": {"triage": {**SERVICE, "read_only": "perhaps"}}}
    with pytest.raises(jsonschema.ValidationError):
        schema.validate(broken)


def test_every_variable_of_the_service_is_a_setting() -> None:
    assert set(SERVICE["environment"]) <= {row.name for row in describe()}


def test_the_service_is_read_only_without_capabilities_and_open_to_this_machine_alone() -> None:
    assert SERVICE["read_only"] is True
    assert SERVICE["cap_drop"] == ["ALL"]
    published = [port for each in COMPOSE["services"].values() for port in each.get("ports", ())]
    assert all(port.startswith("127.0.0.1:") for port in published)


def test_only_the_profile_ehr_starts_a_fhir_server_beside_it() -> None:
    assert [name for name, each in COMPOSE["services"].items() if each.get("profiles") == ["ehr"]] == ["ehr"]
