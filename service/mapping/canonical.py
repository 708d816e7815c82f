"""The canonical base of everything this project publishes, and the names made from it; not registered yet, as the README says."""

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


def options_of(kind: str, link_id: str, findings: tuple[str, ...], options: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """List the (system, code) pairs that an item of this kind offers, in the order they are shown."""
    if kind == "yes-no-not-sure":
        return ((ANSWER, YES), (ANSWER, NO), (ANSWER, NOT_SURE))
    if kind == "checklist":
        return (*((FINDING, finding) for finding in findings), (ANSWER, NONE_OF_THESE), (ANSWER, NOT_SURE))
    system = ADMINISTRATIVE_GENDER if link_id == "sex" else FINDING_OPTION
    return tuple((system, option) for option in options)


def help_link(link_id: str) -> str:
    """Name the display item that holds a question's help text."""
    return f"{link_id}-help"
