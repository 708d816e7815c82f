"""What the store holds of one response, and what becomes of a new content beside it: resent, next version, refused."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from service.edges.store.records import Record, StoredContent
from service.edges.store.store import Store
from service.errors import Refused, refuse
from service.mapping.identity import response_identity
from service.mapping.response import subject_of
from service.mapping.stored import RESPONSE, is_same_subject
from service.usecases.incoming import ENTERED_IN_ERROR, Incoming, identifier_of


@dataclass(frozen=True, slots=True)
class Standing:
    """The versions of one response that are stored, its latest content, and the identity that its ids are made from."""

    contents: tuple[StoredContent, ...]
    latest: Record
    content: Mapping[str, Any]
    identity: str

    @property
    def status(self) -> str:
        """The status of the latest version."""
        return str(self.content["status"])

    def version_with(self, digest: str) -> int | None:
        """Return the newest version that has a content; None where none has."""
        return next((one.version for one in reversed(self.contents) if one.digest == digest), None)


def standing_of(store: Store, tenant: str, response_id: str, identity: str | None) -> Standing | None:
    """Read what is stored under an id; ``identity`` is None where the id alone is known. None where nothing is."""
    contents = store.contents(tenant, response_id)
    latest = store.read_version(tenant, RESPONSE, response_id, contents[-1].version) if contents else None
    if latest is None:
        return None
    content = read_content(latest)
    return Standing(contents, latest, content, identity or _identity(content, contents))


def read_content(record: Record) -> dict[str, Any]:
    """Read the JSON of a record; decimals keep their digits."""
    content: dict[str, Any] = json.loads(record.content, parse_float=Decimal)
    return content


def _identity(content: Mapping[str, Any], contents: tuple[StoredContent, ...]) -> str:
    """Name a stored response as it was first named: by its identifier, else by the digest of its first content."""
    return response_identity(content, contents[0].digest)


def resent_version(standing: Standing, incoming: Incoming, *, is_update: bool) -> int | None:
    """Return the version whose first result answers, where the content came before; None where it is to be judged.

    A create may have been on its way for long, so any version counts. An update asks that its content be the latest.
    """
    version = standing.version_with(incoming.digest)
    return None if is_update and version != standing.latest.version else version


def judge_next(standing: Standing, incoming: Incoming, *, is_update: bool) -> None:
    """Raise Refused where another content must not become the next version: 422 for another subject, else 409."""
    subject = subject_of(standing.content) or {}
    if not is_same_subject(subject, incoming.subject):
        text = "a response with this identity is stored for another subject; a subject never changes"
        raise refuse(422, "business-rule", text, f"{RESPONSE}.subject")
    if is_update:
        if identifier_of(standing.content) != incoming.identifier:
            text = "the identifier is not that of the stored response; an identifier names a response and never changes"
            raise refuse(422, "business-rule", text, f"{RESPONSE}.identifier")
        return
    if standing.status == ENTERED_IN_ERROR:
        raise _conflict(standing, incoming, "it was entered in error, and only an update can bring it back")
    may_follow = incoming.status in ("amended", ENTERED_IN_ERROR) or standing.status == "in-progress"
    if not may_follow:
        raise _conflict(standing, incoming, "allowed are the same content, the status amended, or an update")


def _conflict(standing: Standing, incoming: Incoming, why: str) -> Refused:
    """Name both versions: the stored one by its reference, the one sent by the digest of its content."""
    stored = standing.contents[-1]
    text = (
        f"stored is {standing.latest.reference} ({standing.status}, content sha256 {stored.digest}); sent was another "
        f"content under the same identity ({incoming.status}, content sha256 {incoming.digest}); {why}"
    )
    return refuse(409, "conflict", text, RESPONSE)
