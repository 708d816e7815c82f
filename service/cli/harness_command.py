"""The command ``triage harness``: replays a folder of sample bodies against a running server and prints a table."""

import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import click

from service.cli.results import NotAResult, Refusal, level_of, results_of
from service.cli.terminal import safe, screen
from service.edges.triage_server import NoAnswerError, post_triage, wait_until_ready

OURS = 500
"""From this status on the fault is the server's, whatever was sent."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """One body that was sent: the level of each of its responses (``refused`` for one that was), status and time."""

    name: str
    levels: tuple[str, ...]
    status: int
    milliseconds: float


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--to", "url", default="http://127.0.0.1:8080", show_default=True, metavar="URL", help="The server.")
@click.option("--wait", "seconds", default=0.0, metavar="SECONDS", help="Wait so long for the server to be ready.")
def harness(folder: Path, url: str, seconds: float) -> None:
    """Post every JSON body of a folder to $triage, in order of name: file, level, status, time.

    A file named answer.json is an expected answer and is not sent. Ends with 1 where the server failed, or sent
    something else than results; a body that is refused is a result of its own.
    """
    paths = sorted(path for path in folder.rglob("*.json") if path.name != "answer.json")
    if not paths:
        raise click.ClickException(f"there is no body to send in {folder}: allowed are files named *.json")
    try:
        wait_until_ready(url, seconds)
        replayed = [_replay(path, folder, url) for path in paths]
    except NoAnswerError as error:
        raise click.ClickException(str(error)) from error
    _print(replayed)
    sys.exit(1 if any(one.status >= OURS or not one.levels for one in replayed) else 0)


def _replay(path: Path, folder: Path, url: str) -> Replayed:
    body = path.read_bytes()
    begin = time.perf_counter()
    reply = post_triage(url, body)
    milliseconds = (time.perf_counter() - begin) * 1000
    return Replayed(path.relative_to(folder).as_posix(), _levels(reply.body), reply.status, milliseconds)


def _levels(answer: bytes) -> tuple[str, ...]:
    """Name the level of each response; none where the answer is not one of this service."""
    try:
        results = results_of(json.loads(answer, parse_float=Decimal))
        return tuple("refused" if isinstance(one, Refusal) else level_of(one.risk) for one in results)
    except (ValueError, NotAResult):
        return ()


def _print(replayed: Sequence[Replayed]) -> None:
    console = screen()
    width = max(len(one.name) for one in replayed)
    console.print(f"{'file':{width}}  status  {'ms':>8}  level", soft_wrap=True)
    for one in replayed:
        levels = ", ".join(one.levels) or "no result"
        line = f"{safe(one.name):{width}}  {one.status:>6}  {one.milliseconds:8.1f}  {levels}"
        console.print(line, soft_wrap=True)
    failed = sum(one.status >= OURS for one in replayed)
    console.print(f"{len(replayed)} bodies, {failed} on which the server failed", soft_wrap=True)
