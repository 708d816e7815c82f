"""Writes how the findings relate to SNOMED CT and LOINC as a ConceptMap; the codes are those of the book alone."""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from marshmallow import Schema, fields, validate

from service.knowledge.files import BOOK, BookFiles
from service.knowledge.model import Coding, RuleBook
from service.knowledge.parse import BookError
from service.mapping.artefacts.publication import published
from service.mapping.canonical import BASE, FINDING
from service.mapping.writing.canonicals import EXTERNAL_SYSTEMS
from service.mapping.writing.codings import SEMANTIC_TAG

FILE = "equivalence.yaml"
MAPPED = ("sct", "loinc")
Relations = Mapping[tuple[str, str], Mapping[str, str]]


class _Row(Schema):
    """What one code is beside one finding; whatever is not the same says why."""

    finding = fields.String(required=True)
    code = fields.String(required=True)
    equivalence = fields.String(
        required=True,
        data_key="is",
        validate=validate.OneOf(("equivalent", "wider", "narrower", "inexact", "relatedto")),
    )
    because = fields.String(load_default="", validate=validate.Length(min=1))


def concept_map(book: RuleBook) -> dict[str, Any]:
    """Build the ConceptMap; raise BookError unless every code of a finding, and no other, has its equivalence."""
    relations = read_relations(BOOK, book)
    return {
        **published("ConceptMap", "finding", "Findings in SNOMED CT and LOINC", book.version),
        "description": (
            "What codes of SNOMED CT and LOINC are beside the findings of this project: the same, wider, narrower, or "
            "overlapping. A finding that is not named has no code there that was seen. Codes that say a finding is "
            "absent are left out. Whether a code is active in the current release is not proven."
        ),
        "sourceCanonical": f"{BASE}/ValueSet/finding",
        "group": [_group(book, system, relations) for system in MAPPED],
    }


def read_relations(folder: Path, book: RuleBook) -> Relations:
    """Read equivalence.yaml by finding and code; raise BookError where it and the book do not name the same codes."""
    rows = BookFiles(folder).table(FILE, "equivalences", _Row())
    relations = {(row["finding"], row["code"]): row for row in rows}
    wanted = {(finding, one.code) for finding in book.findings for one in _mapped(book, finding)}
    times = Counter((row["finding"], row["code"]) for row in rows)
    problems = [
        *(f"{finding}: {code} stands twice" for (finding, code), count in times.items() if count > 1),
        *(f"{finding}: {code} has no row" for finding, code in sorted(wanted - relations.keys())),
        *(f"{finding}: {code} is no code of it in codes.yaml" for finding, code in sorted(relations.keys() - wanted)),
        *(f"{row['finding']}: {row['code']} says no reason" for row in rows if _without_reason(row)),
    ]
    if problems:
        raise BookError("\n".join(f"{FILE}: {one}" for one in problems))
    return relations


def _without_reason(row: Mapping[str, str]) -> bool:
    return row["equivalence"] != "equivalent" and not row["because"]


def _mapped(book: RuleBook, finding: str) -> Iterator[Coding]:
    for coding in book.codes.get(finding, ()):
        if coding.system in MAPPED and coding.polarity != "absent":
            yield coding


def _group(book: RuleBook, system: str, relations: Relations) -> dict[str, Any]:
    elements = []
    for finding in book.findings.values():
        codings = [one for one in _mapped(book, finding.id) if one.system == system]
        if codings:
            targets = [_target(one, relations[finding.id, one.code]) for one in codings]
            display = book.form.words.get(finding.id, finding.label)
            elements.append({"code": finding.id, "display": display, "target": targets})
    return {"source": FINDING, "target": EXTERNAL_SYSTEMS[system], "element": elements}


def _target(coding: Coding, relation: Mapping[str, str]) -> dict[str, str]:
    display = SEMANTIC_TAG.sub("", coding.display)
    target = {"code": coding.code, "display": display, "equivalence": relation["equivalence"]}
    return target | ({"comment": relation["because"]} if relation["because"] else {})
