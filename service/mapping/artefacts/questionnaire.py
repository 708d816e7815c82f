"""Writes the form as a FHIR R4 Questionnaire: groups, options, units, bounds, what is asked when; no default."""

from collections.abc import Iterator
from typing import Any

from service.knowledge.condition import AtLeast, Chosen, Compares, Condition, Holds, Not
from service.knowledge.form import Form, Group, Item
from service.knowledge.model import RuleBook
from service.knowledge.parse import BookError
from service.mapping.artefacts.publication import published
from service.mapping.canonical import (
    ALONE,
    ANSWER,
    FINDING,
    NOT_SURE,
    UCUM,
    YES,
    help_link,
    options_of,
    system_of_options,
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

Resource = dict[str, Any]


def questionnaire(book: RuleBook) -> Resource:
    """Build the Questionnaire of a book; its version is the form's own."""
    form = book.form
    return {
        **published("Questionnaire", "upper-back-pain", form.title, form.version),
        "subjectType": ["Patient"],
        "description": form.description,
        "item": [_group(form, group) for group in form.groups],
    }


def _group(form: Form, group: Group) -> Resource:
    written: Resource = {"linkId": group.link_id, "text": group.text, "type": "group"}
    written |= _enabled(_unless(form, *group.ended_by), "all")
    return {**written, "item": [_item(form, item) for item in group.items]}


def _item(form: Form, item: Item) -> Resource:
    extensions = [*_units(item), *_bounds(item), *_control(item)]
    written: Resource = {"extension": extensions} if extensions else {}
    written |= {"linkId": item.link_id, "text": item.ask, "type": TYPES[item.kind]}
    if len(item.findings) == 1:
        written["code"] = [{"system": FINDING, "code": item.findings[0]}]
    if item.shown_when is None:
        written |= _enabled(_unless(form, *item.ended_by), "all")
    else:
        written |= _enabled(*_shown(form, item.shown_when))
    written["required"] = item.required
    if item.kind in ("checklist", "choices"):
        written["repeats"] = True
    if TYPES[item.kind] == "choice":
        written["answerOption"] = [_option(form, *option) for option in options_of(item)]
    if item.help:
        written["item"] = [_help(item)]
    return written


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


def _enabled(conditions: list[Resource], behaviour: str) -> Resource:
    if not conditions:
        return {}
    return {"enableWhen": conditions} | ({"enableBehavior": behaviour} if len(conditions) > 1 else {})


def _shown(form: Form, condition: Condition) -> tuple[list[Resource], str]:
    """Write a condition as enableWhen: one list of comparisons, all or any of which must hold, and no deeper."""
    match condition:
        case AtLeast(count, parts) if count in (1, len(parts)):
            behaviour = "any" if count == 1 else "all"
            return [leaf for part in parts for leaf in _compared(form, part, behaviour)], behaviour
        case Not(_):
            return _compared(form, condition, "all"), "all"
        case _:
            return _compared(form, condition, "any"), "any"


def _compared(form: Form, condition: Condition, behaviour: str) -> list[Resource]:
    """Write one comparison; a finding that two answers make present needs both, and so fits one behaviour alone."""
    match condition:
        case Holds(finding):
            conditions = [_comparison(form, finding, "=", answer) for answer in _yes(form, finding)]
            fitting = "any"
        case Not(Holds(finding)):
            conditions, fitting = _unless(form, finding), "all"
        case Chosen(choice, option):
            coding = {"system": system_of_options(choice), "code": option}
            return [_comparison(form, choice, "=", {"answerCoding": coding})]
        case Not(Chosen(choice, option)):
            coding = {"system": system_of_options(choice), "code": option}
            return [_comparison(form, choice, "!=", {"answerCoding": coding})]
        case Compares(measure, operator, threshold) if form.item(form.item_of[measure]).kind == "integer":
            return [_comparison(form, measure, OPERATORS[operator], {"answerInteger": int(threshold)})]
        case _:
            raise BookError(
                f"questionnaire.yaml: shown-when: {type(condition).__name__} has no form in enableWhen of R4"
            )
    if len(conditions) > 1 and behaviour != fitting:
        raise BookError(
            f"questionnaire.yaml: shown-when: '{finding}' has two answers; in R4 they fit '{fitting}' alone"
        )
    return conditions


def _unless(form: Form, *findings: str) -> list[Resource]:
    return [_comparison(form, finding, "!=", answer) for finding in findings for answer in _yes(form, finding)]


def _comparison(form: Form, finding: str, operator: str, answer: Resource) -> Resource:
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
