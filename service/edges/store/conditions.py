"""Turns the criteria of a search into SQL conditions on a version's row; it neither orders nor pages.

The planners of the databases do not know how the values are spread, so the way to each row is laid down here:
``OFF_INDEX`` keeps a condition from being used as a way in, and one that has only a sequence to go by looks there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, not_, or_, select, true
from sqlalchemy.sql.selectable import FromClause

from service.edges.store.rows import family, milliseconds, short
from service.edges.store.schema import VALUE, VERSION
from service.mapping.search.query import Criterion, Wanted

Condition = ColumnElement[bool]
Values = FromClause

WAY = VALUE.alias("way")
"""Values that rows are come by, apart from those that are looked up once a row is there."""


@dataclass(frozen=True, slots=True)
class Way:
    """Rows of a table that lead to versions, by their sequence; ``is_in_order`` where an index has them in order."""

    table: Values
    leads: Condition
    is_in_order: bool


def condition_of(tenant: str, resource_type: str, criterion: Criterion) -> Condition:
    """Say what one criterion asks of a row of VERSION."""
    if criterion.parameter == "_id":
        return _of_the_row(criterion, _has_id)
    if criterion.parameter == "_lastUpdated":
        return _of_the_row(criterion, _was_updated)
    here = and_(VALUE.c.sequence == VERSION.c.sequence, _off_index(tenant, resource_type, criterion.parameter))
    if criterion.missing is not None:
        has_any = select(VALUE.c.number).where(here).exists()
        return not_(has_any) if criterion.missing else has_any
    met = select(VALUE.c.number).where(here, or_(*(meets(VALUE, one) for one in criterion.alternatives))).exists()
    return not_(met) if criterion.negated else met


def meets(values: Values, wanted: Wanted) -> Condition:
    """Say what one alternative asks of a row of values."""
    if wanted.is_date:
        return _compare(values.c.value, values.c.high, wanted.prefix, wanted.low, wanted.high)
    asked = []
    if wanted.value is not None:
        asked.append(values.c.value == short(wanted.value))
    if wanted.system is not None:
        asked.append(values.c.system == short(wanted.system))
    return and_(true(), *asked)


def way_in(tenant: str, resource_type: str, criterion: Criterion) -> Way | None:
    """Return the rows that lead to what meets a criterion; None where it says only what must not be there."""
    if criterion.missing is not None or criterion.negated or criterion.parameter == "_id":
        return None
    if criterion.parameter == "_lastUpdated":
        of_type = and_(VERSION.c.tenant == tenant, VERSION.c.resource_type == resource_type)
        bounds = (_bound_of_row(one) for one in criterion.alternatives)
        return Way(VERSION, or_(*(and_(of_type, one) for one in bounds)), is_in_order=False)
    number = family(tenant, resource_type, criterion.parameter)
    leads = (and_(WAY.c.family == number, _bound(one), meets(WAY, one)) for one in criterion.alternatives)
    names_one_value = len(criterion.alternatives) == 1 and criterion.alternatives[0].value is not None
    return Way(WAY, or_(*leads), is_in_order=names_one_value)


def _bound(wanted: Wanted) -> Condition:
    """Say what a date must meet at the least, in the form that an index answers: a span never ends before it begins."""
    first, last = WAY.c.value, WAY.c.high
    dated = last != ""
    bounds: dict[str, Condition] = {
        "eq": and_(first >= wanted.low, first <= wanted.high),
        "gt": and_(dated, last > wanted.high),
        "ge": and_(dated, last >= wanted.low),
        "lt": first < wanted.low,
        "le": first <= wanted.high,
        "sa": first > wanted.high,
        "eb": first < wanted.low,
    }
    return bounds.get(wanted.prefix, true()) if wanted.is_date else true()


def _bound_of_row(wanted: Wanted) -> Condition:
    here, low, high = VERSION.c.last_updated, _first(wanted.low), _last(wanted.high)
    bounds: dict[str, Condition] = {
        "eq": and_(here >= low, here <= high),
        "gt": here > high,
        "ge": here >= low,
        "lt": here < low,
        "le": here <= high,
        "sa": here > high,
        "eb": here < low,
    }
    return bounds.get(wanted.prefix, true())


def _off_index(tenant: str, resource_type: str, parameter: str) -> Condition:
    return VALUE.c.family + 0 == family(tenant, resource_type, parameter)


def _of_the_row(criterion: Criterion, meets_one: Callable[[Wanted], Condition]) -> Condition:
    """Ask the row itself: every resource has an id and a time, each exactly one."""
    if criterion.missing is not None:
        return false() if criterion.missing else true()
    met = or_(*(meets_one(one) for one in criterion.alternatives))
    return not_(met) if criterion.negated else met


def _has_id(wanted: Wanted) -> Condition:
    if wanted.system:
        return false()
    return true() if wanted.value is None else VERSION.c.id == wanted.value


def _was_updated(wanted: Wanted) -> Condition:
    here = VERSION.c.last_updated
    return _compare(here, here, wanted.prefix, _first(wanted.low), _last(wanted.high))


def _first(instant: str) -> int:
    """Return the first millisecond that lies wholly at or after an instant."""
    return -(-_microseconds(instant) // 1000)


def _last(instant: str) -> int:
    return _microseconds(instant) // 1000


def _microseconds(instant: str) -> int:
    moment = datetime.fromisoformat(instant)
    return milliseconds(moment) * 1000 + moment.microsecond % 1000


def _compare(first: Any, last: Any, prefix: str, low: Any, high: Any) -> Condition:  # noqa: ANN401 - columns and literals, of texts or of numbers
    """Compare a date with what was asked for, as the table in ``Wanted`` says."""
    equal = and_(first >= low, last <= high)
    conditions: dict[str, Condition] = {
        "eq": equal,
        "ne": not_(equal),
        "gt": last > high,
        "ge": or_(last > high, equal),
        "lt": first < low,
        "le": or_(first < low, equal),
        "sa": first > high,
        "eb": last < low,
    }
    return conditions[prefix]
