"""The command ``triage show``: prints a result that a server sent, in the same words as ``triage triage``."""

import json
import sys
from decimal import Decimal

import click

from service.cli.answers import Answered, print_answers
from service.cli.inputs import inputs_at, read_body
from service.cli.start import rule_book
from service.cli.terminal import screen


@click.command()
@click.argument("path", metavar="FILE|-", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option("--all", "everything", is_flag=True, help="Shorten nothing: every question, sign, source and cause.")
def show(path: str, everything: bool) -> None:
    """Print a result Bundle in words. Ends with 1 where it holds a refusal."""
    (given,) = inputs_at((path,))
    try:
        resource = json.loads(read_body(given), parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise click.ClickException(f"{given.name}: not JSON") from error
    answered = Answered(given.name, resource)
    refused = print_answers(screen(), rule_book(), (answered,), everything=everything, named=False)
    sys.exit(1 if refused else 0)
