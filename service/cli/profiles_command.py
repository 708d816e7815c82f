"""The commands ``triage profiles build`` and ``check``: write the generated FHIR artefacts, or say which are stale."""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from service.cli.start import rule_book
from service.usecases.profiles import artefacts

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
    made = artefacts(rule_book())
    for name, content in made.items():
        _write(folder / name, content)
    click.echo(f"{len(made)} artefacts in {folder}")


@profiles.command()
@FOLDER
def check(folder: Path) -> None:
    """Compare the artefacts with the rule book: names each that is stale, missing or extra, and ends with 1."""
    made = artefacts(rule_book())
    found = list(differences(folder, made))
    for line in found:
        click.echo(line)
    if found:
        click.echo("'triage profiles build' writes what is stale or missing; what is extra is removed by hand")
        sys.exit(1)
    click.echo(f"{len(made)} artefacts in {folder}, none stale")


def differences(folder: Path, made: Mapping[str, bytes]) -> Iterator[str]:
    """Name every file that differs from what was made, is not there, or is of a type that is made and was never made.

    Profiles and value sets are of other types: they are written in FSH and compiled.
    """
    for name, content in made.items():
        path = folder / name
        if not path.is_file():
            yield f"missing: {name}"
        elif path.read_bytes() != content:
            yield f"stale: {name}"
    types = {name.partition("-")[0] for name in made}
    for path in sorted(folder.glob("*.json")):
        if path.name.partition("-")[0] in types and path.name not in made:
            yield f"extra: {path.name}"


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror}") from error
