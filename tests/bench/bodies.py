"""The mix of bodies that every server is measured with: bare responses, as EHRs send them, and with their record."""

from random import Random
from typing import Any

from tests.mapping.mutations import as_an_ehr_sends_it
from tests.mapping.responses import as_bytes, filled

OF_EACH_KIND = 40
SUBJECT = "Patient/1"
SNOMED = "http://snomed.info/sct"


def mix(seed: int = 20261121) -> list[bytes]:
    """Make a third of each kind, in a fixed order that alternates."""
    random = Random(seed)  # noqa: S311 - a seed, so that every run measures the same bodies
    bodies = []
    for number in range(OF_EACH_KIND):
        bodies += [as_bytes(make(random, number)) for make in (_bare, _with_extensions, _with_record)]
    return bodies


def bare(seed: int = 20261121) -> list[bytes]:
    """Make responses alone, each with an identifier of its own."""
    random = Random(seed)  # noqa: S311 - a seed, so that every run measures the same bodies
    return [as_bytes(_bare(random, number)) for number in range(OF_EACH_KIND)]


def _bare(random: Random, number: int) -> dict[str, Any]:
    content = as_an_ehr_sends_it(random)
    kept = ("resourceType", "questionnaire", "status", "authored", "item")
    return {**{key: content[key] for key in kept}, "subject": {"reference": SUBJECT}, **_identified(number)}


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
