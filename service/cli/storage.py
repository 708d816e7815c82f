"""Opens the store for the server and says in the log how it stands; commands that care for it stand in db_command."""

import click
from structlog.typing import FilteringBoundLogger

from service.edges.store.opening import open_store
from service.edges.store.records import StoreBehind, StoreDown
from service.edges.store.store import Store
from service.settings import Settings


def opened_store(settings: Settings, log: FilteringBoundLogger) -> Store:
    """Open the store; end the command where an embedded database cannot be opened.

    A PostgreSQL that is down, or at another revision, does not keep the service from starting: it triages without.
    """
    try:
        store = open_store(settings.database)
    except ValueError as error:
        raise click.ClickException(f"TRIAGE_DATABASE: {error}") from error
    except StoreDown as error:
        raise click.ClickException(f"TRIAGE_DATABASE: {error}") from error
    try:
        store.ping()
    except StoreBehind:
        log.warning("store behind", text="run 'triage db upgrade'; until then nothing is stored")
    except StoreDown:
        log.warning("store down", text="the database does not answer; until it does nothing is stored")
    finally:
        # The workers are forked from this process, and no connection may be shared with them.
        store.engine.dispose()
    return store
