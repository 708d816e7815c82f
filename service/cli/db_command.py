"""The commands ``triage db``: bring the tables up to date, look whether all is whole, back up, restore, purge."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from service.cli.start import settings_of_environment
from service.edges.store import archive, checking, migrate
from service.edges.store.connect import engine_of
from service.edges.store.records import StoreDown
from service.edges.store.schema import LATEST_REVISION
from service.edges.store.store import Store
from service.usecases.retention import purge_before


@click.group()
def db() -> None:
    """Care for the store that TRIAGE_DATABASE names."""


@db.command()
def upgrade() -> None:
    """Make the tables, or bring them to the revision of this version. An embedded SQLite does so at every start."""
    with _database() as engine:
        migrate.upgrade(engine)
    click.echo(f"The tables are at revision {LATEST_REVISION}.")


@db.command()
def check() -> None:
    """Look whether everything stored is readable and whole; end with 1 where anything is not."""
    with _database() as engine:
        found = list(checking.problems(engine))
    for problem in found:
        click.echo(problem)
    if found:
        raise click.ClickException(f"{len(found)} problems")
    click.echo("Everything stored is whole.")


@db.command()
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Write everything stored into a new FILE, while the service goes on. It holds health data: keep it safe."""
    with _database() as engine:
        try:
            count = archive.backup(engine, file)
        except OSError as error:
            raise click.ClickException(f"{click.format_filename(file)}: {error.strerror}") from error
    click.echo(f"{count} rows are in {click.format_filename(file)}.")


@db.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """Read a backup into an empty store, whole or not at all. It may come from SQLite or PostgreSQL."""
    with _database() as engine:
        migrate.upgrade(engine)
        try:
            count = archive.restore(engine, file)
        except archive.ArchiveError as error:
            raise click.ClickException(str(error)) from error
    click.echo(f"{count} rows are restored.")


@db.command()
@click.option("--before", required=True, type=click.DateTime(["%Y-%m-%d"]), help="A day, as 2026-01-31; in UTC.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def purge(before: datetime, yes: bool) -> None:
    """Delete for good every response that was last changed before a day, with its results and the bytes received.

    An AuditEvent says so, and the AuditEvents of the deleted responses stay.
    """
    if not yes:
        click.confirm(f"Delete for good every response last changed before {before:%Y-%m-%d}?", abort=True)
    with _database() as engine:
        count = purge_before(Store(engine), before.date())
    click.echo(f"{count} responses are deleted.")


@contextmanager
def _database() -> Iterator[Engine]:
    """Open the database of the settings; end the command with one sentence where it does not answer."""
    try:
        engine = engine_of(settings_of_environment().database, is_patient=True)
    except ValueError as error:
        raise click.ClickException(f"TRIAGE_DATABASE: {error}") from error
    try:
        yield engine
    except (OperationalError, StoreDown) as error:
        raise click.ClickException(f"the database does not answer ({type(error).__name__})") from error
    finally:
        engine.dispose()
