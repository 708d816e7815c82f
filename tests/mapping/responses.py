"""Responses to the form, built from plain words: `filled(dyspnoea="yes")`; with ways to change one answer of one.

What is said of a question is a bool, "yes" | "no" | "not-sure", a number, (number, unit), an option, or a list of
options; None leaves the question out. In keywords an underscore stands for the hyphen of a linkId.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from decimal import Decimal
from typing import Any

import orjson

from service.knowledge.form import Item
from service.mapping.artefacts.questionnaire import questionnaire
from service.mapping.canonical import (
    ADMINISTRATIVE_GENDER,
    ANSWER,
    FINDING,
    FINDING_OPTION,
    NONE_OF_THESE,
    NOT_SURE,
    QUESTIONNAIRE,
    UCUM,
)
from tests.mapping.form_oracle import items_of, shown
from tests.real_book import proven_book

Json = dict[str, Any]
Said = bool | int | str | Decimal | tuple[str | int | Decimal, str] | list[str] | None

BOOK = proven_book()
FORM = BOOK.form
ITEMS: Mapping[str, Item] = {item.link_id: item for item in FORM.items()}
GENERATED = questionnaire(BOOK)
AUTHORED = "2026-11-21T10:00:00Z"

NOTHING_WRONG: Mapping[str, Said] = {
    "upper-back-pain": True,
    "age": 40,
    "sex": "male",
    "answered-by": "person",
    "severity-now": 3,
    "severity-onset": 4,
    "duration-days": (3, "d"),
    "temperature": ("36.8", "Cel"),
    "trauma-days": (3, "d"),
    "gestation-weeks": (12, "wk"),
    "postpartum-weeks": (10, "wk"),
    "rash-days": (3, "d"),
    "tried": ["none"],
    "relieved-by": ["nothing"],
    "note": None,
}


def filled(**said: Said) -> Json:
    """Return a completed response of an adult who says no to all but what is given, with what the form shows alone."""
    whole = {**{link_id: _no(item) for link_id, item in ITEMS.items()}, **NOTHING_WRONG, **_by_link(said)}
    return only_shown(response(whole))


def response(said: Mapping[str, Said], **elements: object) -> Json:
    """Return a response with exactly these answers, shown or not, each in its group; elements stand beside them."""
    groups = []
    for group in FORM.groups:
        answered = [item for item in group.items if said.get(item.link_id) is not None]
        if answered:
            items = [{"linkId": item.link_id, "answer": answer_of(item, said[item.link_id])} for item in answered]
            groups.append({"linkId": group.link_id, "item": items})
    return {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": f"{QUESTIONNAIRE}|{FORM.version}",
        "status": "completed",
        "subject": {"reference": "Patient/1"},
        "authored": AUTHORED,
        **elements,
        **({"item": groups} if groups else {}),
    }


def answer_of(item: Item, said: Said) -> list[Json]:
    """Write what is said of a question as the answers that FHIR has for it."""
    match item.kind, said:
        case "boolean", bool():
            return [{"valueBoolean": said}]
        case "integer", int():
            return [{"valueInteger": said}]
        case "quantity", (number, unit):
            return [{"valueQuantity": quantity(number, unit)}]
        case "text", str():
            return [{"valueString": said}]
        case _:
            codes = [said] if isinstance(said, str) else said
            assert isinstance(codes, list), f"{item.link_id} is a {item.kind}; met {said!r}"
            return [{"valueCoding": coding(item, code)} for code in codes]


def quantity(number: str | int | Decimal, unit: str) -> Json:
    """Return a Quantity with a UCUM unit; a string keeps its digits."""
    return {"value": Decimal(number) if isinstance(number, str) else number, "system": UCUM, "code": unit, "unit": unit}


def coding(item: Item, code: str) -> Json:
    """Return an option of the question as a Coding, also one that it does not offer."""
    if item.kind == "yes-no-not-sure" or code in (NONE_OF_THESE, NOT_SURE):
        return {"system": ANSWER, "code": code}
    if item.kind == "checklist":
        return {"system": FINDING, "code": code}
    return {"system": ADMINISTRATIVE_GENDER if item.link_id == "sex" else FINDING_OPTION, "code": code}


def only_shown(content: Json) -> Json:
    """Return the response without the answers to what the form does not show, as a form would send it."""
    visible = shown(GENERATED, content)
    kept = deepcopy(content)
    for group in kept.get("item", []):
        group["item"] = [item for item in group["item"] if item["linkId"] in visible]
    kept["item"] = [group for group in kept.get("item", []) if group["item"]]
    return kept


def with_answers(content: Json, link_id: str, answers: list[Json] | None) -> Json:
    """Return the response with these answers to a question, in its place of the form; None leaves the question out."""
    said = {item["linkId"]: item for group in content.get("item", []) for item in group["item"]}
    said[link_id] = {"linkId": link_id, "answer": answers}
    groups = []
    for group in FORM.groups:
        items = [said[item.link_id] for item in group.items if item.link_id in said]
        items = [deepcopy(item) for item in items if item.get("answer") is not None]
        if items:
            groups.append({"linkId": group.link_id, "item": items})
    return {**{key: value for key, value in content.items() if key != "item"}, **({"item": groups} if groups else {})}


def saying(content: Json, **said: Said) -> Json:
    """Return the response with other answers to the questions named, whether the form then shows them or not."""
    for link_id, one in _by_link(said).items():
        content = with_answers(content, link_id, None if one is None else answer_of(ITEMS[link_id], one))
    return content


def item_in(content: Json, link_id: str) -> Json:
    """Return the item itself, to be changed in place."""
    return next(item for item in _mutable_items(content) if item["linkId"] == link_id)


def place_of(content: Json, link_id: str, root: str = "QuestionnaireResponse") -> str:
    """Return the FHIRPath of a question's item."""
    for g, group in enumerate(content["item"]):
        for i, item in enumerate(group.get("item", [])):
            if item["linkId"] == link_id:
                return f"{root}.item[{g}].item[{i}]"
    raise AssertionError(f"the response has no item '{link_id}'")


def is_answered(content: Json, link_id: str) -> bool:
    """Tell whether the response has the question."""
    return any(item["linkId"] == link_id for item in items_of(content))


def as_bytes(resource: object) -> bytes:
    """Write any JSON, also null and what R4 does not allow; a Decimal keeps its digits."""
    try:
        return orjson.dumps(resource, default=_digits)
    except TypeError:  # a whole number of more than 64 bits
        return orjson.dumps(_without_wide_numbers(resource), default=_digits)


def _digits(number: Decimal) -> orjson.Fragment:
    return orjson.Fragment(str(number))


def _without_wide_numbers(content: object) -> object:
    """Have every whole number of more than 64 bits written as a Decimal is: by its digits."""
    if isinstance(content, dict):
        return {key: _without_wide_numbers(value) for key, value in content.items()}
    if isinstance(content, list):
        return [_without_wide_numbers(each) for each in content]
    return Decimal(content) if isinstance(content, int) and content.bit_length() > 63 else content


def _by_link(said: Mapping[str, Said]) -> dict[str, Said]:
    by_link = {name.replace("_", "-"): one for name, one in said.items()}
    assert by_link.keys() <= ITEMS.keys(), f"not in the form: {by_link.keys() - ITEMS.keys()}"
    return by_link


def _no(item: Item) -> Said:
    match item.kind:
        case "yes-no-not-sure":
            return "no"
        case "boolean":
            return False
        case "checklist":
            return [NONE_OF_THESE]
        case _:
            return None


def _mutable_items(content: Json) -> Iterator[Json]:
    for item in content.get("item", []):
        yield item
        yield from _mutable_items(item)
