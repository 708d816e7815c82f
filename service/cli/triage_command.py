"""The command ``triage triage``: triages sample bodies in this process and prints each answer, or a table of many."""

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from rich.progress import track

from service.cli.answers import Answered, print_answers, print_json, print_table
from service.cli.inputs import Input, inputs_at, read_body, with_parameters
from service.cli.start import UNPROVEN, proven_rule_book, rule_book, settings_of_environment, unproven_option
from service.cli.terminal import screen
from service.errors import Refused
from service.knowledge.model import RuleBook
from service.mapping.writing.outcome import operation_outcome
from service.settings import Settings
from service.usecases.triage import Triage

INPUTS = click.Path(exists=True, allow_dash=True)
DAY = click.DateTime(["%Y-%m-%d"])
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the options ask for: policy and moment, each empty where not named, and who signed the policy off."""

    policy: str
    at: str
    signed_by: str | None
    signed_on: datetime | None


@click.command()
@click.argument("paths", metavar="FILE...|FOLDER|-", nargs=-1, required=True, type=INPUTS)
@click.option("--json", "as_json", is_flag=True, help="Print the result Bundle; of several inputs one per line.")
@click.option("--all", "everything", is_flag=True, help="Shorten nothing: every question, sign, source and cause.")
@click.option("--policy", default="", help="How the sources are weighed, such as reconciled or source:GM.")
@click.option("--at", default="", metavar="DATETIME", help="Judge as if at this moment: 2026-05-01T09:00:00Z.")
@click.option("--signed-by", metavar="NAME", help="Who signed off the policy 'reconciled'.")
@click.option("--signed-on", type=DAY, metavar="DATE", help="When it was signed off: 2026-01-31.")
@unproven_option
def triage(paths: tuple[str, ...], as_json: bool, everything: bool, unproven: bool, **options: Any) -> None:  # noqa: ANN401 - click's
    """Triage sample bodies: a QuestionnaireResponse, a Bundle or Parameters, in JSON.

    The level is printed first, then why and by whose word, what to ask next, and the plan. A folder gives a table. A
    policy or moment that is named here outranks the one in the file. Ends with 1 where anything was refused.
    """
    asked = Asked(**options)
    settings = settings_of_environment()
    book = rule_book() if unproven else proven_rule_book()
    if not book.proven:
        click.echo(f"Note: {UNPROVEN}", err=True)
    settings = _settings(settings, book, asked)
    inputs = inputs_at(paths)
    answers = _answers(Triage(book, settings), inputs, asked, settings)
    if as_json:
        refused = print_json(list(answers))
    elif any(Path(path).is_dir() for path in paths):
        refused = print_table(screen(), book, list(answers))
    else:
        refused = print_answers(screen(), book, answers, everything=everything, named=len(inputs) > 1)
    sys.exit(1 if refused else 0)


def _settings(settings: Settings, book: RuleBook, asked: Asked) -> Settings:
    """Take the settings of the environment, but let any policy and moment be named: nobody is treated by this."""
    settings = replace(settings, allow_request_policy=True, allow_replay_at=True)
    if asked.policy and asked.policy not in book.policies:
        raise click.UsageError(f"--policy: '{asked.policy}' is not one; allowed are {', '.join(book.policies)}")
    if asked.at and not MOMENT.fullmatch(asked.at):
        raise click.UsageError("--at: allowed is a moment with its zone, such as 2026-05-01T09:00:00Z")
    if (asked.signed_by is None) != (asked.signed_on is None):
        raise click.UsageError("--signed-by and --signed-on go together")
    if asked.signed_by and asked.signed_on:
        settings = replace(settings, policy_signed_by=asked.signed_by, policy_signed_on=asked.signed_on.date())
    if asked.policy == "reconciled" and not settings.policy_signed_by:
        raise click.UsageError("--policy reconciled needs --signed-by NAME and --signed-on DATE")
    return settings


def _answers(use_case: Triage, inputs: Sequence[Input], asked: Asked, settings: Settings) -> Iterator[Answered]:
    """Triage each input; of several, show on a terminal how far it is."""
    console = screen(errors=True)
    hidden = len(inputs) == 1 or not console.is_terminal
    for given in track(inputs, "Triaging", console=console, transient=True, disable=hidden):
        body = read_body(given)
        try:
            body = with_parameters(body, asked.policy, asked.at, settings.limits)
            yield Answered(given.name, use_case(body).resource)
        except Refused as refused:
            yield Answered(given.name, operation_outcome(refused.issues))
