"""Decides whether the values of one resource meet a search: the meaning of a query, in memory; the store's judge."""

from collections.abc import Iterable, Sequence

from service.mapping.search.query import Criterion, Wanted
from service.mapping.search.values import IndexValue


def meets(values: Sequence[IndexValue], criteria: Iterable[Criterion]) -> bool:
    """Tell whether a resource with these values meets every criterion."""
    return all(_meets(values, criterion) for criterion in criteria)


def sort_key(values: Iterable[IndexValue], parameter: str, *, descending: bool) -> str | None:
    """Return the text by which a resource is sorted: the least of its values, descending the greatest; None for none.

    A date's text is its low end; any other's its value.
    """
    keys = [value.low or value.value for value in values if value.parameter == parameter]
    if not keys:
        return None
    return max(keys) if descending else min(keys)


def _meets(values: Sequence[IndexValue], criterion: Criterion) -> bool:
    own = [value for value in values if value.parameter == criterion.parameter]
    if criterion.missing is not None:
        return criterion.missing is not bool(own)
    found = any(_matches(value, wanted) for value in own for wanted in criterion.alternatives)
    return found is not criterion.negated


def _matches(value: IndexValue, wanted: Wanted) -> bool:
    if wanted.is_date:
        return _compares(value, wanted)
    return wanted.system in (None, value.system) and wanted.value in (None, value.value)


def _compares(value: IndexValue, wanted: Wanted) -> bool:
    """Compare two spans of time as R4's prefixes say; the table stands with ``Wanted``."""
    within = value.low >= wanted.low and value.high <= wanted.high
    outcome = {
        "eq": within,
        "ne": not within,
        "gt": value.high > wanted.high,
        "ge": within or value.high > wanted.high,
        "lt": value.low < wanted.low,
        "le": within or value.low < wanted.low,
        "sa": value.low > wanted.high,
        "eb": value.high < wanted.low,
    }
    return outcome[wanted.prefix]
