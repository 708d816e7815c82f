"""The command ``triage`` with everything under it; each command stands in a module of its own."""

import sys
import traceback
from importlib.util import find_spec

import click

from service import __version__
from service.cli.db_command import db
from service.cli.diff_command import diff
from service.cli.harness_command import harness
from service.cli.post_command import post
from service.cli.profiles_command import profiles
from service.cli.rules_command import rules
from service.cli.run_command import run
from service.cli.show_command import show
from service.cli.triage_command import triage


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="triage")
def program() -> None:
    """Triage upper back pain from FHIR QuestionnaireResponses.

    A proposal for professional use: not a diagnosis, and no clinician has reviewed the rules behind it.
    """


for command in (run, triage, show, post, harness, rules, profiles, db):
    program.add_command(command)
rules.add_command(diff)

if find_spec("z3"):  # the solver is a development dependency: a server neither has nor needs it
    from service.cli.prove import prove_command

    rules.add_command(prove_command)


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
