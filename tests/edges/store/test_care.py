"""Backup and restore, purge, check and migrations: nothing is lost on the way, and what is broken is named."""

import gzip
import zlib
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, select, text, update

from service.edges.store.archive import ArchiveError, backup, restore
from service.edges.store.checking import problems
from service.edges.store.connect import engine_of, read_url
from service.edges.store.migrate import is_current, upgrade
from service.edges.store.opening import open_store
from service.edges.store.schema import LATEST_REVISION, METADATA, RECEIVED, TABLES, VALUE, VERSION
from service.edges.store.store import Store
from service.mapping.search.query import Criterion, Query, Wanted
from service.settings import Settings
from service.usecases.caller import Caller
from service.usecases.responses import Responses
from service.usecases.retention import purge_before
from tests.mapping.responses import BOOK, filled

START = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)
NewUrl = Callable[[], str]


def store_one(store: Store, number: int, when: datetime = START, status: str = "completed", tenant: str = "t") -> str:
    identifier = {"system": "urn:oid:2.999.1", "value": f"LH-{number}"}
    content = {**filled(age=40 + number), "status": status, "identifier": identifier}
    return Responses(BOOK, Settings(), store, lambda: when).create(Caller(tenant=tenant), content).record.id


def rows(store: Store) -> dict[str, list[object]]:
    with store.engine.connect() as connection:
        return {t.name: [tuple(r) for r in connection.execute(select(t).order_by(*t.primary_key))] for t in TABLES}


# Migrations


def test_the_migrations_make_just_the_tables_that_the_code_uses(store: Store) -> None:
    with store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_the_revision_that_the_code_wants_is_the_newest() -> None:
    folder = Path(__file__).parents[3] / "service" / "edges" / "store" / "migrations"
    assert ScriptDirectory(str(folder)).get_current_head() == LATEST_REVISION


def test_an_upgrade_of_what_is_current_changes_nothing(store: Store) -> None:
    store_one(store, 1)
    before = rows(store)
    upgrade(store.engine)
    assert is_current(store.engine)
    assert rows(store) == before


def test_an_embedded_database_is_made_at_the_start_for_its_owner_alone(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/new.sqlite3")
    store.ping()
    assert (tmp_path / "new.sqlite3").stat().st_mode & 0o077 == 0
    store.engine.dispose()


@pytest.mark.parametrize(
    "written", ["", "x", "sqlite://", "sqlite:///:memory:", "mysql://h/d", "sqlite+aiosqlite:///a"]
)
def test_any_other_database_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"database URL|neither sqlite"):
        read_url(written)


# Backup and restore


def test_what_is_restored_is_what_was_stored_in_either_database(store: Store, new_url: NewUrl, tmp_path: Path) -> None:
    store_one(store, 1)
    store_one(store, 1, status="amended")
    file = tmp_path / "backup"
    assert backup(store.engine, file) == sum(map(len, rows(store).values()))
    assert file.stat().st_mode & 0o077 == 0
    for url in (new_url(), f"sqlite:///{tmp_path}/embedded.sqlite3"):
        other = Store(engine_of(url))
        upgrade(other.engine)
        restore(other.engine, file)
        assert rows(other) == rows(store)
        store_one(other, 2)  # the numbering goes on behind what was restored
        assert list(problems(other.engine)) == []
        other.engine.dispose()


def test_a_store_that_is_not_empty_is_not_restored_into(store: Store, tmp_path: Path) -> None:
    store_one(store, 1)
    backup(store.engine, tmp_path / "backup")
    before = rows(store)
    with pytest.raises(ArchiveError, match="not empty"):
        restore(store.engine, tmp_path / "backup")
    assert rows(store) == before


def test_a_backup_never_overwrites(store: Store, tmp_path: Path) -> None:
    (tmp_path / "backup").write_text("mine")
    with pytest.raises(FileExistsError):
        backup(store.engine, tmp_path / "backup")
    assert (tmp_path / "backup").read_text() == "mine"


def _cut(plain: bytes) -> bytes:
    return plain[: len(plain) // 2]


def _without_a_row(plain: bytes) -> bytes:
    head, _, *others = plain.splitlines(keepends=True)
    return head + b"".join(others)


def _changed(plain: bytes) -> bytes:
    return plain.replace(b'"RiskAssessment"', b'"RiskAssessmenu"', 1)


@pytest.mark.parametrize("damage", [_cut, _without_a_row, _changed, lambda _: b"", lambda _: b"{}\n"])
def test_a_damaged_archive_restores_nothing(
    store: Store, new_url: NewUrl, tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    store_one(store, 1)
    backup(store.engine, tmp_path / "backup")
    (tmp_path / "damaged").write_bytes(gzip.compress(damage(gzip.decompress((tmp_path / "backup").read_bytes()))))
    other = Store(engine_of(new_url()))
    upgrade(other.engine)
    with pytest.raises(ArchiveError):
        restore(other.engine, tmp_path / "damaged")
    assert all(not found for found in rows(other).values())
    other.engine.dispose()


# Purge


def test_a_purge_deletes_what_is_older_and_leaves_an_audit_event(store: Store) -> None:
    old = store_one(store, 1)
    amended = store_one(store, 2)
    store_one(store, 2, START + timedelta(days=9), "amended")
    young = store_one(store, 3, START + timedelta(days=8))
    other = store_one(store, 1, tenant="other")
    assert purge_before(store, date(2026, 11, 29), lambda: START + timedelta(days=400)) == 2
    for kind in ("QuestionnaireResponse", "RiskAssessment", "CarePlan", "ServiceRequest", "Provenance"):
        for tenant, kept in (("t", {amended, young}), ("other", set())):
            found = store.history(tenant, kind, None, 500, None).records
            assert {one.id for one in found} == kept or kind != "QuestionnaireResponse"
            assert bool(found) == bool(kept)
    assert store.received("t", old, 1) is None
    assert store.received("t", young, 1) is not None
    events = [one.content for one in store.history("t", "AuditEvent", None, 500, None).records]
    assert len(events) == 5  # of four storings, the purged one among them, and of the purge
    assert b'"destroy"' in events[0]
    assert b"1 responses, last changed before 2026-11-29" in events[0]
    assert other not in str(events)
    assert list(problems(store.engine)) == []


def test_what_was_purged_is_not_found_and_not_in_the_file(store: Store, tmp_path: Path) -> None:
    kept = Responses(BOOK, Settings(), store, lambda: START + timedelta(days=90))
    purged = Responses(BOOK, Settings(), store, lambda: START)
    for number in range(8):  # enough that pages hold both what goes and what stays
        for who, named in ((purged, "purged-identifier"), (kept, "kept-identifier")):
            identifier = {"system": "s", "value": f"{named}-{number}"}
            who.create(Caller(tenant="t"), {**filled(), "identifier": identifier})
    assert purge_before(store, date(2026, 12, 31)) == 8
    asked = Query("QuestionnaireResponse", (Criterion("identifier", (Wanted("s", "purged-identifier-1"),)),))
    assert store.search("t", asked, want_total=True).total == 0
    store.engine.dispose()
    files = [file.read_bytes() for file in tmp_path.iterdir()]  # of SQLite; a server's files are its own
    assert not any(b"purged-identifier" in one for one in files)
    assert not files or any(b"kept-identifier" in one for one in files)


def test_a_purge_of_nothing_leaves_nothing(store: Store) -> None:
    store_one(store, 1)
    before = rows(store)
    assert purge_before(store, date(2026, 11, 21)) == 0
    assert rows(store) == before


# Check


def test_a_store_that_is_whole_has_no_problems(store: Store) -> None:
    store_one(store, 1, status="in-progress")
    store_one(store, 1)
    store_one(store, 1, status="entered-in-error")
    store_one(store, 2, status="entered-in-error")
    assert list(problems(store.engine)) == []


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("DELETE FROM resource_version WHERE resource_type = 'RiskAssessment'", "stored without RiskAssessment"),
        ("DELETE FROM resource_version WHERE resource_type = 'Provenance'", "stored without Provenance"),
        ("DELETE FROM resource_version WHERE resource_type = 'QuestionnaireResponse'", "without QuestionnaireResponse"),
        ("DELETE FROM received", "bytes received are missing"),
        ("UPDATE received SET sha256 = 'x'", "bytes received are missing or changed"),
        ("UPDATE resource_version SET version = 7 WHERE resource_type = 'CarePlan'", "a version is missing"),
        ("UPDATE resource_version SET id = 'x' WHERE resource_type = 'CarePlan'", "not what the row says"),
        ("DELETE FROM alembic_version", "run 'triage db upgrade'"),
    ],
)
def test_what_is_broken_is_named(store: Store, statement: str, named: str) -> None:
    store_one(store, 1)
    with store.engine.begin() as connection:
        connection.execute(text(statement))
    assert any(named in one for one in problems(store.engine))


def test_content_that_cannot_be_read_is_named_and_not_quoted(store: Store) -> None:
    store_one(store, 1)
    broken = zlib.compress(b'{"id": "secret answer"')
    with store.engine.begin() as connection:
        connection.execute(update(VERSION).where(VERSION.c.resource_type == "CarePlan").values(content=broken))
        connection.execute(update(RECEIVED).values(content=b"no zlib"))
    found = list(problems(store.engine))
    assert any("CarePlan/" in one for one in found)
    assert any("bytes received" in one for one in found)
    assert "secret" not in str(found)


def test_every_row_of_values_belongs_to_a_version(store: Store) -> None:
    store_one(store, 1)
    purge_before(store, date(2026, 12, 31))
    with store.engine.connect() as connection:
        lost = select(func.count()).where(VALUE.c.sequence.not_in(select(VERSION.c.sequence)))
        assert connection.scalar(lost) == 0
