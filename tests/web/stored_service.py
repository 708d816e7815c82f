"""A whole service for tests, the real rules and a real store on SQLite, and responses to send to it."""

import copy
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from service.edges.store.connect import engine_of
from service.edges.store.migrate import upgrade
from service.edges.store.store import Store
from service.edges.tokens import Tokens
from service.mapping.artefacts.concept_map import concept_map
from service.mapping.operations.extract import codings_of
from service.settings import Settings
from service.usecases.operations import Operations
from service.usecases.responses import Responses
from service.usecases.triage import Triage
from service.web.app import create_app
from service.web.logs import json_log
from service.web.parts import Storage
from tests.real_book import proven_book

from .small_service import OPERATION_DEFINITION, QUESTIONNAIRE

ROOT = Path(__file__).parents[2]
Json = dict[str, Any]
SAMPLE: Json = json.loads((ROOT / "fhir_profiles/examples/within-24h-breath-pain/body.json").read_bytes())
RESPONSES = "/fhir/QuestionnaireResponse"
FHIR = {"Content-Type": "application/fhir+json"}
ORIGIN = "http://localhost"


def response(number: int = 1, patient: str = "7", **changes: Any) -> dict[str, Any]:
    """Return a response that is the sample but for its identifier, its patient and the changes."""
    resource = copy.deepcopy(SAMPLE)
    del resource["id"]
    identifier = {"system": "urn:his", "value": f"A-{number}"}
    return {**resource, "identifier": identifier, "subject": {"reference": f"Patient/{patient}"}, **changes}


@dataclass(frozen=True, slots=True)
class Stored:
    """Hold a service with its store, a client, and what it has logged."""

    app: Flask
    client: FlaskClient
    engine: Engine
    folder: Path
    stream: io.StringIO = field(default_factory=io.StringIO)

    def post(self, resource: dict[str, Any], path: str = RESPONSES, **headers: str) -> TestResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(path, data=json.dumps(resource), headers=FHIR | named)

    def put(self, path: str, resource: dict[str, Any], **headers: str) -> TestResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.put(path, data=json.dumps(resource), headers=FHIR | named)

    def get(self, path: str, **headers: str) -> TestResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.get(path.removeprefix(ORIGIN), headers=named)

    def found(self, path: str, **headers: str) -> dict[str, Any]:
        """Return the resource that a GET answers, having made sure that it was found."""
        answer = self.get(path, **headers)
        assert answer.status_code == 200, answer.data
        resource: dict[str, Any] = json.loads(answer.data)
        return resource

    def ids(self, path: str, mode: str = "match") -> list[str]:
        """Return type and id of what a search finds."""
        entries = self.found(path).get("entry", [])
        resources = [entry["resource"] for entry in entries if entry["search"]["mode"] == mode]
        return [f"{each['resourceType']}/{each['id']}" for each in resources]

    def store(self) -> Store:
        """Open the store beside the service: what is read so leaves no trace."""
        return Store(self.engine)

    def break_down(self) -> None:
        """Take the database away, as a disk that is gone would; what is connected is disconnected."""
        self.engine.dispose()
        (self.folder / "store.sqlite3").rename(self.folder / "gone")
        (self.folder / "store.sqlite3").mkdir()


@contextmanager
def stored_service(
    folder: Path, settings: Settings | None = None, tokens: Tokens | None = None, more: tuple[Json, ...] = ()
) -> Iterator[Stored]:
    chosen = settings or replace(Settings(), log_level="debug")
    engine = engine_of(f"sqlite:///{folder}/store.sqlite3")
    upgrade(engine)
    store, book, stream = Store(engine), proven_book(), io.StringIO()
    storage = Storage(store, Responses(book, chosen, store))
    artefacts = (QUESTIONNAIRE, OPERATION_DEFINITION, *more)
    triage = Triage(book, chosen)
    operations = Operations(book, chosen, triage, codings_of(concept_map(book)))
    log = json_log(stream, chosen.log_level)
    app = create_app(triage, chosen, artefacts, log, storage, operations=operations, tokens=tokens)
    yield Stored(app, app.test_client(), engine, folder, stream)
    engine.dispose()


def path_of(answer: TestResponse) -> str:
    """Return the path of what was stored, without its version."""
    return answer.headers["Location"].removeprefix(ORIGIN).partition("/_history")[0]


def outcome_codes(answer: TestResponse) -> tuple[int, list[str]]:
    """Return the status of an error and the codes of its issues."""
    resource = json.loads(answer.data)
    assert resource["resourceType"] == "OperationOutcome", resource
    return answer.status_code, [issue["code"] for issue in resource["issue"]]
