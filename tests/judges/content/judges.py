"""The four judges of content: what each needs, how it is fetched into build/judges, and how it is asked."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.judges import fhir_cache
from tests.judges.hapi_judge import Message
from tests.judges.maven import PartMissingError
from tests.judges.shown import definitions

HERE = Path(__file__).parent
BUILD = Path(__file__).parents[3] / "build"
R4 = "hl7.fhir.r4.core#4.0.1/package"
GOOGLE = (
    "google-fhir-r4==0.11.0",
    "google-fhir-core==0.11.0",
    # It asks for 3.19 to 3.20, which has no compiled form for Python 3.11 and takes twice as long; it works with this.
    "protobuf==4.25.8",
    "absl-py==1.4.0",
    "antlr4-python3-runtime==4.9.3",
    "immutabledict==2.2.5",
    "python-dateutil==2.9.0.post0",
    "six==1.17.0",
    "stringcase==1.2.0",
)
FHIRKIT = ("fhirkit-rs==0.1.0",)
FHIRPATH = ("fhirpath@4.11.0",)
MEDPLUM = ("@medplum/core@5.2.13", "node@22.23.3")
Command = Callable[[Path, Path, Path], list[str]]


@dataclass(frozen=True, slots=True)
class Judge:
    """One judge: its name, what is absent of what it needs, its command for our definitions, what is seen, a report."""

    name: str
    absent: Callable[[], str]
    command: Command


def missing_part(judge: Judge) -> str:
    """Say why a judge cannot run here; empty where it can be tried."""
    if not os.environ.get("RUN_JUDGES"):
        return "NOT RUN: RUN_JUDGES is not set; `make judges` sets it"
    absent = judge.absent()
    return f"NOT RUN: {absent}" if absent else ""


def judged(judge: Judge, shown: Mapping[str, bytes]) -> list[Message]:
    """Show a judge these resources, all at once; raise PartMissingError where a registry does not give its parts."""
    with tempfile.TemporaryDirectory() as folder:
        known, seen, report = (Path(folder) / name for name in ("known", "seen", "report.tsv"))
        for place, contents in ((known, definitions()), (seen, shown)):
            place.mkdir()
            for name, content in contents.items():
                (place / name).write_bytes(content)
        subprocess.run(judge.command(known, seen, report), check=True, stdout=subprocess.DEVNULL)
        lines = report.read_text(encoding="utf-8").splitlines()
    return [Message(*line.split("\t", 4)) for line in lines]


def _google(_known: Path, seen: Path, report: Path) -> list[str]:
    return [str(_python(GOOGLE)), str(HERE / "google_worker.py"), str(seen), str(report)]


def _fhirkit(_known: Path, seen: Path, report: Path) -> list[str]:
    return [str(_python(FHIRKIT)), str(HERE / "fhirkit_worker.py"), str(seen), str(report)]


def _invariants(known: Path, seen: Path, report: Path) -> list[str]:
    parts = _modules(FHIRPATH)
    return ["node", str(HERE / "invariants.mjs"), str(parts), str(_r4()), str(known), str(seen), str(report)]


def _medplum(known: Path, seen: Path, report: Path) -> list[str]:
    parts = _modules(MEDPLUM)
    node = parts / "node_modules" / "node" / "bin" / "node"
    return [str(node), str(HERE / "medplum.mjs"), str(parts), str(_r4()), str(known), str(seen), str(report)]


def _python(parts: tuple[str, ...]) -> Path:
    """Build a Python of the judge's own, because its parts exclude those of the service; return its interpreter."""
    place = _place(parts)
    python = place / "bin" / "python"
    if not (place / "ready").is_file():
        venv.create(place, clear=True, with_pip=True)
        _fetch([str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", *parts])
        (place / "ready").touch()
    return python


def _modules(parts: tuple[str, ...]) -> Path:
    """Install npm packages into a folder of the judge's own; return it."""
    place = _place(parts)
    if not (place / "ready").is_file():
        _fetch(["npm", "install", "--silent", "--no-fund", "--no-audit", "--prefix", str(place), *parts])
        (place / "ready").touch()
    return place


def _place(parts: tuple[str, ...]) -> Path:
    name = parts[0].strip("@").replace("/", "-").replace("==", "-").replace("@", "-")
    place = BUILD / "judges" / f"{name}-{hashlib.sha256(' '.join(parts).encode()).hexdigest()[:8]}"
    place.mkdir(parents=True, exist_ok=True)
    return place


def _fetch(command: list[str]) -> None:
    fetched = subprocess.run(command, check=False, capture_output=True, text=True)
    if fetched.returncode:
        raise PartMissingError(f"{Path(command[0]).name} does not get {command[-1]}: {fetched.stderr.strip()[:200]}")


def _r4() -> Path:
    return fhir_cache.build(BUILD / "fhir") / R4


def _needs_old_python() -> str:
    return "google-fhir-r4 needs a Python below 3.12" if sys.version_info >= (3, 12) else ""


def _needs_npm() -> str:
    absent = [name for name in ("node", "npm") if shutil.which(name) is None]
    return f"there is no {', no '.join(absent)} here" if absent else ""


JUDGES = {
    "google-fhir-r4": Judge("google-fhir-r4", _needs_old_python, _google),
    "fhirkit-rs": Judge("fhirkit-rs", lambda: "", _fhirkit),
    "hl7-invariants": Judge("hl7-invariants", _needs_npm, _invariants),
    "medplum": Judge("medplum", _needs_npm, _medplum),
}
"""google-fhir-r4: primitives, required elements and bindings, kinds of references. fhirkit-rs: structure, cardinality.
hl7-invariants: HL7's and our invariants, by HL7's FHIRPath. medplum: our profiles, their slices and extensions."""
