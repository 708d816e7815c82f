"""context.yaml is refused where a record could reassure, speak for somebody else, or promise what is never read."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from service.knowledge.context import Context, Sign
from service.knowledge.files import BOOK as FOLDER
from service.knowledge.files import BookFiles
from service.knowledge.load import checked_book
from service.knowledge.parse import BookError
from service.knowledge.read_context import read_context

BOOK = checked_book()
Json = dict[str, Any]


def read_with(folder: Path, change: Callable[[Json], object]) -> Context:
    """Read a copy of context.yaml after one change."""
    written = yaml.safe_load((FOLDER / "context.yaml").read_text("utf-8"))
    change(written)
    (folder / "context.yaml").write_text(yaml.safe_dump(written), "utf-8")
    shutil.copy(FOLDER / "codes.yaml", folder)
    return read_context(BookFiles(folder), BOOK.findings, BOOK.form, BOOK.codes)


def group(written: Json, finding: str) -> Json:
    return next(one for one in written["groups"] if finding in one["findings"])


def also(finding: str) -> Callable[[Json], object]:
    """Add a finding to the symptoms."""
    return lambda written: group(written, "fever")["findings"].append(finding)


REFUSED = [
    (also("mechanical"), "'mechanical'; allowed are yes/no findings that do not reassure", "a finding that reassures"),
    (also("age"), "'age'; allowed are yes/no findings", "a number among the yes/no findings"),
    (also("no-such-finding"), "'no-such-finding'", "a finding that does not exist"),
    (also("hx-cancer"), "'hx-cancer' stands twice", "one finding in two groups"),
    (
        also("leg-weak"),
        "no code that may be read in says anything of leg-weak",
        "a key that codes.yaml does not confirm",
    ),
    (also("severe-abdo-tenderness"), "says anything of severe-abdo-tenderness", "a key whose code is only sent"),
    (also("sudden-onset"), "says anything of sudden-onset", "a key that has only qualifiers and questions"),
    (
        lambda w: group(w, "hx-aortic-family").pop("family-counts"),
        "speak of the family",
        "a family's code as the patient's",
    ),
    (
        lambda w: w["more-concepts"].update({"hx-heart": ["no such concept"]}),
        "no such concept",
        "a concept that is not listed",
    ),
    (lambda w: w["allergies"].update({"hx-sickle": ["ibuprofen"]}), "hx-sickle", "an allergy without a group"),
    (
        lambda w: w["medicines"].update({"pregnant": ["ibuprofen"]}),
        "leave the days out",
        "a medicine with a limit of days",
    ),
    (lambda w: w["measures"][2].update(several="ends"), "at most 2 may have ends", "more than four readings"),
    (lambda w: w["measures"][0].update(finding="hx-cancer-stage"), "is not asked", "a number that is not asked"),
    (lambda w: w["groups"][0].update(joins="record-first"), "joins", "a way to join that does not exist"),
    (lambda w: w.update(surprise=1), "surprise", "a key that is not declared"),
]


@pytest.mark.parametrize(("change", "says", "comment"), REFUSED, ids=[row[-1] for row in REFUSED])
def test_what_is_refused(tmp_path: Path, change: Callable[[Json], object], says: str, comment: str) -> None:
    with pytest.raises(BookError, match=r"context\.yaml") as refused:
        read_with(tmp_path, change)
    assert says in str(refused.value)


def test_the_book_itself_is_read(tmp_path: Path) -> None:
    assert read_with(tmp_path, lambda _: None) == BOOK.context


def test_no_code_of_an_unconfirmed_key_and_none_that_is_only_sent_is_read_in() -> None:
    written = yaml.safe_load((FOLDER / "codes.yaml").read_text("utf-8"))
    unconfirmed = {row["key"] for row in written["unconfirmed"]}
    for row in written["codes"]:
        for coding in row["codings"]:
            signs = BOOK.context.signs.get((coding["system"], coding["code"]), ())
            if row["key"] in unconfirmed or row["key"].startswith("-") or coding.get("use") == "out":
                assert row["key"] not in {sign.finding for sign in signs}


ROLES = [
    (("sct", "77386006"), Sign("pregnant", True, "finding"), "a finding"),
    (("sct", "60001007"), Sign("pregnant", False, "finding"), "a finding that is not there"),
    (("loinc", "82810-3"), Sign("pregnant", True, "question"), "a LOINC term asks"),
    (("loinc", "LA26683-5"), Sign("pregnant", False, "answer"), "a LOINC answer answers"),
]


@pytest.mark.parametrize(("code", "sign", "comment"), ROLES, ids=[row[-1] for row in ROLES])
def test_what_a_code_says(code: tuple[str, str], sign: Sign, comment: str) -> None:
    assert BOOK.context.signs[code] == (sign,)
