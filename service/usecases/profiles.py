"""Makes the committed FHIR artefacts from the rule book: relative path and bytes; it writes no file itself."""

from service.knowledge.model import RuleBook
from service.mapping.artefacts.code_systems import code_systems
from service.mapping.artefacts.operation import operation_definition
from service.mapping.artefacts.questionnaire import questionnaire
from service.mapping.writing.json_bytes import dump


def resources(book: RuleBook) -> list[dict[str, object]]:
    """List the artefacts as resources, each with resourceType and id."""
    return [questionnaire(book), operation_definition(book), *code_systems(book)]


def artefacts(book: RuleBook) -> dict[str, bytes]:
    """Name every file under fhir_profiles/ that is generated, with its content."""
    return {
        f"{resource['resourceType']}-{resource['id']}.json": dump(resource, pretty=True) + b"\n"
        for resource in resources(book)
    }
