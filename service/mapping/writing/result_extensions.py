"""The extensions that say what a result is: level, ceiling, scope, policy, rule book."""

from typing import Any

from service.mapping.writing import canonicals
from service.mapping.writing.codings import level_concept
from service.mapping.writing.material import Material

Extension = dict[str, Any]


def level_extension(material: Material) -> Any:  # noqa: ANN401 - a list, or its JSON
    """Write the level that stands, as the only extension of a resource."""
    return material.listed([_level(material, canonicals.TRIAGE_LEVEL, material.assessment.level)])


def result_extensions(material: Material) -> list[Any]:
    """Write level, ceiling, policy, rule book and scope, in this order, each for ``listed``."""
    told, run = material.assessment, material.run
    scope = {"url": canonicals.SCOPE, "valueCode": told.scope}
    signed = ("policy", run.policy_signed_by, run.policy_signed_on)
    return [
        _level(material, canonicals.TRIAGE_LEVEL, told.level),
        _level(material, canonicals.TRIAGE_CEILING, told.ceiling),
        material.json_once(signed, lambda: _policy(material)),
        material.json_once(("rule book",), lambda: _rule_book(material)),
        material.json_once(("scope", told.scope), lambda: scope),
    ]


def _level(material: Material, url: str, level: str) -> Any:  # noqa: ANN401 - for ``listed``
    def write() -> Extension:
        return {"url": url, "valueCodeableConcept": level_concept(material.book, level)}

    return material.json_once((url, level), write)


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
