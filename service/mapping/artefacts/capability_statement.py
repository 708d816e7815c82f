"""Writes what a server of this package offers, as requirements; what one instance does stands at its /metadata."""

from collections.abc import Mapping
from typing import Any

from service import __version__
from service.mapping.artefacts.publication import published
from service.mapping.canonical import BASE

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
OWN = "own"
SEARCHED: Mapping[str, Mapping[str, tuple[tuple[str, str], ...]]] = {
    "QuestionnaireResponse": {
        "QuestionnaireResponse": (
            ("identifier", "token"),
            ("patient", "reference"),
            ("subject", "reference"),
            ("questionnaire", "reference"),
            ("status", "token"),
            ("authored", "date"),
            ("encounter", "reference"),
        )
    },
    "RiskAssessment": {
        "clinical": (("identifier", "token"), ("patient", "reference"), ("date", "date"), ("encounter", "reference")),
        "RiskAssessment": (("subject", "reference"), ("risk", "token"), ("condition", "reference")),
        OWN: (("triage-level", "token"), ("response", "reference")),
    },
    "CarePlan": {
        "clinical": (("identifier", "token"), ("patient", "reference"), ("date", "date")),
        "CarePlan": (
            ("subject", "reference"),
            ("status", "token"),
            ("encounter", "reference"),
            ("condition", "reference"),
            ("category", "token"),
            ("intent", "token"),
        ),
        OWN: (("response", "reference"),),
    },
    "ServiceRequest": {
        "clinical": (("identifier", "token"), ("patient", "reference"), ("encounter", "reference")),
        "ServiceRequest": (
            ("subject", "reference"),
            ("status", "token"),
            ("authored", "date"),
            ("category", "token"),
            ("intent", "token"),
        ),
    },
    "Provenance": {"Provenance": (("patient", "reference"),)},
    "AuditEvent": {"AuditEvent": (("date", "date"), ("patient", "reference"))},
}
"""By type, each search parameter and its type, under the name that R4 files its definition by."""
PROFILES = {
    "RiskAssessment": "triage-risk-assessment",
    "CarePlan": "triage-care-plan",
    "ServiceRequest": "triage-service-request",
}
PUBLISHED = {
    "Questionnaire": ("Questionnaire", "populate"),
    "PlanDefinition": ("PlanDefinition", "apply"),
    "ActivityDefinition": ("ActivityDefinition",),
    "Library": ("Library",),
    "ValueSet": ("conformance", "expand", "validate-code"),
    "CodeSystem": ("conformance",),
    "ConceptMap": ("conformance",),
    "StructureDefinition": ("conformance",),
    "OperationDefinition": ("conformance",),
    "SearchParameter": ("conformance",),
}
"""By type, the name that R4 files the definition of ``url`` by, and the operations."""

Json = dict[str, Any]


def capability_statement() -> Json:
    """Build the CapabilityStatement of kind requirements."""
    results = [kind for kind in SEARCHED if kind != "QuestionnaireResponse"]
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
                "resource": [_responses(), *map(_result, results), *map(_published, PUBLISHED)],
                "interaction": _codes("batch", "transaction"),
                "searchParam": [_parameter("Resource", "id", "token"), _parameter("Resource", "lastUpdated", "date")],
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
    filed, *offered = PUBLISHED[kind]
    return {
        "type": kind,
        "interaction": _codes("read", "search-type"),
        "searchParam": [_parameter(filed, "url", "uri")],
        **({"operation": _operations(*offered)} if offered else {}),
    }


def _codes(*codes: str) -> list[Json]:
    return [{"code": code} for code in codes]


def _operations(*names: str) -> list[Json]:
    return [{"name": name, "definition": OPERATIONS[name]} for name in names]


def _searched(kind: str) -> list[Json]:
    return [_parameter(filed, name, type_) for filed, pairs in SEARCHED[kind].items() for name, type_ in pairs]


def _parameter(filed: str, name: str, type_: str) -> Json:
    """Name a search parameter with its definition; one of every resource is called with an underscore."""
    definition = f"{BASE}/SearchParameter/{name}" if filed == OWN else f"{HL7}/SearchParameter/{filed}-{name}"
    return {"name": f"_{name}" if filed == "Resource" else name, "definition": definition, "type": type_}
