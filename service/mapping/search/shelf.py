"""Holds resources that do not change while the service runs, and answers reads and searches of them from memory."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from service.mapping.search.index import values_of
from service.mapping.search.match import meets, sort_key
from service.mapping.search.query import Cursor, Query
from service.mapping.search.values import IndexValue

Resource = Mapping[str, Any]
Key = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """Hold one page of resources; ``total`` is None where nobody asked for it."""

    resources: tuple[Resource, ...]
    total: int | None = None
    next: Cursor | None = None
    previous: Cursor | None = None


@dataclass(frozen=True, slots=True)
class _Kept:
    """A resource, its place on the shelf, and what it is found by."""

    sequence: int
    resource: Resource
    values: tuple[IndexValue, ...]


class Shelf:
    """Keep resources by type, in the order in which they were given; each has resourceType and id."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self._kept: defaultdict[str, list[_Kept]] = defaultdict(list)
        for sequence, resource in enumerate(resources, start=1):
            self._kept[resource["resourceType"]].append(_Kept(sequence, resource, values_of(resource)))

    def read(self, resource_type: str, identity: str) -> Resource | None:
        """Return a resource by its type and id, or None."""
        kept = self._kept.get(resource_type, ())
        return next((each.resource for each in kept if each.resource["id"] == identity), None)

    def search(self, query: Query, *, want_total: bool) -> Found:
        """Return one page of the resources that meet a query."""
        met = [each for each in self._kept.get(query.resource_type, ()) if meets(each.values, query.criteria)]
        met = _sorted(met, query.sort)
        page, start = _page(met, query)
        total = len(met) if want_total else None
        if not page:
            return Found((), total)
        following = _cursor(page[-1], query) if start + len(page) < len(met) else None
        previous = _cursor(page[0], query, backward=True) if start > 0 else None
        return Found(tuple(each.resource for each in page), total, following, previous)


def _sorted(kept: list[_Kept], sort: tuple[tuple[str, bool], ...]) -> list[_Kept]:
    """Sort by the last key first, as every sort keeps the order of equals."""
    for name, descending in reversed(sort):
        present = [each for each in kept if _key(each, name, descending=descending) is not None]
        absent = [each for each in kept if _key(each, name, descending=descending) is None]

        def text(each: _Kept, name: str = name, descending: bool = descending) -> str:
            return _key(each, name, descending=descending) or ""

        # Reversing twice keeps equals in the order of arrival also where the key descends.
        ordered = sorted(reversed(present) if descending else present, key=text)
        kept = [*(reversed(ordered) if descending else ordered), *absent]
    return kept


def _key(kept: _Kept, name: str, *, descending: bool) -> str | None:
    return sort_key(kept.values, name, descending=descending)


def _page(met: list[_Kept], query: Query) -> tuple[list[_Kept], int]:
    """Return the page and where it starts; nothing is added to a shelf, so a sequence is enough to find the place."""
    cursor = query.cursor
    if cursor is None:
        return met[: query.count], 0
    places = {each.sequence: place for place, each in enumerate(met)}
    place = places.get(cursor.sequence)
    if place is None:
        return [], 0
    if cursor.backward:
        start = max(0, place - query.count)
        return met[start:place], start
    return met[place + 1 : place + 1 + query.count], place + 1


def _cursor(kept: _Kept, query: Query, *, backward: bool = False) -> Cursor:
    keys = tuple(_key(kept, name, descending=descending) for name, descending in query.sort)
    return Cursor(keys, kept.sequence, kept.sequence, backward)
