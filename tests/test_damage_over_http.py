"""Damaged answers over HTTP: every question, every kind of damage; refused by place, or never less urgent."""

from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from service.mapping.writing.json_bytes import dump
from service.settings import Settings
from service.usecases.profiles import resources
from service.usecases.triage import Triage
from service.web.app import create_app
from tests.mapping.damage import BASES, cases, floor
from tests.mapping.responses import BOOK, Json

RANKS = {level.id: level.rank for level in BOOK.levels.values()}
NOW = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    triage = Triage(BOOK, Settings(), lambda: NOW)
    return create_app(triage, Settings(), resources(BOOK)).test_client()


def sent(client: FlaskClient, body: Json) -> tuple[int, Json]:
    reply = client.post(
        "/fhir/QuestionnaireResponse/$triage", data=dump_with_null(body), content_type="application/fhir+json"
    )
    return reply.status_code, reply.get_json()


def dump_with_null(body: Json) -> bytes:
    """Write the body; null is one of the damages, which our own writer refuses to write."""
    marked = dump(_marked(body))
    return marked.replace(b'"@null"', b"null")


def _marked(value: object) -> object:
    match value:
        case None:
            return "@null"
        case dict():
            return {key: _marked(inner) for key, inner in value.items()}
        case list():
            return [_marked(inner) for inner in value]
        case _:
            return value


def level(bundle: Json) -> str:
    assessment = bundle["entry"][0]["resource"]
    found = (one for one in assessment["extension"] if one["url"].endswith("/triage-level"))
    return str(next(found)["valueCodeableConcept"]["coding"][0]["code"])


@pytest.mark.parametrize("base", BASES)
def test_damage_over_http_is_refused_by_place_or_never_lowers_the_level(client: FlaskClient, base: str) -> None:
    met = {200: 0, 400: 0, 422: 0}
    for case in cases(base):
        status, answer = sent(client, case.body)
        met[status] += 1
        if status == 200:
            assert RANKS[level(answer)] >= floor(case, "strictest"), (case.damage, case.link_id)
        else:
            places = [place for issue in answer["issue"] for place in issue.get("expression", [])]
            assert places, (case.damage, case.link_id, answer)
    assert met[200] > 0, "some damage must be read all the same, or nothing was tried"
