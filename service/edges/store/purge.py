"""Deletes responses that were last changed before a moment; the one place of the store where anything is deleted."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, Engine, Executable, and_, delete, func, select, text

from service.edges.store.adding import add, add_versions
from service.edges.store.records import NewVersion
from service.edges.store.rows import milliseconds, numbered, row_of
from service.edges.store.schema import RECEIVED, VALUE, VERSION

AUDIT_EVENT, RESPONSE = "AuditEvent", "QuestionnaireResponse"


def purge(engine: Engine, before: datetime, event_of: Callable[[str, int], NewVersion]) -> int:
    """Delete responses, their results, Provenances and bytes, and write one AuditEvent per tenant; return how many.

    AuditEvents stay: they say what was done with the data, and are kept longer than the data. Where SQLite would keep
    what is deleted in its file, it is overwritten.
    """
    with engine.connect() as connection:
        with connection.begin():
            _let_nobody_write(connection)
            old = [(row.tenant, row.id) for row in connection.execute(_last_changed(before))]
            for tenant, response_id in old:
                _delete(connection, tenant, response_id)
            counts = Counter(tenant for tenant, _ in old)
            for tenant, count in counts.items():
                _insert(connection, event_of(tenant, count))
        if connection.dialect.name == "sqlite":
            connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return len(old)


def _insert(connection: Connection, event: NewVersion) -> None:
    sequences = add_versions(connection, [row_of(event)])
    add(connection, VALUE, numbered([event], sequences))


def _let_nobody_write(connection: Connection) -> None:
    """Keep a response from being amended while it is purged; in SQLite there is one writer anyhow."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE resource_version IN SHARE ROW EXCLUSIVE MODE"))
    else:
        connection.execute(text("PRAGMA secure_delete=ON"))


def _last_changed(before: datetime) -> Executable:
    return (
        select(VERSION.c.tenant, VERSION.c.id)
        .where(VERSION.c.resource_type == RESPONSE)
        .group_by(VERSION.c.tenant, VERSION.c.id)
        .having(func.max(VERSION.c.last_updated) < milliseconds(before))
    )


def _delete(connection: Connection, tenant: str, response_id: str) -> None:
    of_response = and_(
        VERSION.c.tenant == tenant, VERSION.c.response_id == response_id, VERSION.c.resource_type != AUDIT_EVENT
    )
    connection.execute(delete(VALUE).where(VALUE.c.sequence.in_(select(VERSION.c.sequence).where(of_response))))
    connection.execute(delete(VERSION).where(of_response))
    connection.execute(delete(RECEIVED).where(RECEIVED.c.tenant == tenant, RECEIVED.c.response_id == response_id))
