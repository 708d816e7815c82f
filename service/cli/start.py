"""Loads what every command begins with, the rule book and the settings, or ends the command with one clear error."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import click

from service.engine.canary import failing_witnesses
from service.knowledge.load import checked_book, load, read_book
from service.knowledge.model import RuleBook
from service.knowledge.parse import BookError
from service.knowledge.witnesses import Witness, read_witnesses
from service.settings import InvalidSettings, Settings, read_settings

unproven_option = click.option(
    "--unproven", is_flag=True, help="For development: use rules that are not proven, and mark every result."
)
UNPROVEN = "the rule book is used unproven: for development only; every result is marked as test data"


@dataclass(frozen=True, slots=True)
class Judged:
    """How the witnesses of the rules came out: how many, in how many milliseconds, and a sentence for each failure."""

    count: int
    milliseconds: int
    failures: tuple[str, ...]


def proven_rule_book() -> RuleBook:
    """Load the rule book that results are made with; end the command where it does not load or is not proven."""
    return _read(load)


def rule_book() -> RuleBook:
    """Load the rule book, proven or not, for commands that change it, prove it, or print what it holds."""
    return _read(checked_book)


def unchecked_rule_book() -> RuleBook:
    """Read the rule book without its checks, for the command that runs them itself."""
    return _read(read_book)


def _read(read: Callable[[], RuleBook]) -> RuleBook:
    try:
        return read()
    except BookError as error:
        first, *others = str(error).splitlines()
        more = f" (and {len(others)} more; 'triage rules check' lists them)" if others else ""
        raise click.ClickException(f"the rule book does not load: {first}{more}") from error


def judged_witnesses(book: RuleBook) -> Judged:
    """Judge every rule's witness anew; end the command where a proven book judges one otherwise than it was proven.

    The certificate says that the files are those that were proven. This says that they still do what they did.
    """
    begun = time.perf_counter()
    witnesses = _witnesses()
    failures = tuple(failing_witnesses(book, witnesses))
    if failures and book.proven:
        first, *others = failures
        more = f" (and {len(others)} more)" if others else ""
        raise click.ClickException(f"the engine does not judge as it was proven to: {first}{more}")
    return Judged(len(witnesses), round((time.perf_counter() - begun) * 1000), failures)


def _witnesses() -> tuple[Witness, ...]:
    try:
        return read_witnesses()
    except BookError as error:
        raise click.ClickException(str(error)) from error


def settings_of_environment() -> Settings:
    """Read the settings; end the command where one is not allowed."""
    try:
        return read_settings()
    except InvalidSettings as error:
        raise invalid(error) from error


def invalid(error: InvalidSettings) -> click.ClickException:
    """Say what is wrong with the settings, one line per problem."""
    return click.ClickException("\n".join(error.problems))
