"""One body in, one Bundle out: responses stand alone, policies are gated, a moment may be set, bytes are the same."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from service.errors import Refused
from service.mapping.writing.json_bytes import dump
from service.settings import Settings
from service.usecases.triage import Triage
from tests.mapping.responses import BOOK, Json, filled

NOW = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)
SIGNED = {"policy_signed_by": "Medical director", "policy_signed_on": date(2026, 10, 1)}
FREE = replace(Settings(), allow_request_policy=True)


def triage(body: Json, settings: Settings = FREE) -> list[Json]:
    answer = Triage(BOOK, settings, lambda: NOW)(dump(body))
    assert answer.status == 200
    bundle: Any = answer.resource
    return [entry["resource"] for entry in bundle["entry"]]


def refused(body: Json, settings: Settings = FREE) -> Refused:
    with pytest.raises(Refused) as caught:
        Triage(BOOK, settings, lambda: NOW)(dump(body))
    return caught.value


def level(resource: Json) -> str:
    found = (one for one in resource["extension"] if one["url"].endswith("/triage-level"))
    return str(next(found)["valueCodeableConcept"]["coding"][0]["code"])


def of_type(resources: list[Json], kind: str) -> list[Json]:
    return [one for one in resources if one["resourceType"] == kind]


def bundle(*resources: Json, kind: str = "collection") -> Json:
    entries = [
        {"fullUrl": f"https://ehr.invalid/fhir/{one['resourceType']}/{i}", "resource": one}
        for i, one in enumerate(resources)
    ]
    return {"resourceType": "Bundle", "type": kind, "entry": entries}


def parameters(response: Json, **others: str) -> Json:
    listed: list[Json] = [{"name": "response", "resource": response}]
    listed += [
        {"name": name, ("valueDateTime" if name == "at" else "valueCode"): value} for name, value in others.items()
    ]
    return {"resourceType": "Parameters", "parameter": listed}


def test_a_bare_response_gives_assessment_plan_and_request_in_this_order() -> None:
    kinds = [
        one["resourceType"]
        for one in triage(filled(list_injury_load=["strain-event"], list_character_1=["mechanical"]))
    ]
    assert kinds == ["RiskAssessment", "CarePlan", "ServiceRequest"]


def test_nothing_that_is_not_stored_has_an_id() -> None:
    assert all("id" not in resource for resource in triage(filled()))


def test_each_response_of_a_bundle_stands_alone() -> None:
    """The second is refused in its place; the first and the third keep theirs, with their own levels."""
    broken = filled() | {"status": "entered-in-error"}
    resources = triage(
        bundle(
            filled(chest_pain="yes"), broken, filled(list_injury_load=["strain-event"], list_character_1=["mechanical"])
        )
    )
    assert [level(one) for one in of_type(resources, "RiskAssessment")] == ["ambulance", "self-care"]
    outcomes = of_type(resources, "OperationOutcome")
    errors = [one for one in outcomes if one["issue"][0]["severity"] == "error"]
    assert [issue["expression"] for one in errors for issue in one["issue"]] == [["Bundle.entry[1].resource.status"]]
    assert resources.index(errors[0]) > 0


def test_a_bundle_of_refused_responses_only_is_refused_with_all_their_issues() -> None:
    broken = filled() | {"status": "entered-in-error"}
    refusal = refused(bundle(broken, broken))
    assert refusal.status == 422
    assert [issue.expression for issue in refusal.issues] == [f"Bundle.entry[{i}].resource.status" for i in (0, 1)]


STATUSES = [
    # what is wrong with a single response            expected status  comment
    ({"status": "entered-in-error"}, 422, "R4, but not to be triaged"),
    ({"status": "done"}, 400, "not R4: no such status"),
    ({"questionnaire": "https://hospital.invalid/Questionnaire/1"}, 422, "R4, but another Questionnaire"),
    ({"unknown": True}, 400, "not R4: no such element"),
]


@pytest.mark.parametrize(("change", "status"), [row[:2] for row in STATUSES], ids=[row[2] for row in STATUSES])
def test_a_response_that_came_alone_keeps_its_own_status(change: Json, status: int) -> None:
    assert refused(filled() | change).status == status


def test_types_that_are_not_read_are_named_once() -> None:
    encounter = {"resourceType": "Encounter", "status": "finished", "class": {"code": "AMB"}}
    resources = triage(bundle(filled(), filled(), encounter, encounter))
    texts = [issue["details"]["text"] for one in of_type(resources, "OperationOutcome") for issue in one["issue"]]
    assert [text for text in texts if "Encounter" in text] == [next(text for text in texts if "Encounter" in text)]


def test_another_patients_record_never_enters() -> None:
    """A blood thinner and a fall raise the level; the same record of another patient does not."""
    injured = filled(trauma_minor=True, trauma_days=(3, "d"))
    thinner = {"code": {"coding": [{"system": "http://snomed.info/sct", "code": "711150003"}]}}
    condition = {"resourceType": "Condition", "subject": {"reference": "Patient/1"}, **thinner}
    own = triage(bundle(injured, condition))
    other = triage(bundle(injured, condition | {"subject": {"reference": "Patient/2"}}))
    assert [level(of_type(resources, "RiskAssessment")[0]) for resources in (own, other)] == ["emergency", "within-24h"]


def test_where_answer_and_record_give_two_ages_the_graver_result_counts() -> None:
    """Forty by the answer, eight by the record: a child under ten is within-24h (GL-child)."""
    strain = filled(list_injury_load=["strain-event"], list_character_1=["mechanical"])
    patient = {"resourceType": "Patient", "id": "1", "birthDate": "2018-01-01"}
    sent = bundle(strain, patient)
    sent["entry"][1]["fullUrl"] = "https://ehr.invalid/fhir/Patient/1"
    assert level(triage(strain)[0]) == "self-care"
    assert level(triage(sent)[0]) == "within-24h"


POLICIES = [
    # settings                                       named         status  comment
    (Settings(), "strictest", 200, "the server's own policy may be named"),
    (Settings(), "reconciled", 422, "another one is not allowed unless a setting says so"),
    (FREE, "reconciled", 422, "allowed, but nobody has signed it off"),
    (replace(FREE, **SIGNED), "reconciled", 200, "allowed and signed off"),
    (FREE, "source:GM", 200, "for comparison: test data, without a plan"),
    (FREE, "kindest", 422, "no such policy"),
]


@pytest.mark.parametrize(
    ("settings", "named", "status"), [row[:3] for row in POLICIES], ids=[row[3] for row in POLICIES]
)
def test_policies_are_gated(settings: Settings, named: str, status: int) -> None:
    body = parameters(filled(), policy=named)
    if status == 200:
        triage(body, settings)
    else:
        refusal = refused(body, settings)
        assert (refusal.status, refusal.issues[0].expression) == (status, "Parameters.parameter.where(name = 'policy')")


def test_one_source_alone_gives_no_plan_and_is_labelled_as_test_data() -> None:
    resources = triage(parameters(filled(), policy="source:CC"))
    assert of_type(resources, "CarePlan") == []
    assert resources[0]["meta"]["security"][0]["code"] == "HTEST"


def test_a_set_moment_is_used_and_labelled_as_test_data() -> None:
    day_later = triage(parameters(filled(), at="2026-11-23T10:00:00Z"))[0]
    assert (day_later["status"], day_later["meta"]["security"][0]["code"]) == ("preliminary", "HTEST")
    assert "security" not in triage(filled())[0]["meta"]


def test_a_server_may_refuse_to_let_a_request_set_the_moment() -> None:
    settings = replace(Settings(), allow_replay_at=False)
    assert refused(parameters(filled(), at="2026-11-23T10:00:00Z"), settings).status == 422


AGES = [
    # authored                     level of a mild strain  comment
    ("2026-11-21T10:00:00Z", "self-care", "half an hour ago"),
    ("2026-11-20T10:30:00Z", "self-care", "24 hours ago, the limit itself"),
    ("2026-11-20T10:29:59Z", "appointment", "a second older than the limit"),
    ("2026-11-21T10:30:01Z", "appointment", "in the future"),
    (
        "2026-11-21",
        "appointment",
        "a date alone counts from the earliest moment it can mean, here 24 hours and a half ago",
    ),
    (None, "appointment", "no time at all"),
]


@pytest.mark.parametrize(("authored", "expected"), [row[:2] for row in AGES], ids=[row[2] for row in AGES])
def test_old_answers_are_never_self_care(authored: str | None, expected: str) -> None:
    response = filled(list_injury_load=["strain-event"], list_character_1=["mechanical"])
    changed = {key: value for key, value in response.items() if key != "authored"} | (
        {"authored": authored} if authored else {}
    )
    assessment = triage(changed)[0]
    assert (level(assessment), assessment["status"]) == (
        expected,
        "final" if expected == "self-care" else "preliminary",
    )


def test_the_order_of_items_changes_no_clinical_content() -> None:
    response = filled(list_abdomen_1=["nausea"], list_history_1=["hx-diabetes"])
    turned = response | {"item": [group | {"item": group["item"][::-1]} for group in response["item"][::-1]]}
    assert clinical(triage(response)) == clinical(triage(turned))


def clinical(resources: list[Json]) -> list[object]:
    """What is left of the results without the names made from the digest of the response."""
    return [
        {key: one.get(key) for key in ("status", "prediction", "mitigation", "activity", "title", "text")}
        for one in resources[:1]
    ]


WORLDS = [
    # hash seed, time zone, locale
    ("0", "UTC", "C"),
    ("1", "Asia/Kolkata", "tr_TR.UTF-8"),
    ("4242", "America/St_Johns", "de_DE.UTF-8"),
]


def test_same_input_and_moment_give_the_same_bytes_in_every_world() -> None:
    program = (
        "import sys; from service.knowledge.load import checked_book; from service.settings import Settings; "
        "from service.usecases.triage import Triage; from service.mapping.writing.json_bytes import dump; "
        "sys.stdout.buffer.write(dump(Triage(checked_book(), Settings())(sys.stdin.buffer.read()).resource))"
    )
    body = dump(
        parameters(filled(list_abdomen_1=["nausea", "vomiting"], list_character_3=["sharp"]), at="2026-11-21T10:30:00Z")
    )
    outputs = set()
    for seed, zone, locale in WORLDS:
        world = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale}
        outputs.add(
            subprocess.run(
                [sys.executable, "-c", program], input=body, env=world, capture_output=True, check=True
            ).stdout
        )
    assert len(outputs) == 1
    assert len(next(iter(outputs))) > 1_000


def test_a_fault_of_r4_names_the_question_it_stands_under() -> None:
    response = filled()
    item = next(one for group in response["item"] for one in group["item"] if one["linkId"] == "sweating")
    item["answer"] = [{"valueBoolean": "no"}]
    (issue,) = refused(response).issues
    assert (issue.code, issue.link_id, issue.question) == ("structure", "sweating", "Are you in a cold sweat?")


def test_a_required_question_left_blank_makes_the_result_preliminary_and_a_faulty_record_does_not() -> None:
    """A Condition without its subject is not R4 (code `required`); it says nothing of the answers."""
    strain = filled(list_injury_load=["strain-event"], list_character_1=["mechanical"])
    faulty = {"resourceType": "Condition", "code": {"text": "a cold"}}
    assert of_type(triage(bundle(strain, faulty)), "RiskAssessment")[0]["status"] == "final"
    blank = filled(list_injury_load=["strain-event"], list_character_1=["mechanical"], max_at_onset=None)
    assert triage(blank)[0]["status"] == "preliminary"
