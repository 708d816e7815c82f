"""The extensions that say what a result is: level, ceiling, scope, policy, rule book."""

from typing import Any

from service.mapping.writing import canonicals
from service.mapping.writing.codings import level_concept
from service.mapping.writing.material import Material

Extension = dict[str, Any]


def level_extension(material: Material) -> Extension:
    """Write the level that stands."""
    concept = level_concept(material.book, material.assessment.level)
    return {"url": canonicals.TRIAGE_LEVEL, "valueCodeableConcept": concept}


def result_extensions(material: Material) -> list[Extension]:
    """Write level, ceiling, policy, rule book and scope, in this order."""
    ceiling = level_concept(material.book, material.assessment.ceiling)
    return [
        level_extension(material),
        {"url": canonicals.TRIAGE_CEILING, "valueCodeableConcept": ceiling},
        _policy(material),
        _rule_book(material),
        {"url": canonicals.SCOPE, "valueCode": material.assessment.scope},
    ]


def _policy(material: Material) -> Extension:
    parts: list[Extension] = [{"url": "code", "valueCode": material.assessment.policy}]
    if material.run.policy_signed_by:
        parts.append({"url": "signedBy", "valueString": material.run.policy_signed_by})
    if material.run.policy_signed_on:
        parts.append({"url": "signedOn", "valueDate": material.run.policy_signed_on})
    return {"url": canonicals.POLICY, "extension": parts}


def _rule_book(material: Material) -> Extension:
    parts = [
        {"url": "version", "valueString": material.book.version},
        {"url": "sha256", "valueString": material.book.digest},
    ]
    return {"url": canonicals.RULE_BOOK, "extension": parts}
