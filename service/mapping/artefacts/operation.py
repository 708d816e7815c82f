"""Describes the operation $triage as an OperationDefinition, as the server offers it."""

from typing import Any

from service import __version__
from service.knowledge.model import RuleBook
from service.mapping.canonical import BASE


def operation_definition(book: RuleBook) -> dict[str, Any]:
    """Build the OperationDefinition of ``$triage``; the policies named are those of the book."""
    return {
        "resourceType": "OperationDefinition",
        "id": "triage",
        "url": f"{BASE}/OperationDefinition/triage",
        "version": __version__,
        "name": "Triage",
        "title": "Triage of upper back pain",
        "status": "draft",
        "experimental": True,
        "kind": "operation",
        "date": "2026-11-21",
        "publisher": "Upper back triage project",
        "description": "Evaluates responses to the Questionnaire upper-back-pain and proposes a level, suspected causes and a plan. Nothing is stored. Not a diagnosis; not reviewed by a clinician.",
        "affectsState": False,
        "code": "triage",
        "resource": ["QuestionnaireResponse"],
        "system": False,
        "type": True,
        "instance": False,
        "parameter": [
            _parameter("response", "in", 1, "Resource", "A QuestionnaireResponse, or a Bundle (collection, searchset, batch or transaction) that holds one or more with Patient, Condition, Observation, MedicationStatement, MedicationRequest and AllergyIntolerance as context."),
            _parameter("policy", "in", 0, "code", f"How the sources are weighed: {', '.join(book.policies)}. Only where the server allows it."),
            _parameter("at", "in", 0, "dateTime", "The moment the answers are judged by, for replay; the result is then labelled as test data."),
            _parameter("return", "out", 1, "Bundle", "A Bundle of type collection: per response, in order, RiskAssessment, CarePlan, ServiceRequest, and an OperationOutcome where there is a warning."),
        ],
    }


def _parameter(name: str, use: str, least: int, kind: str, documentation: str) -> dict[str, Any]:
    return {"name": name, "use": use, "min": least, "max": "1", "documentation": documentation, "type": kind}
