"""Says in SQL which versions were the latest at a moment; no row is marked, so that past moments stay."""

from sqlalchemy import ColumnElement, Connection, Table, and_, func, select
from sqlalchemy.sql.selectable import Alias

from service.edges.store.schema import VERSION


def is_latest(version: Table | Alias, bound: int | None = None) -> ColumnElement[bool]:
    """Hold for a row that no later version replaces, as far as the sequence ``bound``; None looks at all there is."""
    later = VERSION.alias("later")
    replaces = and_(
        later.c.tenant == version.c.tenant,
        later.c.resource_type == version.c.resource_type,
        later.c.id == version.c.id,
        later.c.version > version.c.version,
    )
    if bound is None:
        return ~select(later.c.sequence).where(replaces).exists()
    # With nothing added to it, the sequence would look like a way in, and lead past all that came before.
    seen = and_(replaces, later.c.sequence + 0 <= bound)
    return and_(version.c.sequence + 0 <= bound, ~select(later.c.sequence).where(seen).exists())


def last_sequence(connection: Connection) -> int:
    """Return the last sequence that was written; 0 for an empty store."""
    return int(connection.scalar(select(func.max(VERSION.c.sequence))) or 0)
