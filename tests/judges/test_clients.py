"""FHIR clients that no one here wrote drive the running service, unmodified, and hand its answers to their users.

They need what each of them is made of, and for what is stored both databases: `make judges`. A step that the service
does not offer is not run, and is counted as such.
"""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.judges.clients.drivers import CLIENTS, NOT_ASKED_FOR, Client, asked_for
from tests.judges.clients.running import offered, running
from tests.judges.clients.steps import NOT_YET, STEPS, Seen, Step, material
from tests.postgres import folder_of_programs, running_server

pytestmark = pytest.mark.skipif(not asked_for(), reason=NOT_ASKED_FOR)
All = Mapping[str, Seen]
DATABASES = ("sqlite", "postgresql")
PAIRS = [
    pytest.param(
        client,
        step,
        id=f"{client.name}: {step.name}",
        marks=[
            pytest.mark.needs(client.name),
            pytest.mark.skipif(bool(client.missing_part()), reason=client.missing_part() or "there"),
        ],
    )
    for client in CLIENTS
    for step in STEPS
    if step.name not in client.cannot
]


class Service:
    """A running service, what it offers, and what each client saw of it: each takes all its steps once, in order."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.offered = offered(base)
        self._seen: dict[str, All] = {}

    def offers(self, step: Step) -> bool:
        return not step.needs or step.needs in self.offered

    def seen_by(self, client: Client) -> All:
        if client.name not in self._seen:
            names = [step.name for step in STEPS if self.offers(step) and step.name not in client.cannot]
            self._seen[client.name] = client.take(self.base, material(), names)
        return self._seen[client.name]


@pytest.fixture(scope="module", params=DATABASES)
def service(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with ExitStack() as opened:
        database = _database(request.param, tmp_path_factory.mktemp("database"), opened)
        yield Service(opened.enter_context(running(database)))


def _database(kind: str, folder: Path, opened: ExitStack) -> str:
    """Give the URL of an empty database of this kind."""
    if kind == "sqlite":
        return f"sqlite:///{folder}/triage.sqlite3"
    if folder_of_programs() is None:
        pytest.skip("NOT RUN: there is no PostgreSQL here")
    return opened.enter_context(running_server()).new_database("clients")


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_a_step_in_which_nothing_was_seen_is_no_success(step: Step) -> None:
    for nothing in ({}, {"failed": "the client threw"}, {"kinds": [], "status": 500, "says": "", "ids": ["", ""]}):
        with pytest.raises((AssertionError, KeyError)):
            step.check(nothing, {"create": {"id": "1"}})


@pytest.mark.parametrize(("client", "step"), PAIRS)
def test_a_client_sees_what_it_must(service: Service, client: Client, step: Step) -> None:
    if not service.offers(step) and step.needs in NOT_YET:
        pytest.skip(f"NOT RUN: the service does not offer {step.needs}")
    assert service.offers(step), f"the service no longer offers {step.needs}"
    seen = service.seen_by(client)
    assert "failed" not in seen[step.name], seen[step.name]
    step.check(seen[step.name], seen)


def test_what_was_run_is_counted(service: Service, capsys: pytest.CaptureFixture[str]) -> None:
    """Print it; a client that took no step at all has shown nothing."""
    able = [client for client in CLIENTS if not client.missing_part()]
    taken = {client.name: len(service.seen_by(client)) for client in able}
    missing = [step.name for step in STEPS if not service.offers(step)]
    with capsys.disabled():
        told = ", ".join(f"{name}: {count} of {len(STEPS)} steps" for name, count in taken.items())
        print(f"\n{told}; not offered, NOT RUN: {', '.join(missing) or 'none'}")
        print(
            "\n".join(f"{one.name} has no way to {step}: {why}" for one in CLIENTS for step, why in one.cannot.items())
        )
    assert all(taken.values())
