"""What the service answers to a body, as a client reads it: from the bytes that are sent."""

import json
from dataclasses import replace
from typing import Any

from service.mapping.writing.json_bytes import dump
from service.settings import Settings
from service.usecases.triage import Triage
from tests.mapping.responses import Json
from tests.real_book import proven_book
from tests.usecases.test_triage import NOW, SIGNED

BOOK = proven_book()
TRIAGE = Triage(BOOK, replace(Settings(), allow_request_policy=True, **SIGNED), lambda: NOW)


def entries_of(body: Json) -> dict[str, Json]:
    """Return the entries of the answer to a single response, by the type of their resource."""
    answer: Any = json.loads(dump(TRIAGE(dump(body)).resource))
    return {one["resource"]["resourceType"]: one for one in answer["entry"]}
