"""Rows that are added hold what was given, each under its own number, on both databases."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from service.edges.store.adding import add, add_versions
from service.edges.store.records import NewVersion, Received, Record, VersionTaken
from service.edges.store.rows import numbered, row_of
from service.edges.store.schema import VALUE, VERSION
from service.edges.store.store import Store
from service.mapping.search.values import IndexValue

WHEN = datetime(2026, 6, 1, 9, 41, 12, 304000, UTC)

TEXTS = [
    # text               comment
    ("", "nothing"),
    ("NULL", "a word that an array of PostgreSQL would write nothing as"),
    ('{"a",b}', "the signs that arrays are written with"),
    ("back\\slash 'quote' \"quote\"", "signs that are escaped"),
    ("? :name %s %b %%", "signs of a statement's own"),
    ("é 背 \U0001f600 \n\t", "letters and signs beyond ASCII"),
]


def found_by(name: str, *values: IndexValue) -> NewVersion:
    record = Record("default", "CarePlan", name, 1, WHEN, f'{{"id":"{name}"}}'.encode())
    return NewVersion(record, "r1", 1, "", values)


@pytest.mark.parametrize(("text", "comment"), TEXTS)
def test_any_text_is_added_as_it_is(store: Store, text: str, comment: str) -> None:
    store.write([found_by("a", IndexValue("identifier", text, text))])
    with store.engine.connect() as connection:
        (row,) = connection.execute(select(VALUE)).all()
    assert (row.value, row.system, row.high) == (text, text, ""), comment


def test_each_version_has_its_own_number_in_the_order_given_and_its_own_values(store: Store) -> None:
    names = [f"n{(number * 7) % 40}" for number in range(40)]  # in no order of the alphabet
    versions = [
        found_by(name, IndexValue("identifier", value=name), IndexValue("status", value="draft")) for name in names
    ]
    with store.engine.begin() as connection:
        sequences = add_versions(connection, [row_of(one) for one in versions])
        add(connection, VALUE, numbered(versions, sequences))
        assert sequences == sorted(sequences)
    of_identifier = select(VERSION.c.id, VALUE.c.value, VALUE.c.number).join(
        VALUE, VALUE.c.sequence == VERSION.c.sequence
    )
    with store.engine.connect() as connection:
        assert connection.scalars(select(VERSION.c.id).order_by(VERSION.c.sequence)).all() == names
        rows = connection.execute(of_identifier.order_by(VERSION.c.sequence, VALUE.c.number)).all()
    assert [tuple(row) for row in rows] == [row for name in names for row in ((name, name, 0), (name, "draft", 1))]


def test_nothing_is_added_where_nothing_is_given(store: Store) -> None:
    with store.engine.begin() as connection:
        assert add_versions(connection, []) == []
        add(connection, VALUE, [])
        assert connection.scalar(select(func.count()).select_from(VERSION)) == 0


def test_after_a_question_that_was_its_own_transaction_a_write_is_again_all_or_nothing(store: Store) -> None:
    received = Received("default", "r1", 1, "s", b"bytes")
    store.write([found_by("a")], [received])
    for _ in range(3):  # with whichever connection of the pool
        assert store.contents("default", "none") == ()
        assert store.read("default", "CarePlan", "none") is None
        with pytest.raises(VersionTaken):
            store.write([found_by("b")], [received])  # refused by its last statement
    assert store.read("default", "CarePlan", "b") is None
