"""Finds one page of the resources that meet a query, by keyset; what a criterion asks stands in ``conditions``.

How a page is come by decides what it costs when much is stored: where few rows meet a criterion, these few are
sorted; else the values of the sort parameter are walked along, or those of a criterion, or the order of arrival.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, null, or_, select

from service.edges.store.conditions import Condition, Way, condition_of, way_in
from service.edges.store.ordering import Key, beyond, key_of, ordered
from service.edges.store.records import Page, Record
from service.edges.store.rows import OF_THE_ROW, RECORD, family, record_of
from service.edges.store.schema import VALUE, VERSION
from service.edges.store.snapshot import is_latest, last_sequence
from service.mapping.search.query import Cursor, Query

FEW = 500
"""So many rows are sorted at once rather than walked along."""


@dataclass(frozen=True, slots=True)
class _Search:
    """A query with all that its SQL is made from.

    ``few`` are the only sequences that can meet it, where few can; ``way`` leads to those that can, where many can.
    """

    tenant: str
    query: Query
    bound: int
    few: tuple[int, ...] | None
    way: Way | None


def search_page(
    connection: Connection, tenant: str, query: Query, *, want_total: bool, most_counted: int | None = None
) -> Page:
    """Read one page; its total is counted where it is wanted, or where nothing else is.

    With ``most_counted`` a total above it is None: to count all of a large store takes as long as to read it.
    """
    bound = query.cursor.bound if query.cursor else last_sequence(connection)
    ways = [way for one in query.criteria if (way := way_in(tenant, query.resource_type, one)) is not None]
    ways.sort(key=lambda way: not way.is_in_order)
    search = _Search(tenant, query, bound, _few(connection, ways), ways[0] if ways else None)
    total = _total(connection, search, most_counted) if want_total or query.count == 0 else None
    if query.count == 0:
        return Page((), total, None, None)
    rows = list(islice(_rows(connection, search), query.count + 1))
    return _page(connection, search, rows, total)


def _few(connection: Connection, ways: Sequence[Way]) -> tuple[int, ...] | None:
    """List the sequences that meet one criterion, where they are few; None where each criterion is met by many."""
    for way in ways:
        found = connection.scalars(select(way.table.c.sequence).where(way.leads).limit(FEW + 1)).all()
        if len(found) <= FEW:
            return tuple(found)
    return None


def _total(connection: Connection, search: _Search, most: int | None) -> int | None:
    if search.few is None and search.way is not None and search.way.is_in_order:
        along = _by_the_way(search, search.way)
        met = along.select.order_by(along.sequence)
    else:
        met = select(VERSION.c.sequence).where(*_conditions(search))
    counted = select(func.count()).select_from((met if most is None else met.limit(most + 1)).subquery())
    _follow_the_index(connection, is_walked=most is not None and search.few is None)
    total = int(connection.scalar(counted) or 0)
    return total if most is None or total <= most else None


def _conditions(search: _Search, *, is_way_in: bool = True) -> Iterator[Condition]:
    """Say all that a row must meet; where the way in is another one, its type alone must not look like a way."""
    query = search.query
    if search.few is not None:
        yield VERSION.c.sequence.in_(search.few)
    if is_way_in and search.few is None:
        yield VERSION.c.tenant == search.tenant
        yield VERSION.c.resource_type == query.resource_type
    else:
        yield VERSION.c.tenant.op("||")("") == search.tenant
        yield VERSION.c.resource_type.op("||")("") == query.resource_type
    yield is_latest(search.bound)
    for criterion in query.criteria:
        yield condition_of(search.tenant, query.resource_type, criterion)


@dataclass(frozen=True, slots=True)
class _Segment:
    """A stretch of the order of a query. ``has_key`` is None where the stretch is the whole order."""

    select: Select[Any]
    keys: tuple[Key, ...]
    sequence: ColumnElement[int]
    has_key: bool | None = None
    is_walked: bool = True

    def holds(self, cursor: Cursor) -> bool:
        """Tell whether the cursor stands within the stretch."""
        return self.has_key is None or self.has_key == (cursor.keys[0] is not None)

    def is_passed_by(self, cursor: Cursor) -> bool:
        """Tell whether the whole stretch lies on the side that the cursor goes away from."""
        return not self.holds(cursor) and self.has_key != cursor.backward


def _rows(connection: Connection, search: _Search) -> Iterator[Row[Any]]:
    """Yield sequence and sort keys of what meets the query, beyond the cursor, the nearest first."""
    cursor = search.query.cursor
    backward = cursor is not None and cursor.backward
    segments = list(_segments(search))
    for segment in reversed(segments) if backward else segments:
        selected = segment.select
        if cursor is not None and segment.is_passed_by(cursor):
            continue
        if cursor is not None and segment.holds(cursor):
            selected = selected.where(beyond(segment.keys, segment.sequence, cursor))
        page = ordered(selected, segment.keys, segment.sequence, backward=backward).limit(search.query.count + 1)
        _follow_the_index(connection, is_walked=segment.is_walked)
        yield from connection.execute(page)


def _follow_the_index(connection: Connection, *, is_walked: bool) -> None:
    """Keep PostgreSQL from reading all there is, to sort it or to know where it stands, where a part is asked for."""
    if connection.dialect.name == "postgresql":
        allowed = "off" if is_walked else "on"
        connection.exec_driver_sql(f"SET LOCAL enable_sort = {allowed}; SET LOCAL enable_bitmapscan = {allowed}")


def _segments(search: _Search) -> Iterator[_Segment]:
    """Lay out the order: whole where it is sorted by SQL, else first what has a value to walk along, then the rest."""
    query = search.query
    walks_along_values = search.few is None and len(query.sort) == 1 and query.sort[0][0] not in OF_THE_ROW
    if walks_along_values:
        yield from _along_values(search, *query.sort[0])
        return
    if search.few is None and not query.sort and search.way is not None:
        yield _by_the_way(search, search.way)
        return
    keys = tuple(key_of(search.tenant, query.resource_type, *one) for one in query.sort)
    columns = [key.expression.label(f"key{number}") for number, key in enumerate(keys)]
    whole: Select[Any] = select(VERSION.c.sequence, *columns).where(*_conditions(search))
    walks = search.few is None and all(name == "_lastUpdated" for name, _ in query.sort)
    yield _Segment(whole, keys, VERSION.c.sequence, is_walked=walks)


def _by_the_way(search: _Search, way: Way) -> _Segment:
    """Lay out the order of arrival of what a criterion leads to."""
    if way.table is VERSION:
        # With nothing added to it, the order would look like a way in.
        sequence = VERSION.c.sequence + 0
        return _Segment(select(VERSION.c.sequence).where(way.leads, *_conditions(search)), (), sequence, None, False)
    through = select(way.table.c.sequence).join(VERSION, VERSION.c.sequence == way.table.c.sequence).distinct()
    selected = through.where(way.leads, *_conditions(search, is_way_in=False))
    return _Segment(selected, (), cast("Any", way.table.c.sequence), is_walked=way.is_in_order)


def _along_values(search: _Search, parameter: str, descending: bool) -> Iterator[_Segment]:
    number = family(search.tenant, search.query.resource_type, parameter)
    along, other = VALUE.alias("along"), VALUE.alias("other")
    better = other.c.value > along.c.value if descending else other.c.value < along.c.value
    same = and_(other.c.value == along.c.value, other.c.number < along.c.number)
    outranked = select(other.c.number).where(
        other.c.sequence == along.c.sequence, other.c.family + 0 == number, or_(better, same)
    )
    valued = (
        select(along.c.sequence, along.c.value.label("key0"))
        .join(VERSION, VERSION.c.sequence == along.c.sequence)
        .where(along.c.family == number, ~outranked.exists(), *_conditions(search, is_way_in=False))
    )
    yield _Segment(valued, (Key(along.c.value, descending, nullable=False),), along.c.sequence, has_key=True)
    any_value = select(VALUE.c.number).where(VALUE.c.sequence == VERSION.c.sequence, VALUE.c.family + 0 == number)
    rest = select(VERSION.c.sequence, null().label("key0")).where(~any_value.exists(), *_conditions(search))
    yield _Segment(rest, (), VERSION.c.sequence, has_key=False)


def _page(connection: Connection, search: _Search, rows: list[Row[Any]], total: int | None) -> Page:
    """Read the records of a page; one row more than the page holds says that there is another."""
    query, cursor = search.query, search.query.cursor
    backward = cursor is not None and cursor.backward
    has_more, shown = len(rows) > query.count, rows[: query.count]
    if backward:
        shown = shown[::-1]
    if not shown:
        return Page((), total, None, None)
    has_next = backward or has_more
    has_previous = has_more if backward else cursor is not None
    return Page(
        records=_records(connection, [row.sequence for row in shown]),
        total=total,
        next=_cursor(shown[-1], search.bound, backward=False) if has_next else None,
        previous=_cursor(shown[0], search.bound, backward=True) if has_previous else None,
    )


def _cursor(row: Row[Any], bound: int, *, backward: bool) -> Cursor:
    written: Sequence[Any] = row[1:]
    keys = tuple(None if key is None else str(key) for key in written)
    return Cursor(keys, row.sequence, bound, backward)


def _records(connection: Connection, sequences: Sequence[int]) -> tuple[Record, ...]:
    """Read records in the order of their sequences; contents were not carried through the sorting."""
    rows = connection.execute(select(*RECORD, VERSION.c.sequence).where(VERSION.c.sequence.in_(sequences)))
    by_sequence = {row.sequence: record_of(row) for row in rows}
    return tuple(by_sequence[sequence] for sequence in sequences if sequence in by_sequence)
