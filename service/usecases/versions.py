"""Makes the versions that one response adds to the store: itself, its results, those they replace, and the records."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from service import __version__
from service.edges.store.records import NewVersion, Received, Record
from service.errors import Issue, Refused
from service.knowledge.model import RuleBook
from service.mapping.search.index import values_of
from service.mapping.stored import (
    REQUESTS,
    RESPONSE,
    RESULTS,
    RISK_ASSESSMENT,
    instant,
    replacing,
    stamped,
    status_of_next,
    stored_id,
    with_status,
)
from service.mapping.writing.audit_event import audit_event
from service.mapping.writing.json_bytes import dump
from service.mapping.writing.provenance import Storing, provenance
from service.usecases.caller import Caller
from service.usecases.incoming import ENTERED_IN_ERROR, Incoming
from service.usecases.standing import read_content
from service.usecases.triage_one import Entries

MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Versions:
    """Everything that one response adds, in order: the response, its results, what they replace, the two records."""

    response: NewVersion
    results: tuple[NewVersion, ...]
    others: tuple[NewVersion, ...]
    received: Received

    @property
    def all(self) -> tuple[NewVersion, ...]:
        """Every version to be written."""
        return (self.response, *self.results, *self.others)


@dataclass(frozen=True, slots=True)
class Maker:
    """Make the versions of one response.

    ``version`` is that of the response; ``earlier`` are the latest versions of its results, none for a first version.
    """

    caller: Caller
    book: RuleBook
    incoming: Incoming
    identity: str
    version: int
    moment: datetime
    earlier: tuple[Record, ...]

    @property
    def response_id(self) -> str:
        """The id of the response in the store."""
        return stored_id(self.caller.tenant, self.identity, RESPONSE)

    @property
    def response_reference(self) -> str:
        """The versioned reference of the response: results keep saying which version they were made from."""
        return f"{RESPONSE}/{self.response_id}/_history/{self.version}"

    def names(self) -> dict[str, str]:
        """Name the results by type, as they refer to each other.

        An assessment is named in its version; a proposal without, so that whoever follows sees it revoked.
        """
        return {kind: self._name(kind) for kind in RESULTS}

    def triaged(self, entries: Entries) -> Versions:
        """Make the versions of a response that was triaged; the proposals of the version before are revoked."""
        made = {one["resource"]["resourceType"]: one for one in entries}
        drafts = [one for one in self.earlier if one.resource_type in REQUESTS and _status(one) == "draft"]
        revoked = tuple(self._again(one, "revoked") for one in drafts)
        before = [one for one in self.earlier if one.resource_type == RISK_ASSESSMENT]
        results = []
        for kind in (one for one in RESULTS if one in made):
            content = made[kind]["resource"]
            if kind == RISK_ASSESSMENT and self.version > 1:
                content = with_status(content, status_of_next(content["status"], self.incoming.status))
            replaced = tuple(f"{kind}/{one.id}" for one in drafts if one.resource_type == kind)
            results.append(self._new(replacing(content, replaced), self._id_of(kind), self._version_of(kind)))
        revised = (*drafts, *before)
        return self._with_records(tuple(results), revoked, revised, "UPDATE" if self.version > 1 else "CREATE")

    def voided(self) -> Versions:
        """Make the versions of a response that was entered in error: all its results become so, revoked ones too."""
        by_kind = sorted(self.earlier, key=lambda one: RESULTS.index(one.resource_type))
        results = tuple(self._again(one, ENTERED_IN_ERROR) for one in by_kind)
        return self._with_records(results, (), self.earlier, "NULLIFY" if self.version > 1 else "CREATE")

    def _id_of(self, kind: str) -> str:
        """Name a result: an assessment is one resource with versions, a proposal is one per version of a response."""
        of_version = self.version if kind in REQUESTS else 1
        return stored_id(self.caller.tenant, self.identity, kind, of_version)

    def _version_of(self, kind: str) -> int:
        return 1 + max((one.version for one in self.earlier if one.resource_type == kind == RISK_ASSESSMENT), default=0)

    def _name(self, kind: str) -> str:
        version = f"/_history/{self._version_of(kind)}" if kind == RISK_ASSESSMENT else ""
        return f"{kind}/{self._id_of(kind)}{version}"

    def _with_records(
        self,
        results: tuple[NewVersion, ...],
        revoked: tuple[NewVersion, ...],
        revised: tuple[Record, ...],
        operation: str,
    ) -> Versions:
        response = self._new(self.incoming.content, self.response_id, self.version, self.incoming.digest)
        storing = self._storing((*results, *revoked), revised, operation)
        records = tuple(
            self._new(content, stored_id(self.caller.tenant, self.identity, content["resourceType"], self.version), 1)
            for content in (provenance(storing), audit_event(storing))
        )
        received = Received(
            self.caller.tenant,
            self.response_id,
            self.version,
            self.incoming.received_sha256,
            self.incoming.received,
        )
        return Versions(response, results, (*revoked, *records), received)

    def _storing(self, written: tuple[NewVersion, ...], revised: tuple[Record, ...], operation: str) -> Storing:
        return Storing(
            response=self.response_reference,
            results=tuple(one.record.reference for one in written),
            revised=tuple(one.reference for one in revised),
            operation=operation,
            received_sha256=self.incoming.received_sha256,
            rule_book_version=self.book.version,
            rule_book_sha256=self.book.digest,
            software_version=__version__,
            recorded=instant(self.moment),
            subject=self.incoming.subject,
            agent=self.caller.agent,
            request_id=self.caller.request_id,
            address=self.caller.address,
            base=self.caller.base,
        )

    def _again(self, earlier: Record, status: str) -> NewVersion:
        """Make the next version of a stored result: the same content with another status."""
        return self._new(with_status(read_content(earlier), status), earlier.id, earlier.version + 1)

    def _new(self, content: Mapping[str, Any], resource_id: str, version: int, digest: str = "") -> NewVersion:
        served = stamped(content, resource_id, version, self.moment)
        record = Record(self.caller.tenant, content["resourceType"], resource_id, version, self.moment, dump(served))
        return NewVersion(record, self.response_id, self.version, digest, values_of(served))


def moment_after(now: datetime, latest: Record | None) -> datetime:
    """Return the moment of a storing, to the millisecond: later than the version before, also where clocks differ."""
    rounded = now.replace(microsecond=now.microsecond // 1000 * 1000)
    return rounded if latest is None else max(rounded, latest.last_updated + MILLISECOND)


def _status(record: Record) -> str:
    return str(read_content(record)["status"])


def issues_of(entries: Entries) -> tuple[Issue, ...]:
    """Read back what was noticed: the issues of the OperationOutcome that a triage ends with, where there is one."""
    outcomes = (one["resource"] for one in entries if one["resource"]["resourceType"] == "OperationOutcome")
    return tuple(
        Issue(one["severity"], one["code"], one["details"]["text"], *one.get("expression", ()))
        for outcome in outcomes
        for one in outcome["issue"]
    )


def accepted(outcome: Entries | Refused) -> Entries:
    """Return the entries of a triage; raise its refusal."""
    if isinstance(outcome, Refused):
        raise outcome
    return outcome
