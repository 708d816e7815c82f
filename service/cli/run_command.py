"""The command ``triage run``: starts the server on gunicorn; how requests are answered stands in service/web."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask import Flask

from service.cli.start import (
    UNPROVEN,
    invalid,
    judged_witnesses,
    proven_rule_book,
    rule_book,
    settings_of_environment,
    unproven_option,
)
from service.cli.storage import opened_store
from service.mapping.operations.extract import codings_of
from service.mapping.writing.kept import Kept
from service.settings import InvalidSettings, Settings
from service.usecases.operations import Operations
from service.usecases.responses import Responses
from service.usecases.served import served_resources
from service.usecases.triage import Triage
from service.web.app import create_app
from service.web.gunicorn import serve
from service.web.logs import json_log
from service.web.parts import Storage

if TYPE_CHECKING:
    from service.edges.tokens import Tokens


@click.command()
@click.option("--host", help="The address to listen on, in place of TRIAGE_HOST.")
@click.option("--port", type=click.IntRange(0, 65535), help="The port, in place of TRIAGE_PORT; 0 takes a free one.")
@unproven_option
def run(host: str | None, port: int | None, unproven: bool) -> None:
    """Start the server. Its settings are the TRIAGE_ variables of the environment."""
    settings = settings_of_environment()
    settings = replace(settings, host=settings.host if host is None else host)
    settings = replace(settings, port=settings.port if port is None else port)
    try:
        serve(settings, lambda: application(settings, unproven=unproven))
    except InvalidSettings as error:
        raise invalid(error) from error


def application(settings: Settings, *, unproven: bool) -> Flask:
    """Build the application around the rule book; end the command where the book is not proven, or a witness fails."""
    book = rule_book() if unproven else proven_rule_book()
    judged = judged_witnesses(book)
    log = json_log(sys.stderr, settings.log_level)
    log.info("witnesses judged", count=judged.count, milliseconds=judged.milliseconds, failures=len(judged.failures))
    if not book.proven:
        log.warning("unproven", text=UNPROVEN, failures=judged.failures[:3])
    store = opened_store(settings, log)
    kept = Kept()
    storage = Storage(store, Responses(book, settings, store, kept=kept))
    triage = Triage(book, settings, kept=kept)
    artefacts = served_resources(book)
    (concept_map,) = (one for one in artefacts if one["resourceType"] == "ConceptMap")
    operations = Operations(book, settings, Triage(book, settings), codings_of(concept_map))
    return create_app(
        triage,
        settings,
        artefacts,
        log,
        storage,
        unproven=not book.proven,
        operations=operations,
        tokens=_tokens(settings),
    )


def _tokens(settings: Settings) -> "Tokens | None":
    """Read who may give tokens; end the command where the file is not clear."""
    if settings.issuers is None:
        return None
    # Imported here: a server that asks for no token starts without what checks them.
    from service.edges.tokens import InvalidIssuers, read_issuers  # noqa: PLC0415

    try:
        return read_issuers(Path(settings.issuers))
    except InvalidIssuers as error:
        raise click.ClickException(f"TRIAGE_ISSUERS: {error}") from error
