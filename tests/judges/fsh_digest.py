"""Compares the compiled FHIR definitions with the FSH they come from, by digests; it needs neither Node nor packages.

    python3 -m tests.judges.fsh_digest

`make fsh` writes fhir_profiles/fsh.sha256, in the form that `sha256sum --check` reads: every FSH file, SUSHI's
configuration, and every definition that was compiled from them.
"""

import hashlib
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
RECORD = "fsh.sha256"
COMPILED = ("StructureDefinition-", "ValueSet-")
"""What SUSHI makes of our FSH begins so; `triage profiles build` writes other ValueSets, and says what is extra."""


def main() -> int:
    """Name every file that is not as it was when the FSH was compiled; end with 1 where there is one."""
    found = [*differences(REPOSITORY / "fhir_profiles"), *_version(REPOSITORY)]
    for line in found:
        sys.stdout.write(f"{line}\n")
    sys.stdout.write("'make fsh' compiles anew\n" if found else "the compiled definitions are those of the FSH\n")
    return int(bool(found))


def record(folder: Path, compiled: Iterable[str]) -> None:
    """Write down what the sources are now, and the compiled files of these names."""
    digests = _now(folder, compiled)
    (folder / RECORD).write_text("".join(f"{digest}  {name}\n" for name, digest in digests.items()))


def compiled_names(folder: Path) -> list[str]:
    """List the names of the files that were compiled from FSH when it was last recorded."""
    return [name for name in _recorded(folder) if name.endswith(".json")]


def differences(folder: Path) -> Iterator[str]:
    """Name every file that was changed, added or removed since the FSH was compiled."""
    recorded = _recorded(folder)
    now = _now(folder, compiled_names(folder))
    for name in sorted(recorded.keys() | now.keys()):
        if recorded.get(name) != now.get(name):
            kind = "changed" if name in recorded and name in now else "added" if name in now else "missing"
            yield f"{kind}: {name}"


def _recorded(folder: Path) -> dict[str, str]:
    path = folder / RECORD
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}


def _now(folder: Path, compiled: Iterable[str]) -> dict[str, str]:
    sources = sorted((folder / "input" / "fsh").glob("**/*.fsh"))
    made = [folder / name for name in sorted(compiled)]
    files = [folder / "sushi-config.yaml", *sources, *(path for path in made if path.is_file())]
    digests = {one: hashlib.sha256(one.read_bytes()).hexdigest() for one in files}
    return {one.relative_to(folder).as_posix(): digest for one, digest in digests.items()}


def _version(repository: Path) -> Iterator[str]:
    """Results name their profile with the version of the service, so the FSH must have the same."""
    pyproject = (repository / "pyproject.toml").read_text(encoding="utf-8")
    configuration = (repository / "fhir_profiles" / "sushi-config.yaml").read_text(encoding="utf-8")
    service = re.search(r'^version = "(.+)"$', pyproject, re.MULTILINE)
    fsh = re.search(r"^version: (.+)$", configuration, re.MULTILINE)
    if service is None or fsh is None or service[1] != fsh[1]:
        yield "changed: the version in pyproject.toml and the one in fhir_profiles/sushi-config.yaml differ"


if __name__ == "__main__":
    sys.exit(main())
