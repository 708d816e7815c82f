"""The command ``triage post``: sends a sample body to a running server and prints its answer in words."""

import json
import sys
from decimal import Decimal
from pathlib import Path

import click

from service.cli.answers import Answered, print_answers
from service.cli.start import rule_book
from service.cli.terminal import screen
from service.edges.triage_server import NoAnswerError, post_triage, wait_until_ready
from service.usecases.sample import authored_now

HERE = "http://127.0.0.1:8080"


@click.command()
@click.argument("path", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--to", "url", default=HERE, show_default=True, metavar="URL", help="The server, without its path.")
@click.option("--authored-now", "is_now", is_flag=True, help="Set the time of the answers to this moment.")
@click.option("--wait", "seconds", default=0.0, metavar="SECONDS", help="Wait so long for the server to be ready.")
def post(path: Path, url: str, is_now: bool, seconds: float) -> None:
    """Post a sample body to a server and print what it answers. Ends with 1 where anything was refused."""
    body = path.read_bytes()
    try:
        wait_until_ready(url, seconds)
        reply = post_triage(url, authored_now(body) if is_now else body)
    except NoAnswerError as error:
        raise click.ClickException(str(error)) from error
    answered = Answered(path.parent.name, json.loads(reply.body, parse_float=Decimal))
    sys.exit(1 if print_answers(screen(), rule_book(), (answered,), everything=False, named=True) else 0)
