"""That what was left out of the book on purpose can be read, with its source and its reason."""

import shutil
from pathlib import Path

import pytest

from service.knowledge.files import BOOK
from service.knowledge.load import checked_book
from service.knowledge.not_adopted import read_not_adopted
from service.knowledge.parse import BookError


def test_every_row_has_a_known_source_and_a_reason() -> None:
    rows = read_not_adopted()
    assert rows
    assert {one.source for one in rows} <= set(checked_book().sources)
    assert all(one.row and one.why for one in rows)


def test_a_row_without_a_reason_is_refused_by_file_and_key(tmp_path: Path) -> None:
    shutil.copy(BOOK / "guidelines.yaml", tmp_path)
    file = tmp_path / "guidelines.yaml"
    file.write_text(file.read_text("utf-8").replace("why: ", "because: "), "utf-8")
    with pytest.raises(BookError, match=r"guidelines\.yaml: not-adopted\[0\].*why"):
        read_not_adopted(tmp_path)
