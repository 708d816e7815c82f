"""Reads the items of a QuestionnaireResponse against the form: linkIds, nesting, types, options, units, bounds; no clinical meaning."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from service.errors import Issue
from service.knowledge.form import Form, Item
from service.mapping.canonical import NONE_OF_THESE, UCUM, help_link, options_of

Answered = bool | Decimal | str | frozenset[str]

VALUE_OF = {
    "boolean": "valueBoolean",
    "yes-no-not-sure": "valueCoding",
    "checklist": "valueCoding",
    "choice": "valueCoding",
    "choices": "valueCoding",
    "integer": "valueInteger",
    "quantity": "valueQuantity",
    "text": "valueString",
}
REPEATING = frozenset({"checklist", "choices"})
EXCLUSIVE = frozenset({NONE_OF_THESE, "none", "nothing"})


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered, by linkId: a boolean, a number in the unit of the rules, a text, or the codes that were chosen."""

    by_link: Mapping[str, Answered]
    places: Mapping[str, str]
    issues: tuple[Issue, ...]


@dataclass(slots=True)
class _Reading:
    form: Form
    items: Mapping[str, Item]
    groups: frozenset[str]
    by_link: dict[str, Answered] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)

    def fault(self, code: str, text: str, place: str, link_id: str = "") -> None:
        item = self.items.get(link_id)
        self.issues.append(Issue("error", code, text, place, link_id if item else "", item.ask if item else ""))


def read_answers(form: Form, response: Mapping[str, Any], place: str) -> Answers:
    """Read every answer of a structurally valid response; what does not fit the form is an issue with its indexed place."""
    reading = _Reading(form, {item.link_id: item for item in form.items()}, frozenset(g.link_id for g in form.groups))
    seen: dict[str, str] = {}
    members = {group.link_id: frozenset(item.link_id for item in group.items) for group in form.groups}
    for entry, at in _indexed(response.get("item", []), f"{place}.item"):
        group = entry["linkId"]
        if not _fits(reading, entry, at, seen, reading.groups, "at the top of the form"):
            continue
        if "answer" in entry:
            reading.fault("structure", "a group holds items, never an answer; met an answer", f"{at}.answer")
        for item, item_at in _indexed(entry.get("item", []), f"{at}.item"):
            if _fits(reading, item, item_at, seen, members[group], f"in the group '{group}'"):
                _read_item(reading, item, item_at)
    return Answers(reading.by_link, reading.places, tuple(reading.issues))


def _indexed(entries: Sequence[Any], place: str) -> Iterator[tuple[Mapping[str, Any], str]]:
    return ((entry, f"{place}[{index}]") for index, entry in enumerate(entries))


def _fits(
    reading: _Reading, entry: Mapping[str, Any], at: str, seen: dict[str, str], allowed: frozenset[str], where: str
) -> bool:
    """Tell whether the item's linkId is known, stands where the form has it, and has not come before."""
    link_id = entry["linkId"]
    if link_id not in reading.items and link_id not in reading.groups:
        reading.fault("not-found", "met a linkId that the Questionnaire does not have", f"{at}.linkId")
        return False
    if link_id in seen:
        text = f"the linkId '{link_id}' stands twice; the first is at {seen[link_id]}"
        reading.fault("duplicate", text, f"{at}.linkId", link_id)
        return False
    seen[link_id] = at
    if link_id not in allowed:
        reading.fault("structure", f"the item '{link_id}' is not {where}; the form has it elsewhere", at, link_id)
        return False
    return True


def _read_item(reading: _Reading, entry: Mapping[str, Any], at: str) -> None:
    item = reading.items[entry["linkId"]]
    answers = list(_indexed(entry.get("answer", []), f"{at}.answer"))
    for parent, place in ((entry, at), *answers):
        _read_inner(reading, item, parent.get("item", []), f"{place}.item")
    valued = [(answer, place) for answer, place in answers if any(key.startswith("value") for key in answer)]
    if len(valued) > 1 and item.kind not in REPEATING:
        text = f"met {len(valued)} answers; allowed is one"
        reading.fault("structure", text, f"{at}.answer", item.link_id)
        return
    values = [_value(reading, item, answer, place) for answer, place in valued]
    if not values or None in values:
        return
    reading.places[item.link_id] = f"{at}.answer"
    _keep(reading, item, [value for value in values if value is not None], f"{at}.answer")


def _read_inner(reading: _Reading, item: Item, entries: Sequence[Any], place: str) -> None:
    """Pass over the help text of a question, which some forms send along; nothing else stands inside a question."""
    for entry, at in _indexed(entries, place):
        if entry["linkId"] != help_link(item.link_id):
            reading.fault("structure", "no question of this form has questions inside it", at, item.link_id)
        elif "answer" in entry or "item" in entry:
            reading.fault("structure", "a help text is shown, never answered", at, item.link_id)


def _keep(reading: _Reading, item: Item, values: list[bool | Decimal | str], place: str) -> None:
    if item.kind not in REPEATING:
        reading.by_link[item.link_id] = values[0]
        return
    chosen = frozenset(str(value) for value in values)
    alone = chosen & EXCLUSIVE
    if alone and len(chosen) > 1:
        text = f"'{min(alone)}' stands beside another option; it is allowed only alone"
        reading.fault("business-rule", text, place, item.link_id)
    elif len(chosen) != len(values):
        reading.fault("duplicate", "the same option stands twice", place, item.link_id)
    else:
        reading.by_link[item.link_id] = chosen


def _value(reading: _Reading, item: Item, answer: Mapping[str, Any], place: str) -> bool | Decimal | str | None:
    expected = VALUE_OF[item.kind]
    met = next(key for key in answer if key.startswith("value"))
    if met != expected:
        text = f"met {met}; allowed is {expected}"
        reading.fault("value", text, f"{place}.value", item.link_id)
        return None
    value = answer[met]
    match item.kind:
        case "boolean" | "text":
            return value  # type: ignore[no-any-return]  # the gate has checked the JSON type of every primitive
        case "integer":
            return _bounded(reading, item, Decimal(value), place)
        case "quantity":
            return _quantity(reading, item, value, place)
        case _:
            return _option(reading, item, value, place)


def _option(reading: _Reading, item: Item, coding: Mapping[str, Any], place: str) -> str | None:
    offered = options_of(item.kind, item.link_id, item.findings, item.options)
    if (coding.get("system"), coding.get("code")) in offered:
        return str(coding["code"])
    allowed = ", ".join(code for _, code in offered)
    text = f"met a code that is not an option (its system counts too); allowed are {allowed}"
    reading.fault("code-invalid", text, f"{place}.value", item.link_id)
    return None


def _quantity(reading: _Reading, item: Item, quantity: Mapping[str, Any], place: str) -> Decimal | None:
    allowed = ", ".join(unit.code for unit in item.units)
    if "comparator" in quantity:
        text = "met a quantity with a comparator; allowed is an exact value"
        reading.fault("value", text, f"{place}.value.comparator", item.link_id)
        return None
    unit = next((unit for unit in item.units if unit.code == quantity.get("code")), None)
    if unit is None or quantity.get("system") != UCUM:
        text = f"met a unit that is not one of the question; allowed are the UCUM codes {allowed} with their system"
        reading.fault("code-invalid", text, f"{place}.value.code", item.link_id)
        return None
    if "value" not in quantity:
        reading.fault("required", "a quantity without its value", f"{place}.value.value", item.link_id)
        return None
    return _bounded(reading, item, unit.convert(Decimal(quantity["value"])), place)


def _bounded(reading: _Reading, item: Item, number: Decimal, place: str) -> Decimal | None:
    low, high = item.minimum, item.maximum
    if (low is not None and number < low) or (high is not None and number > high):
        text = f"met a number out of range; allowed is {low} to {high} {item.unit}".rstrip()
        reading.fault("value", text, f"{place}.value", item.link_id)
        return None
    return number
