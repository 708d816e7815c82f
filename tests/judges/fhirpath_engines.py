"""Runs two FHIRPath engines from elsewhere, fhirpath.js and fhirpathpy, over the conditions of a PlanDefinition."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import fhirpathpy
from fhirpathpy.models import models

from tests.judges.conditions import BUILD, actions_of, one_per_line
from tests.judges.maven import PartMissingError
from tests.mapping.responses import Json, as_bytes

PROGRAM = Path(__file__).parent / "fhirpath" / "judge.js"
FHIRPATH_JS = "fhirpath@4.11.0"


def missing_part() -> str:
    """Say why fhirpath.js cannot run here; empty where it can be tried."""
    if not os.environ.get("RUN_JUDGES"):
        return "NOT RUN: RUN_JUDGES is not set; `make judges` sets it"
    absent = [name for name in ("node", "npm") if shutil.which(name) is None]
    return f"NOT RUN: there is no {', no '.join(absent)} here" if absent else ""


def applied_by_fhirpath_js(plan: Json, responses: Sequence[Json]) -> list[list[str]]:
    """Name, per response, the actions whose condition HL7's fhirpath.js finds true.

    Raises PartMissingError where npm does not give it, CalledProcessError where a condition is neither true nor false.
    """
    with tempfile.TemporaryDirectory() as folder:
        shown, asked = Path(folder) / "plan.json", Path(folder) / "responses.ndjson"
        shown.write_bytes(as_bytes(plan))
        asked.write_bytes(one_per_line(responses))
        command = ["node", str(PROGRAM), str(_fetched()), str(shown), str(asked)]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [json.loads(line) for line in said.splitlines()]


def applied_by_fhirpathpy(plan: Json, responses: Iterable[Json], actions: Sequence[str] = ()) -> Iterator[list[str]]:
    """Name, per response, the actions whose condition fhirpathpy finds true; only of the actions named, if any are."""
    conditions = {
        action["id"]: fhirpathpy.compile(action["condition"][0]["expression"]["expression"], models["r4"])
        for action in actions_of(plan)
        if not actions or action["id"] in actions
    }
    for content in responses:
        response = json.loads(as_bytes(content))
        results = {action: condition(response, {"response": response}) for action, condition in conditions.items()}
        yield [action for action, result in results.items() if _is_true(action, result)]


def _is_true(action: str, result: Sequence[Any]) -> bool:
    if list(result) not in ([True], [False]):
        raise AssertionError(f"the condition of {action} is neither true nor false")
    return list(result) == [True]


def _fetched() -> Path:
    """Let npm fetch fhirpath.js; asked once per version."""
    folder = BUILD / FHIRPATH_JS.replace("@", "-")
    if not (folder / "node_modules" / "fhirpath").is_dir():
        install = ["npm", "install", "--silent", "--no-fund", "--no-audit", "--prefix", str(folder), FHIRPATH_JS]
        fetched = subprocess.run(install, check=False, capture_output=True, text=True)
        if fetched.returncode:
            raise PartMissingError(f"npm does not give {FHIRPATH_JS}: {fetched.stderr.strip()[:200]}")
    return folder
