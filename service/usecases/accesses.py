"""Puts on record who asked for what: one AuditEvent per access and patient, durable before the answer leaves.

What cannot be put on record is not answered: the event goes into the database that the data come from, so that one
which does not take the event is failing, and StoreDown is what its callers hear anyhow.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from service import __version__
from service.edges.store.records import NewVersion, Record
from service.edges.store.store import Store
from service.mapping.search.index import values_of
from service.mapping.stored import instant, stamped
from service.mapping.writing.access_event import Access, access_event
from service.mapping.writing.json_bytes import dump
from service.usecases.caller import Caller
from service.usecases.standing import read_content
from service.usecases.triage import now
from service.usecases.versions import moment_after

AUDIT_EVENT = "AuditEvent"
SENT_AGAIN = "sent again: nothing was stored, the first result was answered"

Resource = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a search or a history asked for: the one resource, or the request as it came; and the patients in it."""

    what: str = ""
    query: str = ""
    patients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Accesses:
    """Record accesses to what is stored. ``clock`` gives the present moment; every method raises StoreDown."""

    store: Store
    clock: Callable[[], datetime] = now

    def read(self, caller: Caller, interaction: str, record: Record) -> None:
        """Record that one version was read, in whatever way."""
        patients = _patients((read_content(record),)) or (None,)
        self._keep(caller, replace(_access(caller, interaction), what=record.reference), patients)

    def found(self, caller: Caller, interaction: str, asked: Asked, resources: Iterable[Resource]) -> None:
        """Record a search or a history, once for each patient whose data it found or asked for.

        Of AuditEvents it is recorded once: whoever reads the record would else lengthen it by as much as is read.
        """
        kept = [each for each in resources if each["resourceType"] != AUDIT_EVENT]
        named = ({"subject": {"reference": name}} for name in asked.patients if name.startswith("Patient/"))
        access = replace(_access(caller, interaction), what=asked.what, query=asked.query)
        self._keep(caller, access, _patients((*kept, *named)) or (None,))

    def refused(self, caller: Caller, interaction: str, what: str, why: str) -> None:
        """Record that somebody who is known was refused what he may not."""
        self._keep(caller, replace(_access(caller, interaction), what=what, failure=why), (None,))

    def _keep(self, caller: Caller, access: Access, patients: Sequence[Resource | None]) -> None:
        moment = moment_after(self.clock(), None)
        self.store.write([event_of(caller.tenant, replace(access, patient=one), moment) for one in patients])


def sent_again(caller: Caller, interaction: str, record: Record, moment: datetime) -> NewVersion:
    """Make the event of a response that came again: it is written in one transaction with what came beside it."""
    access = replace(_access(caller, interaction), what=record.reference, action="R", words=SENT_AGAIN)
    (patient, *_) = _patients((read_content(record),)) or (None,)
    return event_of(caller.tenant, replace(access, patient=patient), moment_after(moment, None))


def event_of(tenant: str, access: Access, moment: datetime) -> NewVersion:
    """Make the version of an AuditEvent that is to be written; it belongs to no response, so that it outlives all."""
    event_id = str(uuid4())
    content = stamped(access_event(access, instant(moment)), event_id, 1, moment)
    record = Record(tenant, AUDIT_EVENT, event_id, 1, moment, dump(content))
    return NewVersion(record, "", 1, "", values_of(content))


def _access(caller: Caller, interaction: str) -> Access:
    """Begin an access with what the caller is known by."""
    return Access(interaction, __version__, caller.agent, caller.request_id, caller.address, caller.base)


def _patients(resources: Iterable[Resource]) -> tuple[Resource, ...]:
    """Name whose data resources are, each once: by reference or identifier alone, never by what is displayed."""
    found: dict[str, Resource] = {}
    for resource in resources:
        subject = resource.get("subject") or _patient_of_event(resource)
        named = {key: subject[key] for key in ("reference", "identifier") if key in subject}
        if named and not str(named.get("reference", "Patient/")).startswith("Group/"):
            found.setdefault(str(sorted(named.items())), named)
    return tuple(found.values())


def _patient_of_event(resource: Resource) -> Resource:
    if resource["resourceType"] != AUDIT_EVENT:
        return {}
    what = (each.get("what", {}) for each in resource.get("entity", ()))
    return next((each for each in what if each.get("type") == "Patient"), {})
