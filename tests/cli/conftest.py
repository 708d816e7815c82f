"""Spares the tests of the command line from reading the same rule book again for every command."""

import pytest

from service.cli import start
from service.knowledge.load import checked_book
from tests.real_book import proven_book

CHECKED = checked_book()


@pytest.fixture(autouse=True)
def book_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give every command of this process the book that is there; one in a process of its own reads it itself.

    Whether it is proven is tested in tests/proof/test_start.py, with the real certificate.
    """
    monkeypatch.setattr(start, "load", proven_book)
    monkeypatch.setattr(start, "checked_book", lambda: CHECKED)
