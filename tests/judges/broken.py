"""Broken copies of good resources, one fault each: a judge that does not find all of them is no judge."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from re import fullmatch
from typing import Any

import orjson

from tests.example_cases import FOLDER
from tests.judges.shown import definitions, samples

Json = dict[str, Any]
GONE = object()
EXAMPLE = "within-24h-breath-pain"
HL7 = "http://hl7.org/fhir/StructureDefinition"
OWN = "https://w3id.org/upper-back-triage"
LOW = {"system": "http://terminology.hl7.org/CodeSystem/risk-probability", "code": "low", "display": "Low likelihood"}


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: in which resource, where, what is put there (GONE: nothing), and why that is wrong.

    A place is a path of element names; in brackets stands an index, a linkId, the last part of an extension's URL, or
    the code of a cause. ``seen_by`` names who beside HAPI's judge sees it, by the letters of test_content.py.
    """

    resource: str
    place: str
    put: object
    because: str
    seen_by: str = ""


FAULTS = (
    # RiskAssessment
    Fault("RiskAssessment", "status", GONE, "R4 wants a status", "gkm"),
    Fault("RiskAssessment", "status", "done", "no status of R4", "gim"),
    Fault("RiskAssessment", "status", "registered", "a status of R4, but none of ours", "im"),
    Fault("RiskAssessment", "subject", {"reference": "Group/1"}, "of a patient alone"),
    Fault("RiskAssessment", "text", GONE, "a clinician reads the text", "m"),
    Fault("RiskAssessment", "basis", GONE, "of which response?", "m"),
    Fault("RiskAssessment", "mitigation", GONE, "what to do is not said", "m"),
    Fault("RiskAssessment", "performer", {"reference": "Practitioner/1"}, "no person made it", "m"),
    Fault(
        "RiskAssessment", "modifierExtension", [{"url": f"{OWN}/not", "valueBoolean": True}], "negated in silence", "m"
    ),
    Fault("RiskAssessment", "extension[triage-level]", GONE, "without a level", "m"),
    Fault("RiskAssessment", "extension[triage-ceiling]", GONE, "without a ceiling", "m"),
    Fault("RiskAssessment", "extension[rule-book]", GONE, "by which rules?", "m"),
    Fault("RiskAssessment", "extension[policy]", GONE, "under which policy?", "m"),
    Fault("RiskAssessment", "extension[triage-level].valueCodeableConcept.coding[0].code", "soon", "no level"),
    Fault(
        "RiskAssessment", "extension[triage-level].url", f"{OWN}/StructureDefinition/level", "no such extension", "m"
    ),
    Fault("RiskAssessment", "extension[scope].valueCode", "sideways", "no scope"),
    Fault("RiskAssessment", "extension[scope].valueCode", "out", "out of scope, and yet causes", "im"),
    Fault("RiskAssessment", "extension[rule-book].extension[sha256].valueString", "abc", "no SHA-256", "i"),
    Fault("RiskAssessment", "extension[trace].extension[verdict]", GONE, "fired or undecided?", "m"),
    Fault("RiskAssessment", "extension[trace].extension[verdict].valueCode", "maybe", "no verdict"),
    Fault("RiskAssessment", "extension[trace].extension[statement].url", "sentence", "no such part, and none cited"),
    Fault("RiskAssessment", "extension[trace].extension[finding].valueCode", "no-such-finding", "no finding"),
    Fault("RiskAssessment", "extension[input-used].extension[from]", GONE, "who said so?", "m"),
    Fault("RiskAssessment", "extension[input-used].extension[finding]", GONE, "what is known?", "m"),
    Fault("RiskAssessment", "prediction[0].probabilityDecimal", 50, "no source gives a probability", "m"),
    Fault("RiskAssessment", "prediction[0].qualitativeRisk.coding[1].code", "high", "never above moderate"),
    Fault(
        "RiskAssessment",
        "prediction[pulmonary-embolism].qualitativeRisk.coding[1]",
        LOW,
        "a dangerous cause is never low",
        "i",
    ),
    Fault("RiskAssessment", "prediction[0].qualitativeRisk.coding[0]", GONE, "how does it fit?", "m"),
    Fault("RiskAssessment", "prediction[0].outcome.coding[0].code", "no-such-cause", "no cause"),
    Fault("RiskAssessment", "prediction[0].rationale", GONE, "why?", "m"),
    Fault("RiskAssessment", "prediction[0].extension[rests-on]", GONE, "by whose word?", "km"),
    # CarePlan
    Fault("CarePlan", "intent", "order", "never an order", "m"),
    Fault("CarePlan", "status", "active", "never more than a draft", "im"),
    Fault("CarePlan", "extension", GONE, "without a level", "m"),
    Fault("CarePlan", "activity", GONE, "a plan of nothing", "im"),
    Fault("CarePlan", "activity[0]", GONE, "the level does not come first", "im"),
    Fault("CarePlan", "activity[1].reference", {"reference": "ServiceRequest/1"}, "cpl-3: detail and reference", "im"),
    Fault("CarePlan", "activity[1].detail.status", "scheduled", "nothing is scheduled"),
    Fault("CarePlan", "activity[1].detail.kind", "Massage", "no kind of R4", "g"),
    Fault("CarePlan", "activity[1].detail.description", GONE, "in no words"),
    Fault("CarePlan", "activity[1].detail.code.coding[0].code", "no-such-activity", "no activity"),
    Fault("CarePlan", "instantiatesCanonical", GONE, "by which PlanDefinition?", "m"),
    Fault("CarePlan", "supportingInfo", GONE, "from which RiskAssessment?", "m"),
    Fault("CarePlan", "description", "", "an empty string", "gkm"),
    # ServiceRequest
    Fault("ServiceRequest", "intent", "order", "never an order", "m"),
    Fault("ServiceRequest", "status", "active", "never more than a draft", "im"),
    Fault("ServiceRequest", "priority", "soon", "no priority of R4", "g"),
    Fault("ServiceRequest", "priority", GONE, "how urgent?", "m"),
    Fault("ServiceRequest", "extension", GONE, "without a level", "m"),
    Fault("ServiceRequest", "patientInstruction", GONE, "what to do is not said", "m"),
    Fault("ServiceRequest", "doNotPerform", True, "the level turned round", "m"),
    Fault("ServiceRequest", "occurrencePeriod.start", "2026-02-30", "no such day", "gim"),
    Fault("ServiceRequest", "reasonReference", [{"reference": "RiskAssessment/1"}], "R4 allows none there", "g"),
    # QuestionnaireResponse
    Fault("QuestionnaireResponse", "status", "done", "no status of R4", "g"),
    Fault("QuestionnaireResponse", "questionnaire", f"{OWN}/Questionnaire/lower-back", "another form", "im"),
    Fault("QuestionnaireResponse", "subject", {"reference": "Group/1"}, "of a patient alone"),
    Fault("QuestionnaireResponse", "item[0].linkId", "group-of-nothing", "no such group"),
    Fault("QuestionnaireResponse", "item[0].item[dyspnoea].answer[0]", {"valueBoolean": False}, "a choice, no boolean"),
    Fault("QuestionnaireResponse", "item[0].item[dyspnoea].answer[0].valueCoding.code", "maybe", "no option"),
    Fault("QuestionnaireResponse", "item[0].item[dyspnoea].answer", GONE, "required"),
    Fault(
        "QuestionnaireResponse",
        "item[0].item[dyspnoea].modifierExtension",
        [{"url": f"{OWN}/example/negated", "valueBoolean": True}],
        "negated in silence",
        "i",
    ),
    # definitions
    Fault("Questionnaire", "status", GONE, "R4 wants a status", "gkm"),
    Fault("Questionnaire", "item[0].linkId", GONE, "R4 wants a linkId", "gkm"),
    Fault("Questionnaire", "item[1].linkId", "group-danger-now", "que-2: twice the same linkId", "i"),
    Fault("Questionnaire", "item[0].type", "section", "no type of R4", "g"),
    Fault("Questionnaire", "item[1].enableWhen[0].operator", "is", "no operator of R4", "g"),
    Fault("CodeSystem", "concept[1].code", "ambulance", "csd-1: twice the same code", "im"),
    Fault("CodeSystem", "content", GONE, "R4 wants a content", "gkm"),
    Fault("ValueSet", "compose.include[0].system", GONE, "vsd-1: codes of what?", "im"),
    Fault("StructureDefinition", "differential", "none", "no differential", "gkm"),
    Fault("StructureDefinition", "kind", "thing", "no kind of R4", "g"),
    Fault("OperationDefinition", "parameter[0].use", "inout", "no use of R4", "g"),
    Fault("OperationDefinition", "parameter[0].min", GONE, "R4 wants a minimum", "gkm"),
    Fault("ActivityDefinition", "status", GONE, "R4 wants a status", "gkm"),
    Fault("ActivityDefinition", "kind", "Massage", "no kind of R4", "g"),
    Fault("ActivityDefinition", "relatedArtifact[0].type", "quotation", "no relation of R4", "g"),
    Fault("PlanDefinition", "action[0].action[0].condition[0].kind", "perhaps", "no kind of R4", "g"),
    Fault("Library", "type", GONE, "R4 wants a type", "gkm"),
    Fault("ConceptMap", "group[0].element[0].target[0].comment", GONE, "cmd-1: inexact, and nobody says how", "im"),
    Fault("ConceptMap", "group[0].element[0].target[0].equivalence", "alike", "no equivalence of R4", "g"),
    Fault("SearchParameter", "code", GONE, "R4 wants a code", "gkm"),
    Fault("SearchParameter", "type", "level", "no type of R4", "g"),
    Fault("CapabilityStatement", "kind", "instance", "cpb-14: an instance of what?", "im"),
    Fault("CapabilityStatement", "fhirVersion", GONE, "R4 wants a version", "gkm"),
    Fault(
        "CapabilityStatement", "rest[0].resource[1].type", "QuestionnaireResponse", "cpb-9: twice the same type", "im"
    ),
    Fault("ImplementationGuide", "packageId", GONE, "R4 wants a package", "gkm"),
    Fault("ImplementationGuide", "definition.resource[0].groupingId", "elsewhere", "ig-1: no such group", "im"),
    # the Bundle and what goes with it
    Fault("Bundle", "total", 3, "bdl-1: no total in a collection", "im"),
    Fault("Bundle", "type", "pile", "no type of R4", "g"),
    Fault(
        "Bundle", "entry[0].resource.status", "registered", "a status of R4, but none of ours, within a Bundle", "im"
    ),
    Fault(
        "Bundle", "entry[1].resource.activity[1].reference", {"reference": "ServiceRequest/1"}, "cpl-3 within it", "im"
    ),
    Fault("OperationOutcome", "issue", GONE, "R4 wants an issue", "gkm"),
    Fault("OperationOutcome", "issue[0].severity", "bad", "no severity of R4", "g"),
)


def whole() -> dict[str, Json]:
    """Return the good resource of each type that the faults start from."""
    answer = orjson.loads(_text("answer.json"))
    found = {entry["resource"]["resourceType"]: entry["resource"] for entry in answer["entry"]}
    issue = {"severity": "warning", "code": "business-rule", "details": {"text": "Noticed."}}
    made = {name: orjson.loads(content) for name, content in definitions().items()}
    return {
        "OperationOutcome": {"resourceType": "OperationOutcome", "issue": [issue]},
        **found,
        "Bundle": answer,
        "QuestionnaireResponse": orjson.loads(samples()[f"{EXAMPLE}.json"]),
        "Questionnaire": made["Questionnaire-upper-back-pain.json"],
        "CodeSystem": made["CodeSystem-triage-level.json"],
        "ValueSet": made["ValueSet-triage-level.json"],
        "StructureDefinition": made["StructureDefinition-triage-level.json"],
        "OperationDefinition": made["OperationDefinition-triage.json"],
        "ActivityDefinition": made["ActivityDefinition-call-ambulance.json"],
        "PlanDefinition": made["PlanDefinition-upper-back-pain.json"],
        "Library": made["Library-upper-back-pain.json"],
        "ConceptMap": made["ConceptMap-finding.json"],
        "SearchParameter": made["SearchParameter-response.json"],
        "CapabilityStatement": made["CapabilityStatement-upper-back-triage.json"],
        "ImplementationGuide": made["ImplementationGuide-upper-back-triage.json"],
    }


def broken() -> dict[str, bytes]:
    """Write every broken copy, and each whole resource beside them."""
    good = whole()
    copies = {f"fault-{number:03}.json": _with(good[one.resource], one) for number, one in enumerate(FAULTS)}
    return {name: orjson.dumps(one) for name, one in (*copies.items(), *_named(good))}


def _named(good: Mapping[str, Json]) -> list[tuple[str, Json]]:
    return [(f"whole-{name}.json", resource) for name, resource in good.items()]


def _text(name: str) -> bytes:
    return (FOLDER / EXAMPLE / name).read_bytes()


def _with(resource: Json, fault: Fault) -> Json:
    copy = deepcopy(resource)
    holder: Any = copy
    *before, last = [part for step in fault.place.split(".") for part in _parts(step)]
    for part in before:
        holder = holder[_key(holder, part)]
    key = last if isinstance(holder, dict) else _key(holder, last)
    if fault.put is GONE:
        del holder[key]
    else:
        holder[key] = fault.put
    return copy


def _parts(step: str) -> list[str]:
    """Split ``item[3]`` into its name and what stands in brackets."""
    match = fullmatch(r"([^\[]+)(?:\[(.+)\])?", step)
    assert match is not None, step
    return [part for part in match.groups() if part is not None]


def _key(holder: Any, part: str) -> Any:
    """Find a list's entry by its index or by a name; the first one counts."""
    if isinstance(holder, dict):
        return part
    if part.isdigit():
        return int(part)
    return next(number for number, one in enumerate(holder) if part in _names(one))


def _names(one: Json) -> Iterator[object]:
    yield one.get("linkId")
    yield one.get("url", "").rpartition("/")[2]
    yield from (coding["code"] for coding in one.get("outcome", {}).get("coding", ()))
