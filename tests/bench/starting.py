"""Measures how long it takes from the start of ``triage run`` to the first triage that is answered."""

import http.client
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, sleep

from tests.bench.bodies import bare
from tests.bench.figures import AT_MOST, Figure, Goal, Row
from tests.bench.memory import cpu_seconds
from tests.bench.moment import authored_now
from tests.bench.plan import Plan
from tests.bench.servers import BUILD, TRIAGE, starting_service

NAME = "start"
HEADERS = {"Content-Type": "application/fhir+json"}
LONGEST = 60.0


def measure(plan: Plan) -> Row:
    """Start the service on a store that is there, again and again; the first start warms the files and is not told."""
    body = authored_now(bare(of_each=1))[0]
    with TemporaryDirectory(dir=BUILD) as folder:
        starts = [_start(plan, Path(folder) / "store.sqlite3", body) for _ in range(plan.rounds + 1)][1:]
    seconds, computed = zip(*starts, strict=True)
    figures = (
        Figure("start of `triage run` to the first 200 of $triage", seconds, "s", Goal(AT_MOST, 1.5)),
        Figure("of which the service computed", computed, "s"),
    )
    return Row(NAME, f"{plan.rounds} starts of one worker, warm files, the server on one core", figures)


def _start(plan: Plan, store: Path, body: bytes) -> tuple[float, float]:
    begin = perf_counter()
    with starting_service(plan, f"sqlite:///{store}") as server:
        for _ in _patiently(begin):
            if server.process.poll() is not None:
                raise RuntimeError(f"the service ended at its start, with {server.process.returncode}")
            if _status(server.port, body) == 200:
                seconds = perf_counter() - begin
                return seconds, sum(map(cpu_seconds, (server.process.pid, *server.workers())))
    raise TimeoutError("the service did not begin to answer")


def _patiently(begin: float) -> Iterator[None]:
    while perf_counter() - begin < LONGEST:
        yield
        sleep(0.005)


def _status(port: int, body: bytes) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LONGEST)
    try:
        connection.request("POST", TRIAGE, body, HEADERS)
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()
