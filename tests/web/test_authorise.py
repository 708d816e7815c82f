"""Bearer tokens: nothing of a patient without one, each interaction its scope, each tenant its own store."""

import json
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from service.edges.tokens import read_issuers
from tests.edges.test_tokens import issuers, token

from .stored_service import RESPONSES, Stored, response, stored_service

ALL = "system/*.cruds"


@pytest.fixture
def guarded(tmp_path: Path) -> Any:
    (tmp_path / "keys").mkdir()
    tokens = read_issuers(issuers(tmp_path / "keys"))
    with stored_service(tmp_path, tokens=tokens) as service:
        yield service


def bearing(scope: str = ALL, **claims: Any) -> dict[str, str]:
    return {"Authorization": f"Bearer {token(scope=scope, **claims)}"}


def create(service: Stored, scope: str = ALL, **claims: Any) -> TestResponse:
    return service.post(response(1), **bearing(scope, **claims))


def code_of(answer: TestResponse) -> str:
    return str(json.loads(answer.data)["issue"][0]["code"])


@pytest.mark.parametrize(
    "path",
    ["/fhir/RiskAssessment", f"{RESPONSES}/1", "/fhir/AuditEvent/_history", "/fhir/Questionnaire/upper-back-pain"],
)
def test_without_a_token_nothing_is_answered(guarded: Stored, path: str) -> None:
    answer = guarded.get(path)
    assert (answer.status_code, code_of(answer)) == (401, "login")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="FHIR"'


def test_what_a_client_must_know_first_needs_no_token(guarded: Stored) -> None:
    assert [guarded.get(path).status_code for path in ("/fhir/metadata", "/livez", "/readyz", "/openapi.json")] == [
        200
    ] * 4


@pytest.mark.parametrize("sent", ["Basic dXNlcjpwYXNz", "Bearer", "Bearer nonsense", f"Bearer {token(exp=1)}"])
def test_a_token_that_is_none_is_401_and_is_not_repeated(guarded: Stored, sent: str) -> None:
    answer = guarded.get("/fhir/RiskAssessment", Authorization=sent)
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]
    assert sent.partition(" ")[2] not in answer.get_data(as_text=True) or sent == "Bearer"
    assert "eyJ" not in guarded.stream.getvalue()


@pytest.mark.parametrize(
    ("method", "path", "scope", "enough"),
    [
        ("POST", RESPONSES, "system/QuestionnaireResponse.c", True),
        ("POST", RESPONSES, "system/QuestionnaireResponse.ruds", False),
        ("POST", f"{RESPONSES}/$triage", "system/QuestionnaireResponse.c", True),
        ("POST", f"{RESPONSES}/$triage", "system/QuestionnaireResponse.rs", False),
        ("GET", "/fhir/RiskAssessment", "system/RiskAssessment.s", True),
        ("GET", "/fhir/RiskAssessment", "system/RiskAssessment.r", False),
        ("GET", "/fhir/RiskAssessment", "patient/RiskAssessment.rs", False),
        ("GET", "/fhir/AuditEvent/_history", "system/RiskAssessment.rs", False),
        ("GET", "/fhir/Questionnaire/upper-back-pain", "openid", True),
    ],
)
def test_each_interaction_needs_its_scope(guarded: Stored, method: str, path: str, scope: str, enough: bool) -> None:
    headers = {**bearing(scope), "Content-Type": "application/fhir+json"}
    body = json.dumps(response(1)) if method == "POST" else None
    answer = guarded.client.open(path, method=method, data=body, headers=headers)
    if enough:
        assert answer.status_code in (200, 201)
    else:
        assert (answer.status_code, code_of(answer)) == (403, "forbidden")
        assert 'error="insufficient_scope"' in answer.headers["WWW-Authenticate"]


def test_a_tenant_sees_its_own_alone(guarded: Stored) -> None:
    stored = json.loads(create(guarded, tenant="north").data)
    path = f"{RESPONSES}/{stored['id']}"
    assert guarded.get(path, **bearing(tenant="north")).status_code == 200
    assert guarded.get(path, **bearing(tenant="south")).status_code == 404
    found = json.loads(guarded.get("/fhir/RiskAssessment", **bearing(tenant="south")).data)
    assert found["total"] == 0
    again = create(guarded, tenant="south")
    assert (again.status_code, json.loads(again.data)["id"] == stored["id"]) == (201, False)


def test_the_records_name_who_sent_it(guarded: Stored) -> None:
    create(guarded)
    (event,) = json.loads(guarded.get("/fhir/AuditEvent", **bearing()).data)["entry"]
    agents = [each["who"].get("identifier", {}).get("value") for each in event["resource"]["agent"]]
    assert "ehr for nurse" in agents


def test_what_may_not_be_read_is_not_sent_beside_what_may(guarded: Stored) -> None:
    create(guarded)
    path = f"{RESPONSES}?_revinclude=RiskAssessment:response&_revinclude=CarePlan:response"
    both = json.loads(guarded.get(path, **bearing()).data)["entry"]
    alone = json.loads(guarded.get(path, **bearing("system/QuestionnaireResponse.rs")).data)["entry"]
    assert len(both) > len(alone) == 1


def test_a_bundle_does_nothing_that_its_token_does_not_allow(guarded: Stored) -> None:
    entry = {"resource": response(1), "request": {"method": "POST", "url": "QuestionnaireResponse"}}
    bundle = {"resourceType": "Bundle", "type": "transaction", "entry": [entry]}
    scope = "system/QuestionnaireResponse.rs"
    assert guarded.post(bundle, "/fhir", **bearing(scope)).status_code == 403
    batch = guarded.post({**bundle, "type": "batch"}, "/fhir", **bearing(scope))
    assert json.loads(batch.data)["entry"][0]["response"]["status"].startswith("403")
    assert json.loads(guarded.get(RESPONSES, **bearing(scope)).data)["total"] == 0
    assert guarded.post(bundle, "/fhir", **bearing()).status_code == 200
