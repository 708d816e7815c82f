"""A filled store is what the service would have stored: whole, and the same rows but for what chance names."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import select

from service.edges.store.checking import problems
from service.edges.store.connect import engine_of
from service.edges.store.migrate import upgrade
from service.edges.store.schema import VALUE, VERSION
from service.edges.store.store import Store
from service.settings import Settings
from service.usecases.caller import Caller
from service.usecases.responses import Responses
from tests.bench import fill_store
from tests.bench.fill_store import body, fill, id_of, identifier_of, moment_of, patient_of
from tests.real_book import proven_book

COPY = 7
"""The number of a response that is made from a template, once there are but three of these."""
RESULT_NAMES = re.compile(r"urn:uuid:[0-9a-f-]{36}")


@pytest.fixture
def filled(url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setattr(fill_store, "TEMPLATES", 3)
    assert fill(url, 10).responses == 10
    engine = engine_of(url)
    yield Store(engine)
    engine.dispose()


def test_a_filled_store_is_whole(filled: Store) -> None:
    assert list(problems(filled.engine)) == []


def test_a_copy_is_what_the_service_stores_for_the_same_body(filled: Store, new_url: Callable[[], str]) -> None:
    engine = engine_of(new_url())
    upgrade(engine)
    real = Store(engine)
    # The copy of number 7 is made from number 1: what was not posted with it is answered as in 1.
    Responses(proven_book(), Settings(), real, lambda: moment_of(COPY)).create(Caller(), body(COPY))
    assert rows_of(filled) == rows_of(real)
    engine.dispose()


def test_a_copy_that_is_posted_meets_itself(filled: Store) -> None:
    stored = Responses(proven_book(), Settings(), filled).create(Caller(), body(COPY))
    assert (stored.status, stored.record.id, len(stored.results)) == (200, id_of(COPY), 3)


def test_a_store_is_topped_up(filled: Store, url: str) -> None:
    assert fill(url, 12).responses == 12
    assert fill(url, 5).responses == 12  # nothing is ever taken away
    assert list(problems(filled.engine)) == []


def test_a_response_is_named_as_searches_ask_for_it() -> None:
    resource = json.loads(body(9))
    assert identifier_of(9) == f"{resource['identifier']['system']}|{resource['identifier']['value']}"
    assert patient_of(9) == resource["subject"]["reference"] == patient_of(8) != patient_of(7)


def rows_of(store: Store) -> Any:
    """Return what stands in the store for one response, and what it is found by, without names of results."""
    with store.engine.connect() as connection:
        rows = connection.execute(
            select(VERSION.c.sequence, VERSION.c.digest, VERSION.c.response_version, VERSION.c.last_updated)
            .where(VERSION.c.response_id == id_of(COPY))
            .order_by(VERSION.c.sequence)
        ).all()
        values = [
            [
                _named(each)
                for each in connection.execute(
                    select(VALUE.c.family, VALUE.c.value, VALUE.c.system, VALUE.c.high)
                    .where(VALUE.c.sequence == row.sequence)
                    .order_by(VALUE.c.number)
                )
            ]
            for row in rows
        ]
    contents = [
        RESULT_NAMES.sub("a name", each.content.decode()) for each in store.stored_with("default", id_of(COPY), 1)
    ]
    received = store.received("default", id_of(COPY), 1)
    return [tuple(row)[1:] for row in rows], values, contents, received


def _named(row: Any) -> tuple[Any, ...]:
    return tuple("a name" if RESULT_NAMES.fullmatch(str(each)) else each for each in row)
