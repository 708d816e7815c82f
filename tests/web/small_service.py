"""A small, honest triage operation: it answers with the digest of the body it was given, and judges nothing.

Run as a program it serves that operation on gunicorn, with the settings of its environment.
"""

import hashlib
import json
from decimal import Decimal

from flask import Flask

from service.errors import Issue, Refused
from service.settings import Settings, read_settings
from service.usecases.answer import Answer
from service.web.app import create_app
from service.web.gunicorn import serve

QUESTIONNAIRE: dict[str, object] = {
    "resourceType": "Questionnaire",
    "id": "upper-back-pain",
    "url": "https://w3id.org/upper-back-triage/Questionnaire/upper-back-pain",
    "status": "draft",
    "item": [{"linkId": "fever", "type": "boolean", "text": "Do you have a fever?"}],
}
OPERATION_DEFINITION: dict[str, object] = {
    "resourceType": "OperationDefinition",
    "id": "triage",
    "status": "draft",
}


def digest_triage(body: bytes) -> Answer:
    """Answer with the SHA-256 of the body; fail in the ways in which a use case can fail."""
    try:
        resource = json.loads(body)
    except ValueError:
        raise Refused(400, (Issue("error", "structure", "The body is not JSON."),)) from None
    if "explode" in resource:
        raise RuntimeError(f"an exception that quotes the body: {body!r}")
    if "unwritable" in resource:
        return Answer(200, {"resourceType": "Bundle", "total": 0.5})
    if resource.get("resourceType") != "QuestionnaireResponse":
        raise Refused(
            422,
            (
                Issue(
                    "error",
                    "required",
                    "Met no answer.",
                    "QuestionnaireResponse.item[0]",
                    "fever",
                    "Do you have a fever?",
                ),
                Issue("warning", "value", "Met a string; allowed: a boolean.", "QuestionnaireResponse.item[1]"),
            ),
        )
    digest = {"system": "urn:sha256", "value": hashlib.sha256(body).hexdigest()}
    return Answer(
        200, {"resourceType": "Bundle", "type": "collection", "identifier": digest, "total": Decimal("72.50")}
    )


def load(settings: Settings) -> Flask:
    """Build the application around the small operation."""
    return create_app(digest_triage, settings, (QUESTIONNAIRE, OPERATION_DEFINITION))


if __name__ == "__main__":
    chosen = read_settings()
    serve(chosen, lambda: load(chosen))
