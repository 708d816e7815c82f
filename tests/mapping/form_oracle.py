"""A second, obvious reading of the generated Questionnaire: which items a form shows, by R4's enableWhen alone.

It reads the JSON of the Questionnaire and of a response, and knows nothing of the rule book.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

Json = Mapping[str, Any]


def shown(questionnaire: Json, response: Json) -> frozenset[str]:
    """Name the linkIds of the groups and questions that a form shows with the answers of a response.

    What is hidden has no answers, and what stands in a hidden group is hidden.
    """
    answers = {item["linkId"]: item.get("answer", []) for item in items_of(response)}
    visible: set[str] = set()

    def visit(item: Json) -> None:
        if is_enabled(item, {link_id: given for link_id, given in answers.items() if link_id in visible}):
            visible.add(item["linkId"])
            for inner in item.get("item", []):
                visit(inner)

    for group in questionnaire["item"]:
        visit(group)
    return frozenset(visible)


def items_of(resource: Json) -> Iterator[Json]:
    """Visit every item of a Questionnaire or a response, in order."""
    for item in resource.get("item", []):
        yield item
        yield from items_of(item)


def is_enabled(item: Json, answers: Mapping[str, list[Json]]) -> bool:
    """Tell whether the enableWhen of one item holds; without any it does."""
    results = [holds(condition, answers.get(condition["question"], [])) for condition in item.get("enableWhen", [])]
    if not results:
        return True
    return any(results) if item.get("enableBehavior") == "any" else all(results)


def holds(condition: Json, answers: list[Json]) -> bool:
    """Tell whether one comparison holds: `=` and the others for at least one answer, `!=` where no answer is equal."""
    expected = comparable(condition, "answer")
    values = [comparable(answer, "value") for answer in answers]
    match condition["operator"]:
        case "=":
            return any(value == expected for value in values)
        case "!=":
            return all(value != expected for value in values)
        case ">":
            return any(value > expected for value in values)
        case ">=":
            return any(value >= expected for value in values)
        case "<":
            return any(value < expected for value in values)
        case "<=":
            return any(value <= expected for value in values)
        case other:
            raise AssertionError(f"the form uses no operator '{other}'")


def comparable(element: Json, name: str) -> Any:
    """Return the value of `answer[x]` or `value[x]`: a coding as its system and code, a number as a number."""
    (key,) = (key for key in element if key.startswith(name))
    value = element[key]
    if isinstance(value, dict) and "value" in value:
        return Decimal(value["value"])
    return (value.get("system"), value.get("code")) if isinstance(value, dict) else value
