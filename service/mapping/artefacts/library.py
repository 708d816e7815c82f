"""Writes the rule book as a Library: its version and digest, what it needs, and whose word it rests on; no logic."""

from typing import Any

from service.knowledge.model import RuleBook
from service.mapping.artefacts.fhirpath import RESPONSE
from service.mapping.artefacts.plan_definition import NAME, TERMINOLOGY, response_requirement
from service.mapping.artefacts.publication import published
from service.mapping.canonical import BASE, QUESTIONNAIRE
from service.mapping.writing.words import source_words

DIGEST = f"{BASE}/identifier/rule-book-digest"
DESCRIPTION = (
    "The rules for upper back pain as a whole. The identifier is the SHA-256 of the rule book they were made from, the "
    "same that every result carries. Not reviewed by a clinician."
)


def library(book: RuleBook) -> dict[str, Any]:
    """Build the Library of a book: a collection of artefacts, because each condition stands in the PlanDefinition."""
    parts = (f"{BASE}/PlanDefinition/{NAME}|{book.version}", f"{QUESTIONNAIRE}|{book.form.version}")
    composed = [{"type": "composed-of", "resource": one} for one in parts]
    cited = {source: source_words(book.sources[source]) for source in sorted(_cited(book))}
    citations = [{"type": "citation", "label": source, "citation": words} for source, words in cited.items()]
    return {
        **published("Library", NAME, "Rule book for upper back pain", book.version),
        "identifier": [{"system": DIGEST, "value": book.digest}],
        "type": {"coding": [{"system": f"{TERMINOLOGY}/library-type", "code": "asset-collection"}]},
        "subjectCodeableConcept": {"coding": [{"system": "http://hl7.org/fhir/resource-types", "code": "Patient"}]},
        "description": DESCRIPTION,
        "relatedArtifact": [*composed, *citations],
        "parameter": [{"name": RESPONSE, "use": "in", "min": 1, "max": "1", "type": "QuestionnaireResponse"}],
        "dataRequirement": [response_requirement()],
    }


def _cited(book: RuleBook) -> set[str]:
    named = {statement for rule in book.rules.values() for statement in (*rule.statements, *rule.supports)}
    return {book.statements[statement].source for statement in named}
