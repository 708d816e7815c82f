"""Gives a resource of R4 the shape of FHIR R5 (5.0.0), for the types that are answered in R5; the content stays."""

from collections.abc import Callable, Mapping
from typing import Any

Json = dict[str, Any]


def to_release5(resource: Mapping[str, Any]) -> Json:
    """Return the resource as R5 shapes it; raise KeyError for a type that is not offered in R5.

    It claims no profile: those of this project are for R4.
    """
    shaped = _SHAPES[resource["resourceType"]](dict(resource))
    meta = {key: value for key, value in shaped.get("meta", {}).items() if key != "profile"}
    without = {key: value for key, value in shaped.items() if key != "meta"}
    return {"resourceType": without.pop("resourceType"), **({"meta": meta} if meta else {}), **without}


def offered_in_release5() -> tuple[str, ...]:
    """Name the types that have a shape of R5 here, in alphabetical order."""
    return tuple(sorted(_SHAPES))


def _bundle(bundle: Json) -> Json:
    entries = [
        {**entry, "resource": to_release5(entry["resource"])} if "resource" in entry else entry
        for entry in bundle.get("entry", ())
    ]
    return {**bundle, "entry": entries} if entries else bundle


def _response(response: Json) -> Json:
    """R5: identifier repeats; an answer needs its value, so that one with extensions alone is left out."""
    if "identifier" in response:
        response["identifier"] = [response["identifier"]]
    if "item" in response:
        response["item"] = [_answered(item) for item in response["item"]]
    return response


def _answered(item: Mapping[str, Any]) -> Json:
    shaped = dict(item)
    if "item" in item:
        shaped["item"] = [_answered(one) for one in item["item"]]
    answers = [_inner(answer) for answer in item.get("answer", ()) if any(key.startswith("value") for key in answer)]
    shaped.pop("answer", None)
    return {**shaped, "answer": answers} if answers else shaped


def _inner(answer: Mapping[str, Any]) -> Json:
    return {**answer, "item": [_answered(one) for one in answer["item"]]} if "item" in answer else dict(answer)


def _questionnaire(questionnaire: Json) -> Json:
    """R5: choice and open-choice are coding, with a word on what else may be answered."""
    return {**questionnaire, "item": [_question(item) for item in questionnaire["item"]]}


def _question(item: Mapping[str, Any]) -> Json:
    shaped = dict(item)
    if item["type"] in ("choice", "open-choice"):
        shaped["type"] = "coding"
        shaped["answerConstraint"] = "optionsOnly" if item["type"] == "choice" else "optionsOrString"
    if "item" in item:
        shaped["item"] = [_question(one) for one in item["item"]]
    return shaped


def _care_plan(plan: Json) -> Json:
    """R5: an activity is a reference alone, so that what stood in a detail is contained as a request of its own."""
    if "author" in plan:
        plan["custodian"] = plan.pop("author")
    if "addresses" in plan:
        plan["addresses"] = [{"reference": one} for one in plan["addresses"]]
    activities, contained = [], list(plan.get("contained", ()))
    for number, activity in enumerate(plan.get("activity", ()), start=1):
        shaped = {key: value for key, value in activity.items() if key not in ("reference", "detail")}
        if "detail" in activity:
            contained.append(_request_of(activity["detail"], f"activity-{number}", plan["subject"]))
            shaped["plannedActivityReference"] = {"reference": f"#activity-{number}"}
        else:
            shaped["plannedActivityReference"] = activity["reference"]
        activities.append(shaped)
    shown = {"contained": contained, "activity": activities}
    return {**plan, **{key: entries for key, entries in shown.items() if entries}}


def _request_of(detail: Mapping[str, Any], name: str, subject: Mapping[str, Any]) -> Json:
    request: Json = {"resourceType": "ServiceRequest", "id": name, "status": "draft", "intent": "proposal"}
    if "code" in detail:
        request["code"] = {"concept": detail["code"]}
    if "doNotPerform" in detail:
        request["doNotPerform"] = detail["doNotPerform"]
    request["subject"] = subject
    if "description" in detail:
        request["patientInstruction"] = [{"instructionMarkdown": detail["description"]}]
    return request


def _service_request(request: Json) -> Json:
    """R5: codes and references to what supports a request are CodeableReferences, the instruction repeats."""
    if "code" in request:
        request["code"] = {"concept": request["code"]}
    if "supportingInfo" in request:
        request["supportingInfo"] = [{"reference": one} for one in request["supportingInfo"]]
    if "patientInstruction" in request:
        request["patientInstruction"] = [{"instructionMarkdown": request["patientInstruction"]}]
    return request


def _audit_event(event: Json) -> Json:
    """R5: type and subtype are category and code, outcome is a coding, an agent's network is a URI or a text."""
    event["category"] = [{"coding": [event.pop("type")]}]
    event["code"] = {"coding": event.pop("subtype")}
    event["outcome"] = {
        "code": {"system": "http://terminology.hl7.org/CodeSystem/audit-event-outcome", "code": event["outcome"]}
    }
    event["agent"] = [_agent(agent) for agent in event["agent"]]
    if "entity" in event:
        event["entity"] = [_entity(entity) for entity in event["entity"]]
    return event


def _agent(agent: Mapping[str, Any]) -> Json:
    shaped = {key: value for key, value in agent.items() if key != "network"}
    address = agent.get("network", {}).get("address")
    is_uri = agent.get("network", {}).get("type") == "5"
    return {**shaped, "networkUri" if is_uri else "networkString": address} if address else shaped


def _entity(entity: Mapping[str, Any]) -> Json:
    shaped = {key: value for key, value in entity.items() if key not in ("type", "name", "description")}
    return {**shaped, "role": {"coding": [entity["role"]]}} if "role" in entity else shaped


def _as_it_is(resource: Json) -> Json:
    return resource


_SHAPES: Mapping[str, Callable[[Json], Json]] = {
    "AuditEvent": _audit_event,
    "Bundle": _bundle,
    "CarePlan": _care_plan,
    "OperationOutcome": _as_it_is,
    "Provenance": _as_it_is,
    "Questionnaire": _questionnaire,
    "QuestionnaireResponse": _response,
    "RiskAssessment": _as_it_is,
    "ServiceRequest": _service_request,
}
