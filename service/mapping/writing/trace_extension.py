"""The trace as extensions: which rule fired or is undecided, by which answers, by whose statements."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from service.engine.assessment import Traced
from service.mapping.writing import canonicals
from service.mapping.writing.material import Material
from service.mapping.writing.questions import asked_for

Extension = dict[str, Any]


def trace_extensions(material: Material) -> Iterator[Extension]:
    """Write one extension per rule of the trace, in its order."""
    for traced in material.assessment.trace:
        links = tuple(_link_ids(material, traced))
        key = ("trace", traced.rule, traced.verdict, traced.findings, links)
        yield material.json_once(key, partial(_trace, material, traced, links))


def _trace(material: Material, traced: Traced, links: tuple[str, ...]) -> Extension:
    return {"url": canonicals.TRACE, "extension": list(_parts(material, traced, links))}


def _parts(material: Material, traced: Traced, links: tuple[str, ...]) -> Iterator[Extension]:
    yield {"url": "rule", "valueCode": traced.rule}
    yield {"url": "verdict", "valueCode": traced.verdict}
    for finding in traced.findings:
        yield {"url": "finding", "valueCode": finding}
    for link_id in links:
        yield {"url": "linkId", "valueString": link_id}
    rule = material.book.rules[traced.rule]
    for cited in rule.statements or rule.supports:
        yield {"url": "statement", "valueCode": cited}
    statements = (material.book.statements[one] for one in rule.statements)
    for source, level in dict.fromkeys((one.source, one.level) for one in statements if one.level):
        parts = [{"url": "source", "valueCode": source}, {"url": "level", "valueCode": level}]
        yield {"url": "source-level", "extension": parts}


def _link_ids(material: Material, traced: Traced) -> dict[str, None]:
    """Name the questions behind the findings: where they were answered, or where they would be."""
    found: dict[str, None] = {}
    for finding in traced.findings:
        found.update(dict.fromkeys(_of_finding(material, finding, frozenset())))
    return found


def _of_finding(material: Material, finding: str, visited: frozenset[str]) -> Iterator[str]:
    """Follow a derived finding, or one that a contradiction changed, to the answers behind it; the record has none."""
    fact = material.assessment.facts.get(finding)
    item_of = material.book.form.item_of
    if fact is None:
        yield from material.once(
            ("asked-for", finding), lambda: [item_of[one] for one in asked_for(material.book, finding)]
        )
    elif fact.origin in ("derived", "contradiction"):
        if finding in item_of and fact.origin == "contradiction":
            yield item_of[finding]
        for one in fact.where:
            if one not in visited and one != finding:
                yield from _of_finding(material, one, visited | {finding})
    elif fact.origin != "record":
        yield from fact.where
