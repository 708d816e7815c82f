"""What holds for every command: help, wrong use, and a fault of the program itself."""

import gc
import subprocess
import sys

import click
import pytest

from service.cli.program import COMMANDS as IMPORTED
from service.cli.program import main, program

from .bench import NAME, ran, ran_alone

COMMANDS = [
    (),
    ("run",),
    ("triage",),
    ("show",),
    ("post",),
    ("harness",),
    ("rules",),
    ("rules", "check"),
    ("rules", "explain"),
    ("rules", "docs"),
    ("rules", "prove"),
    ("rules", "diff"),
    ("profiles",),
    ("profiles", "build"),
    ("profiles", "check"),
    ("db",),
    ("db", "upgrade"),
    ("db", "check"),
    ("db", "backup"),
    ("db", "restore"),
    ("db", "purge"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_explains_itself(command: tuple[str, ...]) -> None:
    for ask in ("--help", "-h"):
        result = ran(*command, ask)
        assert result.exit_code == 0
        assert result.output.startswith("Usage:")


def test_the_list_above_holds_every_command() -> None:
    def below(group: click.Group, path: tuple[str, ...]) -> list[tuple[str, ...]]:
        found, context = [path], click.Context(group)
        for name in group.list_commands(context):
            inner, command = (*path, name), group.get_command(context, name)
            found.extend(below(command, inner) if isinstance(command, click.Group) else [inner])
        return found

    assert set(below(program, ())) == set(COMMANDS)


@pytest.mark.parametrize("name", [*IMPORTED, "nonsense"])
def test_garbage_is_collected_again_once_a_command_is_imported(name: str) -> None:
    program.get_command(click.Context(program), name)
    assert gc.isenabled()


NOT_AT_START = ("alembic", "psycopg", "jwt", "cryptography", "requests", "limits", "z3", "fhir")


def test_a_server_is_imported_without_what_only_other_settings_need() -> None:
    """PostgreSQL, tokens and limits are imported where they are set; what is not needed makes every start slower."""
    print_modules = "import sys, service.cli.run_command; print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", print_modules], capture_output=True, text=True, check=True)
    imported = set(done.stdout.split())
    assert "sqlalchemy" in imported
    assert imported.isdisjoint(NOT_AT_START)


@pytest.mark.parametrize(
    "arguments", [("nonsense",), ("triage",), ("triage", "--nonsense", "-"), ("rules", "nonsense")]
)
def test_a_wrong_use_ends_with_2_and_says_how_it_is_used(arguments: tuple[str, ...]) -> None:
    result = ran(*arguments)
    assert result.exit_code == 2
    assert "Usage:" in result.stderr
    assert result.stdout == ""


def test_the_program_says_its_version_and_that_it_is_no_diagnosis() -> None:
    assert ran("--version").output.startswith("triage, version ")
    assert "not a diagnosis" in ran("--help").output


def test_a_fault_of_the_program_is_one_line_that_repeats_no_answer(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    @click.command()
    def faulty() -> None:
        raise RuntimeError(NAME)

    monkeypatch.setattr(program, "get_command", lambda _context, _name: faulty)
    monkeypatch.setattr("sys.argv", ["triage", "faulty"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("Error: a fault of this program: RuntimeError in faulty, line ")
    assert printed.err.count("\n") == 1
    assert NAME not in printed.err


def test_a_setting_that_is_not_allowed_is_one_line() -> None:
    for arguments in (("run",), ("triage", "-")):
        result = ran_alone(*arguments, env={"TRIAGE_PORT": NAME})
        assert result.returncode == 1
        assert result.stderr.decode() == ("Error: TRIAGE_PORT: met a text; allowed: a whole number from 0 to 65535.\n")
