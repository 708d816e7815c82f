"""Writes a counterexample as a QuestionnaireResponse that can be posted; it does not triage it."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal

from service.engine.proof.property import Example, Said, Ticked
from service.knowledge.form import Form, Item
from service.mapping.canonical import NO, NONE_OF_THESE, NOT_SURE, QUESTIONNAIRE, UCUM, YES, options_of


def response_of(form: Form, example: Example, authored: datetime) -> dict[str, object] | None:
    """Fill the form as the example says; None where its facts do not come from answers alone.

    Where the answers are to be old, the response has no time.
    """
    if example.answers is None:
        return None
    said = example.answers
    groups = [
        {"linkId": group.link_id, "item": answered}
        for group in form.groups
        if (answered := [_answered(item, said[item.link_id]) for item in group.items if item.link_id in said])
    ]
    timed = {} if example.facts.get("answers-old") is True else {"authored": authored.isoformat(timespec="seconds")}
    return {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": f"{QUESTIONNAIRE}|{form.version}",
        "status": "completed",
        **timed,
        **({"item": groups} if groups else {}),
    }


def _answered(item: Item, said: Said) -> dict[str, object]:
    return {"linkId": item.link_id, "answer": list(_answers(item, said))}


def _answers(item: Item, said: Said) -> Iterator[Mapping[str, object]]:
    match item.kind, said:
        case "boolean", bool():
            yield {"valueBoolean": said}
        case "yes-no-not-sure", bool():
            yield _coding(item, YES if said else NO)
        case "integer", Decimal():
            yield {"valueInteger": int(said)}
        case "quantity", Decimal():
            unit = next(one for one in item.units if one.code == item.unit)
            yield {"valueQuantity": {"value": said, "unit": unit.name, "system": UCUM, "code": unit.code}}
        case _, Ticked(chosen, not_sure):
            yield from (_coding(item, one) for one in item.findings if one in chosen)
            if not_sure or not chosen:
                yield _coding(item, NOT_SURE if not_sure else NONE_OF_THESE)
        case _, frozenset():
            yield from (_coding(item, one) for one in item.options if one in said)
        case _:
            raise TypeError(f"'{item.link_id}' cannot be answered with {type(said).__name__}")


def _coding(item: Item, code: str) -> dict[str, object]:
    system = next(system for system, offered in options_of(item) if offered == code)
    return {"valueCoding": {"system": system, "code": code}}
