"""Deletes old responses for good and leaves an AuditEvent; it is asked for, and never happens by itself."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time

from service import __version__
from service.edges.store.purge import purge
from service.edges.store.records import NewVersion, Record
from service.edges.store.store import Store
from service.mapping.identity import uuid_of
from service.mapping.search.index import values_of
from service.mapping.stored import instant, stamped
from service.mapping.writing.audit_event import purge_event
from service.mapping.writing.json_bytes import dump
from service.usecases.triage import now
from service.usecases.versions import moment_after


def purge_before(store: Store, day: date, clock: Callable[[], datetime] = now) -> int:
    """Delete every response that was last changed before a day (in UTC), with all that came of it; return how many."""
    moment = moment_after(clock(), None)

    def event_of(tenant: str, count: int) -> NewVersion:
        event_id = str(uuid_of(tenant, "purge", instant(moment), day.isoformat()))
        event = purge_event(instant(moment), __version__, day.isoformat(), count)
        content = stamped(event, event_id, 1, moment)
        record = Record(tenant, "AuditEvent", event_id, 1, moment, dump(content))
        return NewVersion(record, "", 1, "", values_of(content))

    return purge(store.engine, datetime.combine(day, time.min, UTC), event_of)
