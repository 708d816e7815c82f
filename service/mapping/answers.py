"""Reads the items of a response against the form: linkIds, nesting, types, options, units, bounds; no meaning."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from service.errors import Issue
from service.knowledge.form import Form, Item
from service.mapping.canonical import ALONE, UCUM, help_link, options_of

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
SAYS_NOTHING = frozenset({"id", "extension"})


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered, by linkId: a boolean, a number in the unit of the rules, a text, or the codes chosen.

    ``places`` holds the indexed place of each answer. A question that was left blank is in neither.
    """

    by_link: Mapping[str, Answered]
    places: Mapping[str, str]
    issues: tuple[Issue, ...]


@dataclass(slots=True)
class _Reading:
    items: Mapping[str, Item]
    words: Mapping[str, str]
    by_link: dict[str, Answered] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    seen: dict[str, str] = field(default_factory=dict)

    def fault(self, code: str, text: str, place: str, link_id: str = "") -> None:
        self.issues.append(Issue("error", code, text, place, link_id, self.words.get(link_id, "")))


def read_answers(form: Form, response: Mapping[str, Any], place: str) -> Answers:
    """Read every answer of a response that has passed the gate; what does not fit is an issue with its place."""
    reading = _Reading({item.link_id: item for item in form.items()}, words_of(form))
    members = {group.link_id: frozenset(item.link_id for item in group.items) for group in form.groups}
    for entry, at in _indexed(response.get("item", ()), f"{place}.item"):
        if not _fits(reading, entry, at, members.keys(), "at the top of the form"):
            continue
        group = entry["linkId"]
        if "answer" in entry:
            reading.fault("structure", "met an answer; a group holds questions, never an answer", f"{at}.answer", group)
        for item, item_at in _indexed(entry.get("item", ()), f"{at}.item"):
            if _fits(reading, item, item_at, members[group], f"in the group '{group}'"):
                _read_item(reading, item, item_at)
    return Answers(reading.by_link, reading.places, tuple(reading.issues))


def words_of(form: Form) -> dict[str, str]:
    """Name the text that the form shows under each linkId: of groups, questions and help texts."""
    groups = {group.link_id: group.text for group in form.groups}
    helps = {help_link(item.link_id): item.help for item in form.items() if item.help}
    return groups | {item.link_id: item.ask for item in form.items()} | helps


def _indexed(entries: Sequence[Any], place: str) -> Iterator[tuple[Mapping[str, Any], str]]:
    return ((entry, f"{place}[{index}]") for index, entry in enumerate(entries))


def _fits(reading: _Reading, entry: Mapping[str, Any], at: str, allowed: Collection[str], where: str) -> bool:
    """Tell whether the item's linkId is known, stands where the form has it, and has not come before."""
    link_id = entry.get("linkId", "")
    if not link_id:
        reading.fault("required", "an item has no linkId; it may have extensions, but not in place of its value", at)
    elif link_id not in reading.words:
        reading.fault("not-found", "met a linkId that the Questionnaire does not have", f"{at}.linkId")
    elif link_id in reading.seen:
        text = f"the linkId '{link_id}' stands twice; the first is at {reading.seen[link_id]}"
        reading.fault("duplicate", text, f"{at}.linkId", link_id)
    else:
        reading.seen[link_id] = at
        if link_id in allowed:
            return True
        reading.fault("structure", f"the item '{link_id}' is not {where}; the form has it elsewhere", at, link_id)
    return False


def _read_item(reading: _Reading, entry: Mapping[str, Any], at: str) -> None:
    item = reading.items[entry["linkId"]]
    answers = list(_indexed(entry.get("answer", ()), f"{at}.answer"))
    for parent, place in ((entry, at), *answers):
        _read_inner(reading, item, parent.get("item", ()), f"{place}.item")
    if len(answers) > 1 and item.kind not in REPEATING:
        text = f"met {len(answers)} answers; allowed is one"
        reading.fault("structure", text, f"{at}.answer", item.link_id)
        return
    valued = [(answer, key, place) for answer, place in answers if (key := _key_of_value(answer))]
    if not valued:
        return
    if len(valued) < len(answers):
        text = "met an answer without a value beside answers that have one; allowed is a value in each, or in none"
        reading.fault("structure", text, f"{at}.answer", item.link_id)
        return
    values = [_value(reading, item, key, answer[key], place) for answer, key, place in valued]
    known = [value for value in values if value is not None]
    if len(known) == len(values):
        _keep(reading, item, known, f"{at}.answer")


def _read_inner(reading: _Reading, item: Item, entries: Sequence[Any], place: str) -> None:
    """Pass over the help text of a question, which some forms send along; nothing else stands inside a question."""
    for entry, at in _indexed(entries, place):
        if not item.help or entry.get("linkId") != help_link(item.link_id):
            text = "met an item inside a question; allowed is the question's own help text alone"
            reading.fault("structure", text, at, item.link_id)
        elif "answer" in entry or "item" in entry:
            reading.fault("structure", "met an answer to a help text; it is shown, never answered", at, item.link_id)


def _key_of_value(answer: Mapping[str, Any]) -> str:
    """Name the value[x] of an answer; empty where only extensions are there, as a data-absent-reason: it is blank."""
    for key, value in answer.items():
        if key.startswith("value") and not (isinstance(value, Mapping) and value.keys() <= SAYS_NOTHING):
            return key
    return ""


def _keep(reading: _Reading, item: Item, values: list[bool | Decimal | str], place: str) -> None:
    if item.kind not in REPEATING:
        reading.by_link[item.link_id] = values[0]
        reading.places[item.link_id] = place
        return
    chosen = frozenset(str(value) for value in values)
    alone = chosen & ALONE
    if alone and len(chosen) > 1:
        text = f"'{min(alone)}' stands beside another option; it is allowed only alone"
        reading.fault("business-rule", text, place, item.link_id)
    elif len(chosen) != len(values):
        reading.fault("duplicate", "the same option stands twice", place, item.link_id)
    else:
        reading.by_link[item.link_id] = chosen
        reading.places[item.link_id] = place


def _value(reading: _Reading, item: Item, key: str, value: Any, place: str) -> bool | Decimal | str | None:  # noqa: ANN401 - JSON of any type
    expected = VALUE_OF[item.kind]
    if key != expected:
        reading.fault("value", f"met {key}; allowed is {expected}", f"{place}.value", item.link_id)
        return None
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
    offered = options_of(item)
    if (coding.get("system"), coding.get("code")) in offered:
        return str(coding["code"])
    allowed = ", ".join(code for _, code in offered)
    text = f"met a code that is not an option (its system counts too); allowed are {allowed}"
    reading.fault("code-invalid", text, f"{place}.value", item.link_id)
    return None


def _quantity(reading: _Reading, item: Item, quantity: Mapping[str, Any], place: str) -> Decimal | None:
    if "comparator" in quantity:
        text = "met a quantity with a comparator; allowed is an exact value"
        reading.fault("value", text, f"{place}.value.comparator", item.link_id)
        return None
    unit = next((unit for unit in item.units if unit.code == quantity.get("code")), None)
    if unit is None or quantity.get("system") != UCUM:
        allowed = ", ".join(unit.code for unit in item.units)
        text = f"met a unit that is not one of the question; allowed are the UCUM codes {allowed} with their system"
        reading.fault("code-invalid", text, f"{place}.value.code", item.link_id)
        return None
    if "value" not in quantity:
        reading.fault("required", "met a quantity without its value", f"{place}.value.value", item.link_id)
        return None
    value = Decimal(quantity["value"])
    # A value in the rules' own unit keeps all its digits; arithmetic would round it.
    return _bounded(reading, item, value if unit.code == item.unit else unit.convert(value), place)


def _bounded(reading: _Reading, item: Item, number: Decimal, place: str) -> Decimal | None:
    low, high = item.minimum, item.maximum
    if (low is not None and number < low) or (high is not None and number > high):
        text = f"met a number out of range; allowed is {low} to {high} {item.unit}".rstrip()
        reading.fault("value", text, f"{place}.value", item.link_id)
        return None
    return number
