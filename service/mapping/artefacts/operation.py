"""Describes the operation $triage as an OperationDefinition, as the server offers it."""

from typing import Any

from service import __version__
from service.knowledge.model import RuleBook
from service.mapping.artefacts.publication import published
from service.mapping.body import BUNDLE_TYPES, CONTEXT_TYPES

DESCRIPTION = (
    "Evaluates responses to the Questionnaire upper-back-pain and proposes a level, suspected causes and a plan. "
    "Nothing is stored. Not a diagnosis; not reviewed by a clinician."
)
RESPONSE = (
    f"A QuestionnaireResponse, or a Bundle ({', '.join(BUNDLE_TYPES)}) that holds one or more, "
    f"with {', '.join(CONTEXT_TYPES)} as context. Required on the type; on an instance it is left out, and the stored "
    "response is triaged by the rules now loaded."
)
AT = "The moment the answers are judged by, for replay; the result is then labelled as test data."
RETURN = (
    "A Bundle of type collection: per response, in order, RiskAssessment, CarePlan, ServiceRequest, and an "
    "OperationOutcome where there is a warning, or where the response is refused."
)


def operation_definition(book: RuleBook) -> dict[str, Any]:
    """Build the OperationDefinition of ``$triage``; the policies named are those of the book."""
    policy = f"How the sources are weighed: {', '.join(book.policies)}. Only where the server allows it."
    return {
        **published("OperationDefinition", "triage", "Triage of upper back pain", __version__),
        "kind": "operation",
        "description": DESCRIPTION,
        "affectsState": False,
        "code": "triage",
        "resource": ["QuestionnaireResponse"],
        "system": False,
        "type": True,
        "instance": True,
        "parameter": [
            _parameter("response", "in", 0, "Resource", RESPONSE),
            _parameter("policy", "in", 0, "code", policy),
            _parameter("at", "in", 0, "dateTime", AT),
            _parameter("return", "out", 1, "Bundle", RETURN),
        ],
    }


def _parameter(name: str, use: str, least: int, kind: str, documentation: str) -> dict[str, Any]:
    return {"name": name, "use": use, "min": least, "max": "1", "documentation": documentation, "type": kind}
