"""The commands ``triage profiles build`` and ``check``: write the generated FHIR artefacts, or say which are stale."""

import json
import sys
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from service.cli.start import rule_book
from service.usecases.profiles import SAMPLES, artefacts

FSH_RECORD = "fsh.sha256"
"""Written by `make fsh`: the digest and name of every FSH file, and of every definition that was compiled from them."""

FOLDER = click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("fhir_profiles"),
    show_default=True,
    help="Where the artefacts stand.",
)


@click.group()
def profiles() -> None:
    """Make the FHIR artefacts that are generated from the rule book, or check them."""


@profiles.command()
@FOLDER
def build(folder: Path) -> None:
    """Write every generated artefact; other files are left alone."""
    made = _made(folder)
    for name, content in made.items():
        _write(folder / name, content)
    click.echo(f"{len(made)} artefacts in {folder}")


@profiles.command()
@FOLDER
def check(folder: Path) -> None:
    """Compare the artefacts with the rule book: names each that is stale, missing or extra, and ends with 1."""
    made = _made(folder)
    found = list(differences(folder, made))
    for line in found:
        click.echo(line)
    if found:
        click.echo("'triage profiles build' writes what is stale or missing; what is extra is removed by hand")
        sys.exit(1)
    click.echo(f"{len(made)} artefacts in {folder}, none stale")


def differences(folder: Path, made: Mapping[str, bytes]) -> Iterator[str]:
    """Name every file that differs from what was made, is not there, or was neither made nor compiled from FSH.

    Whether a compiled file is that of its FSH is the matter of fsh.sha256.
    """
    for name, content in made.items():
        path = folder / name
        if not path.is_file():
            yield f"missing: {name}"
        elif path.read_bytes() != content:
            yield f"stale: {name}"
    known = made.keys() | set(compiled_names(folder))
    for path in sorted([*folder.glob("*.json"), *folder.glob("example/*")]):
        name = path.relative_to(folder).as_posix()
        if name not in known:
            yield f"extra: {name}"


def compiled_names(folder: Path) -> list[str]:
    """List the definitions that `make fsh` compiled, as its record names them; none where there is no record."""
    record = folder / FSH_RECORD
    lines = record.read_text(encoding="utf-8").splitlines() if record.is_file() else []
    names = (line.split("  ", 1)[1] for line in lines)
    return [name for name in names if name.endswith(".json")]


def _made(folder: Path) -> dict[str, bytes]:
    """Make every artefact; the index and the guide name what was compiled, and the samples become examples."""
    compiled = {name: _read(folder / name) for name in compiled_names(folder) if (folder / name).is_file()}
    cases = {name: folder / "examples" / name for name in SAMPLES}
    present = {name: case for name, case in cases.items() if case.is_dir()}
    samples = {name: (_read(case / "body.json"), _read(case / "answer.json")) for name, case in present.items()}
    return artefacts(rule_book(), compiled, samples)


def _read(path: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(path.read_bytes(), parse_float=Decimal)
    except (OSError, ValueError) as error:
        raise click.ClickException(f"{path}: not readable as JSON ({type(error).__name__})") from error
    return content


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror}") from error
