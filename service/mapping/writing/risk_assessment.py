"""The RiskAssessment: the level with its whole trace, the suspected causes, and what to do, in words and in codes."""

from typing import Any

from service.knowledge.model import Activity
from service.mapping.writing import canonicals
from service.mapping.writing.codings import method_concept
from service.mapping.writing.envelope import named, software, whose, written_at
from service.mapping.writing.input_extensions import input_extensions, record_references
from service.mapping.writing.instruction import UNREAD, level_then_instruction, status_words, unproven_words
from service.mapping.writing.material import Material
from service.mapping.writing.openings import scope_words
from service.mapping.writing.plan_words import forbidden_words
from service.mapping.writing.predictions import predictions
from service.mapping.writing.result_extensions import result_extensions
from service.mapping.writing.stories import risk_story
from service.mapping.writing.trace_extension import trace_extensions
from service.mapping.writing.words import book_words, sentence
from service.mapping.writing.xhtml import narrative


def risk_assessment(material: Material) -> dict[str, Any]:
    """Write the RiskAssessment of one assessment."""
    written: dict[str, Any] = {
        **named(material, "RiskAssessment", canonicals.RISK_ASSESSMENT_PROFILE),
        "text": narrative(risk_story(material), material.escape),
        "extension": material.listed(
            [*result_extensions(material), *trace_extensions(material), *input_extensions(material)]
        ),
        "status": material.status,
        "method": material.json_once(("method",), lambda: method_concept(material.book, material.assessment.policy)),
        **whose(material),
        **written_at(material, "occurrenceDateTime"),
        "performer": software(material),
        "basis": [dict(material.header.reference), *record_references(material)],
    }
    if material.assessment.causes:
        written["prediction"] = predictions(material)
    return {**written, "mitigation": mitigation(material), "note": _notes(material)}


def mitigation(material: Material) -> str:
    """Say the level in words, then what to do, then what must not be done; without a live policy the level alone."""
    plan = material.assessment.plan
    if not material.policy.live:
        return level_then_instruction(material)
    suggested = (material.book.activities[one.activity] for one in plan.suggested)
    titles = (_title(material, one) for one in suggested if not one.level)
    forbidden = (forbidden_words(material, one) for one in plan.forbidden)
    return " ".join([level_then_instruction(material), *titles, *forbidden])


def _title(material: Material, activity: Activity) -> str:
    return material.once(("title", activity.id), lambda: sentence(book_words(material, activity.title)))


def _notes(material: Material) -> list[dict[str, str]]:
    """Say what a reader must know of the result as a whole; text of the response is never repeated in markdown."""
    unread = UNREAD if material.header.free_texts else ""
    notes = (
        unproven_words(material),
        unread,
        scope_words(material),
        status_words(material),
        material.book.intended_use,
    )
    return [{"text": one} for one in notes if one]
