"""Runs HAPI's clinical reasoning: PlanDefinition/$apply on responses, in memory; Java and Maven do the work."""

import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from service.mapping.artefacts.activity_definitions import activity_definitions
from service.mapping.writing.json_bytes import dump
from tests.judges.conditions import one_per_line
from tests.judges.maven import classpath
from tests.mapping.responses import BOOK, Json

HERE = Path(__file__).parent / "apply"


def applied_by_hapi(plan: Json, responses: Sequence[Json]) -> list[list[str]]:
    """Name, per response, the actions that ``$apply`` puts into the RequestGroup.

    Raises PartMissingError where Maven Central does not give what pom.xml names, CalledProcessError where a condition
    cannot be evaluated.
    """
    with tempfile.TemporaryDirectory() as folder:
        known, asked, said = (Path(folder) / name for name in ("known", "responses.ndjson", "applied"))
        known.mkdir()
        for number, resource in enumerate([plan, *activity_definitions(BOOK)]):
            (known / f"{number}.json").write_bytes(dump(resource))
        asked.write_bytes(one_per_line(responses))
        java = ["java", "-cp", classpath(HERE / "pom.xml"), str(HERE / "Apply.java")]
        command = [*java, str(known), str(asked), str(said)]
        subprocess.run(command, check=True, capture_output=True)
        return [line.split() for line in said.read_text(encoding="utf-8").splitlines()]
