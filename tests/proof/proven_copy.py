"""A copy of the service in a folder of its own, proven as far as its certificate goes; to be started and broken."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from service.knowledge.certificate import SERVICE, engine_digest, read_certificate, written_certificate
from service.knowledge.load import read_book

SECONDS = 120


def proven_copy(folder: Path) -> Path:
    """Copy the service and certify the copy; return the folder from where ``-m service.cli`` runs the copy."""
    shutil.copytree(SERVICE, folder / "service", ignore=shutil.ignore_patterns("__pycache__"))
    certify(folder)
    return folder


def certify(root: Path) -> None:
    """Write a certificate for the copy as it is now, without a proof: it says what a proof of it would."""
    service = root / "service"
    proven = replace(
        read_certificate(),
        rule_book=read_book(service / "knowledge" / "book").digest,
        engine=engine_digest(service),
    )
    certificate_of(root).write_text(written_certificate(proven), "utf-8")


def certificate_of(root: Path) -> Path:
    return root / "service" / "knowledge" / "certificate.json"


def ran_in(root: Path, *arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run the command of a copy in a process of its own."""
    return subprocess.run(
        command(*arguments), cwd=root, input=given, capture_output=True, timeout=SECONDS, check=False, env=environment()
    )


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "service.cli", *arguments]


def environment() -> dict[str, str]:
    """Leave out the settings of whoever runs the tests."""
    return {name: value for name, value in os.environ.items() if not name.startswith("TRIAGE_")}


def log_lines(written: str) -> list[dict[str, object]]:
    """Read what the server logged; it writes nothing but JSON lines."""
    return [json.loads(line) for line in written.splitlines()]
