"""Orders rows by the sort parameters of a query and begins a page beyond a cursor; what has no value stands last."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true

from service.edges.store.rows import family
from service.edges.store.schema import VALUE, VERSION
from service.mapping.search.query import Cursor


@dataclass(frozen=True, slots=True)
class Key:
    """One sort key: an expression over the row, its direction, whether rows may lack it, whether it is a number."""

    expression: ColumnElement[Any]
    descending: bool
    nullable: bool = True
    is_number: bool = False


def key_of(tenant: str, resource_type: str, parameter: str, descending: bool) -> Key:
    """Make the key of a sort parameter: the least of several values, descending the greatest."""
    if parameter == "_id":
        return Key(VERSION.c.id, descending, nullable=False)
    if parameter == "_lastUpdated":
        return Key(VERSION.c.last_updated, descending, nullable=False, is_number=True)
    outermost = func.max(VALUE.c.value) if descending else func.min(VALUE.c.value)
    number = family(tenant, resource_type, parameter)
    values = select(outermost).where(VALUE.c.sequence == VERSION.c.sequence, VALUE.c.family + 0 == number)
    return Key(values.scalar_subquery(), descending)


def ordered(
    selected: Select[Any], keys: tuple[Key, ...], sequence: ColumnElement[int], *, backward: bool
) -> Select[Any]:
    """Order a selection the way it is shown, or the other way round."""
    columns: list[ColumnElement[Any]] = []
    for key in keys:
        if key.nullable:
            lacks = key.expression.is_(None)
            columns.append(lacks.desc() if backward else lacks)
        columns.append(key.expression.desc() if key.descending != backward else key.expression)
    return selected.order_by(*columns, sequence.desc() if backward else sequence)


def beyond(keys: tuple[Key, ...], sequence: ColumnElement[int], cursor: Cursor) -> ColumnElement[bool]:
    """Hold for rows that stand beyond the cursor in the order shown; before it, where the cursor goes backward."""
    alternatives: list[ColumnElement[bool]] = []
    same: list[ColumnElement[bool]] = []
    for key, written in zip(keys, cursor.keys, strict=False):
        alternatives.append(and_(true(), *same, _stands_beyond(key, written, backward=cursor.backward)))
        same.append(key.expression.is_(None) if written is None else key.expression == _typed(key, written))
    last = sequence < cursor.sequence if cursor.backward else sequence > cursor.sequence
    return or_(*alternatives, and_(true(), *same, last))


def _stands_beyond(key: Key, written: str | None, *, backward: bool) -> ColumnElement[bool]:
    if written is None:
        return key.expression.is_not(None) if backward else false()
    value = _typed(key, written)
    further = key.expression < value if key.descending != backward else key.expression > value
    return further if backward or not key.nullable else or_(further, key.expression.is_(None))


def _typed(key: Key, written: str) -> Any:  # noqa: ANN401 - a text or a number
    return int(written) if key.is_number else written
