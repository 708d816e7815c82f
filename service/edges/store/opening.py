"""Opens the store that the settings name: an embedded database is brought up to date, a server's is only looked at."""

from sqlalchemy.exc import OperationalError

from service.edges.store.connect import engine_of, is_embedded
from service.edges.store.migrate import upgrade
from service.edges.store.records import StoreDown
from service.edges.store.store import Store


def open_store(url: str) -> Store:
    """Open the store. Its process may fork afterwards: no connection is left open.

    Raises ValueError for a URL that names no database of ours, and StoreDown where an embedded database cannot be
    opened. A PostgreSQL that does not answer, or is at another revision, is told by ``Store.ping`` alone: the service
    starts, triages, and stores once the database is there.
    """
    engine = engine_of(url)
    try:
        if is_embedded(url):
            upgrade(engine)
    except OperationalError:
        raise StoreDown("the embedded database cannot be opened or written") from None
    finally:
        engine.dispose()
    return Store(engine)
