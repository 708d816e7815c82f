"""Checks that activities and withholdings fit each other and the levels."""

from collections.abc import Iterator

from service.knowledge.condition import CauseListed, LevelAtLeast, RuleVerdict, Withheld, walk
from service.knowledge.model import RuleBook


def unknown_names(book: RuleBook) -> Iterator[str]:
    """Find levels, rules, causes, withholdings, items and code keys that are named and do not exist."""
    for withholding in book.withholdings.values():
        for item in withholding.items:
            if item not in book.activities:
                yield f"withholdings/{withholding.id}.yaml: items: unknown activity '{item}'"
    conditions = [(f"withholdings/{one.id}.yaml", one.when) for one in book.withholdings.values()]
    conditions += [(f"activities.yaml: {one.id}", one.when) for one in book.activities.values()]
    for where, condition in conditions:
        for node in walk(condition):
            match node:
                case LevelAtLeast(name) if name not in book.levels:
                    yield f"{where}: unknown level '{name}'"
                case RuleVerdict(name) if name not in book.rules:
                    yield f"{where}: unknown rule '{name}'"
                case CauseListed(name) if name not in book.causes:
                    yield f"{where}: unknown cause '{name}'"
                case Withheld(name) if name not in book.withholdings:
                    yield f"{where}: unknown withholding '{name}'"
                case _:
                    pass
    for named in (*book.causes.values(), *book.activities.values()):
        if named.code_key and named.code_key not in book.codes:
            yield f"{named.id}: code-key: '{named.code_key}' is not a key of codes.yaml"


def activities_without_a_withholding_review(book: RuleBook) -> Iterator[str]:
    """Find activities that no withholding names and that give no reason why none is needed."""
    held = {item for withholding in book.withholdings.values() for item in withholding.items}
    for activity in book.activities.values():
        if activity.id not in held and not activity.no_withholding_because:
            yield f"activities.yaml: {activity.id}: no withholding names it, and no-withholding-because is empty"


def levels_without_an_activity(book: RuleBook) -> Iterator[str]:
    """Find levels that have not exactly one activity of their own."""
    for level in book.levels:
        own = [activity.id for activity in book.activities.values() if activity.level == level]
        if len(own) != 1:
            yield f"activities.yaml: the level '{level}' has {len(own)} activities; allowed is one"
