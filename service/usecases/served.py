"""Lists the resources of the package as the server serves them: generated from the rule book, and compiled from FSH."""

from typing import Any

from service.knowledge.model import RuleBook
from service.mapping.artefacts.compiled import compiled
from service.usecases.profiles import resources


def served_resources(book: RuleBook) -> list[dict[str, Any]]:
    """List the resources, each with resourceType and id."""
    return [*resources(book), *compiled()]
