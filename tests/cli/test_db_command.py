"""`triage db` cares for the store that TRIAGE_DATABASE names, and says in a sentence what it did, or why not."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service.cli.program import program
from service.edges.store.opening import open_store
from service.edges.store.store import Store
from service.settings import Settings
from service.usecases.caller import Caller
from service.usecases.responses import Responses
from tests.mapping.responses import BOOK, filled

OLD = datetime(2026, 1, 31, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store on SQLite with one response, which the environment names."""
    url = f"sqlite:///{tmp_path}/store.sqlite3"
    monkeypatch.setenv("TRIAGE_DATABASE", url)
    store = open_store(url)
    Responses(BOOK, Settings(), store, lambda: OLD).create(Caller(), filled())
    yield store
    store.engine.dispose()


def ran(*arguments: str, answer: str = "") -> Result:
    return CliRunner().invoke(program, ["db", *arguments], input=answer)


def responses_in(store: Store) -> int:
    return len(store.history("default", "QuestionnaireResponse", None, 10, None).records)


def test_upgrade_makes_the_tables_of_a_new_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIAGE_DATABASE", f"sqlite:///{tmp_path}/new.sqlite3")
    assert ran("check").exit_code == 1
    assert ran("upgrade").exit_code == 0
    assert ran("check").output == "Everything stored is whole.\n"


def test_what_is_backed_up_can_be_restored_elsewhere(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = str(tmp_path / "backup")
    assert ran("backup", file).exit_code == 0
    assert ran("restore", file).output == "Error: the store is not empty; an archive is restored into an empty one\n"
    monkeypatch.setenv("TRIAGE_DATABASE", f"sqlite:///{tmp_path}/other.sqlite3")
    assert ran("restore", file).exit_code == 0
    assert ran("check").exit_code == 0
    other = open_store(f"sqlite:///{tmp_path}/other.sqlite3")
    assert responses_in(other) == 1
    other.engine.dispose()


def test_a_backup_never_overwrites(store: Store, tmp_path: Path) -> None:
    (tmp_path / "backup").write_text("mine")
    ended = ran("backup", str(tmp_path / "backup"))
    assert (ended.exit_code, (tmp_path / "backup").read_text()) == (1, "mine")
    assert "File exists" in ended.output


@pytest.mark.parametrize(
    ("arguments", "answer", "left"),
    [
        (("--before", "2026-02-01", "--yes"), "", 0),
        (("--before", "2026-01-31", "--yes"), "", 1),  # changed on that very day
        (("--before", "2026-02-01"), "y\n", 0),
        (("--before", "2026-02-01"), "n\n", 1),
        (("--before", "yesterday", "--yes"), "", 1),
        (("--yes",), "", 1),  # nothing is deleted without a day
    ],
)
def test_purge_deletes_what_is_older_than_a_day(
    store: Store, arguments: tuple[str, ...], answer: str, left: int
) -> None:
    ran("purge", *arguments, answer=answer)
    assert responses_in(store) == left


@pytest.mark.parametrize("command", [("upgrade",), ("check",), ("purge", "--before", "2026-01-01", "--yes")])
def test_a_database_that_does_not_answer_ends_the_command_in_a_sentence(
    command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRIAGE_DATABASE", "postgresql://user:password@127.0.0.1:1/none")
    ended = ran(*command)
    assert ended.exit_code == 1
    assert ended.output == "Error: the database does not answer (OperationalError)\n"


def test_another_kind_of_database_is_not_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIAGE_DATABASE", "mysql://user:password@host/name")
    ended = ran("check")
    assert ended.exit_code == 1
    assert "password" not in ended.output.replace("user:password@host/name", "", 1)  # once, in what is allowed
