"""Reads a response that is to be stored: its content, its identity, the bytes it came as; it decides nothing."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from service.errors import Refused, refuse
from service.knowledge.form import Form
from service.mapping.answers import Answers
from service.mapping.body import Opening, Resource, is_small, read_response
from service.mapping.gate.json_text import parse
from service.mapping.identity import content_digest, response_identity
from service.mapping.quick_answers import QuickReader
from service.mapping.response import faults_of_response, faults_with_questions, subject_of
from service.mapping.stored import RESPONSE, names_somebody
from service.mapping.writing.json_bytes import dump
from service.settings import Limits

ENTERED_IN_ERROR = "entered-in-error"


@dataclass(frozen=True, slots=True)
class Incoming:
    """A response in valid R4 that names its subject.

    ``identifier`` is its system and value, None without one; ``identity`` the digest of that, else of the content.
    ``received`` are the bytes to be kept; ``answers`` are there where it could be read at a glance.
    """

    content: Mapping[str, Any]
    subject: Mapping[str, Any]
    identifier: tuple[str, str] | None
    identity: str
    digest: str
    received: bytes
    answers: Answers | None = None

    @property
    def status(self) -> str:
        """The status that the response gives itself."""
        return str(self.content["status"])

    @property
    def received_sha256(self) -> str:
        """The SHA-256 of the bytes received, in hexadecimal."""
        return hashlib.sha256(self.received).hexdigest()


def read_incoming(
    body: bytes | Mapping[str, Any], received: bytes | None, form: Form, limits: Limits, read_quickly: QuickReader
) -> Incoming:
    """Read a response; raise Refused 400 or 413 for its form, 422 where it is not ours or names no subject."""
    parsed = parse(body, limits) if isinstance(body, bytes) else body
    if not isinstance(parsed, Mapping) or parsed.get("resourceType") != RESPONSE:
        raise refuse(400, "invalid", f"met something else than a {RESPONSE}, which alone is stored here")
    content = parsed
    opening = Opening(limits, read_quickly, isinstance(body, bytes) and is_small(body, limits))
    resource = read_response(content, "", RESPONSE, opening)
    if resource.faults:
        too_long = resource.faults[0].code == "too-long"
        raise Refused(413 if too_long else 400, faults_with_questions(form, resource))
    subject = _subject(form, resource)
    digest = content_digest(content)
    original = body if isinstance(body, bytes) else dump(content)
    return Incoming(
        content=content,
        subject=subject,
        identifier=identifier_of(content),
        identity=response_identity(content, digest),
        digest=digest,
        received=original if received is None else received,
        answers=resource.answers,
    )


def identifier_of(content: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return system and value of a response's identifier; None without a value."""
    identifier = content.get("identifier", {})
    return (identifier.get("system", ""), identifier["value"]) if "value" in identifier else None


def _subject(form: Form, resource: Resource) -> Mapping[str, Any]:
    """Return the subject of a response that is ours; one entered in error is held to all but its status."""
    content = resource.content
    withdrawn = content.get("status") == ENTERED_IN_ERROR
    asked = replace(resource, content={**content, "status": "completed"}) if withdrawn else resource
    faults = faults_of_response(form, asked)
    if faults:
        raise Refused(422, faults)
    subject = subject_of(content)
    if subject is None or not names_somebody(subject):
        text = "the response does not name its subject by a reference or an identifier; without one it is not stored"
        raise refuse(422, "required", text, f"{RESPONSE}.subject")
    return subject
