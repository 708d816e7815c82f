"""Writes formulas over the answers as FHIRPath on ``%response``, in the subset that is also CQL; it decides nothing.

Some engines run FHIRPath as CQL, which is typed: hence no ``iif``, no union of strings, no comparison of whole lists.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import TypeVar

from service.knowledge.condition import Operator
from service.knowledge.form import Form, Item, Unit
from service.mapping.artefacts.fhirpath_formula import (
    FALSE,
    TRUE,
    AllOf,
    AnyOf,
    Denied,
    Formula,
    Given,
    Measured,
    Opposite,
    Written,
)
from service.mapping.canonical import NO

Asked = TypeVar("Asked", Given, Denied)
RESPONSE = "response"
"""The id of the action's input, and so the name of the variable that holds the response."""

SIGNS: Mapping[Operator, str] = {"below": "<", "at-most": "<=", "at-least": ">=", "above": ">"}


def fhirpath(form: Form, formula: Formula) -> str:
    """Write a formula as an expression that is true or false for every valid response, and never empty."""
    if formula == TRUE:
        return "true"
    if formula == FALSE:
        return "false"
    return _written(form, formula)


def _written(form: Form, formula: Formula) -> str:  # noqa: PLR0911 - one return for each kind of formula
    match formula:
        case AllOf(parts):
            return " and ".join(_conjuncts(form, parts))
        case AnyOf(parts):
            return " or ".join(_disjuncts(form, parts))
        case Opposite(part):
            return f"({_written(form, part)}).not()"
        case Given():
            return _given(form, [formula])
        case Denied():
            return _denied(form, [formula])
        case Measured(item, operator, threshold):
            return _measured(form, form.item(item), operator, threshold)
        case Written(item):
            return f"{_item(form, [item])}.answer.where(value != '').exists()"


def _conjuncts(form: Form, parts: tuple[Formula, ...]) -> Iterator[str]:
    denials = [part for part in parts if isinstance(part, Denied)]
    never = [part.part for part in parts if isinstance(part, Opposite) and isinstance(part.part, Given)]
    yield from (_denied(form, together) for together in _by_place(form, denials))
    yield from (f"({_given(form, together)}).not()" for together in _by_place(form, never))
    for part in parts:
        if part in denials or (isinstance(part, Opposite) and part.part in never):
            continue
        text = _written(form, part)
        yield f"({text})" if isinstance(part, AnyOf) else text


def _disjuncts(form: Form, parts: tuple[Formula, ...]) -> Iterator[str]:
    given = [part for part in parts if isinstance(part, Given)]
    yield from (_given(form, together) for together in _by_place(form, given))
    for part in parts:
        if part not in given:
            text = _written(form, part)
            yield f"({text})" if isinstance(part, AllOf) else text


def _by_place(form: Form, parts: Iterable[Asked]) -> list[list[Asked]]:
    """Put together what is asked of questions of one kind in one group: one path serves them all.

    Options of choices are no findings: the same may stand in two questions, and so each keeps its own path.
    """
    places: dict[tuple[str, str, str], list[Asked]] = {}
    for part in parts:
        kind = form.item(part.item).kind
        alone = part.item if kind in ("choice", "choices") else ""
        places.setdefault((_group_of(form, part.item), kind, alone), []).append(part)
    return list(places.values())


def _given(form: Form, parts: list[Given]) -> str:
    items = [part.item for part in parts]
    match form.item(items[0]).kind:
        case "boolean":
            return f"{_item(form, items)}.answer.where(value = true).exists()"
        case "yes-no-not-sure":
            return f"{_item(form, items)}.answer.value.where(code != '{NO}').exists()"
        case _:
            answers = sorted(answer for part in parts for answer in part.answers)
            return f"{_item(form, items)}.answer.value.where({_any('code', answers)}).exists()"


def _denied(form: Form, parts: list[Denied]) -> str:
    items = [part.item for part in parts]
    match form.item(items[0]).kind:
        case "boolean":
            told = "answer.where(value = false)"
        case "yes-no-not-sure":
            told = f"answer.value.where(code = '{NO}')"
        case _:
            return _chosen_otherwise(form, parts)
    if len(items) == 1:
        return f"{_item(form, items)}.{told}.exists()"
    return f"{_item(form, items)}.{told}.count() = {len(items)}"


def _chosen_otherwise(form: Form, parts: list[Denied]) -> str:
    items = [part.item for part in parts]
    answers = sorted({answer for part in parts for answer in part.answers})
    told = f"answer.value.code.exists() and answer.value.where({_any('code', answers)}).empty()"
    count = ".exists()" if len(items) == 1 else f".count() = {len(items)}"
    return f"{_item(form, items)}.where({told}){count}"


def _any(element: str, codes: Iterable[str]) -> str:
    return " or ".join(f"{element} = '{code}'" for code in codes)


def _measured(form: Form, item: Item, operator: Operator, threshold: Decimal) -> str:
    sign = SIGNS[operator]
    place = f"{_item(form, [item.link_id])}.answer"
    if item.kind == "integer":
        return f"{place}.where(value {sign} {threshold}).exists()"
    units = " or ".join(_in_unit(unit, sign, threshold) for unit in item.units)
    return f"{place}.select(value as Quantity).where({units}).exists()"


def _in_unit(unit: Unit, sign: str, threshold: Decimal) -> str:
    """Compare in one unit without rounding; where the threshold divides evenly, the value alone.

    ``(value - minus) * times / by`` against t is ``value * times`` against ``t * by + minus * times``.
    """
    product = threshold * unit.by + unit.minus * unit.times
    quotient = product / unit.times
    exact = quotient * unit.times == product and quotient == quotient.quantize(Decimal("0.0001"))
    left, right = ("value", quotient) if exact else (f"value * {_number(unit.times)}", product)
    return f"code = '{unit.code}' and {left} {sign} {_number(right)}"


def _number(number: Decimal) -> str:
    return format(number.normalize(), "f")


def _item(form: Form, items: Iterable[str]) -> str:
    named = sorted(set(items))
    group = _group_of(form, named[0])
    return f"%{RESPONSE}.item.where(linkId = '{group}').item.where({_any('linkId', named)})"


def _group_of(form: Form, link_id: str) -> str:
    return form.places[link_id][0].link_id
