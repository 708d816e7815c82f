"""Starts servers on one core, each on a free port, and says when they answer; it measures nothing."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from time import perf_counter, sleep

SERVER_CORE, CLIENT_CORE = 0, max(os.sched_getaffinity(0))
TRIAGE = "/fhir/QuestionnaireResponse/$triage"


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


@contextmanager
def beside(name: str) -> Iterator[int]:
    """Run one of the other servers; yield its port."""
    port = free_port()
    with _running([sys.executable, "-m", "tests.bench.others", name, str(port)], port, {}):
        yield port


@contextmanager
def service(**settings: str) -> Iterator[int]:
    """Run the service as ``triage run`` does, with one worker unless the settings say otherwise; yield its port."""
    port = free_port()
    chosen = {"TRIAGE_WORKERS": "1", "TRIAGE_THREADS": "4", "TRIAGE_PORT": str(port)}
    named = {f"TRIAGE_{key.upper()}": value for key, value in settings.items()}
    with _running([sys.executable, "-m", "service.cli", "run"], port, {**chosen, **named}):
        yield port


@contextmanager
def _running(command: list[str], port: int, settings: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        command,
        env={**os.environ, **settings},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=lambda: os.sched_setaffinity(0, {SERVER_CORE}),  # noqa: PLW1509 - the child does nothing else before
    )
    try:
        wait_for(port, process)
        yield process
    finally:
        process.terminate()
        process.wait(30)


def wait_for(port: int, process: subprocess.Popen[bytes], seconds: float = 60) -> float:
    """Wait until somebody listens; return after how many seconds."""
    begin = perf_counter()
    while perf_counter() - begin < seconds:
        if process.poll() is not None:
            raise RuntimeError(f"a server ended at its start, with {process.returncode}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            sleep(0.005)
        else:
            return perf_counter() - begin
    raise TimeoutError("a server did not begin to listen")
