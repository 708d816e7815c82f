"""Every canonical name that the results use, each written once; what the names stand for is built elsewhere."""

from service import __version__
from service.mapping.canonical import BASE

DEFINITIONS = f"{BASE}/StructureDefinition"

RISK_ASSESSMENT_PROFILE = f"{DEFINITIONS}/triage-risk-assessment|{__version__}"
CARE_PLAN_PROFILE = f"{DEFINITIONS}/triage-care-plan|{__version__}"
SERVICE_REQUEST_PROFILE = f"{DEFINITIONS}/triage-service-request|{__version__}"
PLAN_DEFINITION = f"{BASE}/PlanDefinition/upper-back-pain"

TRIAGE_LEVEL = f"{DEFINITIONS}/triage-level"
TRIAGE_CEILING = f"{DEFINITIONS}/triage-ceiling"
POLICY = f"{DEFINITIONS}/policy"
RULE_BOOK = f"{DEFINITIONS}/rule-book"
SCOPE = f"{DEFINITIONS}/scope"
TRACE = f"{DEFINITIONS}/trace"
INPUT_USED = f"{DEFINITIONS}/input-used"
INPUT_MISSING = f"{DEFINITIONS}/input-missing"
RESTS_ON = f"{DEFINITIONS}/rests-on"
NOT_EXCLUDED = f"{DEFINITIONS}/not-excluded"

LEVEL_CODES = f"{BASE}/CodeSystem/triage-level"
CAUSE_CODES = f"{BASE}/CodeSystem/cause"
ACTIVITY_CODES = f"{BASE}/CodeSystem/activity"
FIT_CODES = f"{BASE}/CodeSystem/pattern-fit"
METHOD_CODES = f"{BASE}/CodeSystem/method"

SOFTWARE_IDENTIFIER = f"{BASE}/identifier/software"
SOFTWARE = "upper-back-triage"

DATA_ABSENT_REASON = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
RISK_PROBABILITY = "http://terminology.hl7.org/CodeSystem/risk-probability"
ACT_REASON = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
UCUM = "http://unitsofmeasure.org"
BALP = "https://profiles.ihe.net/ITI/BALP"
DICOM = "http://dicom.nema.org/resources/ontology/DCM"
ENTITY_TYPES = "http://terminology.hl7.org/CodeSystem/audit-entity-type"
ENTITY_ROLES = "http://terminology.hl7.org/CodeSystem/object-role"
AUDIT_EVENT_TYPES = "http://terminology.hl7.org/CodeSystem/audit-event-type"
RESTFUL_INTERACTIONS = "http://hl7.org/fhir/restful-interaction"
LIFECYCLE_EVENTS = "http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle"
OPERATIONS = "http://terminology.hl7.org/CodeSystem/v3-DataOperation"
PARTICIPANTS = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"
URI_IDENTIFIER = "urn:ietf:rfc:3986"

EXTERNAL_SYSTEMS = {
    "sct": "http://snomed.info/sct",
    "icd10cm": "http://hl7.org/fhir/sid/icd-10-cm",
    "loinc": "http://loinc.org",
    "rxnorm": "http://www.nlm.nih.gov/research/umls/rxnorm",
}
"""The code systems of codes.yaml by their short name there; one that begins with ``hl7:`` carries its own address."""
