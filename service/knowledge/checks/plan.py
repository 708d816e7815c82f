"""Checks that activities and withholdings fit each other and the levels."""

from collections.abc import Iterator

from service.knowledge.condition import CauseListed, LevelAtLeast, RuleVerdict, Withheld, walk
from service.knowledge.model import RuleBook


def unknown_names(book: RuleBook) -> Iterator[str]:
    """Find activities and levels that withholdings and activities name and the book does not have."""
    for withholding in book.withholdings.values():
        for item in withholding.items:
            if item not in book.activities:
                yield f"withholdings/{withholding.id}.yaml: items: unknown activity '{item}'"
    for activity in book.activities.values():
        for level in (*activity.levels, *filter(None, [activity.level])):
            if level not in book.levels:
                yield f"activities.yaml: {activity.id}: unknown level '{level}'"


def unknown_outcomes(book: RuleBook) -> Iterator[str]:
    """Find levels, rules, causes and withholdings that a condition of the plan asks for and the book does not have."""
    conditions = [(f"withholdings/{one.id}.yaml", one.when) for one in book.withholdings.values()]
    conditions += [(f"activities.yaml: {one.id}", one.when) for one in book.activities.values()]
    for where, condition in conditions:
        for node in walk(condition):
            match node:
                case LevelAtLeast(name) if name not in book.levels:
                    yield f"{where}: when: unknown level '{name}'"
                case RuleVerdict(name) if name not in book.rules:
                    yield f"{where}: when: unknown rule '{name}'"
                case CauseListed(name) if name not in book.causes:
                    yield f"{where}: when: unknown cause '{name}'"
                case Withheld(name) if name not in book.withholdings:
                    yield f"{where}: when: unknown withholding '{name}'"
                case _:
                    pass


def unknown_codes(book: RuleBook) -> Iterator[str]:
    """Find causes whose code is not one of its key, or is not meant to be sent as present."""
    for cause in book.causes.values():
        sendable = {one.code for one in book.codes.get(cause.code_key, ()) if not one.polarity}
        if cause.code and cause.code not in sendable:
            yield f"causes.yaml: {cause.id}: code: '{cause.code}' is not a code of the key '{cause.code_key}'"


def unknown_code_keys(book: RuleBook) -> Iterator[str]:
    """Find causes and activities whose code key codes.yaml does not have."""
    keys = [(f"causes.yaml: {one.id}", one.code_key) for one in book.causes.values()]
    keys += [(f"activities.yaml: {one.id}", one.code_key) for one in book.activities.values()]
    for where, key in keys:
        if key and key not in book.codes:
            yield f"{where}: code-key: '{key}' is not a key of codes.yaml"


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
