"""Writes what was answered as Observations and Conditions in a transaction Bundle: ``$extract``; nothing is concluded.

Only what a person answered is written: an open question gives nothing, and nothing derived or from the record is said
anew. What the history says yes to becomes a Condition that nobody has confirmed.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from service.engine.facts import Fact
from service.knowledge.model import Finding, RuleBook
from service.mapping.canonical import BASE, FINDING, UCUM, system_of_options
from service.mapping.header import ResponseHeader
from service.mapping.identity import uuid_of

EXTRACTED = f"{BASE}/identifier/extracted"
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
VERIFICATION = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
STATUS = {"completed": "final", "amended": "amended"}
SAME = ("equal", "equivalent")
HISTORY = "history"

Json = dict[str, Any]
Codings = Mapping[str, tuple[Json, ...]]
"""The external codes that mean a finding itself."""


def codings_of(concept_map: Mapping[str, Any]) -> Codings:
    """Read the external codes of each finding that a ConceptMap calls the same."""
    found: dict[str, tuple[Json, ...]] = {}
    for group in concept_map["group"]:
        for element in group["element"]:
            for target in element["target"]:
                if target["equivalence"] in SAME:
                    coding = {"system": group["target"], "code": target["code"], "display": target["display"]}
                    found[element["code"]] = (*found.get(element["code"], ()), coding)
    return found


def extracted(book: RuleBook, codings: Codings, facts: Mapping[str, Fact], header: ResponseHeader) -> Json:
    """Write the Bundle of a response that names its subject; the same response always gives the same names.

    Each entry is created unless its identifier exists, and updated where the response was amended.
    """
    entries = [
        _entry(header, finding, resource)
        for finding in book.findings.values()
        for resource in _resources(book, codings, finding, facts.get(finding.id), header)
    ]
    return {"resourceType": "Bundle", "type": "transaction", **({"entry": entries} if entries else {})}


def _resources(
    book: RuleBook, codings: Codings, finding: Finding, fact: Fact | None, header: ResponseHeader
) -> Iterator[Json]:
    if fact is None or fact.origin != "response" or finding.kind == "text":
        return
    own = {"system": FINDING, "code": finding.id, "display": finding.label}
    concept = {"coding": [own, *codings.get(finding.id, ())], "text": finding.label}
    if finding.group == HISTORY and fact.value is True:
        yield _condition(concept, header)
    else:
        yield {**_observation(concept, header), **_value(book, finding, fact)}


def _condition(concept: Json, header: ResponseHeader) -> Json:
    unconfirmed = {"system": VERIFICATION, "code": "unconfirmed", "display": "Unconfirmed"}
    return {
        "resourceType": "Condition",
        "verificationStatus": {"coding": [unconfirmed], "text": "Answered in a questionnaire, confirmed by nobody"},
        "code": concept,
        **_whose(header),
        **({"recordedDate": header.authored} if header.authored else {}),
        "evidence": [{"detail": [dict(header.reference)]}],
    }


def _observation(concept: Json, header: ResponseHeader) -> Json:
    survey = {"system": CATEGORY, "code": "survey", "display": "Survey"}
    written: Json = {
        "resourceType": "Observation",
        "status": STATUS.get(header.status, "preliminary"),
        "category": [{"coding": [survey]}],
        "code": concept,
        **_whose(header),
    }
    if header.authored:
        written["effectiveDateTime"] = header.authored
    if "T" in header.authored:
        written["issued"] = header.authored
    return {**written, "derivedFrom": [dict(header.reference)]}


def _whose(header: ResponseHeader) -> Json:
    told: Json = {"subject": dict(header.subject or {})}
    return {**told, "encounter": dict(header.encounter)} if header.encounter else told


def _value(book: RuleBook, finding: Finding, fact: Fact) -> Json:
    value = fact.value
    if isinstance(value, bool):
        return {"valueBoolean": value}
    if isinstance(value, frozenset):
        chosen = [one for one in finding.options if one in value]
        system = system_of_options(finding.id)
        concepts = [
            {"coding": [{"system": system, "code": one, "display": book.form.words.get(one, one)}]} for one in chosen
        ]
        if len(concepts) == 1:
            return {"valueCodeableConcept": concepts[0]}
        return {"component": [{"code": concept, "valueBoolean": True} for concept in concepts]}
    if finding.unit:
        return {"valueQuantity": {"value": value, "system": UCUM, "code": finding.unit}}
    return {"valueInteger": int(value)} if finding.kind == "integer" else {"valueQuantity": {"value": value}}


def _entry(header: ResponseHeader, finding: Finding, resource: Json) -> Json:
    name = uuid_of("extracted", header.identity, finding.id)
    kind = resource["resourceType"]
    identified = {"resourceType": kind, "identifier": [{"system": EXTRACTED, "value": str(name)}], **resource}
    condition = f"identifier={EXTRACTED}|{name}"
    request = (
        {"method": "PUT", "url": f"{kind}?{condition}"}
        if header.status == "amended"
        else {"method": "POST", "url": kind, "ifNoneExist": condition}
    )
    return {"fullUrl": name.urn, "resource": identified, "request": request}
