"""Begins a response with what the record says for sure: ``$populate``; danger signs are left for a person to answer.

A checklist is never begun: what is not chosen in it counts as absent, and a record that is silent has denied nothing.
"""

from collections.abc import Mapping
from typing import Any

from service.engine.facts import Fact, Value
from service.errors import Issue
from service.knowledge.form import Form, Item
from service.mapping.canonical import QUESTIONNAIRE, system_of_options

FILLED_IN = ("integer", "choice")

Json = dict[str, Any]


def populated(form: Form, facts: Mapping[str, tuple[Fact, ...]], subject: Mapping[str, Any], authored: str) -> Json:
    """Write a QuestionnaireResponse in progress; a question on which the record says two things is left open."""
    groups = []
    for group in form.groups:
        items = [_item(item, facts[item.link_id][0].value) for item in group.items if _is_sure(item, facts)]
        if items:
            groups.append({"linkId": group.link_id, "text": group.text, "item": items})
    return {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": f"{QUESTIONNAIRE}|{form.version}",
        "status": "in-progress",
        "subject": dict(subject),
        "authored": authored,
        **({"item": groups} if groups else {}),
    }


def told(response: Mapping[str, Any]) -> Issue:
    """Say what was filled in, so that a person looks at it."""
    asked = [item["text"] for group in response.get("item", ()) for item in group["item"]]
    filled = f"filled in from the record, to be checked with the person: {' '.join(asked)}" if asked else "nothing"
    text = f"{filled}; all else is left open, because a record that is silent denies nothing"
    return Issue("information", "informational", text)


def _is_sure(item: Item, facts: Mapping[str, tuple[Fact, ...]]) -> bool:
    return item.kind in FILLED_IN and len(facts.get(item.link_id, ())) == 1


def _item(item: Item, value: Value) -> Json:
    return {"linkId": item.link_id, "text": item.ask, "answer": [_answer(item, value)]}


def _answer(item: Item, value: Value) -> Json:
    if isinstance(value, frozenset):
        (code,) = value
        return {"valueCoding": {"system": system_of_options(item.link_id), "code": code}}
    return {"valueInteger": int(value)}
