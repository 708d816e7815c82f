"""The store keeps every version, writes all or nothing, and tells what is taken from what does not answer."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.edges.store import store as store_module
from service.edges.store.connect import engine_of
from service.edges.store.opening import open_store
from service.edges.store.records import NewVersion, Received, Record, StoreBehind, StoreDown, VersionTaken
from service.edges.store.store import Store
from service.mapping.search.values import IndexValue

WHEN = datetime(2026, 6, 1, 9, 41, 12, 304000, UTC)


def version(kind: str, name: str, number: int = 1, tenant: str = "default", **other: object) -> NewVersion:
    record = Record(tenant, kind, name, number, WHEN, b'{"id":"%s"}' % name.encode())
    return NewVersion(record, str(other.get("response", "r1")), int(str(other.get("with_version", number))), "d", ())


def test_what_is_written_is_read_again_byte_by_byte(store: Store) -> None:
    new = version("RiskAssessment", "a")
    store.write([new])
    assert store.read("default", "RiskAssessment", "a") == new.record


def test_the_latest_version_is_read_and_each_earlier_one_stays(store: Store) -> None:
    store.write([version("CarePlan", "a", 1)])
    store.write([version("CarePlan", "a", 2)])
    latest = store.read("default", "CarePlan", "a")
    assert latest is not None
    assert latest.version == 2
    assert store.read_version("default", "CarePlan", "a", 1) is not None
    assert store.read_version("default", "CarePlan", "a", 3) is None


@pytest.mark.parametrize(
    ("tenant", "kind", "name"),
    [("other", "CarePlan", "a"), ("default", "RiskAssessment", "a"), ("default", "CarePlan", "b")],
)
def test_nothing_is_read_under_another_tenant_type_or_id(store: Store, tenant: str, kind: str, name: str) -> None:
    store.write([version("CarePlan", "a")])
    assert store.read(tenant, kind, name) is None
    assert store.history(tenant, kind, name, 10, None).records == ()


def test_two_tenants_may_use_the_same_id(store: Store) -> None:
    store.write([version("CarePlan", "a", tenant="one")])
    store.write([version("CarePlan", "a", tenant="two")])
    assert store.read("one", "CarePlan", "a") != store.read("two", "CarePlan", "a")


def test_a_version_that_is_taken_is_refused_and_nothing_beside_it_is_written(store: Store) -> None:
    store.write([version("CarePlan", "a")])
    received = Received("default", "r1", 1, "s", b"bytes")
    with pytest.raises(VersionTaken):
        store.write([version("RiskAssessment", "b"), version("CarePlan", "a")], [received])
    assert store.read("default", "RiskAssessment", "b") is None
    assert store.received("default", "r1", 1) is None


def test_a_fault_in_the_last_statement_undoes_the_first(store: Store) -> None:
    received = Received("default", "r1", 1, "s", b"bytes")
    store.write([version("CarePlan", "a")], [received])
    with pytest.raises(VersionTaken):
        store.write([version("RiskAssessment", "b")], [received])
    assert store.read("default", "RiskAssessment", "b") is None


def test_the_bytes_received_are_kept_as_they_were(store: Store) -> None:
    received = Received("default", "r1", 1, "s", b'{ "a" :\xc3\xa9 1.50 }\n')
    store.write([version("QuestionnaireResponse", "r1")], [received])
    assert store.received("default", "r1", 1) == received


def test_what_was_stored_together_is_read_together(store: Store) -> None:
    first = [version("QuestionnaireResponse", "r1"), version("CarePlan", "a")]
    second = [
        version("QuestionnaireResponse", "r1", 2),
        version("CarePlan", "a", 2),
        version("CarePlan", "b", 1, with_version=2),
    ]
    store.write(first)
    store.write(second)
    store.write([version("CarePlan", "elsewhere", response="r2")])
    assert store.stored_with("default", "r1", 2) == tuple(one.record for one in second)
    latest = store.latest_of_response("default", "r1", ["CarePlan"])
    assert [(one.id, one.version) for one in latest] == [("a", 2), ("b", 1)]
    assert [one.version for one in store.contents("default", "r1")] == [1, 2]


def test_history_is_paged_from_the_newest_and_stays_right_while_data_arrive(store: Store) -> None:
    for number in range(1, 6):
        store.write([version("CarePlan", "a", number)])
    first = store.history("default", "CarePlan", "a", 2, None)
    store.write([version("CarePlan", "a", 6)])
    assert [one.version for one in first.records] == [5, 4]
    assert first.total == 5
    assert first.previous is None
    second = store.history("default", "CarePlan", "a", 2, first.next)
    third = store.history("default", "CarePlan", "a", 2, second.next)
    assert [one.version for one in (*second.records, *third.records)] == [3, 2, 1]
    assert third.next is None
    again = store.history("default", "CarePlan", "a", 2, second.previous)
    assert [one.version for one in again.records] == [5, 4]
    assert again.previous is None


def test_references_are_read_in_order_and_what_is_missing_is_left_out(store: Store) -> None:
    store.write([version("CarePlan", "a"), version("RiskAssessment", "b")])
    store.write([version("CarePlan", "a", 2)])
    wanted = [
        "RiskAssessment/b",
        "CarePlan/none",
        "CarePlan/a/_history/1",
        "CarePlan/a",
        "https://elsewhere.example/CarePlan/a",
    ]
    found = store.read_many("default", wanted)
    assert [(one.id, one.version) for one in found] == [("b", 1), ("a", 1), ("a", 2)]


def test_what_refers_to_something_is_found_in_its_latest_version_alone(store: Store) -> None:
    def basis(number: int, response: str) -> NewVersion:
        plain = version("RiskAssessment", "a", number)
        values = (IndexValue("response", value=f"QuestionnaireResponse/{response}"),)
        return NewVersion(plain.record, "r1", number, "", values)

    store.write([basis(1, "old")])
    store.write([basis(2, "new")])
    found = store.referring("default", "RiskAssessment", "response", ["QuestionnaireResponse/new"])
    assert [one.version for one in found] == [2]
    assert store.referring("default", "RiskAssessment", "response", ["QuestionnaireResponse/old"]) == ()
    assert store.referring("other", "RiskAssessment", "response", ["QuestionnaireResponse/new"]) == ()


def test_a_database_without_tables_is_named_as_behind_and_not_as_empty(url: str) -> None:
    store = Store(engine_of(url))
    with pytest.raises(StoreBehind, match="triage db upgrade"):
        store.ping()
    with pytest.raises(StoreBehind):
        store.read("default", "CarePlan", "a")
    with pytest.raises(StoreBehind):
        store.write([version("CarePlan", "a")])
    store.engine.dispose()


def test_a_writer_that_waits_in_vain_says_that_the_store_is_down_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "SECONDS_TO_WAIT", 0.05)
    store = open_store(f"sqlite:///{tmp_path / 'store.sqlite3'}")
    with store._in_turn(), pytest.raises(StoreDown):
        store.write([version("CarePlan", "1")])
    assert store.read("default", "CarePlan", "1") is None
    store.write([version("CarePlan", "1")])
    assert store.read("default", "CarePlan", "1") is not None


def test_writers_of_one_process_all_come_to_their_turn(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'store.sqlite3'}")
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda number: store.write([version("CarePlan", str(number))]), range(64)))
    assert all(store.read("default", "CarePlan", str(number)) is not None for number in range(64))
