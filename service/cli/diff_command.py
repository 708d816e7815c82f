"""The command ``triage rules diff``: names the stored responses whose level another rule book would change."""

from pathlib import Path

import click

from service.cli.start import settings_of_environment
from service.edges.store.opening import open_store
from service.edges.store.records import StoreDown
from service.knowledge.load import checked_book
from service.knowledge.model import RuleBook
from service.knowledge.parse import BookError
from service.usecases.compare_books import compare

FOLDER = click.Path(file_okay=False, exists=True, path_type=Path)


@click.command("diff")
@click.argument("first", type=FOLDER)
@click.argument("second", type=FOLDER)
@click.option("--store", "asks_store", is_flag=True, required=True, help="Judge what TRIAGE_DATABASE holds.")
@click.option("--tenant", default="default", show_default=True, help="Whose responses.")
def diff(first: Path, second: Path, asks_store: bool, tenant: str) -> None:
    """List the stored responses whose level is another by the rule book in SECOND than by the one in FIRST.

    Each is judged by its answers alone, as of the moment when it was stored; nothing is changed.
    """
    settings = settings_of_environment()
    try:
        store = open_store(settings.database)
        found = compare(store, tenant, _book(first), _book(second), settings)
        store.engine.dispose()
    except (ValueError, StoreDown) as error:
        raise click.ClickException(f"TRIAGE_DATABASE: {error}") from error
    for one in found.differences:
        click.echo(f"{one.response}: {one.first} -> {one.second}")
    click.echo(f"{len(found.differences)} of {found.count} stored responses differ")


def _book(folder: Path) -> RuleBook:
    try:
        return checked_book(folder)
    except BookError as error:
        raise click.ClickException(f"the rule book in {folder} does not load: {error}") from error
