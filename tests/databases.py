"""Fixtures for an empty store on each database, so that every test of the store runs on both; no test in itself."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from service.edges.store.connect import engine_of
from service.edges.store.migrate import upgrade
from service.edges.store.store import Store
from tests.postgres import Server, needs_postgresql, running_server

DATABASES = ["sqlite", pytest.param("postgresql", marks=needs_postgresql)]


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    with running_server() as server:
        yield server


@pytest.fixture(params=DATABASES)
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Make the URL of one more empty database of the same kind."""
    if request.param == "sqlite":
        return lambda: f"sqlite:///{tmp_path}/{uuid4()}.sqlite3"
    server: Server = request.getfixturevalue("postgresql_server")
    return lambda: server.new_database(f"test-{uuid4()}")


@pytest.fixture
def url(new_url: Callable[[], str]) -> str:
    return new_url()


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    engine = engine_of(url)
    upgrade(engine)
    yield Store(engine)
    engine.dispose()
