"""Pages through versions, the newest first; it reads every version, also those that were replaced."""

from sqlalchemy import Connection, func, select

from service.edges.store.records import Page
from service.edges.store.rows import RECORD, record_of
from service.edges.store.schema import VERSION
from service.edges.store.snapshot import last_sequence
from service.mapping.search.query import Cursor


def history_page(connection: Connection, of: tuple[str, str, str | None], count: int, cursor: Cursor | None) -> Page:
    """Read one page of a tenant's versions of a type, and of an id; ``total`` is None where no id is given."""
    tenant, resource_type, resource_id = of
    bound = cursor.bound if cursor else last_sequence(connection)
    asked = [VERSION.c.tenant == tenant, VERSION.c.resource_type == resource_type, VERSION.c.sequence <= bound]
    total = None
    if resource_id is not None:
        asked.append(VERSION.c.id == resource_id)
        total = connection.scalar(select(func.count()).select_from(VERSION).where(*asked))
    backward = cursor is not None and cursor.backward
    if cursor is not None:
        here = VERSION.c.sequence
        asked.append(here > cursor.sequence if backward else here < cursor.sequence)
    order = VERSION.c.sequence if backward else VERSION.c.sequence.desc()
    query = select(*RECORD, VERSION.c.sequence).where(*asked).order_by(order).limit(count + 1)
    rows = connection.execute(query).all()
    has_more, shown = len(rows) > count, rows[:count]
    if backward:
        shown = shown[::-1]
    places = [row.sequence for row in shown]
    return Page(
        records=tuple(record_of(row) for row in shown),
        total=total,
        next=Cursor((), places[-1], bound) if places and (backward or has_more) else None,
        previous=Cursor((), places[0], bound, backward=True) if places and (has_more if backward else cursor) else None,
    )
