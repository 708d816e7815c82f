"""What the tests of the command line share: bodies, and the command run in this process or in one of its own."""

import os
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner, Result

from service.cli.program import program
from service.mapping.writing.json_bytes import dump
from tests.mapping.responses import filled, response

AT = "2026-11-21T10:30:00Z"
"""Half an hour after the bodies were authored."""

NAME = "Mrs Smith"
"""What a patient might have written, and nothing may repeat."""

BREATHLESS = filled(dyspnoea="yes")
FEVER = {
    **filled(list_general=["fever"], list_nerves_1=["arm-numb"], severity_now=8),
    "identifier": {"system": "urn:example:responses", "value": "fever-and-a-numb-arm"},
}
NEARLY_BLANK = response({"upper-back-pain": True})
ADULT_ON_A_BLOOD_THINNER = filled(list_injury_load=["strain-event"], list_history_1=["hx-anticoagulant"])
OUT_OF_RANGE = filled(severity_now=30)
ONE_OF_TWO = {
    "resourceType": "Bundle",
    "type": "collection",
    "entry": [
        {"fullUrl": "urn:uuid:b7ab5c4f-9b6a-4b39-9cbb-1b6d6a1c7c01", "resource": BREATHLESS},
        {"fullUrl": "urn:uuid:b7ab5c4f-9b6a-4b39-9cbb-1b6d6a1c7c02", "resource": OUT_OF_RANGE},
    ],
}


def body(resource: object) -> bytes:
    return dump(resource)


def written(folder: Path, **resources: object) -> Path:
    """Write each resource as a file of its name; an underscore stands for a slash."""
    for name, resource in resources.items():
        path = folder / f"{name.replace('_', '/')}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body(resource))
    return folder


def ran(*arguments: str | Path, given: bytes | None = None, env: dict[str, str] | None = None) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(program, [str(one) for one in arguments], input=given, env=env)


def triaged(resource: object, *options: str) -> Result:
    """Triage one body from standard input, shortly after it was authored."""
    return ran("triage", "-", "--at", AT, *options, given=body(resource))


def ran_alone(
    *arguments: str | Path, given: bytes = b"", env: dict[str, str] | None = None, root: Path | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run the command in a process of its own, as from a script: no terminal anywhere; with ``root`` that of a copy."""
    command = [sys.executable, "-m", "service.cli", *map(str, arguments)]
    return subprocess.run(
        command, input=given, capture_output=True, timeout=60, check=False, env=environment(env), cwd=root
    )


def environment(more: dict[str, str] | None = None) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TRIAGE_", "NO_COLOR"))}
    return {**kept, **(more or {})}


def lines(text: str) -> list[str]:
    """Return what was printed, line by line, without the empty ones."""
    return [line for line in text.splitlines() if line.strip()]


def flowing(text: str) -> str:
    """Return what was printed without its line breaks, to look for a sentence in it."""
    return " ".join(text.split())
