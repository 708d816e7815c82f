"""What the results must carry over from the response and the run: plain data between reading and writing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.errors import Issue


@dataclass(frozen=True, slots=True)
class FreeText:
    """One text of the response that nobody has read, with the question it stands under; empty where it has none."""

    link_id: str
    question: str
    text: str


@dataclass(frozen=True, slots=True)
class ResponseHeader:
    """What a result says of its response.

    ``reference`` is a FHIR Reference that names the response (fullUrl, else type/id, else identifier, else digest);
    ``subject`` and ``encounter`` are References as sent or None; ``authored`` is the text as sent or empty.
    ``identity`` names the response, ``content_digest`` its content, ``context_digest`` the record beside it.
    ``has_blanks`` is true where a required question was left blank. ``notices`` are warnings and information about
    this response, each with its place.
    """

    reference: Mapping[str, Any]
    subject: Mapping[str, Any] | None
    encounter: Mapping[str, Any] | None
    authored: str
    status: str
    identity: str
    content_digest: str
    context_digest: str
    free_texts: tuple[FreeText, ...]
    has_blanks: bool
    notices: tuple[Issue, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """How and when the rules were applied.

    ``at`` is the moment the answers are judged by; ``replay`` is true where the caller set it, which labels the result
    as test data, as does a policy that is not live. ``emergency_number`` is a setting in words. ``tenant`` is part of
    every id.
    """

    at: datetime
    replay: bool
    policy_signed_by: str
    policy_signed_on: str
    emergency_number: str
    software_version: str
    tenant: str = "default"
