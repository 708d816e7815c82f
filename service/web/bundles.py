"""Writes the Bundles of searches and histories; what stands in them is found elsewhere."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from service.edges.store.records import Record
from service.errors import Issue
from service.mapping.search.instants import instant
from service.mapping.search.subset import Subset, shortened
from service.mapping.writing.outcome import operation_outcome
from service.web.replies import plain

Links = list[dict[str, str]]
Resource = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answered:
    """Hold what a search found: matches, what is sent beside them, and what is to be said of the search itself.

    ``total`` counts matches alone; None leaves it out.
    """

    matches: tuple[Resource, ...]
    included: tuple[Resource, ...]
    total: int | None
    notices: Sequence[Issue]


def searchset(base: str, links: Links, answered: Answered, subset: Subset) -> dict[str, Any]:
    """Write the answer of a search."""
    entries = [_entry(base, each, "match", subset) for each in answered.matches]
    entries += [_entry(base, each, "include", subset) for each in answered.included]
    if answered.notices:
        outcome = operation_outcome(answered.notices)
        entries.append({"fullUrl": uuid4().urn, "resource": outcome, "search": {"mode": "outcome"}})
    return _bundle("searchset", links, answered.total, entries)


def history(base: str, links: Links, total: int | None, records: Iterable[Record]) -> dict[str, Any]:
    """Write a history, in the order given; a version says by which kind of request it came about."""
    return _bundle("history", links, total, [_version(base, each) for each in records])


def _bundle(kind: str, links: Links, total: int | None, entries: list[dict[str, Any]]) -> dict[str, Any]:
    counted = {} if total is None else {"total": total}
    # R4 has no empty arrays.
    return {"resourceType": "Bundle", "type": kind, **counted, "link": links, **({"entry": entries} if entries else {})}


def _entry(base: str, resource: Resource, mode: str, subset: Subset) -> dict[str, Any]:
    full_url = f"{base}/{resource['resourceType']}/{resource['id']}"
    return {"fullUrl": full_url, "resource": shortened(resource, subset), "search": {"mode": mode}}


def _version(base: str, record: Record) -> dict[str, Any]:
    first = record.version == 1
    address = record.resource_type if first else f"{record.resource_type}/{record.id}"
    return {
        "fullUrl": f"{base}/{record.resource_type}/{record.id}",
        "resource": plain(record.content),
        "request": {"method": "POST" if first else "PUT", "url": address},
        "response": {
            "status": "201" if first else "200",
            "etag": f'W/"{record.version}"',
            "lastModified": instant(record.last_updated)[:-4] + "Z",
        },
    }
