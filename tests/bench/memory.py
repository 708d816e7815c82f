"""Measures the memory that one more worker takes, and whether a worker's stays flat over many requests."""

import os
import sys
from collections.abc import Iterable
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.bodies import mix
from tests.bench.figures import AT_MOST, Figure, Goal, Row
from tests.bench.load import request, so_many
from tests.bench.moment import authored_now
from tests.bench.plan import Plan
from tests.bench.servers import BUILD, TRIAGE, Server, service

NAME = "memory"
STEPS, FEW, MANY = 10, 1, 3
WARM, ATTEMPTS = 1_500, 40
"""Requests between two looks, and how many looks: a worker counts once it has computed for CPU_SECONDS."""
CPU_SECONDS = 2.0
KIBIBYTE = 1024


def measure(plan: Plan) -> Row:
    """Compare the whole service with one worker and with four; then watch one over the plan's requests."""
    bodies = authored_now(mix())
    requests = [request(TRIAGE, body) for body in bodies]
    with TemporaryDirectory(dir=BUILD) as folder:
        database = f"sqlite:///{folder}/store.sqlite3"
        with service(plan, database, WORKERS=str(FEW)) as server:
            few = _warm(server, requests)
            resident = _watched(server, requests, plan.requests)
        with service(plan, database, WORKERS=str(MANY)) as server:
            many = _warm(server, requests)
            own = [mebibytes(one, "Private_Clean", "Private_Dirty") for one in server.workers()]
    half, end = resident[len(resident) // 2 - 1], resident[-1]
    figures = (
        Figure(
            "one more worker, by the PSS of all processes", ((many - few) / (MANY - FEW),), "MiB", Goal(AT_MOST, 60)
        ),
        Figure("memory of a worker that it shares with none (USS)", tuple(own), "MiB"),
        Figure(f"RSS after {plan.requests:,} requests by that after half", (end / half,), "", Goal(AT_MOST, 1.02)),
        Figure("RSS of a worker, at ten steps", tuple(resident), "MiB"),
    )
    return Row(NAME, f"{plan.requests:,} requests to one worker; one worker beside {MANY}, preloaded", figures)


def _warm(server: Server, requests: list[bytes]) -> float:
    """Send requests until every worker has answered many of them; return the PSS of the whole service in MiB."""
    so_many(server.port, cycle(requests), WARM)
    before = {one: cpu_seconds(one) for one in server.workers()}
    for _ in range(ATTEMPTS):
        so_many(server.port, cycle(requests), WARM)
        if all(cpu_seconds(one) - before[one] >= CPU_SECONDS for one in server.workers()):
            return sum(mebibytes(one, "Pss") for one in (server.process.pid, *server.workers()))
    raise RuntimeError("a worker had next to nothing to answer")


def _watched(server: Server, requests: list[bytes], count: int) -> list[float]:
    """Print and return the resident memory of the one worker after each tenth of the requests."""
    (worker,) = server.workers()
    endless, steps = cycle(requests), []
    for number in range(1, STEPS + 1):
        measured = so_many(server.port, endless, count // STEPS)
        if measured.refused or server.workers() != [worker]:
            raise RuntimeError("the service refused a request, or its worker was replaced")
        steps.append(mebibytes(worker, "Rss"))
        sys.stderr.write(f"memory: {number * count // STEPS:,} requests, {steps[-1]:.1f} MiB resident here\n")
    return steps


def cpu_seconds(process: int) -> float:
    """Return how long a process has computed."""
    numbers = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return sum(map(int, numbers[11:13])) / os.sysconf("SC_CLK_TCK")


def mebibytes(process: int, *kinds: str) -> float:
    """Read how much memory of some kinds a process has, as the kernel counts it."""
    return read_memory(Path(f"/proc/{process}/smaps_rollup").read_text(), kinds)


def read_memory(rollup: str, kinds: Iterable[str]) -> float:
    """Add up lines of smaps_rollup, ``Pss: 123 kB``, in MiB."""
    lines = dict(line.split(":", 1) for line in rollup.splitlines()[1:])
    return sum(int(lines[kind].split()[0]) for kind in kinds) / KIBIBYTE
