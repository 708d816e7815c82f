"""Writes the plan of a triage as ``PlanDefinition/$apply`` wants it: a CarePlan whose activity is one RequestGroup."""

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]

GROUP = "requests"
KEPT = ("resourceType", "meta", "text", "extension", "instantiatesCanonical", "status", "intent", "category", "title",
        "description", "subject", "encounter", "created", "author", "note")  # fmt: skip


def applied(results: Mapping[str, Mapping[str, Any]]) -> Json:
    """Join CarePlan and ServiceRequest of one response, by type, into one CarePlan with its RequestGroup inside.

    What the CarePlan says stays word for word; each of its activities becomes an action, in its order.
    """
    plan, request = results["CarePlan"], results["ServiceRequest"]
    group = {
        "resourceType": "RequestGroup",
        "id": GROUP,
        "instantiatesCanonical": plan["instantiatesCanonical"],
        "status": "draft",
        "intent": "proposal",
        "priority": request["priority"],
        "subject": plan["subject"],
        **({"authoredOn": plan["created"]} if "created" in plan else {}),
        "author": plan["author"],
        "action": [_action(activity, request) for activity in plan["activity"]],
    }
    kept: Json = {key: plan[key] for key in KEPT if key in plan}
    before: Json = {key: kept[key] for key in ("resourceType", "meta", "text") if key in kept}
    return {**before, "contained": [group], **kept, "activity": [{"reference": {"reference": f"#{GROUP}"}}]}


def _action(activity: Mapping[str, Any], request: Mapping[str, Any]) -> Json:
    extension = {"extension": activity["extension"]} if "extension" in activity else {}
    if "reference" in activity:
        code, words, priority = request["code"], request["patientInstruction"], {"priority": request["priority"]}
    else:
        detail = activity["detail"]
        code, words, priority = detail["code"], detail["description"], {}
        # An action has no doNotPerform; the words say what must not be done, and the title says that it is a warning.
        if detail.get("doNotPerform"):
            return {**extension, "title": f"Do not: {code['text']}", "description": words, "code": [code]}
    return {**extension, "title": code["text"], "description": words, **priority, "code": [code]}
