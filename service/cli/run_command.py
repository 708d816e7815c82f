"""The command ``triage run``: starts the server on gunicorn; how requests are answered stands in service/web."""

from dataclasses import replace

import click
from flask import Flask

from service.cli.start import invalid, rule_book, settings_of_environment
from service.settings import InvalidSettings, Settings
from service.usecases.profiles import resources
from service.usecases.triage import Triage
from service.web.app import create_app
from service.web.gunicorn import serve


@click.command()
@click.option("--host", help="The address to listen on, in place of TRIAGE_HOST.")
@click.option("--port", type=click.IntRange(0, 65535), help="The port, in place of TRIAGE_PORT; 0 takes a free one.")
def run(host: str | None, port: int | None) -> None:
    """Start the server. Its settings are the TRIAGE_ variables of the environment."""
    settings = settings_of_environment()
    settings = replace(settings, host=settings.host if host is None else host)
    settings = replace(settings, port=settings.port if port is None else port)
    try:
        serve(settings, lambda: application(settings))
    except InvalidSettings as error:
        raise invalid(error) from error


def application(settings: Settings) -> Flask:
    """Build the application around the rule book; end the command where the book does not load."""
    book = rule_book()
    return create_app(Triage(book, settings), settings, resources(book))
