"""The operations beside ``$triage``: what they answer is valid R4, and nothing is concluded that nobody said."""

from datetime import UTC, datetime
from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class

from service.errors import Refused
from service.mapping.artefacts.concept_map import concept_map
from service.mapping.canonical import BASE, FINDING
from service.mapping.gate.structure import check
from service.mapping.operations.extract import codings_of
from service.mapping.writing.json_bytes import dump
from service.settings import Settings
from service.usecases.operations import Operations
from service.usecases.triage import Triage
from tests.mapping.damage import BASES
from tests.mapping.responses import AUTHORED, BOOK, Json, filled, with_answers

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
TRIAGE = Triage(BOOK, Settings(), lambda: NOW)
OPERATIONS = Operations(BOOK, Settings(), TRIAGE, codings_of(concept_map(BOOK)), lambda: NOW)
PATIENT = {"resourceType": "Patient", "id": "1", "gender": "female", "birthDate": "1980-01-01"}
SUBJECT = {"reference": "Patient/1"}


def parameters(**given: Any) -> Json:
    return {"resourceType": "Parameters", "parameter": [{"name": name, **value} for name, value in given.items()]}


def is_valid(resource: Any) -> None:
    kind = resource["resourceType"]
    assert check(resource, kind, is_envelope=kind in ("Bundle", "Parameters")) == ()
    get_fhir_model_class(kind).model_validate_json(dump(resource))


class TestValidate:
    def test_a_sound_response_has_nothing_wrong(self) -> None:
        outcome: Any = OPERATIONS.validate(filled())
        assert [one["severity"] for one in outcome["issue"]] == ["information"]
        is_valid(outcome)

    @pytest.mark.parametrize(
        ("resource", "code", "comment"),
        [
            ({**filled(), "status": "done"}, "code-invalid", "not R4"),
            ({**filled(), "questionnaire": "urn:other"}, "not-found", "R4, but not our Questionnaire"),
            (with_answers(filled(), "age", [{"valueInteger": 999}]), "value", "out of range"),
            ({"resourceType": "Patient", "gender": "none"}, "code-invalid", "any resource is held against R4"),
            ({"resourceType": "Nobody"}, "structure", "no resource at all"),
            (1, "structure", "no object at all"),
        ],
    )
    def test_everything_that_is_wrong_is_said(self, resource: Any, code: str, comment: str) -> None:
        if not isinstance(resource, dict):
            with pytest.raises(Refused):
                OPERATIONS.validate(resource)
            return
        for content in (resource, parameters(resource={"resource": resource}, mode={"valueCode": "create"})):
            outcome: Any = OPERATIONS.validate(content)
            assert code in [one["code"] for one in outcome["issue"] if one["severity"] == "error"], comment

    def test_a_question_left_blank_is_a_warning(self) -> None:
        outcome: Any = OPERATIONS.validate(with_answers(filled(), "dyspnoea", None))
        assert {one["severity"] for one in outcome["issue"]} <= {"warning", "information"}

    @pytest.mark.parametrize(
        ("content", "expected", "status"),
        [
            (parameters(mode={"valueCode": "create"}), "", 400),
            (parameters(resource={"resource": filled()}, mode={"valueCode": "delete"}), "", 422),
            (parameters(resource={"resource": filled()}, other={"valueCode": "a"}), "", 422),
            (filled(), "Patient", 400),
        ],
    )
    def test_what_cannot_be_judged_is_refused(self, content: Json, expected: str, status: int) -> None:
        with pytest.raises(Refused) as refused:
            OPERATIONS.validate(content, expected)
        assert refused.value.status == status


class TestExtract:
    def entries(self, content: Json) -> dict[str, Json]:
        bundle: Any = OPERATIONS.extract(content)
        if bundle["resourceType"] == "Parameters":
            bundle = bundle["parameter"][0]["resource"]
        is_valid(bundle)
        found = {}
        for entry in bundle.get("entry", []):
            is_valid(entry["resource"])
            found[entry["resource"]["code"]["coding"][0]["code"]] = entry
        return found

    def test_each_answer_is_an_observation_that_names_its_response_and_time(self) -> None:
        entry = self.entries(filled())["age"]
        observation = entry["resource"]
        assert (observation["status"], observation["effectiveDateTime"]) == ("final", AUTHORED)
        assert observation["subject"] == filled()["subject"]
        assert observation["derivedFrom"][0]["type"] == "QuestionnaireResponse"
        assert entry["request"]["method"] == "POST"
        assert entry["request"]["ifNoneExist"].startswith(f"identifier={BASE}/identifier/extracted|")

    def test_an_open_question_gives_nothing(self) -> None:
        findings = BOOK.form.item("list-history-1").findings
        assert findings[0] in self.entries(filled())
        assert not set(findings) & self.entries(with_answers(filled(), "list-history-1", None)).keys()

    def test_only_what_was_answered_is_written_never_what_follows_from_it(self) -> None:
        for code in self.entries(filled()):
            assert code in BOOK.form.item_of

    def test_a_yes_in_the_history_is_a_condition_that_nobody_confirmed(self) -> None:
        item = BOOK.form.item("list-history-1")
        answer = [{"valueCoding": {"system": FINDING, "code": item.findings[0]}}]
        entries = self.entries(with_answers(filled(), item.link_id, answer))
        condition, denied = (entries[one]["resource"] for one in item.findings[:2])
        assert condition["resourceType"] == "Condition"
        assert condition["verificationStatus"]["coding"][0]["code"] == "unconfirmed"
        assert (denied["resourceType"], denied["valueBoolean"]) == ("Observation", False)

    @pytest.mark.parametrize(
        ("status", "observed", "method"),
        [("completed", "final", "POST"), ("in-progress", "preliminary", "POST"), ("amended", "amended", "PUT")],
    )
    def test_the_status_of_the_response_is_that_of_its_observations(
        self, status: str, observed: str, method: str
    ) -> None:
        entry = self.entries({**filled(), "status": status})["age"]
        assert (entry["resource"]["status"], entry["request"]["method"]) == (observed, method)

    def test_the_same_response_gives_the_same_bytes(self) -> None:
        assert dump(OPERATIONS.extract(filled())) == dump(OPERATIONS.extract(filled()))

    def test_an_external_code_stands_only_where_it_means_the_finding_itself(self) -> None:
        relations = codings_of(concept_map(BOOK))
        for code, entry in self.entries(filled()).items():
            external = entry["resource"]["code"]["coding"][1:]
            assert external == list(relations.get(code, ()))

    @pytest.mark.parametrize(
        ("content", "status"),
        [
            ({key: value for key, value in filled().items() if key != "subject"}, 422),
            ({**filled(), "questionnaire": "urn:other"}, 422),
            ({**filled(), "status": "done"}, 400),
            (PATIENT, 422),
        ],
    )
    def test_what_cannot_be_extracted_is_refused(self, content: Json, status: int) -> None:
        with pytest.raises(Refused) as refused:
            OPERATIONS.extract(content)
        assert refused.value.status == status


class TestPopulate:
    def answered(self, *content: Json, subject: Json = SUBJECT) -> tuple[Json, Json]:
        parts = [{"name": "name", "valueString": "patient"}, *({"name": "content", "resource": one} for one in content)]
        answer: Any = OPERATIONS.populate(parameters(subject={"valueReference": subject}, context={"part": parts}))
        is_valid(answer)
        response, issues = (one["resource"] for one in answer["parameter"])
        is_valid(response)
        given = {item["linkId"]: item["answer"] for group in response.get("item", []) for item in group["item"]}
        return given, issues

    def test_age_and_sex_come_from_the_patient_and_a_person_is_told(self) -> None:
        given, issues = self.answered(PATIENT)
        assert given["age"] == [{"valueInteger": 46}], "born on 1980-01-01, asked on 2026-11-21"
        assert given["sex"][0]["valueCoding"]["code"] == "female"
        assert "to be checked" in issues["issue"][0]["details"]["text"]

    def test_a_danger_in_the_record_begins_no_checklist(self) -> None:
        condition = {
            "resourceType": "Condition",
            "subject": SUBJECT,
            "clinicalStatus": {"coding": [{"system": CLINICAL, "code": "active"}]},
            "code": {"coding": [{"system": "http://snomed.info/sct", "code": "64859006"}]},
        }
        given, _ = self.answered(PATIENT, condition)
        assert {BOOK.form.item(one).kind for one in given} <= {"integer", "choice"}

    def test_another_patients_record_is_not_used(self) -> None:
        given, issues = self.answered({**PATIENT, "id": "2"})
        assert given == {}
        assert any(one["severity"] == "warning" for one in issues["issue"])

    def test_without_a_record_everything_is_open_and_without_a_subject_it_is_refused(self) -> None:
        assert self.answered()[0] == {}
        with pytest.raises(Refused):
            OPERATIONS.populate(parameters(local={"valueBoolean": True}))

    def test_what_was_begun_is_a_response_of_our_form(self) -> None:
        answer: Any = OPERATIONS.populate(parameters(subject={"valueReference": SUBJECT}))
        result: Any = OPERATIONS.validate(answer["parameter"][0]["resource"])
        assert all(one["severity"] != "error" for one in result["issue"])


CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"


class TestApply:
    def test_the_plan_is_a_care_plan_whose_actions_are_its_activities(self) -> None:
        response = {**filled(), "subject": SUBJECT}
        plan: Any = OPERATIONS.apply(applying(data={"resource": response}), dump, nothing_stored)
        is_valid(plan)
        group, *requests = plan["contained"]
        results: Any = {
            one["resource"]["resourceType"]: one["resource"] for one in TRIAGE(dump(response)).resource["entry"]
        }
        assert len(group["action"]) == len(results["CarePlan"]["activity"])
        assert group["priority"] == results["ServiceRequest"]["priority"]
        assert plan["activity"] == [{"reference": {"reference": "#requests"}}]
        assert [one["resource"]["reference"] for one in group["action"]] == [f"#{one['id']}" for one in requests]
        assert "profile" not in plan.get("meta", {}), "its profile wants the activities themselves"
        assert plan["description"] == results["CarePlan"]["description"]

    def test_what_must_not_be_done_says_so_in_its_title(self) -> None:
        every = []
        for content in BASES.values():
            response = {**content, "subject": SUBJECT}
            plan: Any = OPERATIONS.apply(applying(data={"resource": response}), dump, nothing_stored)
            results: Any = TRIAGE(dump(response)).resource["entry"]
            care_plan = next(one["resource"] for one in results if one["resource"]["resourceType"] == "CarePlan")
            details = [one["detail"] for one in care_plan["activity"] if "detail" in one]
            forbidden = [one["code"]["text"] for one in details if one.get("doNotPerform")]
            group, *requests = plan["contained"]
            titles = [one["title"] for one in group["action"]]
            assert [f"Do not: {one}" for one in forbidden] == [one for one in titles if one.startswith("Do not: ")]
            assert [one["code"]["text"] for one in requests if one.get("doNotPerform")] == forbidden
            every.extend(forbidden)
        assert every, "a test in which nothing is forbidden shows nothing"

    def test_the_latest_stored_response_is_used_where_none_is_sent(self) -> None:
        response = {**filled(), "subject": SUBJECT}
        sent = OPERATIONS.apply(applying(data={"resource": response}), dump, nothing_stored)
        stored = OPERATIONS.apply(applying(), dump, lambda subject: dump(response) if subject == "Patient/1" else None)
        assert stored == sent

    @pytest.mark.parametrize(
        ("content", "status", "comment"),
        [
            ({"resourceType": "Parameters", "id": "a"}, 422, "no subject"),
            (parameters(subject={"valueString": "Patient/1"}), 404, "nothing sent, nothing stored"),
            (
                parameters(subject={"valueString": "Patient/2"}, data={"resource": {**filled(), "subject": SUBJECT}}),
                422,
                "the answers of somebody else",
            ),
        ],
    )
    def test_what_cannot_be_applied_is_refused(self, content: Json, status: int, comment: str) -> None:
        with pytest.raises(Refused) as refused:
            OPERATIONS.apply(content, dump, nothing_stored)
        assert refused.value.status == status, comment


def applying(**given: Any) -> Json:
    return parameters(subject={"valueString": "Patient/1"}, **given)


def nothing_stored(_subject: str) -> bytes | None:
    return None
