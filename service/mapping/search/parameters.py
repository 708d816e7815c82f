"""The table of search parameters: which each resource type has, and where in a resource their values stand.

What R4 defines is named with R4's own definition; ``triage-level`` and ``response`` are this project's, and
``artefacts.search_parameters`` defines them.
"""

from dataclasses import dataclass
from typing import Literal

from service.mapping.canonical import BASE

Kind = Literal["token", "reference", "uri", "canonical", "date"]

HL7 = "http://hl7.org/fhir/SearchParameter"
OWN = f"{BASE}/SearchParameter"

STORED_TYPES = ("QuestionnaireResponse", "RiskAssessment", "CarePlan", "ServiceRequest", "Provenance", "AuditEvent")
"""The types whose resources are stored."""

PACKAGE_TYPES = (
    "ActivityDefinition",
    "CodeSystem",
    "ConceptMap",
    "Library",
    "OperationDefinition",
    "PlanDefinition",
    "Questionnaire",
    "SearchParameter",
    "StructureDefinition",
    "ValueSet",
)
"""The types whose resources come with the software and do not change while it runs."""

PEOPLE = ("Patient", "Group")


@dataclass(frozen=True, slots=True)
class Parameter:
    """Describe one search parameter of one resource type.

    ``paths`` are element names joined by dots, followed through lists. ``extension`` restricts the last element of
    the path, an extension, to one address. ``targets`` are the types that a reference may point to, the first of
    which an id alone stands for; where ``narrow`` is true, references to another type have no value.
    """

    name: str
    kind: Kind
    paths: tuple[str, ...]
    definition: str
    targets: tuple[str, ...] = ()
    narrow: bool = False
    extension: str = ""

    @property
    def stated_kind(self) -> str:
        """Return the type that R4 gives the parameter: to it, a canonical is a reference."""
        return "reference" if self.kind == "canonical" else self.kind


def _token(name: str, path: str, definition: str) -> Parameter:
    return Parameter(name, "token", (path,), f"{HL7}/{definition}")


def _date(name: str, path: str, definition: str) -> Parameter:
    return Parameter(name, "date", (path,), f"{HL7}/{definition}")


def _reference(name: str, path: str, definition: str, targets: tuple[str, ...]) -> Parameter:
    return Parameter(name, "reference", (path,), f"{HL7}/{definition}", targets)


def _patient(definition: str, *paths: str) -> Parameter:
    return Parameter("patient", "reference", paths, f"{HL7}/{definition}", ("Patient",), narrow=True)


ID = _token("_id", "id", "Resource-id")
LAST_UPDATED = _date("_lastUpdated", "meta.lastUpdated", "Resource-lastUpdated")
ENCOUNTER = _reference("encounter", "encounter", "clinical-encounter", ("Encounter",))
IDENTIFIER = _token("identifier", "identifier", "clinical-identifier")

TRIAGE_LEVEL = Parameter(
    "triage-level",
    "token",
    ("extension.valueCodeableConcept",),
    f"{OWN}/triage-level",
    extension=f"{BASE}/StructureDefinition/triage-level",
)


def _response(path: str) -> Parameter:
    return Parameter("response", "reference", (path,), f"{OWN}/response", ("QuestionnaireResponse",), narrow=True)


_STORED: dict[str, tuple[Parameter, ...]] = {
    "QuestionnaireResponse": (
        _token("identifier", "identifier", "QuestionnaireResponse-identifier"),
        _patient("QuestionnaireResponse-patient", "subject"),
        _reference("subject", "subject", "QuestionnaireResponse-subject", PEOPLE),
        Parameter("questionnaire", "canonical", ("questionnaire",), f"{HL7}/QuestionnaireResponse-questionnaire"),
        _token("status", "status", "QuestionnaireResponse-status"),
        _date("authored", "authored", "QuestionnaireResponse-authored"),
        _reference("encounter", "encounter", "QuestionnaireResponse-encounter", ("Encounter",)),
    ),
    "RiskAssessment": (
        IDENTIFIER,
        _patient("clinical-patient", "subject"),
        _reference("subject", "subject", "RiskAssessment-subject", PEOPLE),
        _date("date", "occurrenceDateTime", "clinical-date"),
        ENCOUNTER,
        _token("risk", "prediction.qualitativeRisk", "RiskAssessment-risk"),
        _reference("condition", "condition", "RiskAssessment-condition", ("Condition",)),
        TRIAGE_LEVEL,
        _response("basis"),
    ),
    "CarePlan": (
        IDENTIFIER,
        _patient("clinical-patient", "subject"),
        _reference("subject", "subject", "CarePlan-subject", PEOPLE),
        _token("status", "status", "CarePlan-status"),
        _date("date", "period", "clinical-date"),
        _reference("encounter", "encounter", "CarePlan-encounter", ("Encounter",)),
        _reference("condition", "addresses", "CarePlan-condition", ("Condition",)),
        _token("category", "category", "CarePlan-category"),
        _token("intent", "intent", "CarePlan-intent"),
        _reference("activity-reference", "activity.reference", "CarePlan-activity-reference", ("ServiceRequest",)),
        _reference("replaces", "replaces", "CarePlan-replaces", ("CarePlan",)),
        _response("supportingInfo"),
    ),
    "ServiceRequest": (
        IDENTIFIER,
        _patient("clinical-patient", "subject"),
        _reference("subject", "subject", "ServiceRequest-subject", PEOPLE),
        _token("status", "status", "ServiceRequest-status"),
        _date("authored", "authoredOn", "ServiceRequest-authored"),
        ENCOUNTER,
        _token("category", "category", "ServiceRequest-category"),
        _token("intent", "intent", "ServiceRequest-intent"),
        _reference("replaces", "replaces", "ServiceRequest-replaces", ("ServiceRequest",)),
    ),
    "Provenance": (
        _patient("Provenance-patient", "target"),
        _reference("target", "target", "Provenance-target", STORED_TYPES),
        _reference("entity", "entity.what", "Provenance-entity", STORED_TYPES),
        _date("recorded", "recorded", "Provenance-recorded"),
    ),
    "AuditEvent": (
        _patient("AuditEvent-patient", "agent.who", "entity.what"),
        _date("date", "recorded", "AuditEvent-date"),
        _reference("entity", "entity.what", "AuditEvent-entity", STORED_TYPES),
    ),
}


def _of_package(resource_type: str) -> tuple[Parameter, ...]:
    """Return what the package's types have in common; R4 names it per type for some and once for the others."""
    own = ("ActivityDefinition", "Library", "PlanDefinition", "Questionnaire")
    prefix = resource_type if resource_type in own else "conformance"
    identifier = () if resource_type in ("OperationDefinition", "SearchParameter") else ("identifier",)
    tokens = tuple(_token(name, name, f"{prefix}-{name}") for name in (*identifier, "status", "version"))
    address = Parameter("url", "uri", ("url",), f"{HL7}/{prefix}-url")
    return (address, *tokens, _date("date", "date", f"{prefix}-date"))


_PARAMETERS = {kind: (ID, LAST_UPDATED, *rows) for kind, rows in _STORED.items()}
_PARAMETERS |= {kind: (ID, *_of_package(kind)) for kind in PACKAGE_TYPES}


def parameters(resource_type: str) -> tuple[Parameter, ...]:
    """Return the search parameters of a type, in the order of the table; none for a type that is not served."""
    return _PARAMETERS.get(resource_type, ())


def parameter(resource_type: str, name: str) -> Parameter | None:
    """Return one search parameter of a type, or None where the type has none of that name."""
    return next((each for each in parameters(resource_type) if each.name == name), None)


def included(resource_type: str) -> tuple[Parameter, ...]:
    """Return the parameters of a type that point to something stored: what ``_include`` may name."""
    return tuple(each for each in parameters(resource_type) if set(each.targets) & set(STORED_TYPES))


def including(resource_type: str) -> tuple[tuple[str, Parameter], ...]:
    """Return the types and parameters that point to a type: what ``_revinclude`` may name."""
    rows = ((kind, each) for kind in STORED_TYPES for each in parameters(kind))
    return tuple((kind, each) for kind, each in rows if resource_type in each.targets)
