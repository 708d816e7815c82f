"""Writes the project's own search parameters: by level, and by the response that a result is of."""

from typing import Any

from service import __version__
from service.mapping.artefacts.publication import published
from service.mapping.writing.canonicals import TRIAGE_LEVEL


def search_parameters() -> list[dict[str, Any]]:
    """Build the SearchParameters ``triage-level`` and ``response``."""
    level = f"RiskAssessment.extension.where(url = '{TRIAGE_LEVEL}').value"
    places = ("RiskAssessment.basis", "CarePlan.supportingInfo")
    response = " | ".join(f"{place}.where(resolve() is QuestionnaireResponse)" for place in places)
    return [
        {
            **_published("triage-level"),
            "description": "The level that stands: how soon the person should be seen, and by whom.",
            "code": "triage-level",
            "base": ["RiskAssessment"],
            "type": "token",
            "expression": level,
            "xpathUsage": "normal",
        },
        {
            **_published("response"),
            "description": "The QuestionnaireResponse that a result is of, whatever its version.",
            "code": "response",
            "base": ["RiskAssessment", "CarePlan"],
            "type": "reference",
            "expression": response,
            "xpathUsage": "normal",
            "target": ["QuestionnaireResponse"],
        },
    ]


def _published(name: str) -> dict[str, Any]:
    """Begin a SearchParameter, which in R4 has no title."""
    begun = published("SearchParameter", name, "", __version__)
    return {key: value for key, value in begun.items() if key != "title"}
