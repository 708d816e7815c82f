"""Adds rows to the tables by statements whose text is always the same; it begins and ends no transaction.

The driver gets them as they are: SQLAlchemy would put each together anew, for the number of its rows, and PostgreSQL
would plan it anew. Rows are tuples in the order of ``columns``.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql

from service.edges.store.schema import VERSION

Row = tuple[Any, ...]


def columns(table: Table) -> tuple[str, ...]:
    """Name the columns of a table whose values are given: the database itself numbers versions."""
    return tuple(one.name for one in table.columns if one is not VERSION.c.sequence)


def add_versions(connection: Connection, rows: Sequence[Row]) -> list[int]:
    """Add rows to VERSION; return the sequence that each was given, in the same order."""
    if rows and connection.dialect.name == "postgresql":
        # They are numbered in the order of the rows, but may come back in any.
        return sorted(connection.exec_driver_sql(_all_rows(VERSION), _by_column(rows)).scalars())
    return [connection.exec_driver_sql(_one_row(VERSION), row).lastrowid for row in rows]


def add(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Add rows to another table."""
    if rows and connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_all_rows(table), _by_column(rows))
    elif rows:
        connection.exec_driver_sql(_one_row(table), list(rows))


@cache
def _one_row(table: Table) -> str:
    """Write the statement of SQLite: for one row, or for one after another."""
    names = columns(table)
    return f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"  # noqa: S608 - names of our own schema


@cache
def _all_rows(table: Table) -> str:
    """Write the statement of PostgreSQL: an array per column, in binary (%b), so that any number of rows is one."""
    names = ", ".join(columns(table))
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy gives it no type
    types = (table.c[name].type.compile(dialect) for name in columns(table))
    # Without the collation: it is that of the column.
    arrays = ", ".join(f"%b::{one.partition(' ')[0]}[]" for one in types)
    rows = f"unnest({arrays}) WITH ORDINALITY AS given ({names}, place)"
    returning = " RETURNING sequence" if table is VERSION else ""
    return f"INSERT INTO {table.name} ({names}) SELECT {names} FROM {rows} ORDER BY place{returning}"  # noqa: S608 - as above


def _by_column(rows: Sequence[Row]) -> tuple[list[Any], ...]:
    return tuple(map(list, zip(*rows, strict=True)))
