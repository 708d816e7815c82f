"""The mix of bodies that every server is measured with: bare responses, as EHRs send them, and with their record.

Each is another patient, who answers what the form shows: most things with no, some with yes or not sure, a few not at
all; about 43 answers, and few where a danger ends the form. ``by_chance`` is harder: every question answered at random.
"""

from random import Random
from typing import Any

from service.knowledge.form import Item
from service.mapping.canonical import NONE_OF_THESE, NOT_SURE
from tests.mapping.mutations import as_an_ehr_sends_it
from tests.mapping.responses import FORM, ITEMS, Said, as_bytes, filled, only_shown, response

OF_EACH_KIND = 400
BLANK, YES, DANGER, UNSURE = 0.03, 0.12, 0.01, 0.02
"""How often a question is left out, answered yes where nothing, or where a danger depends on it, and not sure."""
ENDING = {finding for part in (*FORM.groups, *FORM.items()) for finding in part.ended_by}
SUBJECT = "Patient/1"
SNOMED = "http://snomed.info/sct"


def mix(seed: int = 20261121, of_each: int = OF_EACH_KIND) -> list[bytes]:
    """Make a third of each kind, in a fixed order that alternates."""
    random = Random(seed)  # noqa: S311 - a seed, so that every run measures the same bodies
    bodies = []
    for number in range(of_each):
        bodies += [as_bytes(make(random, number)) for make in (_bare, _with_extensions, _with_record)]
    return bodies


def bare(seed: int = 20261121, of_each: int = OF_EACH_KIND) -> list[bytes]:
    """Make responses alone, each with an identifier of its own."""
    random = Random(seed)  # noqa: S311 - a seed, so that every run measures the same bodies
    return [as_bytes(_bare(random, number)) for number in range(of_each)]


def by_chance(seed: int = 20261121, of_each: int = OF_EACH_KIND) -> list[bytes]:
    """Make responses alone that answer every question at random, also those that the form does not show."""
    random = Random(seed)  # noqa: S311 - a seed, so that every run measures the same bodies
    kept = ("resourceType", "questionnaire", "status", "authored", "subject", "item")
    contents = (as_an_ehr_sends_it(random) for _ in range(of_each))
    return [as_bytes({key: content[key] for key in kept if key in content}) for content in contents]


def _bare(random: Random, number: int) -> dict[str, Any]:
    said = {link_id: _said(random, item) for link_id, item in ITEMS.items() if random.random() >= BLANK}
    content = only_shown(response(said, subject={"reference": SUBJECT}))
    return {**content, **_identified(number)}


def _said(random: Random, item: Item) -> Said:  # noqa: PLR0911 - one return for each kind of question
    chance = random.random()
    is_yes = chance < (DANGER if ENDING & {*item.findings} else YES)
    match item.kind:
        case "yes-no-not-sure":
            return "yes" if is_yes else NOT_SURE if chance > 1 - UNSURE else "no"
        case "boolean":
            return is_yes or item.link_id == "upper-back-pain"
        case "checklist":
            return [random.choice(item.findings) if is_yes else NONE_OF_THESE]
        case "choice":
            return random.choice(item.options)
        case "choices":
            return [random.choice(item.options)]
        case "text":
            return "It began at work." if is_yes else None
        case _:
            number = random.randint(int(item.minimum or 0), int(item.maximum or 0))
            return number if item.kind == "integer" else (number, item.units[0].code)


def _with_extensions(random: Random, number: int) -> dict[str, Any]:
    around = {
        "id": f"answers-{number}",
        "meta": {
            "versionId": "3",
            "lastUpdated": "2026-11-21T10:00:00.000Z",
            "source": "urn:ehr",
            "tag": [{"code": "a"}],
        },
        "language": "en",
        "text": {"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml"><p>Answers</p></div>'},
        "extension": [
            {"url": "urn:ehr:form", "valueReference": {"reference": "Basic/1"}},
            {"url": "urn:ehr:device", "extension": [{"url": "kind", "valueString": "tablet"}]},
        ],
        "author": {"reference": "Practitioner/1", "display": "Who wrote it"},
        "encounter": {"reference": "Encounter/1"},
    }
    return {**_bare(random, number), **around}


def _with_record(random: Random, number: int) -> dict[str, Any]:
    base = "https://ehr.invalid/fhir"
    active = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active"}]}
    record: list[dict[str, Any]] = [
        {"resourceType": "Patient", "id": "1", "gender": "female", "birthDate": "1980-01-01", "active": True},
        {"resourceType": "QuestionnaireResponse", **_bare(random, number), "id": f"answers-{number}"},
        {
            "resourceType": "Condition",
            "id": "c1",
            "clinicalStatus": active,
            "code": {"coding": [{"system": SNOMED, "code": "73211009", "display": "Diabetes mellitus"}]},
            "subject": {"reference": SUBJECT},
        },
        {
            "resourceType": "Observation",
            "id": "o1",
            "status": "final",
            "code": {"coding": [{"system": "http://loinc.org", "code": "8310-5"}]},
            "subject": {"reference": SUBJECT},
            "effectiveDateTime": filled()["authored"],
            "valueQuantity": {"value": 37, "system": "http://unitsofmeasure.org", "code": "Cel"},
        },
        {
            "resourceType": "MedicationStatement",
            "id": "m1",
            "status": "active",
            "medicationCodeableConcept": {"text": "a medicine"},
            "subject": {"reference": SUBJECT},
        },
    ]
    entries = [{"fullUrl": f"{base}/{one['resourceType']}/{one['id']}", "resource": one} for one in record]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def _identified(number: int) -> dict[str, Any]:
    return {"identifier": {"system": "urn:ehr:answers", "value": str(number)}}
