"""Joins what articles, guidelines, reconciled rows and project say into one table of statements, split rows by part."""

from collections.abc import Iterator, Mapping
from typing import Any

from service.knowledge import written as w
from service.knowledge.files import BookFiles, Rows
from service.knowledge.model import Source, Statement
from service.knowledge.parse import BookError


def read_statements(files: BookFiles, sources: Mapping[str, Source], topics: Rows) -> dict[str, Statement]:
    """Read every statement by id. Raise BookError for an unknown source or an id that stands twice."""
    by_file = [
        ("statements.yaml", _articles(files.table("statements.yaml", "statements", w.StatementRow()), sources)),
        ("guidelines.yaml", _raises(files.table("guidelines.yaml", "raises", w.RaiseRow()), sources)),
        ("guidelines.yaml", _withholds(files.table("guidelines.yaml", "withholds", w.WithholdRow()), sources)),
        ("topics.yaml", _reconciled(topics)),
        ("project.yaml", _project(files.table("project.yaml", "statements", w.ProjectRow()))),
    ]
    statements: dict[str, Statement] = {}
    for file, read in by_file:
        for statement in read:
            if statement.id in statements:
                raise BookError(f"{file}: the statement '{statement.id}' stands twice")
            statements[statement.id] = statement
    return statements


def _articles(rows: Rows, sources: Mapping[str, Source]) -> Iterator[Statement]:
    for row in rows:
        source = row["id"].partition("-")[0]
        if source not in sources or sources[source].origin != "article":
            raise BookError(f"statements.yaml: {row['id']}: no article has the id '{source}'")
        parts: dict[str, str] = row["parts"] or {"": row["when"]}
        for part, when in parts.items():
            yield Statement(
                id=f"{row['id']}.{part}" if part else row["id"],
                row=row["id"],
                source=source,
                origin="article",
                kind=row["kind"],
                level=row["level"],
                when=when,
                says=row["says"],
                reading=row["reading"],
            )


def _raises(rows: Rows, sources: Mapping[str, Source]) -> Iterator[Statement]:
    for row in rows:
        for level in row["parts"] or [row["level"]]:
            identifier = f"{row['id']}.{level}" if row["parts"] else row["id"]
            yield _addition(row, identifier, level, sources)


def _withholds(rows: Rows, sources: Mapping[str, Source]) -> Iterator[Statement]:
    for row in rows:
        yield _addition(row, row["id"], "", sources)


def _addition(row: dict[str, Any], identifier: str, level: str, sources: Mapping[str, Source]) -> Statement:
    if row["source"] not in sources:
        raise BookError(f"guidelines.yaml: {row['id']}: unknown source '{row['source']}'")
    return Statement(
        id=identifier,
        row=row["id"],
        source=row["source"],
        origin=sources[row["source"]].origin,
        kind="raise" if level else "withhold",
        level=level,
        when=row["when"],
        says="",
        see=row["see"],
    )


def _reconciled(topics: Rows) -> Iterator[Statement]:
    for topic in topics:
        for row in topic["rows"]:
            identifier = f"RC-{topic['id']}.{row['level']}"
            yield Statement(
                id=identifier,
                row=identifier,
                source="RECONCILED",
                origin="reconciled",
                kind="reconciled",
                level=row["level"],
                when=row["when"],
                says="",
            )


def _project(rows: Rows) -> Iterator[Statement]:
    for row in rows:
        yield Statement(
            id=row["id"],
            row=row["id"],
            source="PROJECT",
            origin="project",
            kind="answers",
            level=row["level"],
            when=row["when"],
            says=row["says"],
        )
