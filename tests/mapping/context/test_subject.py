"""Only the record of the response's own subject is read, however its subject is named."""

from typing import Any

import pytest

from service.errors import Issue
from service.mapping.body import Resource
from service.mapping.context.record import places_of_own_record
from service.mapping.gate.structure import check

from .bodies import (
    MINE,
    OTHER,
    Json,
    allergy,
    condition,
    entry,
    observation,
    patient,
    read,
    request,
    response,
    statement,
    texts,
    values,
)

CANCER = "266987004"
EHR = "https://ehr.example/fhir"
UUID = "urn:uuid:4f1f0a52-6f7a-4b0b-9c38-0d3f1c6c2a10"
NUMBER = {"system": "https://hospital.example/number", "value": "17"}


def told_of(subject: Json | None, *record: Resource, full_url: str = "", **more: Any) -> bool:
    return "hx-cancer" in read(*record, of=response(subject, full_url, **more)).facts


def cancer_of(subject: Json, full_url: str = "", **more: Any) -> Resource:
    return entry(condition(CANCER, subject=subject, **more), full_url)


ONE_PATIENT = [
    # how the response names its subject, how the Condition does, the Patient beside them, the fullUrls, comment
    ({"reference": "Patient/1"}, {"reference": "Patient/1"}, None, ("", ""), "type and id"),
    ({"reference": "Patient/1/_history/3"}, {"reference": "Patient/1/_history/7"}, None, ("", ""), "versions differ"),
    ({"reference": f"{EHR}/Patient/1"}, {"reference": f"{EHR}/Patient/1"}, None, ("", ""), "absolute"),
    (
        {"reference": f"{EHR}/Patient/1"},
        {"reference": "Patient/1"},
        None,
        ("", f"{EHR}/Condition/9"),
        "relative to the fullUrl",
    ),
    (
        {"reference": "Patient/1"},
        {"reference": f"{EHR}/Patient/1"},
        None,
        (f"{EHR}/QuestionnaireResponse/5", ""),
        "the other way",
    ),
    (
        {"reference": f"{EHR}/Patient/1"},
        {"reference": f"{EHR}/Patient/1"},
        None,
        (f"{EHR}/QuestionnaireResponse/5", ""),
        "an absolute address starts from no server",
    ),
    (
        {"reference": UUID},
        {"reference": UUID},
        None,
        (f"{EHR}/QuestionnaireResponse/5", ""),
        "nor does a uuid",
    ),
    (MINE, MINE, None, ("QuestionnaireResponse/5", ""), "a fullUrl that names no server"),
    (
        {"reference": UUID},
        {"reference": UUID.upper().replace("URN:UUID", "urn:uuid")},
        None,
        ("", ""),
        "a uuid in capitals",
    ),
    ({"reference": UUID}, {"reference": "Patient/1"}, patient(UUID, id="1"), ("", ""), "the Patient has both names"),
    (
        {"reference": "Patient/1"},
        {"reference": f"{EHR}/Patient/1"},
        patient(f"{EHR}/Patient/1", id="1"),
        ("", ""),
        "no base",
    ),
    ({"identifier": NUMBER}, {"identifier": NUMBER}, None, ("", ""), "both by identifier"),
    (
        {"identifier": NUMBER},
        {"reference": UUID},
        patient(UUID, identifier=[NUMBER]),
        ("", ""),
        "the Patient has the identifier",
    ),
    ({"reference": UUID}, {"identifier": NUMBER}, patient(UUID, identifier=[NUMBER]), ("", ""), "the other way"),
]


@pytest.mark.parametrize(
    ("mine", "theirs", "beside", "urls", "comment"), ONE_PATIENT, ids=[row[-1] for row in ONE_PATIENT]
)
def test_two_names_of_one_patient_are_one(
    mine: Json, theirs: Json, beside: Resource | None, urls: tuple[str, str], comment: str
) -> None:
    record = [cancer_of(theirs, urls[1]), *([beside] if beside else [])]
    assert told_of(mine, *record, full_url=urls[0])


TWO_PATIENTS = [
    ({"reference": "Patient/1"}, {"reference": "Patient/2"}, [], ("", ""), "another id"),
    ({"reference": "Patient/1"}, {"reference": "Patient/11"}, [], ("", ""), "an id that begins alike"),
    ({"reference": "Patient/1"}, {"reference": "Group/1"}, [], ("", ""), "another type"),
    (
        {"reference": f"{EHR}/Patient/1"},
        {"reference": "https://else.example/fhir/Patient/1"},
        [],
        ("", ""),
        "another server",
    ),
    (
        {"reference": "Patient/1"},
        {"reference": "Patient/1"},
        [],
        (f"{EHR}/QuestionnaireResponse/5", "https://b.example/Condition/9"),
        "one id, two servers",
    ),
    ({"reference": f"{EHR}/Patient/1"}, {"reference": "Patient/1"}, [], ("", ""), "relative to nothing known"),
    (
        {"identifier": {"value": "17"}},
        {"identifier": {"value": "17"}},
        [],
        ("", ""),
        "an identifier without its system",
    ),
    ({"identifier": NUMBER}, {"identifier": {**NUMBER, "value": "18"}}, [], ("", ""), "another identifier"),
    (
        {"identifier": NUMBER},
        {"reference": "Patient/2", "identifier": NUMBER},
        [],
        ("", ""),
        "an address goes before an identifier",
    ),
    ({"display": "Jane"}, {"display": "Jane"}, [], ("", ""), "a name that is only shown"),
    (
        {"identifier": NUMBER},
        {"identifier": NUMBER},
        [patient(id="1", identifier=[NUMBER]), patient(id="2", identifier=[NUMBER])],
        ("", ""),
        "two patients share the identifier",
    ),
    (
        MINE,
        MINE,
        [patient("https://a.example/Patient/1", id="1"), patient("https://b.example/Patient/1", id="1")],
        ("", ""),
        "two patients share the id",
    ),
    (
        {"identifier": NUMBER},
        {"identifier": {**NUMBER, "value": "18"}},
        [
            entry({"resourceType": "Patient", "identifier": [{**NUMBER, "value": one}]}, "", f"Bundle.entry[{index}]")
            for index, one in enumerate(("17", "18"), start=2)
        ],
        ("", ""),
        "two patients without any address",
    ),
]


@pytest.mark.parametrize(
    ("mine", "theirs", "beside", "urls", "comment"), TWO_PATIENTS, ids=[row[-1] for row in TWO_PATIENTS]
)
def test_what_may_be_another_patients_is_not_used(
    mine: Json, theirs: Json, beside: list[Resource], urls: tuple[str, str], comment: str
) -> None:
    assert not told_of(mine, cancer_of(theirs, urls[1]), *beside, full_url=urls[0])


def test_a_name_that_two_patients_share_is_no_name_of_the_subject() -> None:
    jane = patient("https://a.example/Patient/1", id="1", identifier=[NUMBER], gender="female")
    joan = patient("https://b.example/Patient/1", id="1", identifier=[NUMBER], birthDate="1950-01-01")
    of = response({"reference": "https://a.example/Patient/1"})
    facts = read(jane, joan, cancer_of(MINE), cancer_of({"identifier": NUMBER}), of=of)
    assert values(facts) == {"sex": frozenset({"female"})}


def test_two_versions_of_one_patient_are_one_patient() -> None:
    again = (
        patient(f"{EHR}/Patient/1", id="1", gender="female"),
        patient(f"{EHR}/Patient/1", id="1", birthDate="1966-05-10"),
    )
    assert values(read(*again)) == {"sex": frozenset({"female"}), "age": 60}


def test_another_resource_with_the_id_of_the_patient_is_no_second_patient() -> None:
    own = cancer_of({"reference": f"{EHR}/Patient/1"}, f"{EHR}/Condition/1", id="1")
    assert told_of(MINE, patient(f"{EHR}/Patient/1", id="1"), own)


def test_of_two_versions_of_one_patient_each_name_counts() -> None:
    first = patient(f"{EHR}/Patient/1", id="1", identifier=[NUMBER])
    second = patient(f"{EHR}/Patient/1", id="1", gender="female")
    for versions in ((first, second), (second, first)):
        assert told_of({"reference": f"{EHR}/Patient/1"}, cancer_of({"identifier": NUMBER}), *versions)


def test_a_patient_is_read_where_it_is_the_subject_itself() -> None:
    jane, joan = patient(id="1", gender="female"), patient(id="2", gender="male", birthDate="1950-01-01")
    assert values(read(jane, joan)) == {"sex": frozenset({"female"})}


def test_of_five_patients_in_one_bundle_each_response_gets_its_own() -> None:
    history = {"1": "266987004", "2": "64859006", "3": "73211009", "4": "38341003", "5": "235919008"}
    finding = {
        "1": "hx-cancer",
        "2": "hx-osteoporosis",
        "3": "hx-diabetes",
        "4": "hx-hypertension",
        "5": "hx-gallstones",
    }
    bundle = [condition(code, subject={"reference": f"Patient/{one}"}) for one, code in history.items()]
    for one, own in finding.items():
        facts = read(*bundle, of=response({"reference": f"Patient/{one}"}))
        assert values(facts) == {own: True}
        assert len(texts(facts.notices)) == 4


@pytest.mark.parametrize("build", [condition, observation, statement, request, allergy])
def test_what_is_not_used_is_named_once_by_type_and_place_and_never_by_content(build: object) -> None:
    facts = read(build(CANCER, subject=OTHER))  # type: ignore[operator]  # each of them builds a resource from a code
    (notice,) = facts.notices
    text = "not used, because its subject is not the subject of the response"
    kind = notice.text.partition(":")[0]
    assert notice == Issue("warning", "business-rule", f"{kind}: {text}", "Bundle.entry[1].resource")
    assert not any(secret in notice.text for secret in ("Patient/2", CANCER))


@pytest.mark.parametrize("subject", [None, {"display": "Jane"}])
def test_without_a_subject_no_record_is_used_and_each_resource_is_named(subject: Json | None) -> None:
    facts = read(condition(CANCER), patient(id="1", gender="female"), of=response(subject))
    assert not facts.facts
    text = "not used, because the response names no subject that is one patient"
    assert facts.notices == (
        Issue("warning", "business-rule", f"Condition: {text}", "Bundle.entry[1].resource"),
        Issue("warning", "business-rule", f"Patient: {text}", "Bundle.entry[1].resource"),
    )


def test_an_observation_without_a_subject_is_not_used() -> None:
    content = observation("82810-3", "http://loinc.org", valueCodeableConcept={"text": "yes"})
    del content["subject"]
    assert texts(read(content).notices) == [
        "Observation: not used, because its subject is not the subject of the response"
    ]


def test_what_the_response_contains_belongs_to_it() -> None:
    inside = [
        {"resourceType": "Patient", "id": "p", "gender": "female"},
        condition(CANCER, subject={"reference": "#p"}, id="c"),
    ]
    facts = read(of=response({"reference": "#p"}, contained=[*inside, condition("64859006", subject=OTHER, id="d")]))
    assert values(facts) == {"sex": frozenset({"female"}), "hx-cancer": True}
    assert len(texts(facts.notices)) == 1


def test_a_contained_condition_may_name_the_subject_as_the_response_does() -> None:
    of = response(full_url=f"{EHR}/QuestionnaireResponse/5", contained=[condition(CANCER, id="c")])
    assert values(read(of=of)) == {"hx-cancer": True}


def test_a_contained_patient_is_the_patient_of_the_bundle_with_the_same_identifier() -> None:
    of = response({"reference": "#p"}, contained=[{"resourceType": "Patient", "id": "p", "identifier": [NUMBER]}])
    assert values(read(cancer_of({"reference": UUID}), patient(UUID, identifier=[NUMBER]), of=of)) == {
        "hx-cancer": True
    }


def test_of_two_contained_patients_only_the_one_that_is_meant_lends_its_identifiers() -> None:
    mother = {"resourceType": "Patient", "id": "m", "identifier": [{**NUMBER, "value": "18"}]}
    child = {"resourceType": "Patient", "id": "p", "identifier": [NUMBER]}
    for inside in ([mother, child], [child, mother]):
        of = response({"reference": "#p"}, contained=inside)
        assert not read(cancer_of({"identifier": {**NUMBER, "value": "18"}}), of=of).facts
        assert values(read(cancer_of({"identifier": NUMBER}), of=of)) == {"hx-cancer": True}


def test_a_contained_name_of_one_resource_is_not_that_of_another() -> None:
    inside = [{"resourceType": "Patient", "id": "p"}]
    stranger = cancer_of({"reference": "#p"}, contained=[{"resourceType": "Patient", "id": "p"}])
    assert not read(stranger, of=response({"reference": "#p"}, contained=inside)).facts


def test_a_contained_patient_with_two_patients_identifiers_is_neither() -> None:
    second = {**NUMBER, "value": "18"}
    of = response(
        {"reference": "#p"}, contained=[{"resourceType": "Patient", "id": "p", "identifier": [NUMBER, second]}]
    )
    record = [patient(id="1", identifier=[NUMBER]), patient(id="2", identifier=[second]), cancer_of(MINE)]
    assert not read(*record, of=of).facts


def test_faulty_context_is_not_used_and_named_with_its_first_fault() -> None:
    content = {**condition(CANCER), "recordedDate": "yesterday"}
    place = "Bundle.entry[1].resource"
    facts = read(Resource(content, "", place, check(content, place)))
    (notice,) = facts.notices
    assert not facts.facts
    assert (notice.severity, notice.code) == ("warning", "value")
    assert notice.expression == "Bundle.entry[1].resource.recordedDate"
    assert notice.text.startswith("Condition: not used, because met a value that is not a dateTime")


def test_the_places_of_a_patients_own_record_are_those_of_its_sound_resources() -> None:
    """Another response of the body does not name them as nobody's."""

    def at(index: int, content: Json) -> Resource:
        place = f"Bundle.entry[{index}].resource"
        return Resource(content, "", place, check(content, place))

    faulty = {**condition(CANCER), "recordedDate": "yesterday"}
    own = condition(CANCER, subject={"reference": UUID})
    beside = patient(UUID, id="1", identifier=[NUMBER])
    record = (at(1, condition(CANCER)), at(2, condition(CANCER, subject=OTHER)), at(3, faulty), at(4, own), beside)
    by_id, by_number = response(MINE), response({"identifier": NUMBER})
    places = {"Bundle.entry[1].resource", "Bundle.entry[4].resource"}
    assert places_of_own_record(by_id, record) == places_of_own_record(by_number, record) == places
    assert places_of_own_record(response(None), record) == frozenset()
