"""The certificate belongs to one book and one engine, and says what was proven of them."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from service.engine.proof.all_properties import PROOFS
from service.knowledge.certificate import (
    BESIDE_THE_ENGINE,
    SERVICE,
    demand_proof,
    engine_digest,
    faults,
    read_certificate,
    written_certificate,
)
from service.knowledge.checks.rules import exceptions
from service.knowledge.parse import BookError
from tests.proof.any_patient import BOOK

CERTIFICATE = read_certificate()

STEPS_ON_WHICH_THE_LEVEL_MAY_FALL = [
    "age from between 16 and 18 to 18",
    "gestation-weeks from under 20 to 20",
    "gestation-weeks from 20 to under 20",
]
BEYOND_THE_FORM = ["early-pregnancy-fainting", "palpitations-with-danger", "serious-accident-in-last-3-days"]
"""The form ends at faintness, breathlessness and the accident itself, before what these rules ask for besides."""


def test_the_committed_certificate_is_that_of_the_committed_book_and_engine() -> None:
    """After a change of either, `triage rules prove` writes it anew; until then this test alone fails."""
    demand_proof(BOOK)


def test_the_certificate_names_every_property_with_its_count() -> None:
    assert [one.id for one in CERTIFICATE.properties] == list(PROOFS)
    assert all(one.count for one in CERTIFICATE.properties)
    assert len(CERTIFICATE.exceptions) == len(exceptions(BOOK))


def test_what_is_listed_is_what_is_expected() -> None:
    listed = {one.id: [line.partition(":")[0] for line in one.listed] for one in CERTIFICATE.properties}
    assert listed["P2.thresholds"] == STEPS_ON_WHICH_THE_LEVEL_MAY_FALL
    assert listed["P4.reach"] == BEYOND_THE_FORM
    assert [name for name, lines in listed.items() if lines] == [
        "P2.facts",
        "P2.thresholds",
        "P4.reach",
        "P4.ranked",
        "P5",
    ]


def test_another_book_is_not_proven() -> None:
    with pytest.raises(BookError, match="the rule book has changed since it was proven"):
        demand_proof(replace(BOOK, digest="0" * 64))


def test_another_engine_is_not_proven() -> None:
    proven = replace(CERTIFICATE, rule_book=BOOK.digest)
    assert list(faults(proven, BOOK, engine=CERTIFICATE.engine)) == []
    (fault,) = faults(proven, BOOK, engine="0" * 64)
    assert fault.startswith("the engine has changed since it was proven")


@pytest.mark.parametrize("changed", ["engine/verdict.py", "engine/derive.py", "engine/plan.py", *BESIDE_THE_ENGINE])
def test_the_engines_digest_changes_with_each_of_its_files(changed: str, tmp_path: Path) -> None:
    copy = _copy_of_the_engine(tmp_path)
    before = engine_digest(copy)
    (copy / changed).write_text((copy / changed).read_text("utf-8") + "\n", "utf-8")
    assert engine_digest(copy) != before == engine_digest()


def test_the_proof_is_no_part_of_the_engine(tmp_path: Path) -> None:
    copy = _copy_of_the_engine(tmp_path)
    (copy / "engine" / "proof" / "added.py").write_text("", "utf-8")
    assert engine_digest(copy) == engine_digest()


def _copy_of_the_engine(folder: Path) -> Path:
    copy = folder / "service"
    shutil.copytree(SERVICE / "engine", copy / "engine")
    for name in BESIDE_THE_ENGINE:
        (copy / name).parent.mkdir(exist_ok=True)
        shutil.copy(SERVICE / name, copy / name)
    return copy


def test_a_certificate_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "certificate.json"
    path.write_text(written_certificate(CERTIFICATE), "utf-8")
    assert read_certificate(path) == CERTIFICATE


def test_a_missing_certificate_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(BookError, match=r"certificate\.json: missing.*triage rules prove.*--unproven"):
        demand_proof(BOOK, tmp_path / "certificate.json")


@pytest.mark.parametrize("lost", ["rule-book", "engine", "properties", "exceptions"])
def test_a_damaged_certificate_is_refused(lost: str, tmp_path: Path) -> None:
    content = json.loads(written_certificate(CERTIFICATE))
    del content[lost]
    path = tmp_path / "certificate.json"
    path.write_text(json.dumps(content), "utf-8")
    with pytest.raises(BookError, match="not readable"):
        read_certificate(path)


def test_a_certificate_that_proves_nothing_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "certificate.json"
    path.write_text(written_certificate(replace(CERTIFICATE, properties=())), "utf-8")
    with pytest.raises(BookError, match="not readable"):
        read_certificate(path)
