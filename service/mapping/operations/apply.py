"""Writes the plan of a triage as ``PlanDefinition/$apply`` wants it: a CarePlan whose activity is one RequestGroup."""

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]

GROUP = "requests"
KEPT = ("resourceType", "meta", "text", "extension", "instantiatesCanonical", "status", "intent", "category", "title",
        "description", "subject", "encounter", "created", "author", "note")  # fmt: skip


def applied(results: Mapping[str, Mapping[str, Any]]) -> Json:
    """Join CarePlan and ServiceRequest of one response, by type, into one CarePlan with its RequestGroup inside.

    What the CarePlan says stays word for word; each of its activities becomes an action with its ServiceRequest, in its
    order. The profile of the CarePlan is not claimed, as it wants the activities themselves.
    """
    plan, request = results["CarePlan"], results["ServiceRequest"]
    actions = [_action(f"activity-{index}", one, request) for index, one in enumerate(plan["activity"], 1)]
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
        "action": actions,
    }
    requests = [_request(action, one, plan) for action, one in zip(actions, plan["activity"], strict=True)]
    kept: Json = {key: plan[key] for key in KEPT if key in plan}
    kept["meta"] = {key: value for key, value in plan.get("meta", {}).items() if key != "profile"}
    before: Json = {key: kept[key] for key in ("resourceType", "meta", "text") if kept.get(key)}
    behind: Json = {key: value for key, value in kept.items() if value}
    contained = [group, *requests]
    return {**before, "contained": contained, **behind, "activity": [{"reference": {"reference": f"#{GROUP}"}}]}


def _action(name: str, activity: Mapping[str, Any], request: Mapping[str, Any]) -> Json:
    extension = {"extension": activity["extension"]} if "extension" in activity else {}
    resource = {"resource": {"reference": f"#{name}"}}
    if "reference" in activity:
        code, words, priority = request["code"], request["patientInstruction"], {"priority": request["priority"]}
    else:
        detail = activity["detail"]
        code, words, priority = detail["code"], detail["description"], {}
        # An action has no doNotPerform; the words say what must not be done, and the title says that it is a warning.
        if detail.get("doNotPerform"):
            return {**extension, "title": f"Do not: {code['text']}", "description": words, "code": [code], **resource}
    return {**extension, "title": code["text"], "description": words, **priority, "code": [code], **resource}


def _request(action: Mapping[str, Any], activity: Mapping[str, Any], plan: Mapping[str, Any]) -> Json:
    """Return the request that an action stands for; without one, R4 takes an action for a group of others (rqg-1)."""
    forbidden = activity.get("detail", {}).get("doNotPerform", False)
    return {
        "resourceType": "ServiceRequest",
        "id": action["resource"]["reference"].removeprefix("#"),
        "status": "draft",
        "intent": "proposal",
        **({"priority": action["priority"]} if "priority" in action else {}),
        **({"doNotPerform": True} if forbidden else {}),
        "code": action["code"][0],
        "subject": plan["subject"],
        "patientInstruction": action["description"],
    }
