"""Spares the tests of the command line from reading the same rule book again for every command."""

import pytest

from service.cli import start
from service.knowledge.load import load

BOOK = load()


@pytest.fixture(autouse=True)
def book_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give every command of this process the book that is there; one in a process of its own reads it itself."""
    monkeypatch.setattr(start, "load", lambda: BOOK)
