"""Who asked for what is on record: one AuditEvent per access and patient, R4 and in IHE's form, on both databases."""

import json
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text

from service.edges.store.checking import problems
from service.edges.store.connect import engine_of
from service.edges.store.records import Record, StoreDown
from service.edges.store.store import Store
from service.mapping.gate.structure import check
from service.mapping.search.query import Criterion, Query, Wanted
from service.mapping.writing.json_bytes import dump
from service.settings import Settings
from service.usecases.accesses import Accesses, Asked
from service.usecases.caller import Caller
from service.usecases.responses import Create, Responses, Update
from tests.mapping.responses import BOOK, Json, filled

NOW = datetime(2026, 11, 21, 10, 30, 0, 123456, tzinfo=UTC)
WHO = Caller(agent="ward-7", request_id="request-1", address="192.0.2.7", base="http://triage.example/fhir")
BALP = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit."
CLIENT_GIVES, CLIENT_TAKES = ["110153", "110152"], ["110152", "110153"]


@pytest.fixture
def responses(store: Store) -> Responses:
    return Responses(BOOK, Settings(), store, lambda: NOW)


def sent(number: int = 1, patient: str = "Patient/1", **elements: Any) -> Json:
    identifier = {"system": "urn:oid:2.999.1", "value": f"LH-{number}"}
    return {**filled(), "identifier": identifier, "subject": {"reference": patient}, **elements}


def content_of(record: Record) -> Json:
    content: Json = json.loads(record.content)
    return content


def events(store: Store) -> list[Json]:
    """Read all events of accesses, the first one first; each is R4."""
    found = [content_of(one) for one in store.history("default", "AuditEvent", None, 500, None).records][::-1]
    assert [check(one, "AuditEvent") for one in found] == [()] * len(found)
    return [one for one in found if not is_of_storing(one)]


def is_of_storing(event: Json) -> bool:
    return event["action"] in ("C", "U") and event["outcome"] == "0"


def entities(event: Json) -> dict[str, Json]:
    """Return the entities of an event by what they are: patient, data, query or request."""
    names = {"1": "patient", "4": "data", "24": "query", "": "request"}
    return {names[one.get("role", {}).get("code", "")]: one for one in event["entity"]}


def accessed(responses: Responses) -> Accesses:
    return Accesses(responses.store, lambda: NOW)


@pytest.mark.parametrize(
    ("interaction", "profile"),
    [("read", "PatientRead"), ("vread", "PatientRead"), ("operation", None)],
)
def test_a_read_names_who_what_whose_and_which_request(
    responses: Responses, store: Store, interaction: str, profile: str | None
) -> None:
    record = responses.create(WHO, sent()).record
    accessed(responses).read(WHO, interaction, record)
    (event,) = events(store)
    assert event["meta"].get("profile") == ([BALP + profile] if profile else None)
    assert (event["type"]["code"], event["subtype"][0]["code"], event["outcome"]) == ("rest", interaction, "0")
    assert event["action"] == ("E" if interaction == "operation" else "R")
    assert event["recorded"] == "2026-11-21T10:30:00.123Z"
    roles = [one["type"]["coding"][0]["code"] for one in event["agent"]]
    assert roles == (CLIENT_GIVES if interaction == "operation" else CLIENT_TAKES)
    assert [one["network"]["address"] for one in event["agent"]] == ["192.0.2.7", "http://triage.example/fhir"]
    assert event["agent"][0]["who"]["identifier"]["value"] == "ward-7"
    named = entities(event)
    assert named["patient"]["what"]["reference"] == "Patient/1"
    assert named["data"]["what"]["reference"] == record.reference
    assert named["request"]["what"]["identifier"]["value"] == "request-1"


def test_who_is_not_known_claims_no_profile(responses: Responses, store: Store) -> None:
    record = responses.create(Caller(), sent()).record
    accessed(responses).read(Caller(), "read", record)
    (event,) = events(store)
    assert "profile" not in event["meta"]


def test_a_patient_is_named_by_reference_and_never_by_what_is_displayed(responses: Responses, store: Store) -> None:
    shown = {"reference": "Patient/1", "display": "Somebody's name", "identifier": {"value": "4711"}}
    record = responses.create(WHO, sent(subject=shown)).record
    accessed(responses).read(WHO, "read", record)
    (event,) = events(store)
    patient = {"reference": "Patient/1", "identifier": {"value": "4711"}, "type": "Patient"}
    assert entities(event)["patient"]["what"] == patient


QUERY = "GET /fhir/QuestionnaireResponse?identifier=urn:oid:2.999.1|LH-1"


def test_a_search_is_recorded_once_for_each_patient_it_found(responses: Responses, store: Store) -> None:
    found = [content_of(responses.create(WHO, sent(n, f"Patient/{n // 2}")).record) for n in range(2, 8)]
    accessed(responses).found(WHO, "search-type", Asked(query=QUERY), found)
    seen = events(store)
    # Six responses of the patients 1, 1, 2, 2, 3, 3.
    assert [entities(one)["patient"]["what"]["reference"] for one in seen] == ["Patient/1", "Patient/2", "Patient/3"]
    assert {b64decode(entities(one)["query"]["query"]).decode() for one in seen} == {QUERY}
    assert {(one["action"], one["subtype"][0]["code"], *one["meta"]["profile"]) for one in seen} == {
        ("E", "search-type", f"{BALP}PatientQuery")
    }
    assert [each["type"]["coding"][0]["code"] for each in seen[0]["agent"]] == CLIENT_GIVES
    assert all("what" not in entities(one)["query"] for one in seen)


@pytest.mark.parametrize(
    ("patients", "expected", "profile", "_comment"),
    [
        ((), [None], "Query", "nobody was asked for"),
        (("Patient/9",), ["Patient/9"], "PatientQuery", "that there is nothing is worth knowing, too"),
        (("Patient/8", "Patient/9"), ["Patient/8", "Patient/9"], "PatientQuery", "one each"),
        (("Group/1",), [None], "Query", "a group is no patient"),
    ],
)
def test_a_search_that_finds_nothing_is_recorded_for_whom_it_asked(
    store: Store, patients: tuple[str, ...], expected: list[str | None], profile: str, _comment: str
) -> None:
    Accesses(store).found(WHO, "search-type", Asked(query=QUERY, patients=patients), ())
    seen = events(store)
    assert [entities(one).get("patient", {}).get("what", {}).get("reference") for one in seen] == expected
    assert {one["meta"]["profile"][0] for one in seen} == {BALP + profile}


def test_the_history_of_one_resource_names_it(responses: Responses, store: Store) -> None:
    record = responses.create(WHO, sent()).record
    asked = Asked(what=f"QuestionnaireResponse/{record.id}")
    accessed(responses).found(WHO, "history-instance", asked, [content_of(record)])
    (event,) = events(store)
    assert (event["action"], event["subtype"][0]["code"]) == ("R", "history-instance")
    assert entities(event)["data"]["what"]["reference"] == asked.what


def test_events_are_found_by_patient_and_by_resource(responses: Responses, store: Store) -> None:
    record = responses.create(WHO, sent()).record
    accessed(responses).read(WHO, "read", record)
    asked = (("patient", "Patient/1"), ("entity", f"QuestionnaireResponse/{record.id}"))
    for parameter, value in asked:
        query = Query("AuditEvent", (Criterion(parameter, (Wanted(None, value),)),))
        assert len(store.search("default", query, want_total=False).records) == 2  # of its storing and of the read


def test_reading_the_record_lengthens_it_by_one_a_page(responses: Responses, store: Store) -> None:
    for number in range(30):
        responses.create(WHO, sent(number, f"Patient/{number}"))
    query, pages = Query("AuditEvent", (), count=10), 0
    while True:
        page = store.search("default", query, want_total=False)
        accessed(responses).found(
            WHO, "search-type", Asked(query="GET /fhir/AuditEvent"), map(content_of, page.records)
        )
        pages += 1
        if page.next is None:
            break
        query = replace(query, cursor=page.next)
    # The pages of a search show one moment: what they add themselves stands behind it.
    assert (pages, len(events(store))) == (3, 3)


@pytest.mark.parametrize("interaction", ["create", "update"])
def test_a_response_that_comes_again_is_recorded_as_read(responses: Responses, store: Store, interaction: str) -> None:
    first = responses.create(WHO, sent())
    again = {**sent(), "id": first.record.id}
    action = Create(dump(sent())) if interaction == "create" else Update(first.record.id, dump(again))
    (stored,) = responses.together(WHO, [action])
    (event,) = events(store)
    assert (stored.status, event["action"], event["subtype"][0]["code"]) == (200, "R", interaction)
    assert entities(event)["data"]["what"]["reference"] == first.record.reference
    assert "nothing was stored" in entities(event)["data"]["description"]
    assert entities(event)["patient"]["what"]["reference"] == "Patient/1"


def test_what_came_again_and_what_is_new_are_recorded_together(responses: Responses, store: Store) -> None:
    responses.create(WHO, sent(1))
    responses.together(WHO, [Create(sent(1)), Create(sent(2))])
    assert len(store.history("default", "AuditEvent", None, 500, None).records) == 3
    assert len(events(store)) == 1


def test_a_refusal_says_what_was_wanted_and_that_it_failed(store: Store) -> None:
    Accesses(store).refused(WHO, "read", "RiskAssessment/1", "403: the token does not allow this")
    Accesses(store).refused(WHO, "create", "QuestionnaireResponse", "403: the token does not allow this")
    read, create = (one for one in _all(store))
    assert (read["action"], read["outcome"], read["outcomeDesc"]) == ("R", "4", "403: the token does not allow this")
    assert entities(read)["data"]["what"]["reference"] == "RiskAssessment/1"
    assert (create["action"], create["outcome"]) == ("C", "4")
    assert entities(create)["data"]["name"] == "QuestionnaireResponse"
    assert all("profile" not in one["meta"] for one in (read, create))  # IHE's are for what succeeded


def _all(store: Store) -> list[Json]:
    return [content_of(one) for one in store.history("default", "AuditEvent", None, 500, None).records][::-1]


def test_a_store_with_accesses_is_whole(responses: Responses, store: Store) -> None:
    record = responses.create(WHO, sent()).record
    accessed(responses).read(WHO, "read", record)
    accessed(responses).found(WHO, "search-type", Asked(query=QUERY), [content_of(record)])
    assert list(problems(store.engine)) == []


def test_where_the_operator_says_so_a_resend_leaves_nothing(store: Store) -> None:
    silent = Responses(BOOK, replace(Settings(), audit_reads=False), store, lambda: NOW)
    for _ in range(2):
        silent.create(WHO, sent())
    assert events(store) == []


def test_an_access_that_cannot_be_recorded_fails(responses: Responses, store: Store, url: str) -> None:
    record = responses.create(WHO, sent()).record
    with somebody_writes_and_does_not_end(url):
        assert store.read("default", record.resource_type, record.id) is not None
        with pytest.raises(StoreDown):
            accessed(responses).read(WHO, "read", record)
    accessed(responses).read(WHO, "read", record)
    assert len(events(store)) == 1


@contextmanager
def somebody_writes_and_does_not_end(url: str) -> Iterator[None]:
    """Hold what every writer needs, while readers go on reading."""
    engine = engine_of(url)
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("LOCK TABLE resource_version IN EXCLUSIVE MODE"))
        yield
    engine.dispose()
