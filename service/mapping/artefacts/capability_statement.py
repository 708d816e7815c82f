"""Writes what a server of this package offers, as requirements; what one instance does stands at its /metadata."""

from typing import Any

from service import __version__
from service.mapping.artefacts.publication import published
from service.mapping.canonical import BASE
from service.mapping.search.parameters import ID, LAST_UPDATED, PACKAGE_TYPES, STORED_TYPES, Parameter, parameters

HL7 = "http://hl7.org/fhir"
OPERATIONS = {
    "triage": f"{BASE}/OperationDefinition/triage",
    "validate": f"{HL7}/OperationDefinition/Resource-validate",
    "extract": "http://hl7.org/fhir/uv/sdc/OperationDefinition/QuestionnaireResponse-extract",
    "populate": "http://hl7.org/fhir/uv/sdc/OperationDefinition/Questionnaire-populate",
    "apply": f"{HL7}/OperationDefinition/PlanDefinition-apply",
    "expand": f"{HL7}/OperationDefinition/ValueSet-expand",
    "validate-code": f"{HL7}/OperationDefinition/ValueSet-validate-code",
    "process-message": f"{HL7}/OperationDefinition/MessageHeader-process-message",
}
STORED = ("read", "vread", "history-instance", "history-type", "search-type")
PROFILES = {
    "RiskAssessment": "triage-risk-assessment",
    "CarePlan": "triage-care-plan",
    "ServiceRequest": "triage-service-request",
}
OFFERED_ON = {"Questionnaire": ("populate",), "PlanDefinition": ("apply",), "ValueSet": ("expand", "validate-code")}
"""By type of the package, its operations."""

Json = dict[str, Any]


def capability_statement() -> Json:
    """Build the CapabilityStatement of kind requirements."""
    results = [kind for kind in STORED_TYPES if kind != "QuestionnaireResponse"]
    return {
        **published("CapabilityStatement", "upper-back-triage", "A server that triages upper back pain", __version__),
        "description": (
            "What a server of this package offers: it triages responses, stores those that are posted with their "
            "results, never overwrites or deletes one, and serves the definitions of the package."
        ),
        "kind": "requirements",
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json", "application/fhir+xml"],
        "rest": [
            {
                "mode": "server",
                "resource": [_responses(), *map(_result, results), *map(_published, PACKAGE_TYPES)],
                "interaction": _codes("batch", "transaction"),
                "searchParam": [_parameter(ID), _parameter(LAST_UPDATED)],
                "operation": _operations("process-message"),
            }
        ],
    }


def _responses() -> Json:
    return {
        "type": "QuestionnaireResponse",
        "supportedProfile": [f"{BASE}/StructureDefinition/triage-questionnaire-response"],
        "interaction": _codes("create", "update", *STORED),
        "versioning": "versioned-update",
        "readHistory": True,
        "updateCreate": False,
        "conditionalCreate": True,
        "searchParam": _searched("QuestionnaireResponse"),
        "operation": _operations("triage", "extract", "validate"),
    }


def _result(kind: str) -> Json:
    profile = PROFILES.get(kind)
    return {
        "type": kind,
        **({"supportedProfile": [f"{BASE}/StructureDefinition/{profile}"]} if profile else {}),
        "interaction": _codes(*STORED),
        "versioning": "versioned",
        "readHistory": True,
        "searchParam": _searched(kind),
    }


def _published(kind: str) -> Json:
    offered = OFFERED_ON.get(kind, ())
    return {
        "type": kind,
        "interaction": _codes("read", "search-type"),
        "searchParam": _searched(kind),
        **({"operation": _operations(*offered)} if offered else {}),
    }


def _codes(*codes: str) -> list[Json]:
    return [{"code": code} for code in codes]


def _operations(*names: str) -> list[Json]:
    return [{"name": name, "definition": OPERATIONS[name]} for name in names]


def _searched(kind: str) -> list[Json]:
    """Declare the search parameters of a type; those of every resource stand once for all of them."""
    return [_parameter(one) for one in parameters(kind) if one not in (ID, LAST_UPDATED)]


def _parameter(one: Parameter) -> Json:
    return {"name": one.name, "definition": one.definition, "type": one.stated_kind}
