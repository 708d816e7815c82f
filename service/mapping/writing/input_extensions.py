"""What went into a result as extensions: every known finding with where it came from, and every open one."""

import re
from collections.abc import Iterator
from decimal import ROUND_DOWN, Context, Decimal
from functools import partial
from typing import Any

from service.engine.facts import Fact, Value
from service.knowledge.model import Finding
from service.mapping.writing import canonicals
from service.mapping.writing.json_bytes import Written, dump
from service.mapping.writing.kept import remember
from service.mapping.writing.material import Material

Extension = dict[str, Any]

FHIR_DIGITS = Context(prec=18, rounding=ROUND_DOWN)
"""FHIR promises 18 digits; only a change of unit makes more, and cutting them crosses no threshold."""

ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+|[A-Z][A-Za-z]+/[A-Za-z0-9.-]{1,64}(/_history/[A-Za-z0-9.-]{1,64})?")
"""What may stand in Reference.reference. A place in what was sent, as of a contained resource, is none."""


def input_extensions(material: Material) -> Iterator[Extension | Written]:
    """Write the known findings in the order of the rule book, then the open ones of undecided rules."""
    facts = material.assessment.facts
    kept = {} if material.kept is None else material.kept.inputs
    for name, finding in material.book.findings.items():
        fact = facts.get(name)
        if fact is not None:
            yield kept.get((name, fact)) or _input_used(material, finding, fact)
    for missing in material.assessment.missing:
        yield material.json_once(("missing", missing), partial(_missing, missing))


def _input_used(material: Material, finding: Finding, fact: Fact) -> Extension | Written:
    """Write a known finding; what a record says is never kept, and numbers by their digits: 38.0 equals 38.00."""
    if material.kept is None or fact.origin == "record":
        return _used(finding, fact)
    if isinstance(fact.value, Decimal):
        key = ("used", finding.id, str(fact.value), fact.origin, fact.where)
        return material.kept.of(key, lambda: Written(dump(_used(finding, fact))))
    return remember(material.kept.inputs, (finding.id, fact), Written(dump(_used(finding, fact))))


def _used(finding: Finding, fact: Fact) -> Extension:
    return {"url": canonicals.INPUT_USED, "extension": list(_told(finding, fact))}


def _missing(finding: str) -> Extension:
    return {"url": canonicals.INPUT_MISSING, "valueCode": finding}


def record_references(material: Material) -> list[dict[str, str]]:
    """Name the resources of the record that were used, each once, in the order of the rule book's findings."""
    told = {finding for finding, fact in material.assessment.facts.items() if fact.origin == "record"}
    facts = (material.assessment.facts[finding] for finding in material.book.findings if finding in told)
    used = (one for fact in facts for one in fact.where) if told else ()
    return [_reference(one) for one in dict.fromkeys(used)]


def _told(finding: Finding, fact: Fact) -> Iterator[Extension]:
    yield {"url": "finding", "valueCode": finding.id}
    yield from _values(finding, fact.value)
    yield {"url": "from", "extension": list(_from(fact))}


def _values(finding: Finding, value: Value) -> Iterator[Extension]:
    if isinstance(value, bool):
        yield {"url": "value", "valueBoolean": value}
    elif isinstance(value, Decimal):
        yield {"url": "value", **_number(finding, value)}
    else:
        yield from ({"url": "value", "valueCode": option} for option in finding.options if option in value)


def _number(finding: Finding, value: Decimal) -> dict[str, Any]:
    """Keep the digits as sent; a whole number without a unit is an integer."""
    if finding.unit:
        kept = FHIR_DIGITS.plus(value) if len(value.as_tuple().digits) > FHIR_DIGITS.prec else value
        return {"valueQuantity": {"value": kept, "system": canonicals.UCUM, "code": finding.unit}}
    return {"valueInteger": int(value)} if finding.kind == "integer" else {"valueDecimal": value}


def _from(fact: Fact) -> Iterator[Extension]:
    """Say who gave a fact, and where: linkIds, resources of the record, or the findings it follows from."""
    yield {"url": "origin", "valueCode": fact.origin}
    for where in fact.where:
        if fact.origin == "record":
            yield {"url": "resource", "valueReference": _reference(where)}
        elif fact.origin in ("derived", "contradiction"):
            yield {"url": "finding", "valueCode": where}
        else:
            yield {"url": "linkId", "valueString": where}


def _reference(where: str) -> dict[str, str]:
    """Refer to a resource of the record; one that nothing outside can refer to is named by its place."""
    return {"reference": where} if ADDRESS.fullmatch(where) else {"display": where}
