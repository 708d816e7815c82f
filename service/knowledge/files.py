"""Reads the rule book's YAML files into checked rows; what YAML would take in silence is refused by file and key."""

import hashlib
import re
from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from marshmallow import Schema, ValidationError

from service.knowledge.parse import BookError

BOOK = Path(__file__).parent / "book"
Rows = list[dict[str, Any]]

PLAIN_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")


TEXT, LIST, MAPPING = (f"tag:yaml.org,2002:{kind}" for kind in ("str", "seq", "map"))


def _is_text(node: yaml.Node) -> bool:
    return type(node) is yaml.ScalarNode and node.tag == TEXT


def _twice(key_node: yaml.Node, key: object) -> BookError:
    return BookError(f"line {key_node.start_mark.line + 1}: the key '{key}' stands twice")


class _Strict(yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader):  # type: ignore[misc]  # the fast one where libyaml is there
    """PyYAML's safe loader, which takes the last of two equal keys and reads 1:30 as 90, made to refuse both.

    What a book is nearly all made of, texts, lists, and mappings with texts as keys, is built here, at a third of the
    time that a start would spend in PyYAML's own constructors; all else is left to them.
    """

    def get_single_data(self) -> object:
        node = self.get_single_node()
        return None if node is None else self._built(node)

    def _built(self, node: yaml.Node) -> object:
        kind, tag = type(node), node.tag
        if kind is yaml.ScalarNode and tag == TEXT:
            return node.value
        if kind is yaml.SequenceNode and tag == LIST:
            return [self._built(one) for one in node.value]
        if kind is yaml.MappingNode and tag == MAPPING and all(_is_text(key) for key, _ in node.value):
            built: dict[str, object] = {}
            for key, value in node.value:
                if key.value in built:
                    raise _twice(key, key.value)
                built[key.value] = self._built(value)
            return built
        return self.construct_object(node, deep=True)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        mapping = dict(super().construct_mapping(node, deep))
        seen: set[Hashable] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise _twice(key_node, key)
            seen.add(key)
        return mapping

    def construct_number(self, node: yaml.ScalarNode) -> int | float:
        if not PLAIN_NUMBER.fullmatch(node.value):
            place = f"line {node.start_mark.line + 1}"
            raise BookError(
                f"{place}: met '{node.value}'; allowed is a plain number such as 7 or 38.5, or a text (quote it)"
            )
        return float(node.value) if "." in node.value else int(node.value)


_Strict.add_constructor("tag:yaml.org,2002:int", _Strict.construct_number)
_Strict.add_constructor("tag:yaml.org,2002:float", _Strict.construct_number)


@dataclass(frozen=True, slots=True)
class BookFiles:
    """The folder of one rule book."""

    folder: Path

    def read(self, relative: str) -> object:
        """Read one YAML file; raise BookError with the file's name."""
        try:
            return yaml.load((self.folder / relative).read_text("utf-8"), _Strict)  # noqa: S506 - a safe loader, made stricter
        except (yaml.YAMLError, OSError, ValueError, BookError) as error:
            raise BookError(f"{relative}: {error}") from error
        except RecursionError as error:
            raise BookError(f"{relative}: nested too deep, or an alias that refers to what it stands in") from error

    def whole(self, relative: str, schema: Schema) -> dict[str, Any]:
        """Read a file that is one row, and check it."""
        return checked(self.read(relative), schema, relative)

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
            row = self.whole(relative, schema)
            if row[name_key] != path.stem:
                met = f"{name_key} is '{row[name_key]}'"
                raise BookError(f"{relative}: {met}; allowed is the file's name '{path.stem}'")
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
        named = f" {row['id']}" if isinstance(row, dict) and "id" in row else ""
        raise BookError(f"{where}{named}: {'; '.join(_faults(error.messages))}") from error


def _faults(messages: object, key: str = "") -> list[str]:
    """Say marshmallow's nested messages as 'key: what is wrong', with a point between nested keys."""
    if isinstance(messages, dict):
        inner = ((f"{key}.{name}".strip("."), below) for name, below in messages.items() if name != "_schema")
        whole = _faults(messages.get("_schema", []), key)
        return [*whole, *(fault for name, below in inner for fault in _faults(below, name))]
    return [f"{key}: {message}" if key else str(message) for message in messages] if isinstance(messages, list) else []


def unique(ids: list[str], where: str) -> None:
    """Refuse an id that stands twice."""
    for one, count in Counter(ids).items():
        if count > 1:
            raise BookError(f"{where}: the id '{one}' stands twice")
