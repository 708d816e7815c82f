"""Real workers, real senders: no duplicate, nothing acknowledged is lost, nothing is half stored, on both databases.

`make test` sends 60 keys and kills 4 workers; STORE_KEYS=500 and KILLS=100 (make soak) are the whole measure.
"""

import http.client
import os
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Event

import pytest
from sqlalchemy import func, select, text

from service.edges.store.checking import problems
from service.edges.store.connect import engine_of
from service.edges.store.migrate import upgrade
from service.edges.store.schema import VERSION
from service.mapping.writing.json_bytes import dump
from tests.databases import new_url, postgresql_server, url
from tests.mapping.responses import filled
from tests.postgres import only_postgresql, running_server
from tests.stored_server import Reply, Service, running_service, wait_for

__all__ = ["new_url", "postgresql_server", "url"]

KEYS = int(os.environ.get("STORE_KEYS", "60"))
KILLS = int(os.environ.get("KILLS", "4"))
SENDERS = 16
TYPES = ("AuditEvent", "CarePlan", "Provenance", "QuestionnaireResponse", "RiskAssessment", "ServiceRequest")
TEMPLATE = filled()


def body(key: int | str) -> bytes:
    return dump({**TEMPLATE, "identifier": {"system": "urn:oid:2.999.1", "value": f"LH-{key}"}})


@pytest.fixture
def database(url: str) -> str:
    make_tables(url)
    return url


def make_tables(database: str) -> None:
    engine = engine_of(database)
    upgrade(engine)
    engine.dispose()


def stored(database: str) -> dict[str, tuple[int, int]]:
    """Count, by type, the resources and their versions; look on the way whether everything is whole."""
    engine = engine_of(database)
    try:
        assert list(problems(engine)) == []
        key = (VERSION.c.resource_type, VERSION.c.id)
        with engine.connect() as connection:
            versions = Counter(dict.fromkeys(TYPES, 0))
            resources = Counter(dict.fromkeys(TYPES, 0))
            # What belongs to no response is on record of who asked for one.
            found = select(*key, func.count().label("count")).where(VERSION.c.response_id != "").group_by(*key)
            for row in connection.execute(found):
                resources[row.resource_type] += 1
                versions[row.resource_type] += row.count
        return {kind: (resources[kind], versions[kind]) for kind in TYPES}
    finally:
        engine.dispose()


def accesses(database: str) -> int:
    engine = engine_of(database)
    try:
        with engine.connect() as connection:
            counted = select(func.count()).select_from(VERSION).where(VERSION.c.response_id == "")
            return int(connection.scalar(counted) or 0)
    finally:
        engine.dispose()


def test_many_senders_of_one_response_get_one_result(database: str, tmp_path: Path) -> None:
    together = Barrier(SENDERS)

    def send_all(service: Service) -> list[Reply]:
        replies = []
        for key in range(KEYS):
            together.wait(120)
            replies.append(_insist(service, body(key)))
        return replies

    with running_service(database, tmp_path) as service, ThreadPoolExecutor(SENDERS) as pool:
        senders = [pool.submit(send_all, service) for _ in range(SENDERS)]
        answers = list(zip(*(one.result() for one in senders), strict=True))
    for replies in answers:
        assert Counter(one.status for one in replies) == {201: 1, 200: SENDERS - 1}
        assert len({one.body for one in replies}) == 1
        assert len({(one.headers["location"], one.headers["etag"]) for one in replies}) == 1
    assert stored(database) == dict.fromkeys(TYPES, (KEYS, KEYS))
    assert accesses(database) == KEYS * (SENDERS - 1), "each that came again is on record"


def test_nothing_is_lost_halved_or_doubled_when_workers_are_killed(database: str, tmp_path: Path) -> None:
    over = Event()
    acknowledged: list[tuple[str, str]] = []

    def send_until_over(service: Service, sender: int) -> None:
        number = 0
        while not over.is_set():
            key = f"{sender}-{number}"
            acknowledged.append((key, _insist(service, body(key)).headers["location"]))
            number += 1

    with running_service(database, tmp_path) as service, ThreadPoolExecutor(8) as pool:
        senders = [pool.submit(send_until_over, service, number) for number in range(8)]
        try:
            for number in range(KILLS):
                seen = len(acknowledged)
                wait_for(lambda: len(acknowledged) >= seen + 2)  # noqa: B023 - waited for within the turn
                service.kill_worker(number)
        finally:
            over.set()
        for sender in senders:
            sender.result()
        for key, location in acknowledged:
            again = _insist(service, body(key))
            assert (again.status, again.headers["location"]) == (200, location)
    assert len(acknowledged) > KILLS
    assert stored(database) == dict.fromkeys(TYPES, (len(acknowledged), len(acknowledged)))


def _insist(service: Service, content: bytes) -> Reply:
    """Send again until an answer comes, as clients do that were cut off."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            reply = service.store(content)
        except (OSError, http.client.HTTPException):
            continue
        if reply.status in (200, 201):
            return reply
        assert reply.status == 503, reply.body
    raise AssertionError("no answer came")


@only_postgresql
def test_storing_is_refused_in_time_triage_answers_and_all_comes_back(tmp_path: Path) -> None:
    with running_server() as server:
        database = server.new_database("triage")
        make_tables(database)
        with running_service(database, tmp_path) as service:
            assert service.store(body(1)).status == 201
            server.stop()
            refuses_and_triages(service)
            server.start()
            assert service.send("GET", "/readyz").resource["store"] == "up"
            assert service.store(body(1)).status == 200
            assert service.store(body(2)).status == 201


@only_postgresql
def test_a_database_that_hangs_is_as_one_that_is_down(tmp_path: Path) -> None:
    with running_server() as server:
        database = server.new_database("triage")
        make_tables(database)
        with running_service(database, tmp_path) as service:
            assert {service.store(body(number)).status for number in range(8)} == {201}
            server.pause()
            try:
                refuses_and_triages(service)
            finally:
                server.resume()
            wait_for(lambda: service.send("GET", "/readyz").resource["store"] == "up", 10)
            assert {service.store(body(number)).status for number in range(8)} == {200}
            assert service.store(body(8)).status == 201


@only_postgresql
def test_a_lock_that_is_never_released_is_not_waited_for(tmp_path: Path) -> None:
    with running_server() as server:
        database = server.new_database("triage")
        make_tables(database)
        engine = engine_of(database)
        with running_service(database, tmp_path) as service:
            with engine.begin() as connection:
                connection.execute(text("LOCK TABLE resource_version IN EXCLUSIVE MODE"))
                begun = time.monotonic()
                assert service.store(body(1)).status == 503
                assert time.monotonic() - begun < 3
            assert service.store(body(1)).status == 201
        engine.dispose()


@only_postgresql
def test_a_service_that_started_without_its_database_stores_once_it_is_there(tmp_path: Path) -> None:
    with running_server() as server:
        database = server.new_database("triage")
        server.stop()
        with running_service(database, tmp_path) as service:
            refuses_and_triages(service)
            server.start()
            behind = service.store(body(1))  # it is there, but has no tables yet
            assert behind.status == 503
            assert "triage db upgrade" in behind.resource["issue"][0]["details"]["text"]
            told = {"store": "behind", "remedy": "run 'triage db upgrade'"}
            assert told.items() <= service.send("GET", "/readyz").resource.items()
            assert service.send("GET", "/readyz?store=1").status == 503
            make_tables(database)
            assert service.store(body(1)).status == 201


@only_postgresql
def test_a_database_without_tables_is_named_at_the_start(tmp_path: Path) -> None:
    with running_server() as server, running_service(server.new_database("empty"), tmp_path) as service:
        assert service.store(body(1)).status == 503
    assert "triage db upgrade" in (tmp_path / "service.log").read_text()


def refuses_and_triages(service: Service) -> None:
    for _ in range(12):  # enough to meet every worker and every connection it kept
        begun = time.monotonic()
        refused = service.store(body(2))
        assert time.monotonic() - begun < 3
        assert refused.status == 503
        assert int(refused.headers["retry-after"]) > 0
        assert refused.resource["resourceType"] == "OperationOutcome"
    assert service.send("POST", "/fhir/QuestionnaireResponse/$triage", body(2)).status == 200
    assert service.send("GET", "/readyz").resource["store"] == "down"
    assert service.send("GET", "/readyz?store=1").status == 503
