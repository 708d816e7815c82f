"""That `triage profiles` writes what is made from the rule book, and names every file that differs from it."""

from pathlib import Path

import pytest

from service.usecases.profiles import artefacts
from tests.real_book import proven_book

from .bench import ran

MADE = artefacts(proven_book())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    result = ran("profiles", "build", "--folder", tmp_path / "fhir_profiles")
    assert result.exit_code == 0
    assert result.stdout == f"{len(MADE)} artefacts in {tmp_path / 'fhir_profiles'}\n"
    return tmp_path / "fhir_profiles"


def test_what_is_built_is_what_is_made_byte_for_byte_and_passes_the_check(folder: Path) -> None:
    built = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert built == MADE
    assert ran("profiles", "check", "--folder", folder).exit_code == 0


def test_each_stale_missing_and_extra_file_is_named(folder: Path) -> None:
    stale, missing = sorted(MADE)[:2]
    (folder / stale).write_bytes(MADE[stale] + b" ")
    (folder / missing).unlink()
    (folder / "CodeSystem-of-yesterday.json").write_text("{}")
    result = ran("profiles", "check", "--folder", folder)
    assert result.exit_code == 1
    assert sorted(result.stdout.splitlines()[:-1]) == [
        "extra: CodeSystem-of-yesterday.json",
        f"missing: {missing}",
        f"stale: {stale}",
    ]


def test_building_leaves_samples_and_other_files_alone(folder: Path) -> None:
    sample = folder / "examples" / "one.json"
    sample.parent.mkdir()
    sample.write_text("{}")
    assert ran("profiles", "build", "--folder", folder).exit_code == 0
    assert sample.read_text() == "{}"
    assert ran("profiles", "check", "--folder", folder).exit_code == 0


def test_a_folder_that_does_not_exist_is_all_missing(tmp_path: Path) -> None:
    result = ran("profiles", "check", "--folder", tmp_path / "nothing")
    assert result.exit_code == 1
    assert result.stdout.count("missing: ") == len(MADE)


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = ran("profiles", "build", "--folder", tmp_path / "file" / "below")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1


def test_a_value_set_is_extra_unless_it_was_made_or_is_on_the_record_of_what_was_compiled(folder: Path) -> None:
    (folder / "ValueSet-by-hand.json").write_text('{"resourceType": "ValueSet", "id": "by-hand", "title": "By hand"}')
    assert ran("profiles", "check", "--folder", folder).stdout.startswith("extra: ValueSet-by-hand.json\n")
    (folder / "fsh.sha256").write_text("00  input/fsh/some.fsh\n00  ValueSet-by-hand.json\n")
    assert ran("profiles", "build", "--folder", folder).exit_code == 0
    assert ran("profiles", "check", "--folder", folder).exit_code == 0
    assert '"ValueSet-by-hand.json"' in (folder / ".index.json").read_text()
    assert '"ValueSet/by-hand"' in (folder / "ImplementationGuide-upper-back-triage.json").read_text()


def test_an_example_that_was_not_made_is_extra(folder: Path) -> None:
    (folder / "example").mkdir()
    (folder / "example" / "Patient-one.json").write_text("{}")
    assert ran("profiles", "check", "--folder", folder).stdout.startswith("extra: example/Patient-one.json\n")


def test_a_compiled_definition_that_cannot_be_read_is_one_line(folder: Path) -> None:
    (folder / "fsh.sha256").write_text("00  ValueSet-cut-off.json\n")
    (folder / "ValueSet-cut-off.json").write_text('{"resourceType":')
    result = ran("profiles", "check", "--folder", folder)
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert "not readable as JSON" in result.stderr
