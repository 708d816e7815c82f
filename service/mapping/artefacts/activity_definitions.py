"""Writes each activity of the book as an ActivityDefinition: what a plan may suggest, not when it does."""

from typing import Any

from service.knowledge.model import Activity, RuleBook
from service.mapping.artefacts.code_systems import PROJECT
from service.mapping.artefacts.publication import published
from service.mapping.writing.codings import activity_concept
from service.mapping.writing.words import source_words, statements_named

NEVER = "never"
"""The section of activities that a plan only ever names as what must not be done."""


def activity_definitions(book: RuleBook) -> list[dict[str, Any]]:
    """Build one ActivityDefinition per activity, with the kind and the code that CarePlans give it."""
    return [_activity_definition(book, activity) for activity in book.activities.values()]


def _activity_definition(book: RuleBook, activity: Activity) -> dict[str, Any]:
    described = activity.detail or activity.do_not
    return {
        **published("ActivityDefinition", activity.id, activity.title, book.version),
        **({"description": described} if described else {}),
        "relatedArtifact": [{"type": "citation", "citation": one} for one in _citations(book, activity)],
        **({"kind": activity.kind} if activity.kind else {}),
        "code": activity_concept(book, activity),
        "intent": "proposal",
        **({"priority": book.levels[activity.level].priority} if activity.level else {}),
        **({"doNotPerform": True} if activity.section == NEVER else {}),
    }


def _citations(book: RuleBook, activity: Activity) -> list[str]:
    """Name each source once; the project's own word stands there as such."""
    cited = (source_words(book.sources[one.source]) for one in statements_named(book, activity.rests_on))
    named = list(dict.fromkeys(cited))
    return [*named, PROJECT] if "project" in activity.rests_on or not named else named
