"""The OperationOutcome that goes with a result: what was noticed about the response; never a refusal."""

from collections.abc import Iterator
from typing import Any

from service.engine.derive import Conflict
from service.errors import Issue
from service.mapping.writing.envelope import labels
from service.mapping.writing.instruction import unproven_words
from service.mapping.writing.material import Material
from service.mapping.writing.openings import conflict_words
from service.mapping.writing.outcome import operation_outcome
from service.mapping.writing.questions import questions_about


def notices(material: Material) -> dict[str, Any] | None:
    """Write one warning for unproven rules, those of the response and one for each contradiction; None without any."""
    conflicts = (_warning(material, one) for one in material.assessment.conflicts)
    issues = (*_unproven(material), *material.header.notices, *conflicts)
    if not issues:
        return None
    outcome = operation_outcome(issues)
    labelled = labels(material)
    return {"resourceType": "OperationOutcome", "meta": labelled, **outcome} if labelled else outcome


def _unproven(material: Material) -> Iterator[Issue]:
    text = unproven_words(material)
    if text:
        yield Issue("warning", "business-rule", text)


def _warning(material: Material, conflict: Conflict) -> Issue:
    """Warn of a contradiction, naming all its questions; the first one is the place."""
    place = next(iter(questions_about(material.book, conflict.against)), None)
    return Issue(
        severity="warning",
        code="business-rule",
        text=conflict_words(material, conflict),
        link_id=place.link_id if place else "",
        question=place.ask if place else "",
    )
