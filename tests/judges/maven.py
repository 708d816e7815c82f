"""Lets Maven fetch the Java parts of a judge or client and says where they are; it runs none of them."""

import hashlib
import subprocess
from pathlib import Path

BUILD = Path(__file__).parents[2] / "build"


class PartMissingError(Exception):
    """A part that the judge needs could not be fetched; the text says which."""


def classpath(pom: Path) -> str:
    """Let Maven fetch what a pom.xml names; asked once per state of it. Raise PartMissingError where it cannot."""
    kept = BUILD / f"{pom.parent.name}-{hashlib.sha256(pom.read_bytes()).hexdigest()[:16]}.classpath"
    if not kept.is_file():
        kept.parent.mkdir(exist_ok=True)
        goal = ["dependency:build-classpath", f"-Dmdep.outputFile={kept}"]
        maven = ["mvn", "--batch-mode", "--quiet", "--file", str(pom), *goal]
        fetched = subprocess.run(maven, check=False, capture_output=True, text=True)
        if fetched.returncode:
            raise PartMissingError(f"Maven does not get what pom.xml names: {fetched.stdout.strip()[:200]}")
    return kept.read_text(encoding="utf-8").strip()
