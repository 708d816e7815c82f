"""Lets each client take its steps, in this process or in one of Node or Java, and returns what it saw; no judging."""

import importlib.util
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tests.judges.clients.steps import Json, Seen
from tests.judges.maven import classpath

HERE = Path(__file__).parent
BUILD = Path(__file__).parents[3] / "build"
FHIR_KIT = "fhir-kit-client@2.0.3"
NOT_ASKED_FOR = "NOT RUN: RUN_JUDGES is not set; `make judges` sets it"
All = dict[str, Seen]


def asked_for() -> bool:
    """Tell whether the judges are to run."""
    return bool(os.environ.get("RUN_JUDGES"))


class Visit(Protocol):
    """A Python client that has been pointed at a service."""

    def steps(self) -> Mapping[str, Callable[[], Seen]]: ...


@dataclass(frozen=True, slots=True)
class Client:
    """One client: what it needs beside Python, the steps it has no way to take with the reason, how it takes steps."""

    name: str
    module: str
    programs: tuple[str, ...]
    cannot: Mapping[str, str]
    take: Callable[[str, Json, Sequence[str]], All]

    def missing_part(self) -> str:
        """Say why the client cannot run here; empty where it can be tried."""
        absent = [program for program in self.programs if shutil.which(program) is None]
        absent += [self.module] if self.module and not importlib.util.find_spec(self.module) else []
        return f"NOT RUN: there is no {', no '.join(absent)} here" if absent else ""


def _in_python(visit: Callable[[], Visit], names: Sequence[str]) -> All:
    steps, seen = visit().steps(), All()
    for name in names:
        try:
            seen[name] = steps[name]()
        except Exception as error:
            seen[name] = {"failed": f"{type(error).__name__}: {error}"}
    return seen


def _fhirpy(base: str, material: Json, names: Sequence[str]) -> All:
    from tests.judges.clients.with_fhirpy import WithFhirpy  # noqa: PLC0415 - where it is missing, it is NOT RUN

    return _in_python(lambda: WithFhirpy(base, material), names)


def _fhirclient(base: str, material: Json, names: Sequence[str]) -> All:
    from tests.judges.clients.with_fhirclient import WithFhirclient  # noqa: PLC0415 - as above

    return _in_python(lambda: WithFhirclient(base, material), names)


def _fhir_kit(base: str, material: Json, names: Sequence[str]) -> All:
    folder = BUILD / "fhir-kit-client"
    if not (folder / "node_modules" / "fhir-kit-client").is_dir():
        quiet = ["--silent", "--no-fund", "--no-audit", "--ignore-scripts"]
        subprocess.run(["npm", "install", *quiet, "--prefix", str(folder), FHIR_KIT], check=True)
    # Node looks for a package from where the script stands.
    script = Path(shutil.copy(HERE / "with_fhir_kit.mjs", folder))
    with tempfile.TemporaryDirectory() as place:
        sent = _written(Path(place), material)
        command = ["node", str(script), base, str(sent), json.dumps(names)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    seen: All = json.loads(done.stdout)
    return seen


def _hapi(base: str, material: Json, names: Sequence[str]) -> All:
    with tempfile.TemporaryDirectory() as place:
        sent, report = _written(Path(place), material), Path(place) / "seen.json"
        script = [str(HERE / "hapi" / "WithHapi.java"), base, str(sent), str(report), json.dumps(names)]
        subprocess.run(["java", "-cp", classpath(HERE / "hapi" / "pom.xml"), *script], check=True)
        seen: All = json.loads(report.read_text(encoding="utf-8"))
    return seen


def _written(folder: Path, material: Json) -> Path:
    file = folder / "material.json"
    file.write_text(json.dumps(material), encoding="utf-8")
    return file


ALWAYS_PARAMETERS = {"triage a response": "its operations send Parameters, always"}
CLIENTS = (
    Client("fhirpy", "fhirpy", (), {}, _fhirpy),
    Client("SMART's fhirclient", "fhirclient", (), {}, _fhirclient),
    Client("fhir-kit-client", "", ("node", "npm"), {}, _fhir_kit),
    Client("HAPI's generic client", "", ("java", "mvn"), ALWAYS_PARAMETERS, _hapi),
)
