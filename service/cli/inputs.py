"""Reads sample bodies from files, folders and standard input, and gives them parameters; it does not look into them."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from service.mapping.gate.json_text import parse
from service.mapping.identity import canonical_text
from service.settings import Limits

STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True)
class Input:
    """One body to read, and the name it is shown by: as it was given, or inside a folder from there on."""

    path: str
    name: str


def inputs_at(paths: Sequence[str]) -> tuple[Input, ...]:
    """Name every input: a folder stands for all files under it that end in .json, in order of name.

    Raises UsageError for a folder without any.
    """
    found: list[Input] = []
    for path in paths:
        if path == STANDARD_INPUT:
            found.append(Input(path, "standard input"))
        elif Path(path).is_dir():
            found.extend(_in_folder(Path(path)))
        else:
            found.append(Input(path, path))
    return tuple(found)


def _in_folder(folder: Path) -> Iterator[Input]:
    files = sorted(one for one in folder.rglob("*.json") if one.is_file())
    if not files:
        raise click.UsageError(f"the folder '{folder}' holds no file that ends in .json")
    for file in files:
        yield Input(str(file), file.relative_to(folder).as_posix())


def read_body(given: Input) -> bytes:
    """Read one body; end the command where it cannot be read."""
    try:
        return sys.stdin.buffer.read() if given.path == STANDARD_INPUT else Path(given.path).read_bytes()
    except OSError as error:
        raise click.ClickException(f"{given.name}: {error.strerror}") from error


def with_parameters(body: bytes, policy: str, at: str, limits: Limits) -> bytes:
    """Wrap a body into Parameters that name the policy and the moment, each where it is not empty.

    A body that is Parameters already keeps its others. Numbers keep their digits. Raises Refused for what is not JSON.
    """
    if not policy and not at:
        return body
    content = parse(body, limits)
    given = [*_given("policy", "valueCode", policy), *_given("at", "valueDateTime", at)]
    names = {one["name"] for one in given}
    kept: list[object] = [{"name": "response", "resource": content}]
    if isinstance(content, dict) and content.get("resourceType") == "Parameters":
        written = content.get("parameter", [])
        kept = [one for one in written if not isinstance(one, dict) or one.get("name") not in names]
        return _bytes({**content, "parameter": [*kept, *given]})
    return _bytes({"resourceType": "Parameters", "parameter": [*kept, *given]})


def _given(name: str, key: str, value: str) -> Iterator[dict[str, str]]:
    if value:
        yield {"name": name, key: value}


def _bytes(content: object) -> bytes:
    return canonical_text(content).encode()
