"""Seeded defects are refused, each by a judge that is named; edits that change nothing raise no alarm."""

import os
from itertools import islice
from pathlib import Path

import pytest

from tests.proof.defects import DEFECTS, HARMLESS, Edit
from tests.proof.refusals import edited, refusals, sound

WHOLE = os.environ.get("PROOF_DEFECTS") == "all"
"""`make soak` sets it: every defect, and each quick judge who refuses it; else every sixth, and the first."""
CHOSEN = DEFECTS if WHOLE else DEFECTS[::6]
KINDS = {
    *("dropped rule", "flipped operator", "threshold off by one", "swapped level", "shadowing rule"),
    *("typo in a finding", "changed unit", "removed withholding", "a finding moved under not"),
}


def name(edit: Edit) -> str:
    return f"{edit.kind} in {edit.file}"


def test_the_real_book_is_refused_by_nobody() -> None:
    assert sound() == []


def test_there_are_enough_defects_of_every_kind() -> None:
    assert len(set(DEFECTS)) == len(DEFECTS) >= 60
    assert {edit.kind for edit in DEFECTS} >= KINDS


@pytest.mark.parametrize("defect", CHOSEN, ids=name)
def test_a_seeded_defect_is_refused(defect: Edit, tmp_path: Path) -> None:
    book = edited(tmp_path, defect)
    found = list(refusals(book, slow=False)) if WHOLE else []
    found = found or list(islice(refusals(book, slow=True), 1))
    for judge, says in found:
        print(f"{name(defect)}: refused by {judge}: {says[:200]}")
    assert found, f"{name(defect)}: '{defect.old}' -> '{defect.new}' is refused by nobody"


@pytest.mark.parametrize("edit", HARMLESS if WHOLE else HARMLESS[::9], ids=name)
def test_an_edit_that_changes_nothing_raises_no_alarm(edit: Edit, tmp_path: Path) -> None:
    assert list(refusals(edited(tmp_path, edit), slow=False)) == []
