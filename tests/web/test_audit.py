"""Whatever shows what is stored leaves an AuditEvent before it is answered; what cannot be recorded is not shown."""

import json
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from service.edges.store.connect import engine_of
from service.edges.tokens import read_issuers
from service.settings import Settings
from service.web.route import Route
from service.web.routes import route_table
from tests.edges.test_tokens import issuers, token

from .stored_service import RESPONSES, Stored, outcome_codes, path_of, response, stored_service

STORED = ("QuestionnaireResponse", "RiskAssessment", "CarePlan", "ServiceRequest", "Provenance", "AuditEvent")


def events(service: Stored, tenant: str = "default") -> list[dict[str, Any]]:
    """Read all events from the store, where reading leaves none; those of storing are left out."""
    store = service.store()
    found = [json.loads(one.content) for one in store.history(tenant, "AuditEvent", None, 500, None).records][::-1]
    return [one for one in found if one["action"] not in ("C", "U") or one["outcome"] != "0"]


def queries(found: list[dict[str, Any]]) -> list[str]:
    entities = [each for one in found for each in one["entity"] if "query" in each]
    return [b64decode(each["query"]).decode() for each in entities]


def reading_routes() -> list[Route]:
    """List every route that can show what is stored."""
    table = route_table(stores=True, operates=True)
    of_stored = [one for one in table if one.resource_type in STORED and one.interaction not in ("create", "update")]
    return [one for one in of_stored if one.interaction or "<id:" in one.path]


@pytest.mark.parametrize("route", reading_routes(), ids=lambda route: f"{route.method} {route.path}")
def test_every_route_that_shows_what_is_stored_leaves_one_event(stored: Stored, route: Route) -> None:
    stored.post(response())
    kind = route.resource_type
    identity = path_to(stored, kind).rsplit("/", 1)[1]
    address = route.path.replace("<id:identity>", identity).replace("<id:version>", "1")
    form = {"Content-Type": "application/x-www-form-urlencoded"} if address.endswith("_search") else {}
    answer = stored.client.open(address, method=route.method, headers=form)
    assert answer.status_code == 200, answer.data
    (event,) = events(stored)
    assert event["subtype"][0]["code"] == (route.interaction or "operation")
    assert event["outcome"] == "0"


def path_to(service: Stored, kind: str) -> str:
    (record, *_) = service.store().history("default", kind, None, 1, None).records
    return f"/fhir/{kind}/{record.id}"


@pytest.mark.parametrize(
    "path", ["/fhir/Questionnaire/upper-back-pain", "/fhir/Questionnaire", "/fhir/metadata", "/readyz"]
)
def test_what_is_no_patients_leaves_none(stored: Stored, path: str) -> None:
    assert stored.get(path).status_code == 200
    assert events(stored) == []


def test_what_is_not_there_leaves_none(stored: Stored) -> None:
    assert stored.get(f"{RESPONSES}/nothing").status_code == 404
    assert events(stored) == []


def test_a_read_that_is_known_already_is_a_read(stored: Stored) -> None:
    path = path_of(stored.post(response()))
    assert stored.get(path, If_None_Match='W/"1"').status_code == 304
    assert [one["subtype"][0]["code"] for one in events(stored)] == ["read"]


def test_a_plan_of_the_latest_response_reads_it(tmp_path: Path) -> None:
    plan = {"resourceType": "PlanDefinition", "id": "upper-back-pain", "status": "draft"}
    with stored_service(tmp_path, more=(plan,)) as service:
        service.post(response(patient="7"))
        assert service.get("/fhir/PlanDefinition/upper-back-pain/$apply?subject=Patient/7").status_code == 200
        (event,) = events(service)
        assert event["subtype"][0]["code"] == "operation"
        assert event["entity"][0]["what"]["reference"] == "Patient/7"
        assert service.get("/fhir/PlanDefinition/upper-back-pain/$apply?subject=Patient/8").status_code == 404
        assert len(events(service)) == 1


def test_a_search_is_recorded_as_it_came_and_never_logged(stored: Stored) -> None:
    stored.get(f"{RESPONSES}?identifier=urn:his%7Cvery-secret-4711&patient=Patient/secret-9")
    body = {"identifier": "urn:his|very-secret-4712"}
    stored.client.post(f"{RESPONSES}/_search?_count=5", data=body)
    assert queries(events(stored)) == [
        "GET /fhir/QuestionnaireResponse?identifier=urn:his%7Cvery-secret-4711&patient=Patient/secret-9",
        "POST /fhir/QuestionnaireResponse/_search?_count=5\n\nidentifier=urn:his%7Cvery-secret-4712",
    ]
    assert "secret" not in stored.stream.getvalue()


def test_what_is_found_beside_a_match_is_recorded_for_its_patient(stored: Stored) -> None:
    for number in (1, 2):
        stored.post(response(number, patient=str(number)))
    stored.found(f"{RESPONSES}?patient=Patient/1&_revinclude=RiskAssessment:response")
    seen = [each["what"]["reference"] for one in events(stored) for each in one["entity"] if "Patient" in str(each)]
    assert seen == ["Patient/1"]


def test_each_entry_of_a_batch_is_recorded(stored: Stored) -> None:
    path = path_of(stored.post(response())).removeprefix("/fhir/")
    entries = [{"request": {"method": "GET", "url": url}} for url in (path, "RiskAssessment?_count=1")]
    stored.post({"resourceType": "Bundle", "type": "batch", "entry": entries}, "/fhir")
    assert [one["subtype"][0]["code"] for one in events(stored)] == ["read", "search-type"]


def test_an_event_has_the_id_of_the_request(stored: Stored) -> None:
    path = path_of(stored.post(response()))
    stored.get(path, X_Request_Id="ehr-4711")
    (event,) = events(stored)
    assert event["entity"][-1]["what"]["identifier"]["value"] == "ehr-4711"


def test_where_the_operator_says_so_reads_leave_none(tmp_path: Path) -> None:
    with stored_service(tmp_path, replace(Settings(), audit_reads=False)) as service:
        path = path_of(service.post(response()))
        assert service.get(path).status_code == service.get(RESPONSES).status_code == 200
        assert events(service) == []


# What cannot be recorded


@pytest.mark.parametrize("address", ["PATH", "PATH/_history/1", "PATH/_history", RESPONSES, "PATH/$triage"])
def test_what_cannot_be_recorded_is_not_shown(stored: Stored, address: str) -> None:
    path = path_of(stored.post(response()))
    with somebody_writes(stored):
        answer = stored.get(address.replace("PATH", path))
    assert outcome_codes(answer) == (503, ["no-store"])
    assert int(answer.headers["Retry-After"]) > 0
    assert stored.get(address.replace("PATH", path)).status_code == 200


@contextmanager
def somebody_writes(service: Stored) -> Iterator[None]:
    """Hold SQLite's write lock as a backup gone wrong would; reading still works."""
    engine = engine_of(str(service.engine.url))
    with engine.begin():
        yield
    engine.dispose()


# Refusals


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[Stored]:
    (tmp_path / "keys").mkdir()
    with stored_service(tmp_path, tokens=read_issuers(issuers(tmp_path / "keys"))) as service:
        yield service


def bearing(scope: str, **claims: Any) -> dict[str, str]:
    return {"Authorization": f"Bearer {token(scope=scope, **claims)}"}


@pytest.mark.parametrize(
    ("path", "interaction", "what"),
    [
        ("/fhir/RiskAssessment/some-id", "read", "RiskAssessment/some-id"),
        ("/fhir/RiskAssessment", "search-type", "RiskAssessment"),
        (f"{RESPONSES}/some-id/$triage", "operation", "QuestionnaireResponse/some-id"),
    ],
)
def test_a_refused_caller_is_on_record(guarded: Stored, path: str, interaction: str, what: str) -> None:
    answer = guarded.get(path, **bearing("system/CarePlan.r", tenant="north"))
    assert answer.status_code == 403
    (event,) = events(guarded, "north")
    assert (event["outcome"], event["subtype"][0]["code"]) == ("4", interaction)
    named = event["entity"][0]
    assert named.get("what", {}).get("reference", named.get("name")) == what
    assert event["agent"][0]["who"]["identifier"]["value"] == "ehr for nurse"
    assert events(guarded) == []  # only its own tenant's record has it


def test_a_refused_create_and_a_refused_transaction_are_on_record(guarded: Stored) -> None:
    reader = bearing("system/QuestionnaireResponse.rs", tenant="north")
    entry = {"resource": response(1), "request": {"method": "POST", "url": "QuestionnaireResponse"}}
    guarded.post(response(), **reader)
    guarded.post({"resourceType": "Bundle", "type": "transaction", "entry": [entry]}, "/fhir", **reader)
    seen = [(one["action"], one["subtype"][0]["code"], one["outcome"]) for one in events(guarded, "north")]
    assert seen == [("C", "create", "4"), ("E", "batch", "4")]


def test_whoever_has_no_token_cannot_fill_the_store(guarded: Stored) -> None:
    assert guarded.get("/fhir/RiskAssessment").status_code == 401
    with guarded.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM resource_version").scalar() == 0


def test_a_refusal_that_cannot_be_recorded_stays_a_refusal(guarded: Stored) -> None:
    with somebody_writes(guarded):
        answer = guarded.get("/fhir/RiskAssessment", **bearing("system/CarePlan.r"))
    assert outcome_codes(answer) == (403, ["forbidden"])
    assert "refusal that could not be recorded" in guarded.stream.getvalue()
