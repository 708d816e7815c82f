"""Pages of what is kept in memory: each resource once, in order, forwards and back."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from service.mapping.search.query import Cursor, Query
from service.mapping.search.read_query import read_search
from service.mapping.search.shelf import Found, Shelf

STATUSES = ("draft", "active", "retired", None)
RESOURCES = st.lists(st.sampled_from(STATUSES), max_size=12)
SORTS = st.sampled_from([(), (("status", False),), (("status", True),), (("status", True), ("_id", True))])


def shelf_of(statuses: list[str | None]) -> Shelf:
    return Shelf(
        {"resourceType": "ValueSet", "id": f"v{number}", **({"status": status} if status else {})}
        for number, status in enumerate(statuses)
    )


@given(RESOURCES, SORTS, st.integers(1, 5))
def test_pages_forwards_and_back_hold_each_resource_once_in_the_order_of_one_large_page(
    statuses: list[str | None], sort: tuple[tuple[str, bool], ...], count: int
) -> None:
    shelf = shelf_of(statuses)
    whole = shelf.search(Query("ValueSet", sort=sort, count=100), want_total=True)
    query = Query("ValueSet", sort=sort, count=count)
    pages = [shelf.search(query, want_total=False)]
    while pages[-1].next is not None:
        pages.append(shelf.search(replace(query, cursor=pages[-1].next), want_total=False))
    assert [each for page in pages for each in page.resources] == list(whole.resources)
    assert whole.total == len(statuses)
    back = [pages[-1]]
    while back[-1].previous is not None:
        back.append(shelf.search(replace(query, cursor=back[-1].previous), want_total=False))
    assert [page.resources for page in reversed(back)] == [page.resources for page in pages]


def test_sorting_puts_what_has_no_value_last_either_way_and_keeps_equals_in_the_order_of_arrival() -> None:
    shelf = shelf_of(["draft", None, "active", "draft"])
    for descending, expected in ((False, ["v2", "v0", "v3", "v1"]), (True, ["v0", "v3", "v2", "v1"])):
        found = shelf.search(Query("ValueSet", sort=(("status", descending),)), want_total=False)
        assert [each["id"] for each in found.resources] == expected


def test_of_several_values_the_least_counts_and_descending_the_greatest() -> None:
    given_values = {"a": ("m",), "b": ("z", "c"), "c": ("y", "b")}
    shelf = Shelf(
        {"resourceType": "ValueSet", "id": name, "identifier": [{"value": value} for value in values]}
        for name, values in given_values.items()
    )
    for descending, expected, key in ((False, ["c", "b", "a"], "b"), (True, ["b", "c", "a"], "z")):
        query = Query("ValueSet", sort=(("identifier", descending),))
        found = shelf.search(query, want_total=False)
        assert [each["id"] for each in found.resources] == expected
        first = shelf.search(replace(query, count=1), want_total=False)
        assert first.next is not None
        assert first.next.keys == (key,)
        assert first.next.bound == first.next.sequence, "nothing is added to a shelf"
        assert first.next.backward is False


def test_a_page_that_begins_with_the_second_has_one_before_it() -> None:
    shelf = shelf_of(["draft", "draft", "draft"])
    query = Query("ValueSet", count=1)
    first = shelf.search(query, want_total=False)
    second = shelf.search(replace(query, cursor=first.next), want_total=False)
    assert (first.total, first.previous, second.total) == (None, None, None)
    assert second.previous is not None
    assert second.previous.backward
    assert shelf.search(replace(query, cursor=second.previous), want_total=False) == first


def test_beyond_a_resource_that_is_not_found_stands_nothing() -> None:
    shelf = shelf_of(["draft", "draft"])
    query = Query("ValueSet", count=1, cursor=Cursor((), 9, 9))
    assert shelf.search(query, want_total=True) == Found((), 2)


def test_a_count_of_zero_gives_the_total_alone() -> None:
    search = read_search("ValueSet", [("status", "draft"), ("_count", "0")], "", strict=True)
    found = shelf_of(["draft", "active", "draft"]).search(search.query, want_total=True)
    assert (found.resources, found.total, found.next) == ((), 2, None)


def test_a_resource_is_read_by_its_type_and_id() -> None:
    shelf = shelf_of(["draft"])
    assert shelf.read("ValueSet", "v0") is not None
    assert shelf.read("ValueSet", "v1") is None
    assert shelf.read("CodeSystem", "v0") is None
