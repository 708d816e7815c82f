"""The README says what is true: its settings, its commands, its example."""

import re
from pathlib import Path

import pytest

from service.cli.program import COMMANDS
from service.settings import describe

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def test_the_settings_table_is_the_one_of_the_settings() -> None:
    rows = [f"| `{row.name}` | {row.type} | {row.default} | {row.meaning} |" for row in describe()]
    assert [line for line in README.splitlines() if line.startswith("| `TRIAGE_")] == rows


def test_it_opens_with_the_two_commands() -> None:
    block = README.split("```")[1]
    assert re.findall(r"^make (\w+)", block, re.MULTILINE) == ["run", "test"]
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert {"run", "test"} <= targets


@pytest.mark.parametrize("line", [line for line in README.splitlines() if line.startswith("triage ")])
def test_every_command_it_names_exists(line: str) -> None:
    name = line.split()[1]
    assert name in COMMANDS


def test_the_sample_it_shows_is_there() -> None:
    named = set(re.findall(r"fhir_profiles/examples/[\w-]+/body\.json", README))
    assert named
    assert all((ROOT / path).is_file() for path in named)
