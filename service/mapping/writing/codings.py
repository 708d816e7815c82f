"""Codes of the results as CodeableConcepts: the project's own code first, then one of each external system."""

import re
from collections.abc import Iterator
from typing import Any

from service.knowledge.model import Activity, Cause, Coding, RuleBook
from service.mapping.writing import canonicals

SEMANTIC_TAG = re.compile(
    r" \((?:body structure|disorder|environment|event|finding|observable entity|procedure|qualifier value|record"
    r" artifact|regime/therapy|situation|substance)\)$"
)
"""What SNOMED CT adds to a term to tell its kind; a display is the bare term."""

FIT_DISPLAYS = {"fits": "Fits", "partly-fits": "Fits in part", "not-excluded": "Not excluded"}
LIKELIHOOD_DISPLAYS = {"low": "Low likelihood", "moderate": "Moderate likelihood"}


def level_concept(book: RuleBook, level: str) -> dict[str, Any]:
    """Write a triage level; its display is the title of the level's own activity."""
    title = next(one.title for one in book.activities.values() if one.level == level)
    return {"coding": [{"system": canonicals.LEVEL_CODES, "code": level, "display": title}], "text": title}


def activity_concept(book: RuleBook, activity: Activity) -> dict[str, Any]:
    """Write what an activity is."""
    own = {"system": canonicals.ACTIVITY_CODES, "code": activity.id, "display": activity.title}
    return {"coding": [own, *external_codings(book, activity.code_key)], "text": activity.title}


def cause_concept(book: RuleBook, cause: Cause) -> dict[str, Any]:
    """Write a suspected cause with the external code of its own meaning, if any; the text says: not confirmed."""
    own = {"system": canonicals.CAUSE_CODES, "code": cause.id, "display": cause.label}
    exact = (_external(one) for one in book.codes.get(cause.code_key, ()) if one.code == cause.code)
    return {"coding": [own, *exact], "text": f"{cause.label} (not confirmed)"}


def fit_concept(fit: str, *, dangerous: bool) -> dict[str, Any]:
    """Write how a cause fits, then its likelihood: a dangerous one is never below moderate, and none is above it."""
    likelihood = "moderate" if dangerous or fit == "fits" else "low"
    return {
        "coding": [
            {"system": canonicals.FIT_CODES, "code": fit, "display": FIT_DISPLAYS[fit]},
            {"system": canonicals.RISK_PROBABILITY, "code": likelihood, "display": LIKELIHOOD_DISPLAYS[likelihood]},
        ]
    }


def method_concept(book: RuleBook, policy: str) -> dict[str, Any]:
    """Write how a result was made: by this rule book, in this version, under this policy."""
    own = {"system": canonicals.METHOD_CODES, "version": book.version, "code": "rule-book", "display": "Rule book"}
    return {"coding": [own], "text": f"Rules for upper back pain, version {book.version}, policy {policy}"}


def category_concept(book: RuleBook) -> dict[str, Any]:
    """Write the category of the CarePlan."""
    return {"coding": list(external_codings(book, "care plan category"))[:1], "text": "Triage proposal"}


def external_codings(book: RuleBook, key: str) -> Iterator[dict[str, Any]]:
    """Write the first coding of each external system for a key of codes.yaml; one with a polarity is never sent."""
    seen: set[str] = set()
    for coding in book.codes.get(key, ()):
        if not coding.polarity and coding.system not in seen:
            seen.add(coding.system)
            yield _external(coding)


def _external(coding: Coding) -> dict[str, Any]:
    system = canonicals.EXTERNAL_SYSTEMS.get(coding.system) or coding.system.removeprefix("hl7:")
    return {"system": system, "code": coding.code, "display": SEMANTIC_TAG.sub("", coding.display)}
