"""Suspected causes as RiskAssessment.prediction; no probability is written, because no source gives one."""

from functools import partial
from typing import Any

from service.engine.assessment import SuspectedCause
from service.mapping.writing.codings import cause_concept, fit_concept
from service.mapping.writing.material import Material
from service.mapping.writing.reasons import cause_statements, rationale
from service.mapping.writing.support_extensions import not_excluded, rests_on
from service.mapping.writing.words import sentence


def predictions(material: Material) -> Any:  # noqa: ANN401 - a list, or its JSON
    """Write one prediction per suspected cause, in the order of the assessment."""
    causes = material.assessment.causes
    return material.listed(
        [material.json_once(("prediction", one), partial(_prediction, material, one)) for one in causes]
    )


def _prediction(material: Material, suspected: SuspectedCause) -> dict[str, Any]:
    cause = material.book.causes[suspected.cause]
    statements = (one.id for one in cause_statements(material, suspected))
    extensions = [*rests_on(statements), *([not_excluded()] if cause.dangerous else [])]
    return {
        "extension": extensions,
        "outcome": cause_concept(material.book, cause),
        "qualitativeRisk": fit_concept(suspected.fit, dangerous=cause.dangerous),
        "rationale": f"Not confirmed. {sentence(rationale(material, suspected))}",
    }
