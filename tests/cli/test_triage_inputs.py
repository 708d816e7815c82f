"""What `triage triage` makes of files, folders and streams: a table of many, JSON, plain text and colours."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from service.mapping.writing.json_bytes import dump
from service.settings import Settings
from service.usecases.triage import Triage
from tests.proof.proven_copy import proven_copy
from tests.real_book import proven_book

from .bench import (
    AT,
    BREATHLESS,
    FEVER,
    ONE_OF_TWO,
    OUT_OF_RANGE,
    body,
    environment,
    lines,
    ran,
    ran_alone,
    written,
)

GOLDEN = Path(__file__).parent / "golden" / "fever.txt"


def test_a_file_that_cannot_be_read_ends_with_1_and_one_line() -> None:
    result = ran("triage", "/proc/self/mem")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: /proc/self/mem: ")
    assert result.stderr.count("\n") == 1


def test_several_files_are_each_named(tmp_path: Path) -> None:
    written(tmp_path, one=BREATHLESS, two=FEVER)
    result = ran("triage", tmp_path / "one.json", tmp_path / "two.json")
    assert result.exit_code == 0
    assert f"{tmp_path}/one.json" in result.stdout.replace("\n", "")
    assert result.stdout.index("AMBULANCE: ") < result.stdout.index("EMERGENCY: ")


def test_a_folder_gives_a_table_in_order_of_name_and_then_every_refusal(tmp_path: Path) -> None:
    written(tmp_path, b=BREATHLESS, a_fever=FEVER, c=OUT_OF_RANGE, d=ONE_OF_TWO)
    (tmp_path / "notes.txt").write_text("not read")
    result = ran("triage", tmp_path)
    assert result.exit_code == 1
    rows = [line.split() for line in lines(result.stdout)]
    assert rows[0] == ["file", "level", "ceiling", "status", "decided", "by"]
    assert [row[:2] for row in rows if row[0].endswith(".json") and len(row) > 1 and not row[1].startswith("(")] == [
        ["a/fever.json", "emergency"],
        ["b.json", "ambulance"],
        ["c.json", "refused"],
    ]
    assert ["d.json", "(1)", "ambulance"] in [row[:3] for row in rows]
    assert ["d.json", "(2)", "refused"] in [row[:3] for row in rows]
    assert "breathless" in result.stdout
    assert result.stdout.count("REFUSED") == 2
    assert result.stderr == ""


def test_a_folder_without_a_refusal_ends_with_0(tmp_path: Path) -> None:
    assert ran("triage", written(tmp_path, one=BREATHLESS)).exit_code == 0


def test_a_path_that_does_not_exist_and_a_folder_without_json_end_with_2(tmp_path: Path) -> None:
    assert ran("triage", tmp_path / "nothing.json").exit_code == 2
    empty = ran("triage", tmp_path)
    assert empty.exit_code == 2
    assert "holds no file that ends in .json" in empty.stderr


def test_json_is_the_bundle_that_the_use_case_answers_with() -> None:
    answer = Triage(proven_book(), Settings())(
        body(
            {
                "resourceType": "Parameters",
                "parameter": [
                    {"name": "response", "resource": FEVER},
                    {"name": "at", "valueDateTime": AT},
                ],
            }
        )
    )
    result = ran("triage", "-", "--json", "--at", AT, given=body(FEVER))
    assert result.stdout_bytes == dump(answer.resource, pretty=True) + b"\n"
    assert result.exit_code == 0


def test_json_of_several_inputs_is_one_line_each_with_the_outcome_of_what_was_refused(tmp_path: Path) -> None:
    result = ran("triage", "--json", written(tmp_path, a=BREATHLESS, b=OUT_OF_RANGE))
    first, second = map(json.loads, result.stdout.splitlines())
    assert first["resourceType"] == "Bundle"
    assert second["resourceType"] == "OperationOutcome"
    assert result.exit_code == 1
    assert ran("triage", "--json", "-", given=body(ONE_OF_TWO)).exit_code == 1


def test_a_process_without_a_terminal_prints_plain_text(tmp_path: Path) -> None:
    result = ran_alone("triage", "-", "--at", AT, given=body(FEVER), root=proven_copy(tmp_path))
    assert result.returncode == 0
    assert result.stderr == b""
    assert result.stdout.decode() == GOLDEN.read_text("utf-8")
    assert b"\x1b" not in result.stdout


def test_a_stream_that_cannot_hold_a_character_gets_a_mark_and_no_failure() -> None:
    response = {**BREATHLESS, "identifier": {"system": "urn:x", "value": "ÄÖ1"}}
    result = ran_alone("triage", "-", "--unproven", given=body(response), env={"PYTHONIOENCODING": "ascii"})
    assert result.returncode == 0
    assert b"Response ??1" in result.stdout


@pytest.mark.parametrize(("no_color", "coloured"), [("", True), ("1", False)])
def test_a_terminal_gets_colours_and_progress_unless_no_color_is_set(
    tmp_path: Path, no_color: str, coloured: bool
) -> None:
    printed = on_a_terminal("triage", "--unproven", str(written(tmp_path, a=BREATHLESS, b=FEVER)), no_color=no_color)
    assert "ambulance" in printed
    assert ("\x1b[1;31mambulance" in printed) == coloured
    assert ("Triaging" in printed) == coloured
    answer = on_a_terminal("triage", "--unproven", str(tmp_path / "a.json"), no_color=no_color)
    assert ("\x1b[" in answer) == coloured
    assert "AMBULANCE: Call the emergency number now" in answer


def on_a_terminal(*arguments: str, no_color: str) -> str:
    """Run the command on a terminal of its own and return all that it wrote there."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "service.cli", *arguments]
    env = environment({"NO_COLOR": no_color, "TERM": "xterm", "COLUMNS": "80"})
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=env) as process:
        os.close(theirs)
        pieces = []
        while piece := _read(ours):
            pieces.append(piece)
        process.wait(timeout=60)
    os.close(ours)
    return b"".join(pieces).decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # how Linux says that the other end of a terminal is closed
        return b""
