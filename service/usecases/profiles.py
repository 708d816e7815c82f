"""Makes the committed FHIR package from the rule book: relative path and bytes; it writes no file itself."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from service.knowledge.model import RuleBook
from service.mapping.artefacts.activity_definitions import activity_definitions
from service.mapping.artefacts.capability_statement import capability_statement
from service.mapping.artefacts.code_systems import code_systems
from service.mapping.artefacts.concept_map import concept_map
from service.mapping.artefacts.example_resources import example_resources
from service.mapping.artefacts.library import library
from service.mapping.artefacts.operation import operation_definition
from service.mapping.artefacts.package import implementation_guide, index, manifest
from service.mapping.artefacts.plan_definition import plan_definition
from service.mapping.artefacts.questionnaire import questionnaire
from service.mapping.artefacts.search_parameters import search_parameters
from service.mapping.artefacts.value_sets import value_sets
from service.mapping.writing.json_bytes import dump

Resource = Mapping[str, Any]
NONE: Mapping[str, Any] = MappingProxyType({})
SAMPLES = (
    "row-chest-pain",
    "anticoagulant-knock",
    "within-24h-breath-pain",
    "body-with-extensions",
    "self-care-well-adult",
)
"""The sample cases that the package gives as examples, one per level: a lone response with its whole answer each."""


def resources(book: RuleBook) -> list[dict[str, object]]:
    """List the artefacts as resources, each with resourceType and id."""
    return [
        questionnaire(book),
        plan_definition(book),
        library(book),
        *activity_definitions(book),
        *code_systems(book),
        *value_sets(book),
        concept_map(book),
        operation_definition(book),
        *search_parameters(),
        capability_statement(),
    ]


def artefacts(
    book: RuleBook, compiled: Mapping[str, Resource] = NONE, samples: Mapping[str, tuple[Resource, Resource]] = NONE
) -> dict[str, bytes]:
    """Name every file under fhir_profiles/ that is generated, with its content.

    ``compiled`` are the definitions compiled from FSH by file name, ``samples`` by case a response and its answer.
    """
    made = {_file(one): one for one in resources(book)}
    examples = [one for name, sample in samples.items() for one in example_resources(name, *sample)]
    guide = implementation_guide([*made.values(), *compiled.values()], examples)
    made[_file(guide)] = guide
    others: dict[str, object] = {
        "package.json": manifest(),
        ".index.json": index({**made, **compiled}),
        **{f"example/{_file(one)}": one for one in examples},
    }
    return {name: dump(content, pretty=True) + b"\n" for name, content in (made | others).items()}


def _file(resource: Resource) -> str:
    return f"{resource['resourceType']}-{resource['id']}.json"
