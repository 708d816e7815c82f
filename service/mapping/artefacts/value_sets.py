"""Writes what each question offers as a ValueSet; those of the results are written in FSH and compiled."""

from collections.abc import Iterator
from typing import Any

from service.knowledge.form import Form, Item
from service.knowledge.model import RuleBook
from service.mapping.artefacts.publication import published
from service.mapping.canonical import options_of

SHARED = "yes-no-not-sure"


def value_sets(book: RuleBook) -> list[dict[str, Any]]:
    """Build one ValueSet per question with options; the questions that take yes, no or not sure share one."""
    return [_value_set(book.form, *one) for one in _offered(book.form)]


def _offered(form: Form) -> Iterator[tuple[str, str, Item]]:
    items = [item for group in form.groups for item in group.items if options_of(item)]
    shared = [item for item in items if item.kind == SHARED]
    for item in shared[:1]:
        yield SHARED, "Answers to every question that takes yes, no or not sure.", item
    for item in items:
        if item.kind != SHARED:
            yield item.link_id, f"Answers to the question: {item.ask}", item


def _value_set(form: Form, name: str, description: str, item: Item) -> dict[str, Any]:
    by_system: dict[str, list[dict[str, str]]] = {}
    for system, code in options_of(item):
        by_system.setdefault(system, []).append({"code": code, "display": form.words[code]})
    return {
        **published("ValueSet", f"answers-{name}", f"Answers: {name}", form.version),
        "description": description,
        "compose": {"include": [{"system": system, "concept": codes} for system, codes in by_system.items()]},
    }
