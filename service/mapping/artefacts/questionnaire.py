"""Writes the form as a FHIR R4 Questionnaire: groups, options, units, bounds and what is asked when; never a default answer."""

from collections.abc import Iterator
from typing import Any

from service.knowledge.condition import AtLeast, Chosen, Compares, Condition, Holds, Not
from service.knowledge.form import Form, Group, Item
from service.knowledge.model import RuleBook
from service.mapping.canonical import (
    ADMINISTRATIVE_GENDER,
    ANSWER,
    FINDING,
    FINDING_OPTION,
    NONE_OF_THESE,
    NOT_SURE,
    QUESTIONNAIRE,
    UCUM,
    YES,
    help_link,
    options_of,
)

HL7 = "http://hl7.org/fhir/StructureDefinition"
SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition"
TYPES = {
    "boolean": "boolean",
    "yes-no-not-sure": "choice",
    "checklist": "choice",
    "choice": "choice",
    "choices": "choice",
    "integer": "integer",
    "quantity": "quantity",
    "text": "text",
}
OPERATORS = {"below": "<", "at-most": "<=", "at-least": ">=", "above": ">"}
ALONE = frozenset({NONE_OF_THESE, "none", "nothing"})

Resource = dict[str, Any]


def questionnaire(book: RuleBook) -> Resource:
    """Build the Questionnaire of a book; its version is the form's own."""
    form = book.form
    return {
        "resourceType": "Questionnaire",
        "id": "upper-back-pain",
        "url": QUESTIONNAIRE,
        "version": form.version,
        "name": "UpperBackPain",
        "title": form.title,
        "status": "draft",
        "experimental": True,
        "subjectType": ["Patient"],
        "date": "2026-11-21",
        "publisher": "Upper back triage project",
        "description": form.description,
        "item": [_group(form, group) for group in form.groups],
    }


def _group(form: Form, group: Group) -> Resource:
    written: Resource = {"linkId": group.link_id, "text": group.text, "type": "group"}
    _enable(written, [_unless(form, finding) for finding in group.ended_by], "all")
    return {**written, "item": [_item(form, item) for item in group.items]}


def _item(form: Form, item: Item) -> Resource:
    extensions = [*_units(item), *_bounds(item), *_control(item)]
    written: Resource = {"extension": extensions} if extensions else {}
    written |= {"linkId": item.link_id, "text": item.ask, "type": TYPES[item.kind]}
    if len(item.findings) == 1:
        written["code"] = [{"system": FINDING, "code": item.findings[0]}]
    if item.ended_by:
        _enable(written, [_unless(form, finding) for finding in item.ended_by], "all")
    elif item.shown_when is not None:
        _enable(written, *_shown(form, item.shown_when))
    written["required"] = item.required
    if item.kind in ("checklist", "choices"):
        written["repeats"] = True
    if TYPES[item.kind] == "choice":
        written["answerOption"] = [_option(form, *option) for option in _options(item)]
    if item.help:
        written["item"] = [_help(item)]
    return written


def _options(item: Item) -> tuple[tuple[str, str], ...]:
    return options_of(item.kind, item.link_id, item.findings, item.options)


def _option(form: Form, system: str, code: str) -> Resource:
    option: Resource = {}
    if code in ALONE:
        option["extension"] = [{"url": f"{HL7}/questionnaire-optionExclusive", "valueBoolean": True}]
    return {**option, "valueCoding": {"system": system, "code": code, "display": form.words[code]}}


def _help(item: Item) -> Resource:
    control = {"coding": [{"system": "http://hl7.org/fhir/questionnaire-item-control", "code": "help"}]}
    return {
        "extension": [{"url": f"{HL7}/questionnaire-itemControl", "valueCodeableConcept": control}],
        "linkId": help_link(item.link_id),
        "text": item.help,
        "type": "display",
    }


def _units(item: Item) -> Iterator[Resource]:
    for unit in item.units:
        coding = {"system": UCUM, "code": unit.code, "display": unit.name}
        yield {"url": f"{HL7}/questionnaire-unitOption", "valueCoding": coding}


def _bounds(item: Item) -> Iterator[Resource]:
    for word, bound in (("min", item.minimum), ("max", item.maximum)):
        if bound is None:
            continue
        if item.kind == "integer":
            yield {"url": f"{HL7}/{word}Value", "valueInteger": int(bound)}
        else:
            quantity = {"value": bound, "unit": item.units[0].name, "system": UCUM, "code": item.unit}
            yield {"url": f"{SDC}/sdc-questionnaire-{word}Quantity", "valueQuantity": quantity}


def _control(item: Item) -> Iterator[Resource]:
    if item.kind in ("checklist", "choices"):
        control = {"coding": [{"system": "http://hl7.org/fhir/questionnaire-item-control", "code": "check-box"}]}
        yield {"url": f"{HL7}/questionnaire-itemControl", "valueCodeableConcept": control}


def _enable(written: Resource, conditions: list[list[Resource]], behavior: str) -> None:
    flat = [condition for group in conditions for condition in group]
    if flat:
        written["enableWhen"] = flat
    if len(flat) > 1:
        written["enableBehavior"] = behavior


def _shown(form: Form, condition: Condition) -> tuple[list[list[Resource]], str]:
    """Write a condition as enableWhen: one list of leaves, all or any of which must hold; deeper ones have no R4 form."""
    match condition:
        case AtLeast(1, parts) if len(parts) > 1:
            return [_leaf(form, part) for part in parts], "any"
        case AtLeast(count, parts) if count == len(parts):
            return [_leaf(form, part) for part in parts], "all"
        case Not(_):
            return [_leaf(form, condition)], "all"
        case _:
            return [_leaf(form, condition)], "any"


def _leaf(form: Form, condition: Condition) -> list[Resource]:
    match condition:
        case Holds(finding):
            return [_compared(form, finding, "=", answer) for answer in _yes(form, finding)]
        case Not(Holds(finding)):
            return _unless(form, finding)
        case Chosen(choice, option):
            return [_compared(form, choice, "=", {"answerCoding": _coding(choice, option)})]
        case Not(Chosen(choice, option)):
            return [_compared(form, choice, "!=", {"answerCoding": _coding(choice, option)})]
        case Compares(measure, operator, threshold):
            return [_compared(form, measure, OPERATORS[operator], {"answerInteger": int(threshold)})]
        case _:
            raise TypeError(f"enableWhen has no form for {type(condition).__name__}")


def _unless(form: Form, finding: str) -> list[Resource]:
    return [_compared(form, finding, "!=", answer) for answer in _yes(form, finding)]


def _compared(form: Form, finding: str, operator: str, answer: Resource) -> Resource:
    return {"question": form.item_of[finding], "operator": operator, **answer}


def _yes(form: Form, finding: str) -> list[Resource]:
    """List the answers that make a finding present."""
    item = form.item(form.item_of[finding])
    match item.kind:
        case "boolean":
            return [{"answerBoolean": True}]
        case "yes-no-not-sure":
            return [{"answerCoding": {"system": ANSWER, "code": code}} for code in (YES, NOT_SURE)]
        case _:
            return [{"answerCoding": {"system": FINDING, "code": finding}}]


def _coding(choice: str, option: str) -> Resource:
    return {"system": ADMINISTRATIVE_GENDER if choice == "sex" else FINDING_OPTION, "code": option}
