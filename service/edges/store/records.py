"""What goes into the store and comes out of it, as plain data; it knows no SQL."""

from dataclasses import dataclass
from datetime import datetime

from service.mapping.search.query import Cursor
from service.mapping.search.values import IndexValue

UPGRADE = "run 'triage db upgrade'"
"""What mends a store whose tables are those of another version."""


class StoreDown(Exception):  # noqa: N818 - reads as what happened: the store is down
    """Say that the store does not answer, or not in time; nothing was written."""


class StoreBehind(StoreDown):
    """Say that the tables are not those of this version: ``triage db upgrade`` is to be run; nothing was written."""


class VersionTaken(Exception):  # noqa: N818 - reads as what happened: the version is taken
    """Say that another writer has stored one of these versions first; nothing was written."""


@dataclass(frozen=True, slots=True)
class Record:
    """One version of one resource.

    ``content`` is the JSON of the resource as it is served, with id, meta.versionId and meta.lastUpdated.
    ``last_updated`` is UTC, to the millisecond, and equals meta.lastUpdated.
    """

    tenant: str
    resource_type: str
    id: str
    version: int
    last_updated: datetime
    content: bytes

    @property
    def reference(self) -> str:
        """Refer to this version: ``Type/id/_history/version``."""
        return f"{self.resource_type}/{self.id}/_history/{self.version}"


@dataclass(frozen=True, slots=True)
class NewVersion:
    """A version to be written: the record, the version of the response it belongs to, and what it is found by.

    ``digest`` is the content digest of a QuestionnaireResponse, empty for everything else.
    """

    record: Record
    response_id: str
    response_version: int
    digest: str
    values: tuple[IndexValue, ...]


@dataclass(frozen=True, slots=True)
class StoredContent:
    """Name one stored version of a response and the digest of its content."""

    version: int
    digest: str


@dataclass(frozen=True, slots=True)
class Received:
    """The bytes of one version of a response as they were received, and their SHA-256 in hexadecimal."""

    tenant: str
    response_id: str
    version: int
    sha256: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a search or a history; ``total`` is None where nobody asked for it."""

    records: tuple[Record, ...]
    total: int | None
    next: Cursor | None
    previous: Cursor | None
