"""Batch, transaction and messages against a whole service with its store; every answer stands in its place."""

import json
from typing import Any

import pytest

from .stored_service import RESPONSES, Stored, response

FHIR = "/fhir"
URN = "urn:uuid:6ba7b810-9dad-41d1-80b4-00c04fd430c{}"


def entry(resource: dict[str, Any], full_url: str = "", method: str = "POST", url: str = "", **more: str) -> Any:
    request = {"method": method, "url": url or "QuestionnaireResponse", **more}
    named = {"fullUrl": full_url} if full_url else {}
    return {**named, "resource": resource, "request": request}


def asking(method: str, url: str, **more: str) -> Any:
    return {"request": {"method": method, "url": url, **more}}


def bundle(kind: str, *entries: Any) -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": kind, **({"entry": list(entries)} if entries else {})}


def sent(stored: Stored, content: dict[str, Any], path: str = FHIR, status: int = 200, **headers: str) -> Any:
    answer = stored.post(content, path, **headers)
    assert answer.status_code == status, answer.data
    return json.loads(answer.data)


def statuses(answer: Any) -> list[str]:
    return [each["response"]["status"].split()[0] for each in answer.get("entry", [])]


class TestBatch:
    def test_every_entry_is_answered_in_its_place_and_fails_alone(self, stored: Stored) -> None:
        answer = sent(
            stored,
            bundle(
                "batch",
                entry(response(1)),
                entry({**response(2), "status": "done"}),
                asking("GET", "Questionnaire/upper-back-pain"),
                asking("GET", "CarePlan/none"),
                asking("GET", "RiskAssessment?_count=1"),
                asking("DELETE", "RiskAssessment/1"),
                entry({"resourceType": "Patient", "active": True}, url="Patient"),
                asking("GET", "../livez"),
            ),
        )
        assert answer["type"] == "batch-response"
        assert statuses(answer) == ["201", "400", "200", "404", "200", "405", "404", "400"]
        outcomes = [each["response"].get("outcome", {}).get("resourceType") for each in answer["entry"]]
        assert [one == "OperationOutcome" for one in outcomes] == [s >= "400" for s in statuses(answer)]
        first = answer["entry"][0]
        assert first["resource"]["id"] in first["response"]["location"]
        assert first["response"]["etag"] == 'W/"1"'
        assert first["response"]["lastModified"] == first["resource"]["meta"]["lastUpdated"]

    def test_a_condition_of_an_entry_counts(self, stored: Stored) -> None:
        condition = {"ifNoneExist": "identifier=urn:his|A-5"}
        both = [entry(response(5), **condition), entry(response(5, status="amended"), **condition)]
        assert statuses(sent(stored, bundle("batch", *both))) == ["201", "200"]

    def test_an_operation_is_an_entry_like_any_other(self, stored: Stored) -> None:
        answer = sent(stored, bundle("batch", entry(response(), url="QuestionnaireResponse/$triage")))
        assert answer["entry"][0]["resource"]["type"] == "collection"

    def test_an_empty_bundle_is_no_error(self, stored: Stored) -> None:
        assert sent(stored, bundle("batch")) == bundle("batch-response")
        assert sent(stored, bundle("transaction")) == bundle("transaction-response")


class TestTransaction:
    def test_all_is_stored_and_answered_in_order(self, stored: Stored) -> None:
        answer = sent(stored, bundle("transaction", *(entry(response(n)) for n in (3, 1, 2))))
        assert answer["type"] == "transaction-response"
        assert statuses(answer) == ["201"] * 3
        assert [each["resource"]["identifier"]["value"] for each in answer["entry"]] == ["A-3", "A-1", "A-2"]
        assert len(stored.ids("/fhir/RiskAssessment")) == 3

    def test_nothing_is_stored_where_one_entry_is_refused(self, stored: Stored) -> None:
        wrong = bundle("transaction", entry(response(1)), entry({**response(2), "questionnaire": "urn:other"}))
        outcome = sent(stored, wrong, status=422)
        assert outcome["resourceType"] == "OperationOutcome"
        assert stored.ids(RESPONSES) == []

    def test_references_between_entries_are_the_addresses_they_are_stored_under(self, stored: Stored) -> None:
        first = response(1)
        second = {**response(2), "partOf": [{"reference": URN.format(1)}]}
        # The one that refers stands before the one that is referred to: the order changes nothing.
        answer = sent(stored, bundle("transaction", entry(second), entry(first, URN.format(1))))
        referring, referred = (each["resource"] for each in answer["entry"])
        assert referring["partOf"] == [{"reference": f"QuestionnaireResponse/{referred['id']}"}]

    def test_reads_are_answered_after_what_is_stored_and_in_their_place(self, stored: Stored) -> None:
        asked = [
            asking("GET", "QuestionnaireResponse?identifier=urn:his|A-1"),
            entry(response(1)),
            asking("GET", "Questionnaire/upper-back-pain"),
            entry(response(2)),
            asking("GET", "RiskAssessment?_summary=count"),
            asking("GET", "CarePlan/none"),
        ]
        answer = sent(stored, bundle("transaction", *asked))
        assert answer["type"] == "transaction-response"
        assert statuses(answer) == ["200", "201", "200", "201", "200", "404"]
        first, created, *_ = answer["entry"]
        # It stands before the create, and finds what the create made.
        assert first["resource"]["entry"][0]["resource"]["id"] == created["resource"]["id"]
        assert answer["entry"][4]["resource"]["total"] == 2
        assert answer["entry"][5]["response"]["outcome"]["resourceType"] == "OperationOutcome"

    def test_a_read_is_not_answered_where_nothing_could_be_stored(self, stored: Stored) -> None:
        asked = [asking("GET", "RiskAssessment"), entry({**response(2), "status": "done"})]
        assert sent(stored, bundle("transaction", *asked), status=400)["resourceType"] == "OperationOutcome"

    def test_a_conditional_reference_is_what_it_finds(self, stored: Stored) -> None:
        known = json.loads(stored.post(response(1)).data)
        reference = {"reference": "QuestionnaireResponse?identifier=urn:his|A-1"}
        answer = sent(stored, bundle("transaction", entry({**response(2), "partOf": [reference]})))
        assert answer["entry"][0]["resource"]["partOf"] == [{"reference": f"QuestionnaireResponse/{known['id']}"}]

    @pytest.mark.parametrize(
        ("entries", "status", "comment"),
        [
            ([entry({"resourceType": "Patient", "active": True}, url="Patient")], 422, "only responses are stored"),
            ([entry(response(1)), asking("GET", "../livez")], 400, "a read of what is not below our base"),
            ([entry(response(1)), asking("DELETE", "RiskAssessment/1")], 422, "nothing is deleted"),
            ([entry({"resourceType": "Patient", "active": True})], 422, "another resource under our address"),
            ([entry({**response(1), "partOf": [{"reference": URN.format(9)}]})], 400, "a dangling reference"),
            (
                [entry({**response(1), "partOf": [{"reference": "QuestionnaireResponse?identifier=urn:his|none"}]})],
                412,
                "a conditional reference that finds nothing",
            ),
            ([entry({**response(1), "basedOn": [{"reference": "CarePlan?identifier=a"}]})], 412, "of another type"),
            ([entry(response(1)), entry(response(1))], 400, "one identity twice"),
            ([entry(response(1), URN.format(1)), entry(response(2), URN.format(1))], 400, "one fullUrl twice"),
            ([entry(response(1), ifMatch="one")], 422, "a version that is none"),
            ([{"resource": response(1)}], 400, "no request"),
        ],
    )
    def test_what_cannot_be_done_whole_is_not_done_at_all(
        self, stored: Stored, entries: list[Any], status: int, comment: str
    ) -> None:
        outcome = sent(stored, bundle("transaction", *entries), status=status)
        assert outcome["resourceType"] == "OperationOutcome", comment
        assert stored.ids(RESPONSES) == []

    def test_a_reference_to_a_response_without_an_identifier_is_refused(self, stored: Stored) -> None:
        unnamed = {key: value for key, value in response(1).items() if key != "identifier"}
        second = {**response(2), "partOf": [{"reference": URN.format(1)}]}
        sent(stored, bundle("transaction", entry(unnamed, URN.format(1)), entry(second)), status=422)
        assert stored.ids(RESPONSES) == []

    def test_an_update_is_an_entry_too(self, stored: Stored) -> None:
        known = json.loads(stored.post(response(1)).data)
        again = {**response(1, status="amended"), "id": known["id"], "authored": "2026-06-01T09:41:00Z"}
        url = f"QuestionnaireResponse/{known['id']}"
        answer = sent(stored, bundle("transaction", entry(again, method="PUT", url=url, ifMatch='W/"1"')))
        assert statuses(answer) == ["200"]
        assert answer["entry"][0]["response"]["etag"] == 'W/"2"'
        sent(stored, bundle("transaction", entry(again, method="PUT", url=url, ifMatch='W/"9"')), status=412)

    @pytest.mark.parametrize(("prefer", "has_resource"), [("", True), ("return=minimal", False)])
    def test_as_much_comes_back_as_is_preferred(self, stored: Stored, prefer: str, has_resource: bool) -> None:
        headers = {"Prefer": prefer} if prefer else {}
        answer = sent(stored, bundle("transaction", entry(response(1))), **headers)
        assert ("resource" in answer["entry"][0]) is has_resource


@pytest.mark.parametrize(
    ("kind", "door"),
    [("collection", "$triage"), ("searchset", "$triage"), ("message", "$process-message"), ("document", "alone"),
     ("history", "batch and transaction")],
)  # fmt: skip
def test_another_bundle_is_shown_the_right_door(stored: Stored, kind: str, door: str) -> None:
    outcome = sent(stored, bundle(kind), status=422)
    assert door in outcome["issue"][0]["details"]["text"]


def test_something_else_than_a_bundle_is_refused(stored: Stored) -> None:
    sent(stored, response(), status=400)


HEADER = {
    "resourceType": "MessageHeader",
    "id": "m1",
    "eventCoding": {"system": "urn:his:event", "code": "answers"},
    "source": {"name": "HIS", "endpoint": "urn:his:out"},
    "focus": [{"reference": URN.format(1)}],
}


class TestMessage:
    def message(self, *resources: dict[str, Any], header: dict[str, Any] | None = None) -> dict[str, Any]:
        named = [(URN.format(index), one) for index, one in enumerate((header or HEADER, *resources))]
        entries = [{"fullUrl": url, "resource": resource} for url, resource in named]
        return {
            "resourceType": "Bundle",
            "id": "b1",
            "type": "message",
            "timestamp": "2026-11-21T10:00:00Z",
            "entry": entries,
        }

    def reply(self, stored: Stored, message: dict[str, Any]) -> Any:
        return sent(stored, message, f"{FHIR}/$process-message")

    def test_the_reply_carries_the_results_and_names_its_request(self, stored: Stored) -> None:
        reply = self.reply(stored, self.message(response(1)))
        header, *others = (each["resource"] for each in reply["entry"])
        assert (reply["type"], header["response"]["identifier"], header["response"]["code"]) == ("message", "m1", "ok")
        kinds = ["QuestionnaireResponse", "RiskAssessment", "CarePlan", "ServiceRequest", "OperationOutcome"]
        assert [one["resourceType"] for one in others] == kinds
        assert header["destination"] == [{"name": "HIS", "endpoint": "urn:his:out"}]
        assert header["eventCoding"] == HEADER["eventCoding"]
        assert stored.ids("/fhir/RiskAssessment") == [f"RiskAssessment/{others[1]['id']}"]

    def test_a_message_that_comes_again_gets_the_same_reply_and_stores_nothing_twice(self, stored: Stored) -> None:
        first, second = (self.reply(stored, self.message(response(1))) for _ in range(2))
        assert first == second
        assert len(stored.ids(RESPONSES)) == 1

    def test_a_response_that_is_refused_gets_a_reply_that_says_so(self, stored: Stored) -> None:
        reply = self.reply(stored, self.message({**response(1), "questionnaire": "urn:other"}))
        assert reply["entry"][0]["resource"]["response"]["code"] == "fatal-error"
        assert reply["entry"][-1]["resource"]["issue"][0]["severity"] == "error"
        assert stored.ids(RESPONSES) == []

    @pytest.mark.parametrize(
        ("change", "status", "comment"),
        [
            ({"type": "collection"}, 422, "no message"),
            ({"entry": [{"fullUrl": URN.format(1), "resource": response(1)}]}, 422, "no header"),
            ({"type": "letter"}, 400, "no R4"),
        ],
    )
    def test_what_is_no_message_is_refused(
        self, stored: Stored, change: dict[str, Any], status: int, comment: str
    ) -> None:
        outcome = sent(stored, {**self.message(response(1)), **change}, f"{FHIR}/$process-message", status)
        assert outcome["resourceType"] == "OperationOutcome", comment

    def test_a_message_has_one_response_and_no_other_address_for_its_reply(self, stored: Stored) -> None:
        sent(stored, self.message(), f"{FHIR}/$process-message", 422)
        sent(stored, self.message(response(1), response(2)), f"{FHIR}/$process-message", 422)
        parameters = [
            {"name": "content", "resource": self.message(response(1))},
            {"name": "response-url", "valueUrl": "https://elsewhere.invalid"},
        ]
        asked = {"resourceType": "Parameters", "parameter": parameters}
        sent(stored, asked, f"{FHIR}/$process-message", 422)
        sent(stored, {**asked, "parameter": parameters[:1]}, f"{FHIR}/$process-message")
