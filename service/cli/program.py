"""The command ``triage`` with everything under it; each command stands in a module of its own."""

import gc
import sys
import traceback
from collections.abc import Mapping
from importlib import import_module

import click

from service import __version__

COMMANDS: Mapping[str, str] = {
    "run": "service.cli.run_command:run",
    "triage": "service.cli.triage_command:triage",
    "show": "service.cli.show_command:show",
    "post": "service.cli.post_command:post",
    "harness": "service.cli.harness_command:harness",
    "rules": "service.cli.rules_command:rules",
    "profiles": "service.cli.profiles_command:profiles",
    "db": "service.cli.db_command:db",
}
"""Where each command stands."""


class Commands(click.Group):
    """Import a command when it is asked for, click's own way: a server starts without what only other commands need."""

    def list_commands(self, _context: click.Context) -> list[str]:
        """Name every command."""
        return list(COMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        """Import one command; None where there is none of this name."""
        if name not in COMMANDS:
            return None
        module, _, function = COMMANDS[name].partition(":")
        # What is imported stays: the collector would look through it again and again for nothing.
        gc.disable()
        try:
            command: click.Command = getattr(import_module(module), function)
        finally:
            gc.enable()
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="triage")
def program() -> None:
    """Triage upper back pain from FHIR QuestionnaireResponses.

    A proposal for professional use: not a diagnosis, and no clinician has reviewed the rules behind it.
    """


def main() -> None:
    """Run the command line; end with 0, 1 where something was refused or wrong, or 2 for a wrong use.

    A fault of the program itself is named by its kind and place alone: its text could repeat what a patient answered.
    """
    try:
        program()
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        click.echo(
            f"Error: a fault of this program: {type(error).__name__} in {place.name}, line {place.lineno}", err=True
        )
        sys.exit(1)
