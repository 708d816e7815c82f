"""The answer of a use case: an HTTP status and one FHIR resource as plain data; not yet bytes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Answer:
    """Hold what a use case answers with; ``resource`` is FHIR JSON as dicts, lists, str, int, bool and Decimal."""

    status: int
    resource: dict[str, object]
