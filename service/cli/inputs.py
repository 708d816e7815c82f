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
    """One body and the name it is shown by: its path, or that it came from standard input."""

    name: str
    body: bytes


def input_paths(paths: Sequence[str]) -> tuple[str, ...]:
    """Name every file to read: a folder stands for all files under it that end in .json, in order of name.

    Raises UsageError for a folder without any.
    """
    found: list[str] = []
    for path in paths:
        if not Path(path).is_dir():
            found.append(path)
            continue
        files = sorted(str(one) for one in Path(path).rglob("*.json") if one.is_file())
        if not files:
            raise click.UsageError(f"the folder '{path}' holds no file that ends in .json")
        found.extend(files)
    return tuple(found)


def read_input(path: str) -> Input:
    """Read one body; end the command where the file cannot be read."""
    if path == STANDARD_INPUT:
        return Input("standard input", sys.stdin.buffer.read())
    try:
        return Input(path, Path(path).read_bytes())
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror}") from error


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
