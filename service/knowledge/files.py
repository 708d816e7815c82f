"""Reads the rule book's YAML files into checked rows; duplicate keys and values of another type are refused by file and key."""

import hashlib
from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from marshmallow import Schema, ValidationError

from service.knowledge.parse import BookError

BOOK = Path(__file__).parent / "book"
Rows = list[dict[str, Any]]


class _OnceOnly(yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader):  # type: ignore[misc]  # the fast loader where libyaml is there
    """PyYAML's safe loader, which takes the last of two equal keys in silence, made to refuse them."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Hashable] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise BookError(f"line {key_node.start_mark.line + 1}: the key '{key}' stands twice")
            seen.add(key)
        return dict(super().construct_mapping(node, deep))


@dataclass(frozen=True, slots=True)
class BookFiles:
    """The folder of one rule book."""

    folder: Path

    def read(self, relative: str) -> Any:
        """Read one YAML file; raise BookError with the file's name."""
        try:
            return yaml.load((self.folder / relative).read_text("utf-8"), _OnceOnly)  # noqa: S506 - a safe loader, made stricter
        except (yaml.YAMLError, OSError) as error:
            raise BookError(f"{relative}: {error}") from error
        except BookError as error:
            raise BookError(f"{relative}: {error}") from error

    def table(self, relative: str, key: str, schema: Schema) -> Rows:
        """Read the list under ``key`` and check each row; ids must be unique in the list."""
        written = self.read(relative)
        if not isinstance(written, dict) or not isinstance(written.get(key), list):
            raise BookError(f"{relative}: allowed is a list under '{key}'")
        rows = [checked(row, schema, f"{relative}: {key}[{i}]") for i, row in enumerate(written[key])]
        unique([row["id"] for row in rows if "id" in row], relative)
        return rows

    def one_per_file(self, subfolder: str, schema: Schema, name_key: str = "id") -> Rows:
        """Read every file of a folder in order of name; a file is named after its id."""
        rows = []
        for path in sorted((self.folder / subfolder).glob("*.yaml")):
            relative = f"{subfolder}/{path.name}"
            row = checked(self.read(relative), schema, relative)
            if row[name_key] != path.stem:
                raise BookError(f"{relative}: {name_key} is '{row[name_key]}'; allowed is the file's name '{path.stem}'")
            rows.append(row)
        return rows

    def digest(self) -> str:
        """Name the book's content by the SHA-256 over every file's relative name and bytes, in order of name."""
        total = hashlib.sha256()
        for path in sorted(self.folder.rglob("*.yaml"), key=lambda one: one.relative_to(self.folder).as_posix()):
            total.update(path.relative_to(self.folder).as_posix().encode() + b"\0")
            total.update(hashlib.sha256(path.read_bytes()).digest())
        return total.hexdigest()


def checked(row: object, schema: Schema, where: str) -> dict[str, Any]:
    """Check one row against its schema; the error names the place, the key, what was met and what is allowed."""
    try:
        return dict(schema.load(row))  # type: ignore[arg-type]  # marshmallow itself refuses what is no mapping
    except ValidationError as error:
        named = row.get("id", "") if isinstance(row, dict) else ""
        raise BookError(f"{where} {named}: {error.messages}") from error


def unique(ids: list[str], where: str) -> None:
    """Refuse an id that stands twice."""
    seen: set[str] = set()
    for one in ids:
        if one in seen:
            raise BookError(f"{where}: the id '{one}' stands twice")
        seen.add(one)
