"""The ServiceRequest: the level as a proposed first step, with its urgency and its time; never an order."""

from typing import Any

from service.mapping.writing import canonicals
from service.mapping.writing.codings import activity_concept
from service.mapping.writing.envelope import named, software, whose, written_at
from service.mapping.writing.instruction import instruction, unproven_words
from service.mapping.writing.material import Material
from service.mapping.writing.period import period_from
from service.mapping.writing.result_extensions import level_extension
from service.mapping.writing.stories import request_story
from service.mapping.writing.xhtml import narrative


def service_request(material: Material) -> dict[str, Any]:
    """Write the ServiceRequest of the level; R4 lets a RiskAssessment stand under supportingInfo, not as a reason."""
    level = material.book.levels[material.assessment.level]
    written: dict[str, Any] = {
        **named(material, "ServiceRequest", canonicals.SERVICE_REQUEST_PROFILE),
        "text": narrative(request_story(material), material.escape),
        "extension": level_extension(material),
        "status": "draft",
        "intent": "proposal",
        "priority": level.priority,
        "code": material.json_once(
            ("request", material.assessment.level), lambda: activity_concept(material.book, material.level_activity)
        ),
        **whose(material),
    }
    if material.header.authored:
        written["occurrencePeriod"] = period_from(material.header.authored, level.within)
    unproven = unproven_words(material)
    return {
        **written,
        **written_at(material, "authoredOn"),
        "requester": software(material),
        "supportingInfo": [{"reference": material.references["RiskAssessment"]}, dict(material.header.reference)],
        **({"note": [{"text": unproven}]} if unproven else {}),
        "patientInstruction": instruction(material),
    }
