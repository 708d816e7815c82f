"""Lets schemathesis drive a service by its own OpenAPI document, and reads its report; it judges nothing itself."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from service.mapping.canonical import BASE, FINDING
from tests.judges.rest import bodies
from tests.mapping.mutations import damaged

ROOT = Path(__file__).parents[3]
CONFIG = Path(__file__).with_name("schemathesis.toml")
NO_ANSWER = 0
PROGRAM = str(Path(sys.executable).with_name("schemathesis"))
RESPONSES = "/fhir/QuestionnaireResponse"
SOUND: Mapping[str, tuple[bodies.Json, bodies.Json]] = {
    "POST /fhir": (bodies.batch(1000), bodies.transaction(1010)),
    "POST /fhir/$process-message": (
        bodies.message(1020),
        bodies.parameters(content={"resource": bodies.message(1021)}),
    ),
    f"POST {RESPONSES}": (bodies.response(1030), bodies.response(1031)),
    f"POST {RESPONSES}/$triage": (bodies.to_triage(1040), bodies.with_record(1041)),
    f"POST {RESPONSES}/{{identity}}/$triage": (
        bodies.parameters(at={"valueDateTime": bodies.NOW}),
        bodies.parameters(at={"valueDateTime": "2026-01-31T10:00:00Z"}),
    ),
    f"POST {RESPONSES}/$validate": (bodies.response(1050), bodies.parameters(resource={"resource": bodies.PATIENT})),
    f"POST {RESPONSES}/$extract": (bodies.response(1060), bodies.response(1061)),
    "POST /fhir/Questionnaire/$populate": (bodies.to_populate(), bodies.to_populate()),
    "POST /fhir/Questionnaire/{identity}/$populate": (bodies.to_populate(), bodies.to_populate()),
    "POST /fhir/PlanDefinition/{identity}/$apply": (bodies.to_apply(1070), bodies.to_apply(1071)),
    "POST /fhir/ValueSet/$expand": (bodies.to_expand(), bodies.to_expand("activity")),
    "POST /fhir/ValueSet/{identity}/$expand": (bodies.parameters(count={"valueInteger": 2}), bodies.to_expand()),
    "POST /fhir/ValueSet/$validate-code": (bodies.to_validate_code(), bodies.to_validate_code("none")),
    "POST /fhir/ValueSet/{identity}/$validate-code": (bodies.to_validate_code(), bodies.to_validate_code("none")),
}
"""Two sound bodies for each route that takes one; PUT needs the id of what is stored, and is added to them."""

FINDINGS = f"{BASE}/ValueSet/{bodies.VALUE_SET}"
CODE = {"system": FINDING, "code": bodies.a_finding()}
QUERIES: Mapping[str, Mapping[str, str]] = {
    "GET /fhir/ValueSet/$expand": {"url": FINDINGS, "offset": "0", "count": "3", "filter": "e"},
    "GET /fhir/ValueSet/{identity}/$expand": {"url": FINDINGS, "offset": "0", "count": "3", "filter": "e"},
    "GET /fhir/ValueSet/$validate-code": {"url": FINDINGS, **CODE},
    "GET /fhir/ValueSet/{identity}/$validate-code": {"url": FINDINGS, **CODE},
    "GET /fhir/PlanDefinition/{identity}/$apply": {"subject": bodies.response(1)["subject"]["reference"]},
}


@dataclass(slots=True)
class Report:
    """What schemathesis did and found: statuses by route, and each failure as route, check, and how to see it again."""

    sent: dict[str, Counter[int]] = field(default_factory=dict)
    failures: list[tuple[str, str, str]] = field(default_factory=list)
    said: str = ""

    @property
    def count(self) -> int:
        return sum(sum(each.values()) for each in self.sent.values())


def material(ids: Mapping[str, str], stored: bodies.Json, damages: int) -> bodies.Json:
    """Return what the hooks tell schemathesis: per route its sound bodies, and as many damaged ones.

    ``stored`` is a response as it was answered, for PUT.
    """
    amended = [{**stored, "status": "amended"}, stored]
    sound = {**SOUND, f"PUT {RESPONSES}/{{identity}}": tuple(amended)}
    random = Random(4)  # noqa: S311  # cases, not secrets
    made = {
        route: [*two, *(damaged(random.choice(two), random) for _ in range(damages))] for route, two in sound.items()
    }
    plain: bodies.Json = json.loads(json.dumps({"ids": dict(ids), "queries": QUERIES, "bodies": made}, default=float))
    return plain


def drive(address: str, told: bodies.Json, folder: Path, *options: str) -> Report:
    """Run schemathesis against a service; ``options`` are those of its command ``run``."""
    (folder / "material.json").write_text(json.dumps(told), "utf-8")
    report = folder / "report.ndjson"
    command = [PROGRAM, "--config-file", str(CONFIG), "run", f"{address}/openapi.json"]
    asked = ["--report", "ndjson", "--report-ndjson-path", str(report), "--no-color", "--generation-deterministic"]
    finished = subprocess.run(
        [*command, *asked, *options],
        cwd=ROOT,
        env={**os.environ, "OPENAPI_MATERIAL": str(folder / "material.json")},
        capture_output=True,
        text=True,
        check=False,
    )
    found = Report(said=finished.stdout[-8000:] + finished.stderr[-2000:])
    assert report.is_file(), found.said
    with report.open(encoding="utf-8") as lines:
        for line in lines:
            _read(json.loads(line), found)
    report.unlink()  # it holds every answer whole
    assert (finished.returncode == 0) == (not found.failures), found.said
    return found


def _read(event: Mapping[str, Any], report: Report) -> None:
    recorded = event.get("ScenarioFinished", {}).get("recorder")
    if recorded is None:
        return
    statuses = report.sent.setdefault(recorded["label"], Counter())
    for name, exchanged in recorded.get("interactions", {}).items():
        answered = exchanged.get("response")
        statuses[answered["status_code"] if answered else NO_ANSWER] += 1
        asked = f"{exchanged['request']['method']} {exchanged['request']['uri']}"
        report.failures.extend((recorded["label"], one, asked) for one in _failed(recorded["checks"].get(name, ())))


def _failed(checks: Any) -> Iterator[str]:
    return (one["name"] for one in checks if one["status"] != "success")
