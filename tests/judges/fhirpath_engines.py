"""Runs two FHIRPath engines from elsewhere, fhirpath.js and fhirpathpy, over the conditions of a PlanDefinition."""

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import fhirpathpy
from fhirpathpy.models import models

from tests.judges.conditions import BUILD, actions_of, one_per_line
from tests.judges.maven import PartMissingError
from tests.mapping.responses import Json, as_bytes

PROGRAM = Path(__file__).parent / "fhirpath" / "judge.js"
FHIRPATH_JS = "fhirpath@4.11.0"
NAMED = re.compile(r"linkId = '([^']+)'")


def missing_part() -> str:
    """Say why fhirpath.js cannot run here; empty where it can be tried."""
    if not os.environ.get("RUN_JUDGES"):
        return "NOT RUN: RUN_JUDGES is not set; `make judges` sets it"
    absent = [name for name in ("node", "npm") if shutil.which(name) is None]
    return f"NOT RUN: there is no {', no '.join(absent)} here" if absent else ""


def applied_by_fhirpath_js(plan: Json, responses: Sequence[Json], *, apart: bool = False) -> list[list[str]]:
    """Name, per response, the actions whose condition HL7's fhirpath.js finds true; ``apart`` as ``ByWhatItReads``.

    Raises PartMissingError where npm does not give it, CalledProcessError where a condition is neither true nor false.
    """
    with tempfile.TemporaryDirectory() as folder:
        shown, asked = Path(folder) / "plan.json", Path(folder) / "responses.ndjson"
        shown.write_bytes(as_bytes(plan))
        asked.write_bytes(one_per_line(responses))
        command = ["node", str(PROGRAM), str(_fetched()), str(shown), str(asked), *(["apart"] if apart else [])]
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


@dataclass(slots=True)
class ByWhatItReads:
    """Let fhirpathpy judge each condition on the questions that it names, once for all who answer these alike.

    On a whole response all conditions take seconds. A condition reaches an item by its linkId alone, so that the others
    cannot matter to it: a test holds both ways together.
    """

    plan: Json
    actions: Sequence[str] = ()
    conditions: dict[str, tuple[Any, frozenset[str]]] = field(default_factory=dict)
    judged: dict[tuple[str, bytes], bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        wanted = (one for one in actions_of(self.plan) if not self.actions or one["id"] in self.actions)
        for action in wanted:
            text = action["condition"][0]["expression"]["expression"]
            self.conditions[action["id"]] = (fhirpathpy.compile(text, models["r4"]), frozenset(NAMED.findall(text)))

    def applied(self, content: Json) -> list[str]:
        """Name the actions whose condition is true."""
        groups = {
            group["linkId"]: {item["linkId"]: item for item in group["item"]} for group in content.get("item", [])
        }
        return [action for action in self.conditions if self._is_true(action, content, groups)]

    def _is_true(self, action: str, content: Json, groups: Mapping[str, Mapping[str, Json]]) -> bool:
        condition, named = self.conditions[action]
        read = [
            {"linkId": link_id, "item": [item for name, item in items.items() if name in named]}
            for link_id, items in groups.items()
            if link_id in named and not named.isdisjoint(items)
        ]
        around = {key: value for key, value in content.items() if key in ("resourceType", "status")}
        key = (action, as_bytes({**around, "item": read}))
        if key not in self.judged:
            response = json.loads(key[1])
            self.judged[key] = _is_true(action, condition(response, {"response": response}))
        return self.judged[key]


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
