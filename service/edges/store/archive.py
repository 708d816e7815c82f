"""Writes everything a store holds into one file and reads it back, for either database; it changes nothing on the way.

The file is gzipped text, a line of JSON each: what it is, then every row, then how many and their SHA-256.
"""

import base64
import gzip
import hashlib
import json
import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, LargeBinary, Table, func, insert, select, text

from service.edges.store.migrate import revision_of
from service.edges.store.schema import LATEST_REVISION, TABLES, VERSION

FORMAT = "upper-back-triage store 1"
ROWS_AT_A_TIME = 200


class ArchiveError(Exception):
    """Say why an archive cannot be read back; nothing was restored."""


def backup(engine: Engine, file: Path) -> int:
    """Write all rows as they are at one moment, while others go on writing; return how many.

    Raises FileExistsError where the file exists.
    """
    digest, count = hashlib.sha256(), 0
    with (
        engine.connect().execution_options(reads=True, **_one_moment(engine)) as connection,
        os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as raw,
        gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=1, mtime=0) as packed,
    ):
        _write(packed, {"format": FORMAT, "revision": revision_of(connection)})
        for line in _lines(connection):
            packed.write(line)
            digest.update(line)
            count += 1
        _write(packed, {"rows": count, "sha256": digest.hexdigest()})
    return count


def restore(engine: Engine, file: Path) -> int:
    """Read an archive back into an empty store, whole or not at all; return how many rows.

    Raises ArchiveError where the store is not empty, or the archive is not whole or of another revision.
    """
    with engine.begin() as connection:
        if connection.scalar(select(func.count()).select_from(VERSION)):
            raise ArchiveError("the store is not empty; an archive is restored into an empty one")
        count = _read(connection, file)
        if connection.dialect.name == "postgresql":
            connection.execute(text(NEXT_SEQUENCE))
    return count


NEXT_SEQUENCE = """
SELECT setval(pg_get_serial_sequence('resource_version', 'sequence'),
              (SELECT coalesce(max(sequence), 0) + 1 FROM resource_version), false)
"""


def _one_moment(engine: Engine) -> dict[str, Any]:
    """Let a long reading see one moment: SQLite's does by itself, PostgreSQL's must be asked to."""
    return {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}


def _lines(connection: Connection) -> Iterator[bytes]:
    for table in TABLES:
        rows = connection.execution_options(yield_per=ROWS_AT_A_TIME).execute(select(table))
        for row in rows:
            yield json.dumps([table.name, *map(_written, row)]).encode() + b"\n"


def _written(value: Any) -> Any:  # noqa: ANN401 - text, number or bytes
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def _write(packed: gzip.GzipFile, line: dict[str, Any]) -> None:
    packed.write(json.dumps(line).encode() + b"\n")


def _read(connection: Connection, file: Path) -> int:
    tables = {table.name: table for table in TABLES}
    digest, count, last = hashlib.sha256(), 0, b""
    try:
        with gzip.open(file) as packed:
            _check_head(json.loads(packed.readline()))
            while lines := list(islice(packed, ROWS_AT_A_TIME)):
                *rows, last = lines if lines[-1].startswith(b"{") else (*lines, b"")
                digest.update(b"".join(rows))
                count += len(rows)
                _insert(connection, tables, rows)
        foot = json.loads(last)
    except (OSError, EOFError, ValueError, KeyError):
        raise ArchiveError("the archive is not whole, or is no archive of this program") from None
    if foot != {"rows": count, "sha256": digest.hexdigest()}:
        raise ArchiveError("the archive is not whole: its digest is another one")
    return count


def _check_head(head: Any) -> None:  # noqa: ANN401 - JSON of any shape
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        raise ArchiveError("the file is no archive of this program")
    if head.get("revision") != LATEST_REVISION:
        raise ArchiveError(f"the archive has another revision; allowed is {LATEST_REVISION}")


def _insert(connection: Connection, tables: dict[str, Table], lines: list[bytes]) -> None:
    by_table: dict[str, list[dict[str, Any]]] = {}
    for line in lines:
        name, *values = json.loads(line)
        pairs = zip(tables[name].columns, values, strict=True)
        row = {one.name: base64.b64decode(value) if _is_binary(one) else value for one, value in pairs}
        by_table.setdefault(name, []).append(row)
    for name, rows in by_table.items():
        connection.execute(insert(tables[name]), rows)


def _is_binary(column: Any) -> bool:  # noqa: ANN401 - a column of any type
    return isinstance(column.type, LargeBinary)
