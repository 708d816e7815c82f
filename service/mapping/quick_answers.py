"""Reads the items of a response in one pass where each is plainly what the form asks for; all else `answers` must read.

It names no fault: what it gives is what `gate.structure` and `answers` would give, or nothing at all.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from service.knowledge.form import Form, Item, Unit
from service.mapping.answers import REPEATING, Answered, Answers
from service.mapping.canonical import ALONE, UCUM, options_of
from service.mapping.gate.quick import is_plainly_right, is_text

ReadAnswer = Callable[[Sequence[Any]], Answered | None]
"""Read the answers of one question; None where they are not plainly right."""

GROUP_KEYS = frozenset({"linkId", "text", "item"})
ITEM_KEYS = frozenset({"linkId", "text", "answer"})
CODING_KEYS = frozenset({"system", "code", "display"})
QUANTITY_KEYS = frozenset({"value", "unit", "system", "code"})


@dataclass(frozen=True, slots=True)
class QuickReader:
    """Hold how each question of a form is read: by the linkId of its group, then by its own."""

    groups: Mapping[str, Mapping[str, ReadAnswer]]

    def __call__(self, response: Mapping[str, Any], place: str) -> Answers | None:
        """Read a QuestionnaireResponse as ``json_text.parse`` gave it; None for one that is not plainly right."""
        around = {key: value for key, value in response.items() if key != "item"}
        if not is_plainly_right(around):
            return None
        by_link: dict[str, Answered] = {}
        places: dict[str, str] = {}
        waiting = dict(self.groups)
        groups = response.get("item", ())
        if type(groups) is not list:
            return None if "item" in response else Answers({}, {}, ())
        for index, group in enumerate(groups):
            if type(group) is not dict or not _is_shown(group, GROUP_KEYS):
                return None
            questions = waiting.pop(group["linkId"], None)
            if questions is None or not _read_group(group, dict(questions), f"{place}.item[{index}]", by_link, places):
                return None
        return Answers(by_link, places, ()) if groups else None


def quick_reader(form: Form) -> QuickReader:
    """Prepare the reading of a form's questions."""
    return QuickReader({group.link_id: {item.link_id: _reader(item) for item in group.items} for group in form.groups})


def _read_group(
    group: Mapping[str, Any],
    waiting: dict[str, ReadAnswer],
    place: str,
    by_link: dict[str, Answered],
    places: dict[str, str],
) -> bool:
    """Read the questions of one group into ``by_link`` and ``places``; each question is waited for once."""
    entries = group.get("item")
    if type(entries) is not list or not entries:
        return "item" not in group
    for index, entry in enumerate(entries):
        if type(entry) is not dict or not _is_shown(entry, ITEM_KEYS):
            return False
        link_id = entry["linkId"]
        read = waiting.pop(link_id, None)
        if read is None:
            return False
        if "answer" not in entry:
            continue
        answers = entry["answer"]
        answered = read(answers) if type(answers) is list and answers else None
        if answered is None:
            return False
        by_link[link_id] = answered
        places[link_id] = f"{place}.item[{index}].answer"
    return True


def _is_shown(entry: Mapping[str, Any], keys: frozenset[str]) -> bool:
    """Tell whether a group or question has a linkId, and beside it nothing but what it may have and a text."""
    return entry.keys() <= keys and type(entry.get("linkId")) is str and ("text" not in entry or is_text(entry["text"]))


def _reader(item: Item) -> ReadAnswer:
    match item.kind:
        case "boolean":
            return lambda answers: _only(answers, "valueBoolean", bool)
        case "text":
            return lambda answers: text if is_text(text := _only(answers, "valueString", str)) else None
        case "integer":
            return lambda answers: _bounded(item, _only(answers, "valueInteger", int))
        case "quantity":
            return _quantity_reader(item)
        case _:
            return _option_reader(item)


def _only(answers: Sequence[Any], key: str, kind: type) -> Any:  # noqa: ANN401 - the JSON type that ``kind`` names
    """Return the value of the one answer that has nothing but this value; None where it is otherwise."""
    answer = answers[0]
    if len(answers) != 1 or type(answer) is not dict or len(answer) != 1:
        return None
    value = answer.get(key)
    return value if type(value) is kind else None


def _bounded(item: Item, number: int | Decimal | None) -> Decimal | None:
    if number is None:
        return None
    low, high = item.minimum, item.maximum
    if (low is not None and number < low) or (high is not None and number > high):
        return None
    return Decimal(number)


def _quantity_reader(item: Item) -> ReadAnswer:
    units = {unit.code: unit for unit in item.units}

    def read(answers: Sequence[Any]) -> Decimal | None:
        quantity = _only(answers, "valueQuantity", dict)
        if quantity is None or not quantity.keys() <= QUANTITY_KEYS or quantity.get("system") != UCUM:
            return None
        code, value = quantity.get("code"), quantity.get("value")
        unit = units.get(code) if type(code) is str else None
        if unit is None or type(value) not in (int, Decimal) or not is_text(quantity.get("unit", code)):
            return None
        return _bounded(item, _converted(item, unit, Decimal(value)))

    return read


def _converted(item: Item, unit: Unit, value: Decimal) -> Decimal:
    return value if unit.code == item.unit else unit.convert(value)


def _option_reader(item: Item) -> ReadAnswer:
    systems = {code: system for system, code in options_of(item)}
    repeats = item.kind in REPEATING

    def one(answer: object) -> str | None:
        coding = answer.get("valueCoding") if type(answer) is dict and len(answer) == 1 else None
        if type(coding) is not dict or not coding.keys() <= CODING_KEYS:
            return None
        code = coding.get("code")
        if type(code) is not str or code not in systems or systems[code] != coding.get("system"):
            return None
        return code if "display" not in coding or is_text(coding["display"]) else None

    def read(answers: Sequence[Any]) -> Answered | None:
        if not repeats:
            return one(answers[0]) if len(answers) == 1 else None
        chosen = frozenset(code for answer in answers if (code := one(answer)))
        is_clear = len(chosen) == len(answers) and (len(chosen) == 1 or chosen.isdisjoint(ALONE))
        return chosen if is_clear else None

    return read
