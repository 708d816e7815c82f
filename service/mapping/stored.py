"""Gives resources what they have only when they are stored: id, version, time, references to each other, a status."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from service.mapping.identity import uuid_of

RESPONSE = "QuestionnaireResponse"
RISK_ASSESSMENT = "RiskAssessment"
REQUESTS = ("CarePlan", "ServiceRequest")
"""The results that propose something. Each version of a response has its own, as they are revoked and replaced."""
RESULTS = (RISK_ASSESSMENT, *REQUESTS)
UNFINISHED = ("in-progress", "stopped")

Content = Mapping[str, Any]


@lru_cache(maxsize=256)
def stored_id(tenant: str, identity: str, resource_type: str, response_version: int = 1) -> str:
    """Name what belongs to a response: the UUIDv5 of tenant, identity of the response and type.

    What is made anew for a later version of the response is named by that version as well.
    """
    later = (str(response_version),) if response_version > 1 else ()
    return str(uuid_of(tenant, identity, resource_type, *later))


def stamped(content: Content, resource_id: str, version: int, moment: datetime) -> dict[str, Any]:
    """Return a resource with id, meta.versionId and meta.lastUpdated; all else stays as it is, and in its order."""
    meta = content.get("meta", {})
    ours = {"versionId": str(version), "lastUpdated": instant(moment)}
    kept = {key: value for key, value in content.items() if key not in ("resourceType", "id", "meta")}
    return {"resourceType": content["resourceType"], "id": resource_id, "meta": {**meta, **ours}, **kept}


def instant(moment: datetime) -> str:
    """Write a moment in UTC to the millisecond."""
    return moment.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def with_status(content: Content, status: str) -> dict[str, Any]:
    """Return a resource with another status."""
    return {**content, "status": status}


def replacing(content: Content, replaced: tuple[str, ...]) -> dict[str, Any]:
    """Return a proposal that says which proposals it replaces; ``replaced`` are ``Type/id``."""
    return {**content, "replaces": [{"reference": one} for one in replaced]} if replaced else dict(content)


def status_of_next(triaged: str, response_status: str) -> str:
    """Say the status of a RiskAssessment whose response has an earlier version.

    It is amended; but that of a form which is itself unfinished stays preliminary, as nothing final was said yet.
    """
    return triaged if response_status in UNFINISHED else "amended"


def is_same_subject(one: Content, other: Content) -> bool:
    """Tell whether two References name one subject: by address where both have one, else by identifier."""
    if "reference" in one and "reference" in other:
        return _address(one) == _address(other)
    mine, theirs = one.get("identifier", {}), other.get("identifier", {})
    return "value" in mine and (mine.get("system"), mine["value"]) == (theirs.get("system"), theirs.get("value"))


def _address(reference: Content) -> str:
    return str(reference["reference"]).partition("/_history/")[0]


def names_somebody(subject: Content | None) -> bool:
    """Tell whether a Reference says whose data it is: an address or an identifier, not only words."""
    return subject is not None and ("reference" in subject or "value" in subject.get("identifier", {}))
