"""A Condition, a medicine or an allergy makes a finding present by its code, where its statuses let it count."""

import pytest

from .bodies import (
    ICD,
    MINE,
    RXNORM,
    SCT,
    Json,
    allergy,
    concept,
    condition,
    read,
    request,
    statement,
    status,
    texts,
    values,
)

CANCER, ULCER, FEVER, DIABETES = "266987004", "266998003", "386661006", "73211009"
IBUPROFEN, PARACETAMOL, ANTICOAGULANT = "387207008", "387517004", "372862008"
TODAY = "2026-05-10T09:00:00Z"


def clinical(code: str) -> Json:
    return {"clinicalStatus": status("condition-clinical", code)}


def verified(code: str) -> Json:
    return {"verificationStatus": status("condition-ver-status", code)}


def both(first: Json, second: Json) -> Json:
    return {"clinicalStatus": {"coding": [*first["coding"], *second["coding"]]}}


RESOLVED, ACTIVE = status("condition-clinical", "resolved"), status("condition-clinical", "active")

CONDITIONS = [
    # code, system, more, what it makes known, comment
    (CANCER, SCT, {}, {"hx-cancer": True}, "no status"),
    ("Z85.9", ICD, {}, {"hx-cancer": True}, "another code system"),
    (CANCER, ICD, {}, {}, "the right code of the wrong system"),
    ("363358000", SCT, {}, {"hx-cancer": True}, "lung cancer is a cancer"),
    (DIABETES, SCT, clinical("active"), {"hx-diabetes": True}, "active"),
    (DIABETES, SCT, clinical("recurrence"), {"hx-diabetes": True}, "recurrence"),
    (DIABETES, SCT, clinical("relapse"), {"hx-diabetes": True}, "relapse"),
    (DIABETES, SCT, clinical("inactive"), {}, "inactive, and not a history"),
    (DIABETES, SCT, clinical("resolved"), {}, "resolved, and not a history"),
    (DIABETES, SCT, {"abatementDateTime": "2020"}, {}, "abated says over where no status stands"),
    (
        DIABETES,
        SCT,
        {"abatementDateTime": "2020", **clinical("active")},
        {"hx-diabetes": True},
        "a status counts before the date of an end",
    ),
    (
        DIABETES,
        SCT,
        {"clinicalStatus": {"extension": [{"url": "https://x.example", "valueCode": "unknown"}]}},
        {"hx-diabetes": True},
        "a status without a code",
    ),
    (DIABETES, SCT, both(concept("active", "https://local.example"), RESOLVED), {}, "a local code is no status"),
    (DIABETES, SCT, both(RESOLVED, ACTIVE), {"hx-diabetes": True}, "of two statuses the one that counts"),
    (ULCER, SCT, clinical("inactive"), {"hx-ulcer": True}, "an old ulcer is a history"),
    (CANCER, SCT, clinical("resolved"), {"hx-cancer": True}, "an old cancer is a history"),
    (CANCER, SCT, clinical("remission"), {"hx-cancer": True}, "remission is a history"),
    (CANCER, SCT, verified("confirmed"), {"hx-cancer": True}, "confirmed"),
    (CANCER, SCT, verified("provisional"), {"hx-cancer": True}, "not certain counts as present"),
    (CANCER, SCT, verified("differential"), {"hx-cancer": True}, "not certain counts as present"),
    (CANCER, SCT, verified("unconfirmed"), {"hx-cancer": True}, "not certain counts as present"),
    (CANCER, SCT, verified("refuted"), {}, "refuted is not there, and not absent either"),
    (CANCER, SCT, verified("entered-in-error"), {}, "entered in error"),
    ("395125009", SCT, {}, {"hx-aortic-family": True}, "the family's aneurysm is not the patient's"),
    ("67362008", SCT, {}, {"hx-aneurysm": True, "hx-aortic-family": True}, "the patient's own aneurysm"),
    ("22298006", SCT, clinical("resolved"), {"hx-heart": True}, "an old heart attack is heart disease"),
    (FEVER, SCT, {"recordedDate": TODAY}, {"fever": True}, "a symptom of today"),
    (FEVER, SCT, {"onsetDateTime": "2026-05-09T13:00:00Z"}, {"fever": True}, "23 hours ago, by its onset"),
    (FEVER, SCT, {"onsetPeriod": {"start": TODAY}}, {"fever": True}, "by the start of its period"),
    (FEVER, SCT, {"recordedDate": "2026-05-09T12:00:00Z"}, {"fever": True}, "24 hours ago to the second"),
    (FEVER, SCT, {"recordedDate": "2026-05-09T11:59:59Z"}, {}, "a second too old"),
    (FEVER, SCT, {"recordedDate": "2026-05-10"}, {"fever": True}, "some time today"),
    (FEVER, SCT, {"recordedDate": "2026-05"}, {"fever": True}, "some time this month may be today"),
    (FEVER, SCT, {"recordedDate": "2026-04"}, {}, "some time last month is too old"),
    (FEVER, SCT, {"recordedDate": "2026-05-12T12:00:00Z"}, {}, "two days after the answers"),
    (FEVER, SCT, {}, {}, "a symptom without a date"),
    (FEVER, SCT, {"recordedDate": TODAY, **clinical("resolved")}, {}, "a symptom that is over"),
    (
        "74474003",
        SCT,
        {"recordedDate": "2020-01-01"},
        {"hx-ulcer": True},
        "an old bleed is a history, not black stools now",
    ),
    ("60001007", SCT, {"recordedDate": TODAY}, {"pregnant": False}, "a code that says absent"),
    ("60001007", SCT, {"recordedDate": TODAY, **verified("provisional")}, {}, "an uncertain absent says nothing"),
    ("60001007", SCT, {"recordedDate": TODAY, **clinical("resolved")}, {}, "an absent that is over says nothing"),
    ("77386006", SCT, {"recordedDate": "2025-07-20T12:00:00Z"}, {"pregnant": True}, "294 days ago"),
    ("77386006", SCT, {"recordedDate": "2025-07-20T11:59:59Z"}, {}, "a second more than 42 weeks ago"),
    ("279038004", SCT, {"recordedDate": TODAY}, {}, "use: out is never read in"),
    ("300954003", SCT, {"recordedDate": TODAY}, {}, "a key that is not confirmed is never read in"),
    ("230993007", SCT, {"recordedDate": TODAY}, {}, "a qualifier alone says nothing"),
    ("72166-2", "http://loinc.org", {}, {}, "a question is no problem"),
    ("LA15173-0", "http://loinc.org", {"recordedDate": TODAY}, {}, "an answer is no problem"),
    (ANTICOAGULANT, SCT, {}, {}, "a substance is no problem"),
    ("76948002", SCT, {"recordedDate": TODAY}, {}, "keys that begin with a hyphen are questions"),
    ("425423002", SCT, {"recordedDate": TODAY}, {}, "pain on movement reassures, and the record never does"),
]


@pytest.mark.parametrize(
    ("code", "system", "more", "expected", "comment"), CONDITIONS, ids=[row[-1] for row in CONDITIONS]
)
def test_a_condition(code: str, system: str, more: Json, expected: Json, comment: str) -> None:
    facts = read(condition(code, system, **more))
    assert values(facts) == expected
    assert not [issue for issue in facts.notices if issue.severity == "error"]


NOTICED = [
    (condition(CANCER, **verified("provisional")), "information", "its status is not certain"),
    (condition(FEVER), "warning", "it has no date"),
    (condition(FEVER, recordedDate="2026-05-12T12:00:00Z"), "warning", "it is dated after the answers"),
    (condition(FEVER, recordedDate="2026-05-08T12:00:00Z"), "information", "that time is over"),
    (condition("77386006"), "warning", "it has no date"),
    (condition("25374005"), "information", "of 1 nothing was read"),
    ({**condition(CANCER), "code": {"text": "cancer"}}, "information", "of 1 nothing was read"),
    (statement(ANTICOAGULANT, status="unknown"), "information", "its status is not certain"),
    (
        allergy(IBUPROFEN, verificationStatus=status("allergyintolerance-verification", "unconfirmed")),
        "information",
        "not certain",
    ),
]


@pytest.mark.parametrize(("content", "severity", "expected"), NOTICED, ids=[row[-1] for row in NOTICED])
def test_what_is_doubtful_or_not_used_is_said(content: Json, severity: str, expected: str) -> None:
    (notice,) = read(content).notices
    assert expected in notice.text
    assert notice.severity == severity
    assert notice.expression == "Bundle.entry[1].resource"


MEDICINES = [
    (statement(ANTICOAGULANT, status="active"), {"hx-anticoagulant": True}, "taken"),
    (statement(ANTICOAGULANT, status="intended"), {"hx-anticoagulant": True}, "will be taken"),
    (statement(ANTICOAGULANT, status="on-hold"), {"hx-anticoagulant": True}, "paused"),
    (statement(ANTICOAGULANT, status="unknown"), {"hx-anticoagulant": True}, "may be taken"),
    (statement(ANTICOAGULANT, status="completed"), {}, "completed"),
    (statement(ANTICOAGULANT, status="stopped"), {}, "stopped"),
    (statement(ANTICOAGULANT, status="not-taken"), {}, "not taken"),
    (statement(ANTICOAGULANT, status="entered-in-error"), {}, "entered in error"),
    (statement("5640", RXNORM), {"hx-nsaid-interaction": True}, "takes ibuprofen"),
    (statement(PARACETAMOL), {"hx-acetaminophen-caution": True}, "takes paracetamol already"),
    (statement("41598000"), {"hx-oestrogen": True}, "takes oestrogen"),
    (statement("74474003"), {}, "a problem's code is no medicine"),
    (statement("999999999"), {}, "a code that is not listed"),
    (request(ANTICOAGULANT), {"hx-anticoagulant": True}, "ordered"),
    (request(ANTICOAGULANT, status="on-hold"), {"hx-anticoagulant": True}, "order paused"),
    (request(ANTICOAGULANT, status="unknown"), {"hx-anticoagulant": True}, "order may stand"),
    (request(ANTICOAGULANT, status="draft"), {}, "order in draft"),
    (request(ANTICOAGULANT, status="cancelled"), {}, "order cancelled"),
    (request(ANTICOAGULANT, status="stopped"), {}, "order stopped"),
    (request(ANTICOAGULANT, status="completed"), {}, "order completed"),
    (request(ANTICOAGULANT, status="entered-in-error"), {}, "order in error"),
    (request(ANTICOAGULANT, intent="plan"), {"hx-anticoagulant": True}, "planned"),
    (request(ANTICOAGULANT, intent="proposal"), {}, "only proposed"),
    (request(ANTICOAGULANT, intent="option"), {}, "one of several options"),
    (request(ANTICOAGULANT, doNotPerform=True), {}, "an order not to take it"),
]


@pytest.mark.parametrize(("content", "expected", "comment"), MEDICINES, ids=[row[-1] for row in MEDICINES])
def test_a_medicine(content: Json, expected: Json, comment: str) -> None:
    assert values(read(content)) == expected


def test_a_contained_medication_names_the_medicine_by_its_code_or_its_ingredients() -> None:
    code = {"resourceType": "Medication", "id": "m", "code": concept(ANTICOAGULANT)}
    parts = {"resourceType": "Medication", "id": "m", "ingredient": [{"itemCodeableConcept": concept(PARACETAMOL)}]}
    for inside, expected in ((code, "hx-anticoagulant"), (parts, "hx-acetaminophen-caution")):
        content = statement(ANTICOAGULANT, medicationReference={"reference": "#m"}, contained=[inside])
        del content["medicationCodeableConcept"]
        assert values(read(content)) == {expected: True}


def test_of_several_contained_medications_the_one_that_is_meant_is_read() -> None:
    other = {"resourceType": "Medication", "id": "other", "code": concept(ANTICOAGULANT)}
    meant = {"resourceType": "Medication", "id": "m", "code": concept(PARACETAMOL)}
    content = statement("1", medicationReference={"reference": "#m"}, contained=[other, meant])
    del content["medicationCodeableConcept"]
    assert values(read(content)) == {"hx-acetaminophen-caution": True}


def test_a_medicine_that_stands_elsewhere_is_not_read_and_this_is_said() -> None:
    content = statement(ANTICOAGULANT, medicationReference={"reference": "Medication/3"})
    del content["medicationCodeableConcept"]
    assert texts(read(content).notices, "information") == [
        "MedicationStatement: not used, because its medicine stands in another resource; "
        "allowed are a code or a contained Medication"
    ]


def test_a_medicine_that_is_named_by_a_code_that_is_not_listed_is_one_of_which_nothing_was_read() -> None:
    inside = {"resourceType": "Medication", "id": "m", "code": concept("999999999")}
    contained = statement("1", medicationReference={"reference": "#m"}, contained=[inside])
    del contained["medicationCodeableConcept"]
    for content in (statement("999999999"), contained):
        (text,) = texts(read(content).notices, "information")
        assert "of 1 nothing was read" in text


ALLERGIES = [
    (allergy(IBUPROFEN), {"hx-asthma-nsaid": True}, "ibuprofen"),
    (allergy("372588000"), {"hx-asthma-nsaid": True}, "naproxen"),
    (allergy("372665008"), {"hx-asthma-nsaid": True}, "anti-inflammatories as a class"),
    (allergy(PARACETAMOL), {"hx-acetaminophen-caution": True}, "paracetamol"),
    (allergy("161", RXNORM, type="intolerance"), {"hx-acetaminophen-caution": True}, "an intolerance"),
    (allergy(ANTICOAGULANT), {}, "who is allergic to a medicine does not take it"),
    (
        allergy(IBUPROFEN, clinicalStatus=status("allergyintolerance-clinical", "active")),
        {"hx-asthma-nsaid": True},
        "active",
    ),
    (allergy(IBUPROFEN, clinicalStatus=status("allergyintolerance-clinical", "inactive")), {}, "inactive"),
    (allergy(IBUPROFEN, clinicalStatus=status("allergyintolerance-clinical", "resolved")), {}, "resolved"),
    (
        allergy(IBUPROFEN, verificationStatus=status("allergyintolerance-verification", "confirmed")),
        {"hx-asthma-nsaid": True},
        "confirmed",
    ),
    (
        allergy(IBUPROFEN, verificationStatus=status("allergyintolerance-verification", "unconfirmed")),
        {"hx-asthma-nsaid": True},
        "unconfirmed",
    ),
    (allergy(IBUPROFEN, verificationStatus=status("allergyintolerance-verification", "refuted")), {}, "refuted"),
    (
        allergy("1", reaction=[{"substance": concept(IBUPROFEN), "manifestation": [{"text": "hives"}]}]),
        {"hx-asthma-nsaid": True},
        "a reaction's substance",
    ),
]


@pytest.mark.parametrize(("content", "expected", "comment"), ALLERGIES, ids=[row[-1] for row in ALLERGIES])
def test_an_allergy(content: Json, expected: Json, comment: str) -> None:
    assert values(read(content)) == expected


def test_one_resource_may_say_several_things() -> None:
    content = condition(CANCER)
    content["code"]["coding"].append({"system": SCT, "code": "64859006"})
    assert values(read(content)) == {"hx-cancer": True, "hx-osteoporosis": True}


def test_a_fact_says_that_it_comes_from_the_record_and_where_it_stands() -> None:
    facts = read(condition(CANCER, subject=MINE, id="c1"), condition(CANCER))
    (fact,) = facts.facts["hx-cancer"]
    assert fact.origin == "record"
    assert fact.where == ("Condition/c1", "Bundle.entry[2].resource") == facts.used
