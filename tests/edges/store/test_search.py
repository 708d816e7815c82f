"""The store's search answers what ``mapping.search.match`` says of the same values in memory, page by page."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.edges.store import searching
from service.edges.store.records import NewVersion, Page, Record
from service.edges.store.store import Store
from service.mapping.search.match import meets, sort_key
from service.mapping.search.query import Criterion, Query, Wanted
from service.mapping.search.values import IndexValue

START = datetime(2026, 6, 1, tzinfo=UTC)
KIND = "RiskAssessment"
DAYS = [f"2026-06-{day:02d}T00:00:00.000000Z" for day in range(1, 7)]

tokens = st.builds(
    IndexValue,
    parameter=st.just("risk"),
    system=st.sampled_from(["", "s", "t"]),
    value=st.sampled_from(["a", "b", "c"]),
)
references = st.builds(IndexValue, parameter=st.just("patient"), value=st.sampled_from(["Patient/1", "Patient/2"]))
dates = st.tuples(st.sampled_from(DAYS), st.sampled_from(DAYS)).map(
    lambda ends: IndexValue("date", low=min(ends), high=max(ends))
)
value_lists = st.lists(st.one_of(tokens, references, dates), max_size=4, unique=True).map(tuple)
resources = st.lists(value_lists, max_size=9)

wanted_texts = st.builds(
    Wanted, system=st.sampled_from([None, "", "s", "t"]), value=st.sampled_from([None, "a", "b", "Patient/1"])
)
wanted_dates = st.builds(
    lambda prefix, ends: Wanted(prefix=prefix, low=min(ends), high=max(ends)),
    st.sampled_from(["eq", "ne", "gt", "ge", "lt", "le", "sa", "eb"]),
    st.tuples(st.sampled_from(DAYS), st.sampled_from(DAYS)),
)


def criteria_of(name: str, wanted: st.SearchStrategy[Wanted]) -> st.SearchStrategy[Criterion]:
    alternatives = st.lists(wanted, min_size=1, max_size=2).map(tuple)
    asked = st.builds(Criterion, st.just(name), alternatives, negated=st.booleans())
    return st.one_of(asked, st.builds(Criterion, st.just(name), missing=st.booleans()))


criteria = st.lists(
    st.one_of(
        criteria_of("risk", wanted_texts), criteria_of("patient", wanted_texts), criteria_of("date", wanted_dates)
    ),
    max_size=2,
).map(tuple)
sorts = st.lists(
    st.tuples(st.sampled_from(["date", "risk", "patient"]), st.booleans()), max_size=2, unique_by=lambda one: one[0]
).map(tuple)


def stored(store: Store, tenant: str, resources: list[tuple[IndexValue, ...]]) -> None:
    """Write each list of values as a resource of its own, named by its place."""
    for place, values in enumerate(resources):
        when = START + timedelta(minutes=place)
        record = Record(tenant, KIND, str(place), 1, when, b"{}")
        store.write([NewVersion(record, f"r{place}", 1, "", values)])


def expected(resources: list[tuple[IndexValue, ...]], query: Query) -> list[str]:
    """Judge and sort in memory: stable sorts from the last key to the first, what has no value last."""
    found = [place for place, values in enumerate(resources) if meets(values, query.criteria)]
    for parameter, descending in reversed(query.sort):
        keys = {place: sort_key(resources[place], parameter, descending=descending) for place in found}
        # Turned round, Python's sort keeps equals as they stood.
        valued = sorted((p for p in found if keys[p] is not None), key=lambda p: str(keys[p]), reverse=descending)
        found = valued + [p for p in found if keys[p] is None]
    return [str(place) for place in found]


def forward(store: Store, tenant: str, query: Query) -> list[Page]:
    pages = [store.search(tenant, query, want_total=True)]
    while pages[-1].next is not None:
        pages.append(
            store.search(
                tenant,
                Query(query.resource_type, query.criteria, query.sort, query.count, pages[-1].next),
                want_total=True,
            )
        )
    return pages


def ids(pages: list[Page]) -> list[str]:
    return [record.id for page in pages for record in page.records]


@pytest.mark.parametrize("few", [500, 0], ids=["few rows are sorted", "rows are walked along"])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(resources=resources, criteria=criteria, sort=sorts, count=st.integers(1, 4))
def test_all_pages_forward_and_backward_are_what_memory_says(
    store: Store,
    few: int,
    resources: list[tuple[IndexValue, ...]],
    criteria: tuple[Criterion, ...],
    sort: tuple[tuple[str, bool], ...],
    count: int,
) -> None:
    tenant = str(uuid4())
    stored(store, tenant, resources)
    stored(store, str(uuid4()), resources[:2])  # another tenant's, never to be seen
    query = Query(KIND, criteria, sort, count)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(searching, "FEW", few)
        pages = forward(store, tenant, query)
        assert ids(pages) == expected(resources, query)
        assert {page.total for page in pages} == {len(expected(resources, query))}
        for before, page in pairwise(pages):
            back = store.search(tenant, Query(KIND, criteria, sort, count, page.previous), want_total=False)
            assert [one.id for one in back.records] == [one.id for one in before.records]
        assert pages[0].previous is None


@pytest.mark.parametrize("few", [500, 0], ids=["few rows are sorted", "rows are walked along"])
def test_pages_show_the_moment_of_the_first_also_when_a_resource_is_replaced_or_added(
    store: Store, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(searching, "FEW", few)
    value = IndexValue("date", low=DAYS[0], high=DAYS[0])
    stored(store, "default", [(value,)] * 5)
    query = Query(KIND, (), (("date", True),), 2)
    first = store.search("default", query, want_total=False)
    again = Record("default", KIND, "3", 2, START, b'{"version":2}')
    store.write([NewVersion(again, "r3", 2, "", (IndexValue("date", low=DAYS[5], high=DAYS[5]),))])
    store.write([NewVersion(Record("default", KIND, "9", 1, START, b"{}"), "r9", 1, "", (value,))])
    rest, cursor = [], first.next
    while cursor is not None:
        page = store.search("default", Query(KIND, (), (("date", True),), 2, cursor), want_total=False)
        rest.append(page)
        cursor = page.next
    assert [(one.id, one.version) for one in first.records] == [("0", 1), ("1", 1)]
    assert [(one.id, one.version) for page in rest for one in page.records] == [("2", 1), ("3", 1), ("4", 1)]
    now = store.search("default", Query(KIND, (), (("date", True),), 9), want_total=True)
    assert [(one.id, one.version) for one in now.records] == [
        ("3", 2),
        ("0", 1),
        ("1", 1),
        ("2", 1),
        ("4", 1),
        ("9", 1),
    ]
    assert now.total == 6


@pytest.mark.parametrize(
    ("criterion", "found"),
    [
        (Criterion("_id", (Wanted(value="2"), Wanted(value="4"))), ["2", "4"]),
        (Criterion("_id", (Wanted(value="2"),), negated=True), ["0", "1", "3", "4"]),
        (Criterion("_id", (Wanted(system="s", value="2"),)), []),
        (Criterion("_id", missing=True), []),
        (
            Criterion(
                "_lastUpdated",
                (Wanted(prefix="ge", low="2026-06-01T00:03:00.000000Z", high="2026-06-01T00:03:59.999999Z"),),
            ),
            ["3", "4"],
        ),
        (
            Criterion(
                "_lastUpdated",
                (Wanted(prefix="eq", low="2026-06-01T00:03:00.000000Z", high="2026-06-01T00:03:59.999999Z"),),
            ),
            ["3"],
        ),
        (
            Criterion(
                "_lastUpdated",
                (Wanted(prefix="gt", low="2026-06-01T00:03:00.000000Z", high="2026-06-01T00:03:00.000999Z"),),
            ),
            ["4"],
        ),
        (
            Criterion(
                "_lastUpdated",
                (Wanted(prefix="lt", low="2026-06-01T00:01:00.000000Z", high="2026-06-01T00:01:00.000999Z"),),
            ),
            ["0"],
        ),
    ],
)
def test_id_and_time_are_asked_of_the_row_itself(store: Store, criterion: Criterion, found: list[str]) -> None:
    stored(store, "default", [()] * 5)
    page = store.search("default", Query(KIND, (criterion,)), want_total=True)
    assert [one.id for one in page.records] == found
    assert page.total == len(found)


@pytest.mark.parametrize("descending", [False, True])
def test_sorting_by_time_pages_both_ways(store: Store, descending: bool) -> None:
    stored(store, "default", [()] * 5)
    query = Query(KIND, (), (("_lastUpdated", descending),), 2)
    order = ["4", "3", "2", "1", "0"] if descending else ["0", "1", "2", "3", "4"]
    assert ids(forward(store, "default", query)) == order


def test_a_value_too_long_for_an_index_is_found_all_the_same(store: Store) -> None:
    long = "urn:" + "x" * 9000
    stored(store, "default", [(IndexValue("identifier", "s", long),), (IndexValue("identifier", "s", long + "y"),)])
    query = Query(KIND, (Criterion("identifier", (Wanted("s", long),)),))
    assert [one.id for one in store.search("default", query, want_total=False).records] == ["0"]


def test_a_count_of_none_gives_the_total_alone(store: Store) -> None:
    stored(store, "default", [()] * 3)
    assert store.search("default", Query(KIND, count=0), want_total=False) == Page((), 3, None, None)


@pytest.mark.parametrize(
    ("most", "total", "_comment"),
    [(None, 3, "all are counted"), (4, 3, "below"), (3, 3, "at"), (2, None, "above: there are more than are counted")],
)
def test_no_more_is_counted_than_is_asked_for(store: Store, most: int | None, total: int | None, _comment: str) -> None:
    stored(store, "default", [()] * 3)
    page = store.search("default", Query(KIND, count=1), want_total=True, most_counted=most)
    assert (page.total, len(page.records)) == (total, 1)
