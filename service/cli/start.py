"""Loads what every command begins with, the rule book and the settings, or ends the command with one clear error."""

from collections.abc import Callable

import click

from service.knowledge.load import load, read_book
from service.knowledge.model import RuleBook
from service.knowledge.parse import BookError
from service.settings import InvalidSettings, Settings, read_settings


def rule_book() -> RuleBook:
    """Load the rule book; end the command where it does not load, naming its first problem."""
    return _read(load)


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


def settings_of_environment() -> Settings:
    """Read the settings; end the command where one is not allowed."""
    try:
        return read_settings()
    except InvalidSettings as error:
        raise invalid(error) from error


def invalid(error: InvalidSettings) -> click.ClickException:
    """Say what is wrong with the settings, one line per problem."""
    return click.ClickException("\n".join(error.problems))
