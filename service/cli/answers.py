"""Prints answers: one in words, many as a table, or any number as JSON; each tells whether something was refused."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from service.cli.results import NotAResult, Refusal, results_of
from service.cli.screen import level_text, print_refused, print_told
from service.cli.terminal import point, safe
from service.cli.words import Refused, Told, told
from service.knowledge.model import RuleBook
from service.mapping.writing.json_bytes import dump


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer to one input: a result Bundle, or an OperationOutcome where all of it was refused."""

    name: str
    resource: object


def say(book: RuleBook, answered: Answered) -> tuple[Told | Refused, ...]:
    """Say every result of an answer; end the command where it is no answer of this service."""
    try:
        return tuple(told(book, one) for one in results_of(answered.resource))
    except NotAResult as error:
        raise click.ClickException(f"{answered.name}: {error}") from error
    except (KeyError, IndexError, TypeError, AttributeError, ValueError, StopIteration) as error:
        text = "a resource lacks what the results of this service hold"
        raise click.ClickException(f"{answered.name}: {text}") from error


def print_answers(
    console: Console, book: RuleBook, answers: Iterable[Answered], *, everything: bool, named: bool
) -> bool:
    """Print each answer in words as soon as it is there; return whether anything was refused.

    ``named`` puts the name of the input before its results, for where there are several.
    """
    refused = [_print_answer(console, book, one, everything=everything, named=named) for one in answers]
    return any(refused)


def _print_answer(console: Console, book: RuleBook, answered: Answered, *, everything: bool, named: bool) -> bool:
    results = say(book, answered)
    for number, one in enumerate(results, 1):
        if named or len(results) > 1:
            of_several = f", response {number} of {len(results)}" if len(results) > 1 else ""
            point(console, "", Text(f"{safe(answered.name)}{of_several}", "bold"))
        if isinstance(one, Refused):
            print_refused(console, one)
        else:
            print_told(console, one, everything=everything)
        if named or len(results) > 1:
            console.print()
    return any(isinstance(one, Refused) for one in results)


def print_table(console: Console, book: RuleBook, answers: Sequence[Answered]) -> bool:
    """Print a line per response, and after it why any was refused; return whether any was."""
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False)
    for heading in ("file", "level", "ceiling", "status", "decided by"):
        table.add_column(heading, overflow="fold", no_wrap=heading not in ("file", "decided by"))
    refused: list[tuple[str, Refused]] = []
    for answered in answers:
        results = say(book, answered)
        for number, one in enumerate(results, 1):
            name = f"{safe(answered.name)}{f' ({number})' if len(results) > 1 else ''}"
            table.add_row(Text(name), *_cells(one))
            refused.extend([(name, one)] if isinstance(one, Refused) else [])
    console.print(table)
    for name, one in refused:
        console.print()
        point(console, "", Text(name, "bold"))
        print_refused(console, one)
    return bool(refused)


def print_json(answers: Sequence[Answered]) -> bool:
    """Print each answer as JSON, several as one line each; return whether anything was refused."""
    for one in answers:
        click.echo(dump(one.resource, pretty=len(answers) == 1))
    results = [result for one in answers for result in results_of(one.resource)]
    return any(isinstance(one, Refusal) for one in results)


def _cells(one: Told | Refused) -> tuple[Text, ...]:
    if isinstance(one, Refused):
        return Text("refused", "bold red"), Text(""), Text(""), Text("")
    ceiling = level_text(one.ceiling) if one.ceiling != one.level else Text("")
    nothing = "open questions" if one.undecided or one.also_open else "nothing asks for more"
    decided = ", ".join(reason.rule for reason in one.deciding) or nothing
    return level_text(one.level), ceiling, Text(one.status), Text(decided)
