"""`triage rules diff A B --store` lists the stored responses whose level another rule book would change."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.edges.store.connect import engine_of
from service.edges.store.migrate import upgrade
from service.edges.store.store import Store
from service.knowledge.files import BOOK as FOLDER
from service.settings import Settings
from service.usecases.caller import Caller
from service.usecases.responses import Responses
from tests.databases import new_url, postgresql_server, url
from tests.mapping.responses import BOOK, filled

from .bench import ran

__all__ = ["new_url", "postgresql_server", "url"]

NOW = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)


@pytest.fixture
def feverish(url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Store a response with a fever and one without, where the environment says; return the reference of the first."""
    monkeypatch.setenv("TRIAGE_DATABASE", url)
    engine = engine_of(url)
    upgrade(engine)
    responses = Responses(BOOK, Settings(), Store(engine), lambda: NOW)
    first = responses.create(Caller(), {**filled(list_general=["fever"]), "identifier": {"value": "very-secret-4711"}})
    responses.create(Caller(), filled())
    engine.dispose()
    return first.record.reference


@pytest.fixture
def milder(tmp_path: Path) -> Path:
    """A copy of the rule book whose rule about a fever wants breathlessness beside it."""
    book = tmp_path / "book"
    shutil.copytree(FOLDER, book)
    rule = book / "rules" / "any-fever.yaml"
    changed = rule.read_text("utf-8").replace("when: fever\n", "when: {all: [fever, dyspnoea]}\n")
    rule.write_text(changed, "utf-8")
    return book


def test_a_book_and_itself_differ_in_nothing(feverish: str) -> None:
    said = ran("rules", "diff", FOLDER, FOLDER, "--store")
    assert (said.exit_code, said.output) == (0, "0 of 2 stored responses differ\n"), feverish


def test_what_another_book_would_change_is_named_with_both_levels(feverish: str, milder: Path) -> None:
    said = ran("rules", "diff", FOLDER, milder, "--store")
    assert said.exit_code == 0, said.output
    line, count = said.output.splitlines()
    assert line.startswith(f"{feverish}: emergency -> ")
    assert not line.endswith("emergency")
    assert count == "1 of 2 stored responses differ"
    assert "4711" not in said.output
