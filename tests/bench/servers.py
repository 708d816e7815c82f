"""Starts servers on one core, each on a free port, and says when they answer; it measures nothing."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, sleep

from tests.bench.plan import Plan

SERVER_CORE, CLIENT_CORE = min(os.sched_getaffinity(0)), max(os.sched_getaffinity(0))
TRIAGE = "/fhir/QuestionnaireResponse/$triage"
BUILD = Path(__file__).parents[2] / "build" / "bench"
"""Databases stand here and not in a folder for temporary files: that may be memory, where nothing is ever durable."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its port and its process, that of gunicorn which rules the workers."""

    port: int
    process: subprocess.Popen[bytes]

    def workers(self) -> list[int]:
        """List the processes that answer requests."""
        return [
            int(one) for one in Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        ]


@contextmanager
def on_core(core: int) -> Iterator[None]:
    """Keep this thread, and every process that it starts within the block, on one core."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


@contextmanager
def beside(name: str) -> Iterator[Server]:
    """Run one of the other servers."""
    port = free_port()
    with started([sys.executable, "-m", "tests.bench.others", name, str(port)], port, {}) as server:
        wait_for(server)
        yield server


@contextmanager
def service(plan: Plan, database: str, **settings: str) -> Iterator[Server]:
    """Run the service as ``triage run`` does: one worker, and its own settings but for those that are named."""
    with starting_service(plan, database, **settings) as server:
        wait_for(server)
        yield server


@contextmanager
def starting_service(plan: Plan, database: str, **settings: str) -> Iterator[Server]:
    """Begin to run the service, and do not wait for it."""
    port = free_port()
    chosen = {"DATABASE": database, "PORT": str(port), "WORKERS": "1", **settings}
    command = [sys.executable, "-m", "service.cli", "run", *(["--unproven"] if plan.unproven else [])]
    with started(command, port, {f"TRIAGE_{name}": value for name, value in chosen.items()}) as server:
        yield server


@contextmanager
def started(command: list[str], port: int, settings: Mapping[str, str]) -> Iterator[Server]:
    """Start a server on the servers' core, and end it with the block."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("TRIAGE_")}
    with on_core(SERVER_CORE):
        process = subprocess.Popen(
            command, env={**inherited, **settings}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
    try:
        yield Server(port, process)
    finally:
        process.terminate()
        process.wait(30)


def wait_for(server: Server, seconds: float = 180) -> None:
    """Wait until the server listens."""
    begin = perf_counter()
    while perf_counter() - begin < seconds:
        if server.process.poll() is not None:
            raise RuntimeError(f"a server ended at its start, with {server.process.returncode}")
        try:
            socket.create_connection(("127.0.0.1", server.port), timeout=1).close()
        except OSError:
            sleep(0.005)
        else:
            return
    raise TimeoutError("a server did not begin to listen")
