"""docs/conformance.md names a test for every row that is offered, and every test that it names is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "docs" / "conformance.md").read_text("utf-8").splitlines()
    if re.match(r"\| A\d+ ", line)
]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def test_every_section_of_the_checklist_has_its_rows() -> None:
    assert {row[0] for row in ROWS} == {f"A{number}" for number in range(1, 19)}
    assert len(ROWS) > 90


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]}.{row[1]}")
def test_a_row_is_shown_by_tests_that_exist_or_is_not_offered(row: list[str]) -> None:
    named = NAMED.findall(row[3])
    assert row[3] == "not offered" or named
    for path, test in named:
        assert re.search(rf"def {test}\(", (ROOT / path).read_text("utf-8")), f"{path} has no {test}"
