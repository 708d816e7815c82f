"""Builds the FHIR package cache that SUSHI and the judges read, from HL7's own npm packages; it asks no other server.

    python3 -m tests.judges.fhir_cache FOLDER

`FOLDER/.fhir/packages` then holds the packages as FHIR tools expect them, so SUSHI is started with `HOME=FOLDER`. HL7
publishes the definitions of R4 on npm only as `hl7.fhir.r4.examples`: it holds all of `hl7.fhir.r4.core`, and is put
there under that name. HL7 gives all of them to the public domain (CC0 1.0).
"""

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

INDEXED = ("resourceType", "id", "url", "version", "kind", "type", "supplements", "content", "derivation")


@dataclass(frozen=True, slots=True)
class Package:
    """One package of npm with the SHA-256 of its archive, and the name under which FHIR tools ask for it."""

    npm: str
    version: str
    sha256: str
    name: str


PACKAGES = (
    Package(
        "hl7.fhir.r4.examples",
        "4.0.1",
        "dce87f1b5b9341867033f7d1f544fa1b5232503f6d62813887ac6b8a8b6cb682",
        "hl7.fhir.r4.core",
    ),
    Package(
        "hl7.terminology.r4",
        "7.0.1",
        "170c546f761fb51b3355788ca500206f6b772b21c57348c29205de85a6612baa",
        "hl7.terminology.r4",
    ),
    Package(
        "hl7.fhir.uv.extensions.r4",
        "5.3.0-ballot-tc1",
        "54f70616bbd444ba0259d5fc5a5c978d463971865f23dcef3103081f529ad213",
        "hl7.fhir.uv.extensions.r4",
    ),
    Package(
        "hl7.fhir.uv.sdc",
        "4.0.0-ballot",
        "e535112cea10f581cd3aba233c065b221d8aad24104f3532466daf938de8d4f9",
        "hl7.fhir.uv.sdc",
    ),
)


def main() -> int:
    """Build what is not there yet; print one line per package."""
    parser = argparse.ArgumentParser(description="The FHIR package cache for SUSHI.")
    parser.add_argument("folder", type=Path, help="the home folder for SUSHI")
    build(parser.parse_args().folder)
    return 0


def build(folder: Path) -> Path:
    """Build the packages that are not there yet, for a FHIR tool whose home folder is this one; return the cache."""
    cache = folder / ".fhir" / "packages"
    for package in PACKAGES:
        place = cache / f"{package.name}#{package.version}"
        if not (place / "package" / ".index.json").is_file():
            _build(package, place)
        sys.stdout.write(f"{place.name}: {len(list((place / 'package').iterdir()))} files\n")
    return cache


def _build(package: Package, place: Path) -> None:
    """Fetch and unpack one package; what an interrupted run left behind is replaced."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as folder:
        wanted = f"{package.npm}@{package.version}"
        subprocess.run(["npm", "pack", "--silent", wanted], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        (archive,) = Path(folder).glob("*.tgz")
        met = hashlib.sha256(archive.read_bytes()).hexdigest()
        if met != package.sha256:
            raise SystemExit(f"{wanted}: SHA-256 is {met}, not {package.sha256}")
        with tarfile.open(archive) as packed:
            packed.extractall(place, filter="data")
    _rename(package, place / "package")
    _write_index(place / "package")


def _rename(package: Package, folder: Path) -> None:
    manifest = json.loads((folder / "package.json").read_text(encoding="utf-8"))
    if manifest["name"] != package.name:
        manifest |= {"name": package.name, "type": "fhir.core"}
        (folder / "package.json").write_text(json.dumps(manifest), encoding="utf-8")


def _write_index(folder: Path) -> None:
    """Write ``.index.json``: one row per resource, as the FHIR package specification asks for."""
    rows = [_row(path) for path in sorted(folder.glob("*.json")) if path.name != "package.json"]
    index = {"index-version": 2, "files": [row for row in rows if "resourceType" in row]}
    (folder / ".index.json").write_text(json.dumps(index), encoding="utf-8")


def _row(path: Path) -> dict[str, Any]:
    content = json.loads(path.read_text(encoding="utf-8"))
    told = {key: content[key] for key in INDEXED if isinstance(content.get(key), str)}
    return {"filename": path.name, **told}


if __name__ == "__main__":
    sys.exit(main())
