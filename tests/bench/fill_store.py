"""Fills a store with as many responses as are asked for, so that what is measured at 200,000 is measured on real rows.

The first ``TEMPLATES`` responses are triaged and stored by the service's own use case. Each further one is one of them
again, with its own identifier, patient, moments and ids, and is written by the store itself: its rows are those that
the service would have written (a test compares them), but the rules are not asked again. A response of a number is
always the same one, so a store can be topped up. ``python -m tests.bench.fill_store URL COUNT`` does that.
"""

import hashlib
import re
import sys
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import cycle
from random import Random
from typing import Any

import orjson
from sqlalchemy import Engine, func, select, text

from service.edges.store.connect import engine_of
from service.edges.store.migrate import upgrade
from service.edges.store.records import NewVersion, Received, Record
from service.edges.store.schema import VERSION
from service.edges.store.store import Store
from service.mapping.identity import content_digest, response_identity
from service.mapping.search.index import values_of
from service.mapping.stored import RESPONSE, stored_id
from service.settings import Settings
from service.usecases.caller import Caller
from service.usecases.responses import Responses
from tests.mapping.mutations import as_an_ehr_sends_it
from tests.mapping.responses import as_bytes
from tests.real_book import proven_book

TEMPLATES = 200
OF_ONE_PATIENT = 4
AT_A_TIME = 50
TENANT = "default"
SYSTEM = "urn:oid:2.999.7"
FIRST = datetime(2026, 1, 1, 8, tzinfo=UTC)
SPACING, ON_ITS_WAY = timedelta(seconds=60), timedelta(seconds=5)

UUID = rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
INSTANT = rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?Z"


@dataclass(frozen=True, slots=True)
class Filled:
    """Say what a store holds now: responses, its size in bytes with all indexes, and the seconds the filling took."""

    responses: int
    bytes: int
    seconds: float

    @property
    def bytes_per_response(self) -> int:
        """Everything that is kept for one response: itself, five resources, what they are found by, bytes received."""
        return self.bytes // self.responses


def fill(database_url: str, count: int) -> Filled:
    """Bring a store, which may be new or filled before, to ``count`` responses of the tenant ``default``."""
    begun = time.monotonic()
    engine = engine_of(database_url, is_patient=True)
    try:
        upgrade(engine)
        store = Store(engine)
        stand = _stored(engine)
        for number in range(min(stand, TEMPLATES), min(count, TEMPLATES)):
            _use_case(store, number).create(Caller(TENANT), body(number))
        templates = [_Template.read(store, number) for number in range(min(count, TEMPLATES))]
        for first in range(max(stand, TEMPLATES), count, AT_A_TIME):
            chosen = range(first, min(first + AT_A_TIME, count))
            copies = [templates[number % TEMPLATES].again(number) for number in chosen]
            store.write([new for one, _ in copies for new in one], [received for _, received in copies])
        if count > stand:
            _settle(engine)
        return Filled(_stored(engine), _size(engine), time.monotonic() - begun)
    finally:
        engine.dispose()


def body(number: int) -> bytes:
    """Return the response of a number as it is posted."""
    answered = _answered(number % TEMPLATES)
    return as_bytes({**answered, **_about(number), "authored": _authored(number).strftime("%Y-%m-%dT%H:%M:%SZ")})


def identifier_of(number: int) -> str:
    """Return the identifier of a response as a search asks for it."""
    return f"{SYSTEM}|{_identifier(number)}"


def patient_of(number: int) -> str:
    """Refer to the patient of a response."""
    return f"Patient/filled-{number // OF_ONE_PATIENT:08d}"


def id_of(number: int, resource_type: str = RESPONSE) -> str:
    """Return the id under which a response, or what was stored with it, stands."""
    return stored_id(TENANT, response_identity(_about(number), ""), resource_type)


def moment_of(number: int) -> datetime:
    """Return when a response was stored: they came one after another."""
    return _authored(number) + ON_ITS_WAY


@cache
def _answered(template: int) -> Mapping[str, Any]:
    random = Random(template)  # noqa: S311 - a seed, so that every store is filled alike
    content = as_an_ehr_sends_it(random)
    return {key: content[key] for key in ("resourceType", "questionnaire", "status", "item")}


def _about(number: int) -> dict[str, Any]:
    identifier = {"system": SYSTEM, "value": _identifier(number)}
    return {"identifier": identifier, "subject": {"reference": patient_of(number)}}


def _identifier(number: int) -> str:
    return f"filled-answers-{number:08d}"


def _authored(number: int) -> datetime:
    return FIRST + number * SPACING


def _use_case(store: Store, number: int) -> Responses:
    return Responses(proven_book(), Settings(), store, lambda: moment_of(number))


@dataclass(frozen=True, slots=True)
class _Template:
    """A response that was stored by the service, with everything that was stored with it.

    ``pieces`` are the content of each record, cut so that every second piece is a word that is another in each copy.
    """

    number: int
    records: tuple[Record, ...]
    pieces: tuple[tuple[bytes, ...], ...]
    received_sha256: str

    @classmethod
    def read(cls, store: Store, number: int) -> "_Template":
        received = store.received(TENANT, id_of(number), 1)
        assert received is not None, "the store was filled by something else"
        own = (_identifier(number), patient_of(number), received.sha256)
        words = re.compile(b"(%s)" % b"|".join((*(re.escape(one.encode()) for one in own), UUID, INSTANT)))
        records = store.stored_with(TENANT, id_of(number), 1)
        return cls(number, records, tuple(tuple(words.split(one.content)) for one in records), received.sha256)

    def again(self, number: int) -> tuple[list[NewVersion], Received]:
        """Make everything that the service would store for the response of another number."""
        received = body(number)
        sha256, response_id = hashlib.sha256(received).hexdigest(), id_of(number)
        other = self._words(number, sha256)
        new = []
        for record, pieces in zip(self.records, self.pieces, strict=True):
            content = b"".join(other(piece) if odd else piece for piece, odd in zip(pieces, cycle((False, True))))
            served = orjson.loads(content)
            digest = content_digest(served) if record.resource_type == RESPONSE else ""
            copy = Record(TENANT, record.resource_type, served["id"], 1, moment_of(number), content)
            new.append(NewVersion(copy, response_id, 1, digest, values_of(served)))
        return new, Received(TENANT, response_id, 1, sha256, received)

    def _words(self, number: int, sha256: str) -> Callable[[bytes], bytes]:
        known = {id_of(self.number, one.resource_type): id_of(number, one.resource_type) for one in self.records}
        known |= {
            _identifier(self.number): _identifier(number),
            patient_of(self.number): patient_of(number),
            self.received_sha256: sha256,
        }
        later = (number - self.number) * SPACING

        @cache
        def other(met: bytes) -> bytes:
            word = met.decode()
            if word in known:
                return known[word].encode()
            is_moment = word.endswith("Z")
            return (_shifted(word, later) if is_moment else str(uuid.uuid5(_OTHER, f"{number} {word}"))).encode()

        return other


_OTHER = uuid.UUID("6f1d7e1c-0f0c-4a55-9a5e-0d3a54b1d3aa")


def _shifted(instant: str, later: timedelta) -> str:
    kind = "milliseconds" if "." in instant else "seconds"
    return (datetime.fromisoformat(instant) + later).isoformat(timespec=kind).replace("+00:00", "Z")


def _stored(engine: Engine) -> int:
    of_responses = (VERSION.c.tenant == TENANT, VERSION.c.resource_type == RESPONSE, VERSION.c.version == 1)
    with engine.connect().execution_options(reads=True) as connection:
        return int(connection.scalar(select(func.count()).select_from(VERSION).where(*of_responses)) or 0)


def _settle(engine: Engine) -> None:
    """Let the database do what it would have done by itself, had the rows come over months."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("VACUUM ANALYZE"))


def _size(engine: Engine) -> int:
    pages = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    database = "SELECT pg_database_size(current_database())"
    with engine.connect().execution_options(reads=True) as connection:
        return int(connection.scalar(text(database if engine.dialect.name == "postgresql" else pages)) or 0)


def main(arguments: list[str]) -> None:
    """Fill the store that the first argument names to the count that is the second."""
    filled = fill(arguments[0], int(arguments[1]))
    sys.stdout.write(f"{filled.responses} responses, {filled.bytes_per_response} bytes each, {filled.seconds:.0f} s\n")


if __name__ == "__main__":
    main(sys.argv[1:])
