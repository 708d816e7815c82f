"""Finds the stored responses whose level another rule book would change; it stores nothing and changes nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from service import __version__
from service.edges.store.records import Record
from service.edges.store.store import Store
from service.errors import Refused
from service.knowledge.model import RuleBook
from service.mapping.body import Resource
from service.mapping.header import Run
from service.mapping.search.query import Cursor, Query
from service.mapping.stored import RESPONSE
from service.mapping.writing.canonicals import TRIAGE_LEVEL
from service.mapping.writing.json_bytes import dump
from service.settings import Settings
from service.usecases.incoming import ENTERED_IN_ERROR
from service.usecases.standing import read_content
from service.usecases.triage_one import OneResponse, triage_one

PAGE = 200
REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Difference:
    """One stored response, by its versioned reference, with the level that each of two rule books gives it."""

    response: str
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """How many responses were judged by both books, and which of them differ."""

    count: int
    differences: tuple[Difference, ...]


def compare(store: Store, tenant: str, first: RuleBook, second: RuleBook, settings: Settings) -> Comparison:
    """Judge the latest version of every stored response by both books, as of the moment when it was stored.

    The answers alone are judged: the record that may have come beside them is not kept. ``refused`` stands for a
    response that a book does not take. Raises StoreDown.
    """
    judged = [_judged(record, first, second, settings) for record in _responses(store, tenant)]
    whole = [one for one in judged if one is not None]
    return Comparison(len(whole), tuple(one for one in whole if one.first != one.second))


def _responses(store: Store, tenant: str) -> Iterator[Record]:
    cursor: Cursor | None = None
    while True:
        page = store.search(tenant, Query(RESPONSE, count=PAGE, cursor=cursor), want_total=False)
        yield from page.records
        cursor = page.next
        if cursor is None:
            return


def _judged(record: Record, first: RuleBook, second: RuleBook, settings: Settings) -> Difference | None:
    content = read_content(record)
    if content["status"] == ENTERED_IN_ERROR:
        return None
    levels = (_level(book, content, record.last_updated, settings) for book in (first, second))
    return Difference(record.reference, *levels)


def _level(book: RuleBook, content: dict[str, Any], at: datetime, settings: Settings) -> str:
    run = Run(
        at, replay=True, policy_signed_by="", policy_signed_on="", emergency_number="", software_version=__version__
    )
    one = OneResponse(Resource(content, "", RESPONSE, ()), (), frozenset(), ())
    outcome = triage_one(book, book.policies[settings.policy], run, settings.max_answer_age_hours, one)
    if isinstance(outcome, Refused):
        return REFUSED
    assessment = orjson.loads(dump(outcome[0]["resource"]))
    level = next(one for one in assessment["extension"] if one["url"] == TRIAGE_LEVEL)
    return str(level["valueCodeableConcept"]["coding"][0]["code"])
