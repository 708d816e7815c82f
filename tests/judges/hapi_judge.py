"""Runs HAPI's FhirInstanceValidator over resources and returns what it says; Java and Maven do the work."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.judges import fhir_cache
from tests.judges.maven import BUILD, classpath
from tests.judges.shown import definitions

HERE = Path(__file__).parent / "hapi"
SDC = "hl7.fhir.uv.sdc#4.0.0-ballot/package"
BORROWED = ("sdc-questionnaire-minQuantity", "sdc-questionnaire-maxQuantity")
"""Extensions of HL7's forms guide that our Questionnaire uses; HAPI brings those of R4 itself."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the judge: which resource, how grave (error, warning, information), its id, place and words."""

    name: str
    severity: str
    id: str
    place: str
    text: str


def missing_part() -> str:
    """Say why the judge cannot run here; empty where it can be tried."""
    if not os.environ.get("RUN_JUDGES"):
        return "NOT RUN: RUN_JUDGES is not set; `make judges` sets it"
    absent = [name for name in ("java", "mvn", "npm") if shutil.which(name) is None]
    return f"NOT RUN: there is no {', no '.join(absent)} here" if absent else ""


def judged(shown: Mapping[str, bytes]) -> list[Message]:
    """Show HAPI these resources, all at once.

    Raises PartMissingError where Maven Central does not give what pom.xml names, CalledProcessError where Java fails.
    """
    with tempfile.TemporaryDirectory() as folder:
        known, seen, report = (Path(folder) / name for name in ("known", "seen", "report.tsv"))
        _write(known, {**definitions(), **_borrowed()})
        _write(seen, shown)
        java = ["java", "-cp", classpath(HERE / "pom.xml"), str(HERE / "Judge.java")]
        command = [*java, str(known), str(seen), str(report)]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
        lines = report.read_text(encoding="utf-8").splitlines()
    return [Message(*line.split("\t", 4)) for line in lines]


def _write(folder: Path, contents: Mapping[str, bytes]) -> None:
    folder.mkdir()
    for name, content in contents.items():
        (folder / name).write_bytes(content)


def _borrowed() -> dict[str, bytes]:
    cache = fhir_cache.build(BUILD / "fhir")
    names = [f"StructureDefinition-{name}.json" for name in BORROWED]
    return {name: (cache / SDC / name).read_bytes() for name in names}
