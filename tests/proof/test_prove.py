"""The command proves and writes: what it prints of a failure, what it keeps, and when it writes nothing."""

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from service.cli.prove import prove_command
from service.engine.proof.property import Example, Failure, Property
from service.knowledge.certificate import demand_proof, read_certificate
from service.knowledge.witnesses import read_witnesses
from service.usecases.prove import Proof, write_proof
from tests.proof.any_patient import BOOK
from tests.proof.defects import DEFECTS, HARMLESS
from tests.proof.refusals import edited

WITNESSES = read_witnesses()
HOLDS = Property("P0", "a property", 7, ("listed, with its reason",))


def test_a_proof_is_written_and_then_demanded(tmp_path: Path) -> None:
    certificate, witnesses = tmp_path / "certificate.json", tmp_path / "witnesses.json"
    assert write_proof(BOOK, Proof((HOLDS,), WITNESSES), certificate, witnesses) == []
    demand_proof(BOOK, certificate)
    assert read_witnesses(witnesses) == WITNESSES
    (written,) = read_certificate(certificate).properties
    assert (written.id, written.count, written.listed) == ("P0", 7, HOLDS.listed)


def test_a_witness_that_still_comes_out_is_kept_and_any_other_is_named(tmp_path: Path) -> None:
    certificate, path = tmp_path / "certificate.json", tmp_path / "witnesses.json"
    first, second, *others = WITNESSES
    wrong = replace(second, open_levels=dict.fromkeys(second.open_levels, "self-care"))
    write_proof(BOOK, Proof((HOLDS,), (first, wrong, *others)), certificate, path)
    other_patient = replace(first, facts={**first.facts, "dull": True})
    (change,) = write_proof(BOOK, Proof((HOLDS,), (other_patient, *WITNESSES[1:])), certificate, path)
    assert change.startswith(f"{second.rule}: had the witness {{'strictest': 'self-care'")
    assert read_witnesses(path) == WITNESSES


def _run(monkeypatch: pytest.MonkeyPatch, folder: Path, *properties: Property) -> tuple[int, str]:
    def prove(_: Path, finished: object) -> Proof:
        for one in properties:
            finished(one)  # type: ignore[operator]  # what the command prints with
        return Proof(properties, WITNESSES)

    monkeypatch.setattr("service.cli.prove.prove", prove)
    options = ["--output", str(folder / "certificate.json"), "--witnesses", str(folder / "witnesses.json")]
    result = CliRunner().invoke(prove_command, options)
    return result.exit_code, result.output


def test_what_was_proven_is_printed_with_counts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    status, output = _run(monkeypatch, tmp_path, HOLDS)
    assert status == 0
    assert "P0: a property: 7 questions, 0 failed, 1 listed\n  listed: listed, with its reason\n" in output
    assert "1 properties, 7 questions" in output
    assert (tmp_path / "certificate.json").exists()


def test_a_failure_prints_bodies_to_post_and_writes_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    examples = (Example({"dyspnoea": True}, {"dyspnoea": True}), Example({"dull": True, "sharp": False}, None))
    failed = replace(HOLDS, failures=(Failure("a yes lowers the level", examples), *[Failure("another")] * 3))
    status, output = _run(monkeypatch, tmp_path, failed)
    assert status == 1
    assert '    before: {"resourceType":"QuestionnaireResponse"' in output
    assert "    after: facts that no form alone gives: dull present, sharp absent" in output
    assert output.count("FAILED") == 4
    assert list(tmp_path.iterdir()) == []


def test_a_book_that_does_not_load_is_not_proven(tmp_path: Path) -> None:
    folder = edited(tmp_path, next(one for one in DEFECTS if one.kind == "typo in a finding"))
    result = CliRunner().invoke(prove_command, ["--book", str(folder)])
    assert result.exit_code == 1
    assert "the rule book does not load: rules/chest-pain.yaml.when: met the unknown name" in result.output


@pytest.mark.parametrize("edit", [*DEFECTS, *HARMLESS], ids=lambda one: f"{one.kind}: {one.file}")
def test_the_text_that_an_edit_replaces_stands_in_the_book(edit: object, tmp_path: Path) -> None:
    assert edited(tmp_path, edit).is_dir()  # type: ignore[arg-type]  # an edit
