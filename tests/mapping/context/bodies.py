"""Builds responses and records as they stand in a Bundle; the gate checks every resource, as in a real request."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from service.engine.facts import Fact, Value
from service.mapping.answered_facts import facts_of_answers
from service.mapping.answers import read_answers
from service.mapping.body import Resource
from service.mapping.canonical import ADMINISTRATIVE_GENDER
from service.mapping.context.join import Joined, join
from service.mapping.context.record import RecordFacts, facts_of_record
from service.mapping.gate.structure import check
from tests.real_book import proven_book

Json = dict[str, Any]

BOOK = proven_book()
AT = datetime(2026, 5, 10, 12, 0, tzinfo=UTC)
SCT = "http://snomed.info/sct"
LOINC = "http://loinc.org"
ICD = "http://hl7.org/fhir/sid/icd-10-cm"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
UCUM = "http://unitsofmeasure.org"
HL7 = "http://terminology.hl7.org/CodeSystem"
MINE = {"reference": "Patient/1"}
OTHER = {"reference": "Patient/2"}


def concept(code: str, system: str = SCT) -> Json:
    return {"coding": [{"system": system, "code": code}]}


def status(kind: str, code: str) -> Json:
    return concept(code, f"{HL7}/{kind}")


def response(
    subject: Json | None = MINE, full_url: str = "", place: str = "Bundle.entry[0].resource", **more: Any
) -> Resource:
    content = {"resourceType": "QuestionnaireResponse", "status": "completed", **more}
    if subject is not None:
        content["subject"] = subject
    return entry(content, full_url, place)


def entry(content: Json, full_url: str = "", place: str = "Bundle.entry[1].resource") -> Resource:
    faults = check(content, place)
    assert not faults, faults
    return Resource(content, full_url, place, faults)


def patient(full_url: str = "", **content: Any) -> Resource:
    return entry({"resourceType": "Patient", **content}, full_url)


def condition(code: str, system: str = SCT, subject: Json = MINE, **more: Any) -> Json:
    return {"resourceType": "Condition", "subject": subject, "code": concept(code, system), **more}


def observation(code: str, system: str = SCT, subject: Json = MINE, **more: Any) -> Json:
    known = {"resourceType": "Observation", "status": "final", "subject": subject, "code": concept(code, system)}
    return {**known, **more}


def statement(code: str, system: str = SCT, subject: Json = MINE, **more: Any) -> Json:
    known = {"resourceType": "MedicationStatement", "status": "active", "subject": subject}
    return {**known, "medicationCodeableConcept": concept(code, system), **more}


def request(code: str, system: str = SCT, subject: Json = MINE, **more: Any) -> Json:
    known = {"resourceType": "MedicationRequest", "status": "active", "intent": "order", "subject": subject}
    return {**known, "medicationCodeableConcept": concept(code, system), **more}


def allergy(code: str, system: str = SCT, subject: Json = MINE, **more: Any) -> Json:
    return {"resourceType": "AllergyIntolerance", "patient": subject, "code": concept(code, system), **more}


def cel(value: float, **more: Any) -> Json:
    return observation(
        "8310-5", LOINC, **{"effectiveDateTime": "2026-05-10T11:00:00Z", "valueQuantity": degrees(value), **more}
    )


def degrees(value: float, code: str = "Cel") -> Json:
    return {"value": Decimal(str(value)), "system": UCUM, "code": code}


def read(*record: Json | Resource, of: Resource | None = None, at: datetime = AT) -> RecordFacts:
    """Read a record; a plain resource stands in an entry of its own, after the response, without a fullUrl."""
    entries = [
        one if isinstance(one, Resource) else entry(one, "", f"Bundle.entry[{index}].resource")
        for index, one in enumerate(record, start=1)
    ]
    return facts_of_record(BOOK, of or response(), tuple(entries), at)


def values(facts: RecordFacts) -> dict[str, Any]:
    """Show a record's facts by finding: the value itself, or the list of both ends of a measure."""
    plain = {finding: [fact.value for fact in told] for finding, told in facts.facts.items()}
    return {finding: told[0] if len(told) == 1 else told for finding, told in plain.items()}


def answered(**facts: Value) -> dict[str, Fact]:
    """Answer findings; a name is written with underscores."""
    named = {name.replace("_", "-"): value for name, value in facts.items()}
    return {finding: Fact(value, "response", (BOOK.form.item_of[finding],)) for finding, value in named.items()}


def joined(answers: dict[str, Fact], *record: Json | Resource) -> Joined:
    return join(BOOK, answers, read(*record))


def texts(notices: tuple[Any, ...], severity: str = "warning") -> list[str]:
    return [issue.text for issue in notices if issue.severity == severity]


def answers_of(**answers: Json) -> dict[str, Fact]:
    """Read answers as they stand in a response; a linkId is written with underscores, its answer as FHIR writes it."""
    given = {link_id.replace("_", "-"): answer for link_id, answer in answers.items()}
    groups = [
        {
            "linkId": group.link_id,
            "item": [{"linkId": i.link_id, "answer": [given[i.link_id]]} for i in group.items if i.link_id in given],
        }
        for group in BOOK.form.groups
    ]
    content = response(item=[group for group in groups if group["item"]]).content
    read_back = read_answers(BOOK.form, content, "QuestionnaireResponse")
    assert not read_back.issues
    return dict(facts_of_answers(BOOK, read_back, "completed", "QuestionnaireResponse").facts)


def sex(code: str) -> Json:
    return {"valueCoding": {"system": ADMINISTRATIVE_GENDER, "code": code}}
