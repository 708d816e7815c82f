"""The canonical base of all that this project publishes, and the names made from it; the base is not registered."""

from service.knowledge.form import Item

BASE = "https://w3id.org/upper-back-triage"
QUESTIONNAIRE = f"{BASE}/Questionnaire/upper-back-pain"
ANSWER = f"{BASE}/CodeSystem/answer"
FINDING = f"{BASE}/CodeSystem/finding"
FINDING_OPTION = f"{BASE}/CodeSystem/finding-option"
ADMINISTRATIVE_GENDER = "http://hl7.org/fhir/administrative-gender"
UCUM = "http://unitsofmeasure.org"

NONE_OF_THESE = "none-of-these"
NOT_SURE = "not-sure"
YES = "yes"
NO = "no"
ALONE = frozenset({NONE_OF_THESE, "none", "nothing"})
"""The options that deny all others of their question."""


def options_of(item: Item) -> tuple[tuple[str, str], ...]:
    """List the (system, code) pairs that a question offers, in the order they are shown; empty without options."""
    if item.kind == "yes-no-not-sure":
        return ((ANSWER, YES), (ANSWER, NO), (ANSWER, NOT_SURE))
    if item.kind == "checklist":
        return (*((FINDING, finding) for finding in item.findings), (ANSWER, NONE_OF_THESE), (ANSWER, NOT_SURE))
    return tuple((system_of_options(item.link_id), option) for option in item.options)


def system_of_options(finding: str) -> str:
    """Name the code system of a choice's options: FHIR's own for sex, the project's for all others."""
    return ADMINISTRATIVE_GENDER if finding == "sex" else FINDING_OPTION


def help_link(link_id: str) -> str:
    """Name the display item that holds a question's help text."""
    return f"{link_id}-help"
