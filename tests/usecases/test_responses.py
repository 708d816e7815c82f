"""What storing means: resent, amended, corrected and withdrawn responses, on both databases, by real rules."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from service.edges.store.records import Record
from service.edges.store.store import Store
from service.errors import Refused
from service.mapping.identity import content_digest, response_identity, uuid_of
from service.mapping.search.query import Criterion, Query, Wanted
from service.mapping.writing.json_bytes import dump
from service.settings import Settings
from service.usecases.caller import Caller
from service.usecases.responses import Create, Responses, Stored, Update
from tests.mapping.responses import BOOK, Json, filled

NOW = datetime(2026, 11, 21, 10, 30, 0, 123456, tzinfo=UTC)
WHO = Caller(agent="ward-7", request_id="request-1")
IDENTIFIER = {"system": "urn:oid:2.999.1", "value": "LH-1"}
TYPES = ("QuestionnaireResponse", "RiskAssessment", "CarePlan", "ServiceRequest", "Provenance", "AuditEvent")


@pytest.fixture
def responses(store: Store) -> Responses:
    return Responses(BOOK, Settings(), store, lambda: NOW)


def sent(status: str = "completed", identifier: Json | None = IDENTIFIER, **said: Any) -> Json:
    named = {} if identifier is None else {"identifier": identifier}
    return {**filled(**said), "status": status, **named}


def body(**parts: Any) -> bytes:
    return dump(sent(**parts))


def read(record: Record | None) -> Json:
    assert record is not None
    content: Json = json.loads(record.content)
    return content


def of(stored: Stored, kind: str) -> Json:
    return read(next(one for one in stored.results if one.resource_type == kind))


def all_of(store: Store, kind: str, tenant: str = "default") -> list[Json]:
    """Read every version of every resource of a type, the first to be stored first."""
    return [read(one) for one in store.history(tenant, kind, None, 500, None).records][::-1]


def count(store: Store) -> int:
    """Count what is stored; who only asked for it is on record in AuditEvents, which are looked at elsewhere."""
    return sum(len(all_of(store, kind)) for kind in TYPES if kind != "AuditEvent")


def refusal(responses: Responses, content: Json | bytes, **others: Any) -> Refused:
    before = count(responses.store)
    with pytest.raises(Refused) as caught:
        responses.create(WHO, content, **others)
    assert count(responses.store) == before, "a refusal must leave nothing behind"
    return caught.value


# What a first storing leaves behind


def test_a_new_response_is_stored_with_its_results_and_records(responses: Responses, store: Store) -> None:
    stored = responses.create(WHO, body())
    assert stored.status == 201
    assert [one.resource_type for one in stored.results] == ["RiskAssessment", "CarePlan", "ServiceRequest"]
    assert {kind: len(all_of(store, kind)) for kind in TYPES} == dict.fromkeys(TYPES, 1)


def test_ids_are_made_of_tenant_identity_and_type(responses: Responses) -> None:
    stored = responses.create(WHO, body())
    identity = response_identity(sent(), content_digest(sent()))
    for record in (stored.record, *stored.results):
        assert record.id == str(uuid_of("default", identity, record.resource_type))


def test_what_was_sent_comes_back_with_id_version_and_time_alone(responses: Responses) -> None:
    content = {**sent(), "id": "ours", "meta": {"versionId": "9", "source": "urn:ehr"}}
    stored = responses.create(WHO, content)
    served = read(stored.record)
    assert served["id"] == stored.record.id
    assert served["meta"] == {"source": "urn:ehr", "versionId": "1", "lastUpdated": "2026-11-21T10:30:00.123Z"}
    assert stored.record.last_updated == datetime(2026, 11, 21, 10, 30, 0, 123000, UTC)
    without = {key: value for key, value in served.items() if key not in ("id", "meta")}
    assert without == {key: value for key, value in json.loads(dump(sent())).items() if key not in ("id", "meta")}


def test_a_decimal_keeps_its_digits(responses: Responses) -> None:
    stored = responses.create(WHO, body(temperature=("36.80", "Cel")))
    assert b'"value":36.80,' in stored.record.content


def test_results_refer_to_each_other_and_to_the_version_of_the_response(responses: Responses, store: Store) -> None:
    stored = responses.create(WHO, body())
    response, risk, plan, request = (one.reference for one in (stored.record, *stored.results))
    assert of(stored, "RiskAssessment")["basis"][0]["reference"] == response
    assert [one["reference"] for one in of(stored, "CarePlan")["supportingInfo"]] == [risk, response]
    assert of(stored, "CarePlan")["activity"][0]["reference"]["reference"] == request.partition("/_history")[0]
    assert [one["reference"] for one in of(stored, "ServiceRequest")["supportingInfo"]] == [risk, response]
    assert plan.startswith("CarePlan/")
    assert len(store.read_many("default", [response, risk, plan, request])) == 4


def test_no_stored_resource_refers_to_a_urn(responses: Responses) -> None:
    stored = responses.create(WHO, body())
    for record in stored.results:
        assert b'"reference":"urn:' not in record.content


def test_the_bytes_are_kept_as_they_came_and_their_digest_stands_in_the_provenance(
    responses: Responses, store: Store
) -> None:
    written = b"\n " + body() + b"\n"
    stored = responses.create(WHO, written)
    received = store.received("default", stored.record.id, 1)
    assert received is not None
    assert received.content == written
    assert received.sha256 == hashlib.sha256(written).hexdigest()
    (provenance,) = all_of(store, "Provenance")
    digests = [one["what"]["identifier"]["value"] for one in provenance["entity"] if "identifier" in one["what"]]
    assert digests == [received.sha256, BOOK.digest]
    assert [one["reference"] for one in provenance["target"]] == [one.reference for one in stored.results]
    assert provenance["entity"][0]["what"]["reference"] == stored.record.reference
    assert provenance["activity"]["coding"][0]["code"] == "CREATE"
    assert provenance["agent"][0]["who"]["display"].startswith("upper-back-triage ")


def test_bytes_in_another_format_are_kept_in_place_of_the_json(responses: Responses, store: Store) -> None:
    (stored,) = responses.together(WHO, [Create(sent(), received=b"<QuestionnaireResponse/>")])
    received = store.received("default", stored.record.id, 1)
    assert received is not None
    assert received.content == b"<QuestionnaireResponse/>"


def test_the_audit_event_names_who_what_whose_and_which_request(responses: Responses, store: Store) -> None:
    stored = responses.create(WHO, body())
    (event,) = all_of(store, "AuditEvent")
    assert (event["action"], event["subtype"][0]["code"], event["outcome"]) == ("C", "create", "0")
    assert [one["what"].get("reference") for one in event["entity"]] == ["Patient/1", stored.record.reference, None]
    assert event["entity"][2]["what"]["identifier"]["value"] == "request-1"
    assert event["agent"][0]["who"]["identifier"]["value"] == "ward-7"
    assert "meta" not in {key for key in event if key == "meta"} or "profile" not in event["meta"]


def test_the_audit_event_claims_the_profile_where_both_ends_are_known(responses: Responses, store: Store) -> None:
    responses.create(Caller(address="192.0.2.7", base="http://triage.example/fhir"), body())
    (event,) = all_of(store, "AuditEvent")
    assert event["meta"]["profile"] == [
        "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.PatientCreate"
    ]
    assert [one["network"]["address"] for one in event["agent"]] == ["192.0.2.7", "http://triage.example/fhir"]


@pytest.mark.parametrize("kind", ["QuestionnaireResponse", "RiskAssessment", "CarePlan", "ServiceRequest"])
def test_everything_is_found_by_its_patient(responses: Responses, store: Store, kind: str) -> None:
    responses.create(WHO, body())
    query = Query(kind, (Criterion("patient", (Wanted(None, "Patient/1"),)),))
    assert len(store.search("default", query, want_total=False).records) == 1


# The same again


@pytest.mark.parametrize(
    "again",
    [
        pytest.param(dump, id="the same bytes"),
        pytest.param(lambda content: dump(content, pretty=True), id="other white space"),
        pytest.param(
            lambda content: dump({**content, "id": "x", "meta": {"versionId": "7"}}), id="another id and version"
        ),
        pytest.param(lambda content: dump(dict(reversed(content.items()))), id="another order of elements"),
    ],
)
def test_the_same_content_again_gets_the_first_result_and_stores_nothing(responses: Responses, again: Any) -> None:
    content = filled()
    first = responses.create(WHO, dump(content))
    before = count(responses.store)
    later = Responses(BOOK, Settings(), responses.store, lambda: NOW + timedelta(days=3))
    second = later.create(Caller(agent="another", request_id="other"), again(content))
    assert (second.status, second.record, second.results) == (200, first.record, first.results)
    assert count(responses.store) == before


def test_a_late_resend_gets_the_first_result_also_after_an_amendment(responses: Responses) -> None:
    first = responses.create(WHO, body())
    responses.create(WHO, body(status="amended", age=50))
    again = responses.create(WHO, body())
    assert (again.status, again.record, again.results) == (200, first.record, first.results)


def test_a_resend_of_an_amendment_gets_the_results_of_the_amendment(responses: Responses) -> None:
    responses.create(WHO, body())
    amended = responses.create(WHO, body(status="amended", age=50))
    again = responses.create(WHO, body(status="amended", age=50))
    assert (again.record, again.results) == (amended.record, amended.results)


def test_without_an_identifier_the_content_is_the_identity(responses: Responses) -> None:
    one = responses.create(WHO, body(identifier=None))
    other = responses.create(WHO, body(identifier=None, age=50))
    assert one.record.id != other.record.id
    assert responses.create(WHO, body(identifier=None)).record == one.record


def test_two_tenants_never_meet(responses: Responses, store: Store) -> None:
    one = responses.create(Caller(tenant="one"), body())
    other = responses.create(Caller(tenant="two"), body())
    assert (one.status, other.status) == (201, 201)
    assert not {one.record.id, *(r.id for r in one.results)} & {other.record.id, *(r.id for r in other.results)}
    assert store.read("two", "QuestionnaireResponse", one.record.id) is None


# Another content under the same identity


@pytest.mark.parametrize(
    ("stored_as", "sent_as", "outcome", "assessment"),
    [
        # stored        sent                outcome  status of the new RiskAssessment
        ("completed", "amended", 200, "amended"),
        ("in-progress", "completed", 200, "amended"),
        ("in-progress", "in-progress", 200, "preliminary"),  # a form that is itself unfinished says nothing final
        ("in-progress", "stopped", 200, "preliminary"),
        ("amended", "amended", 200, "amended"),
        ("stopped", "amended", 200, "amended"),
        ("completed", "completed", 409, ""),
        ("completed", "in-progress", 409, ""),  # an older save that comes late
        ("completed", "stopped", 409, ""),
        ("amended", "completed", 409, ""),
        ("stopped", "completed", 409, ""),
        ("entered-in-error", "completed", 409, ""),
        ("entered-in-error", "amended", 409, ""),  # an amendment that comes after the withdrawal
    ],
)
def test_another_content_is_the_next_version_or_a_conflict(
    responses: Responses, stored_as: str, sent_as: str, outcome: int, assessment: str
) -> None:
    first = responses.create(WHO, body(status=stored_as))
    other = sent(status=sent_as, age=50)
    if outcome == 409:
        refused = refusal(responses, other)
        assert refused.status == 409
        assert first.record.reference in refused.issues[0].text
        assert content_digest(other) in refused.issues[0].text
        return
    second = responses.create(WHO, other)
    assert (second.status, second.record.id, second.record.version) == (200, first.record.id, 2)
    assert of(second, "RiskAssessment")["status"] == assessment


def test_an_amendment_revokes_the_old_proposals_and_new_ones_replace_them(responses: Responses, store: Store) -> None:
    first = responses.create(WHO, body())
    second = responses.create(WHO, body(status="amended", age=50))
    risk, *_ = second.results
    assert (risk.id, risk.version) == (first.results[0].id, 2)
    for old, new in zip(first.results[1:], second.results[1:], strict=True):
        assert new.id != old.id
        assert new.version == 1
        assert read(new)["status"] == "draft"
        assert read(new)["replaces"] == [{"reference": f"{old.resource_type}/{old.id}"}]
        now = store.read("default", old.resource_type, old.id)
        assert read(now) == {
            **read(old),
            "status": "revoked",
            "meta": {**read(old)["meta"], "versionId": "2", "lastUpdated": "2026-11-21T10:30:00.124Z"},
        }
        assert store.read_version("default", old.resource_type, old.id, 1) == old
    assert of(second, "RiskAssessment")["basis"][0]["reference"] == f"{second.record.reference}"


def test_the_provenance_of_an_amendment_names_what_it_revised(responses: Responses, store: Store) -> None:
    first = responses.create(WHO, body())
    second = responses.create(WHO, body(status="amended", age=50))
    _, provenance = all_of(store, "Provenance")
    assert provenance["activity"]["coding"][0]["code"] == "UPDATE"
    revised = {one["what"]["reference"] for one in provenance["entity"] if one["role"] == "revision"}
    assert revised == {one.reference for one in first.results}
    assert {one.reference for one in second.results} < {one["reference"] for one in provenance["target"]}
    assert [one["action"] for one in all_of(store, "AuditEvent")] == ["C", "U"]


def test_only_the_current_proposal_of_many_amendments_is_a_draft(responses: Responses, store: Store) -> None:
    responses.create(WHO, body())
    for age in (50, 51, 52):
        responses.create(WHO, body(status="amended", age=age))
    drafts = Query("CarePlan", (Criterion("status", (Wanted(None, "draft"),)),))
    revoked = Query("CarePlan", (Criterion("status", (Wanted(None, "revoked"),)),))
    assert len(store.search("default", drafts, want_total=False).records) == 1
    assert len(store.search("default", revoked, want_total=False).records) == 3


def test_time_goes_on_from_version_to_version_also_where_the_clock_does_not(responses: Responses, store: Store) -> None:
    responses.create(WHO, body())
    late = Responses(BOOK, Settings(), store, lambda: NOW - timedelta(hours=1))
    second = late.create(WHO, body(status="amended", age=50))
    assert second.record.last_updated == datetime(2026, 11, 21, 10, 30, 0, 124000, UTC)


def test_another_subject_under_the_same_identity_is_refused(responses: Responses) -> None:
    responses.create(WHO, body())
    other = {**sent(status="amended"), "subject": {"reference": "Patient/2"}}
    refused = refusal(responses, other)
    assert (refused.status, refused.issues[0].expression) == (422, "QuestionnaireResponse.subject")


def test_an_amendment_of_nothing_is_stored_as_new_and_says_so(responses: Responses) -> None:
    stored = responses.create(WHO, body(status="amended"))
    assert stored.status == 201
    assert "stored as new" in stored.issues[0].text


# Entered in error


def test_entered_in_error_voids_the_response_and_all_its_results(responses: Responses, store: Store) -> None:
    responses.create(WHO, body())
    responses.create(WHO, body(status="amended", age=50))
    voided = responses.create(WHO, body(status="entered-in-error", age=50))
    assert (voided.status, voided.record.version) == (200, 3)
    for kind in ("QuestionnaireResponse", "RiskAssessment", "CarePlan", "ServiceRequest"):
        page = store.search("default", Query(kind), want_total=False)
        assert {read(one)["status"] for one in page.records} == {"entered-in-error"}
        assert page.records
    *_, provenance = all_of(store, "Provenance")
    assert provenance["activity"]["coding"][0]["code"] == "NULLIFY"


def test_a_resent_withdrawal_gets_the_first_answer(responses: Responses) -> None:
    responses.create(WHO, body())
    responses.create(WHO, body(status="amended", age=50))
    voided = responses.create(WHO, body(status="entered-in-error"))
    again = responses.create(WHO, body(status="entered-in-error"))
    assert (again.record, again.results) == (voided.record, voided.results)


def test_a_withdrawal_that_comes_before_its_response_keeps_it_out(responses: Responses) -> None:
    withdrawn = responses.create(WHO, body(status="entered-in-error"))
    assert (withdrawn.status, withdrawn.results) == (201, ())
    assert refusal(responses, sent()).status == 409


def test_a_withdrawal_without_an_identifier_is_refused_as_it_would_find_nothing(responses: Responses) -> None:
    responses.create(WHO, body(identifier=None))
    assert refusal(responses, sent(status="entered-in-error", identifier=None)).status == 422


# Updates


def test_an_update_makes_the_next_version(responses: Responses) -> None:
    first = responses.create(WHO, body())
    second = responses.update(WHO, first.record.id, dump({**sent(age=50), "id": first.record.id}), 1)
    assert (second.status, second.record.version) == (200, 2)
    assert of(second, "RiskAssessment")["status"] == "amended"


def test_an_update_with_the_content_that_is_stored_changes_nothing(responses: Responses) -> None:
    first = responses.create(WHO, body())
    again = responses.update(WHO, first.record.id, {**sent(), "id": first.record.id})
    assert (again.status, again.record) == (200, first.record)


def test_an_update_back_to_an_earlier_content_is_a_version_of_its_own(responses: Responses) -> None:
    first = responses.create(WHO, body())
    responses.update(WHO, first.record.id, {**sent(age=50), "id": first.record.id})
    third = responses.update(WHO, first.record.id, {**sent(), "id": first.record.id})
    assert third.record.version == 3


def test_an_update_keeps_the_ids_of_a_response_without_an_identifier(responses: Responses, store: Store) -> None:
    first = responses.create(WHO, body(identifier=None))
    second = responses.update(WHO, first.record.id, {**sent(identifier=None, age=50), "id": first.record.id})
    assert (second.record.id, second.results[0].id) == (first.record.id, first.results[0].id)
    assert second.results[0].version == 2


def test_an_update_can_void_and_bring_back(responses: Responses, store: Store) -> None:
    first = responses.create(WHO, body())
    responses.update(WHO, first.record.id, {**sent(status="entered-in-error"), "id": first.record.id})
    back = responses.update(WHO, first.record.id, {**sent(age=50), "id": first.record.id})
    assert (back.record.version, of(back, "RiskAssessment")["status"]) == (3, "amended")
    assert "replaces" not in of(back, "CarePlan")  # the withdrawn plan stays withdrawn
    old = store.read("default", "CarePlan", first.results[1].id)
    assert read(old)["status"] == "entered-in-error"


@pytest.mark.parametrize(
    ("changes", "if_match", "status"),
    [
        ({}, 7, 412),  # another version than the stored one
        ({"id": "other"}, None, 400),  # the id is not that of the address
        ({"id": None}, None, 400),  # nor may it be missing
        ({"identifier": {"system": "urn:oid:2.999.1", "value": "LH-2"}}, None, 422),  # another identity
        ({"identifier": None}, None, 422),  # the identity may not be dropped
        ({"subject": {"reference": "Patient/2"}}, None, 422),
    ],
)
def test_an_update_that_is_not_of_the_stored_response_is_refused(
    responses: Responses, changes: Json, if_match: int | None, status: int
) -> None:
    first = responses.create(WHO, body())
    content = {**sent(age=50), "id": first.record.id, **changes}
    content = {key: value for key, value in content.items() if value is not None}
    before = count(responses.store)
    with pytest.raises(Refused) as caught:
        responses.update(WHO, first.record.id, content, if_match)
    assert caught.value.status == status
    assert count(responses.store) == before


@pytest.mark.parametrize(("if_match", "status"), [(None, 405), (1, 412)])
def test_ids_are_not_given_by_clients(responses: Responses, if_match: int | None, status: int) -> None:
    with pytest.raises(Refused) as caught:
        responses.update(WHO, "mine", {**sent(), "id": "mine"}, if_match)
    assert caught.value.status == status


# If-None-Exist


@pytest.mark.parametrize(
    "condition",
    [
        "identifier=urn:oid:2.999.1|LH-1",
        "identifier=urn%3Aoid%3A2.999.1%7CLH-1",
        "http://triage.example/fhir/QuestionnaireResponse?identifier=urn%3Aoid%3A2.999.1%7CLH-1",
        "QuestionnaireResponse?identifier=LH-1",
    ],
)
def test_a_condition_that_one_meets_gets_that_one_whatever_was_sent(responses: Responses, condition: str) -> None:
    first = responses.create(WHO, body(), condition)
    assert first.status == 201
    second = responses.create(WHO, body(age=50), condition)
    assert (second.status, second.record, second.results) == (200, first.record, first.results)


@pytest.mark.parametrize("written", ["Patient/7", "http://triage.example/fhir/Patient/7"])
@pytest.mark.parametrize("asked", ["Patient/7", "http://triage.example/fhir/Patient/7", "7"])
def test_a_condition_knows_a_subject_of_ours_by_either_address(responses: Responses, written: str, asked: str) -> None:
    who = replace(WHO, base="http://triage.example/fhir")
    first = responses.create(who, dump({**sent(), "subject": {"reference": written}}))
    again = responses.create(who, body(age=50), f"subject={asked}")
    assert (first.status, again.status, again.record) == (201, 200, first.record)


def test_a_condition_that_several_meet_is_refused(responses: Responses) -> None:
    for system in ("urn:oid:2.999.1", "urn:oid:2.999.2"):
        responses.create(WHO, body(identifier={"system": system, "value": "LH-1"}))
    assert refusal(responses, sent(age=50), if_none_exist="identifier=LH-1").status == 412


def test_a_condition_that_is_not_understood_is_refused(responses: Responses) -> None:
    assert refusal(responses, sent(), if_none_exist="colour=red").status == 400


# What is not stored


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"no json", 400),
        (b'{"resourceType":"Patient"}', 400),
        ({**sent(), "status": "done"}, 400),
        ({key: value for key, value in sent().items() if key != "subject"}, 422),
        ({**sent(), "subject": {"display": "somebody"}}, 422),  # words name nobody
        ({**sent(), "subject": {"reference": "#p"}, "contained": [{"resourceType": "Patient", "id": "p"}]}, 422),
        ({**sent(), "subject": {"reference": "Group/1"}}, 422),
        ({**sent(), "questionnaire": "https://elsewhere.example/Questionnaire/x"}, 422),
        ({**sent(), "questionnaire": "https://elsewhere.example/x", "status": "entered-in-error"}, 422),
        ({**sent(), "item": [{"linkId": "nothing-of-ours"}]}, 422),
        (dump(sent()).replace(b"LH-1", b"LH\\u00001"), 400),  # PostgreSQL could not hold it
    ],
)
def test_what_cannot_be_stored_leaves_nothing_behind(responses: Responses, content: Any, status: int) -> None:
    assert refusal(responses, content).status == status


# Several writers at once


def racing(responses: Responses, first: bytes) -> tuple[Responses, list[Stored]]:
    """Let another writer be first, once: while the answer is made, and before it is written."""
    done: list[Stored] = []

    def clock() -> datetime:
        if not done:
            done.append(responses.create(WHO, first))
        return NOW

    return Responses(BOOK, Settings(), responses.store, clock), done


def test_whoever_is_second_with_the_same_content_gets_the_first_result(responses: Responses) -> None:
    second, done = racing(responses, body())
    stored = second.create(WHO, body())
    assert (stored.status, stored.record, stored.results) == (200, done[0].record, done[0].results)
    assert len(all_of(responses.store, "RiskAssessment")) == 1


def test_whoever_is_second_with_another_content_is_in_conflict(responses: Responses) -> None:
    second, _ = racing(responses, body())
    with pytest.raises(Refused) as caught:
        second.create(WHO, body(age=50))
    assert caught.value.status == 409


def test_of_two_amendments_at_once_both_are_kept_in_order(responses: Responses, store: Store) -> None:
    responses.create(WHO, body())
    second, done = racing(responses, body(status="amended", age=50))
    stored = second.create(WHO, body(status="amended", age=51))
    assert (done[0].record.version, stored.record.version) == (2, 3)
    assert [one["status"] for one in all_of(store, "CarePlan")] == ["draft", "draft", "revoked", "draft", "revoked"]


# Several at once


def test_several_are_stored_together(responses: Responses) -> None:
    first = responses.create(WHO, body())
    other = {"system": "urn:oid:2.999.1", "value": "LH-2"}
    actions = [Create(sent(identifier=other)), Update(first.record.id, {**sent(age=50), "id": first.record.id})]
    one, two = responses.together(WHO, actions)
    assert (one.status, one.record.version, two.status, two.record.version) == (201, 1, 200, 2)


def test_one_refusal_among_several_refuses_all(responses: Responses) -> None:
    before = count(responses.store)
    with pytest.raises(Refused):
        responses.together(WHO, [Create(sent()), Create({**sent(identifier=None), "subject": {"display": "x"}})])
    assert count(responses.store) == before


def test_one_identity_twice_in_one_transaction_is_refused(responses: Responses) -> None:
    before = count(responses.store)
    with pytest.raises(Refused) as caught:
        responses.together(WHO, [Create(sent()), Create(sent())])
    assert caught.value.status == 400
    assert count(responses.store) == before
