"""Starts `triage run` on a database of its own, with real workers, for tests that send, kill and look; no test."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FHIR_JSON = "application/fhir+json"
SECONDS_TO_START = 120
SECONDS_TO_ANSWER = 60


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def resource(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Service:
    """A running service: its port and the process that rules the workers."""

    port: int
    process: subprocess.Popen[bytes]

    def send(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Reply:
        """Send one request on a connection of its own; raise OSError or HTTPException where no answer came."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS_TO_ANSWER)
        try:
            connection.request(method, path, body, {"Content-Type": FHIR_JSON, "Accept": FHIR_JSON, **headers})
            answer = connection.getresponse()
            named = {name.lower(): value for name, value in answer.getheaders()}
            return Reply(answer.status, named, answer.read())
        finally:
            connection.close()

    def store(self, body: bytes) -> Reply:
        return self.send("POST", "/fhir/QuestionnaireResponse", body)

    def workers(self) -> list[int]:
        """List the processes that answer requests now."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(one) for one in children.split()]

    def kill_worker(self, number: int) -> None:
        """Kill one worker as if the machine had failed it, and wait until another stands in its place."""
        before = self.workers()
        victim = before[number % len(before)]
        os.kill(victim, signal.SIGKILL)
        wait_for(lambda: victim not in self.workers() and len(self.workers()) == len(before))


def wait_for(holds: Any, seconds: float = SECONDS_TO_START) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.02)


@contextlib.contextmanager
def running_service(database: str, folder: Path, workers: int = 2, **more: str) -> Iterator[Service]:
    """Run the service for as long as the block lasts; its log goes into the folder. ``more`` are other settings."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {"TRIAGE_DATABASE": database, "TRIAGE_WORKERS": str(workers), "TRIAGE_THREADS": "8"}
    settings |= {f"TRIAGE_{name}": value for name, value in more.items()}
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("TRIAGE_")}
    with (folder / "service.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "service.cli", "run", "--port", str(port), "--unproven"],
            env=inherited | settings,
            stderr=log,
            stdout=log,
        )
    service = Service(port, process)
    try:
        wait_for(lambda: process.poll() is not None or _answers(service))
        assert process.poll() is None, (folder / "service.log").read_text()
        yield service
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answers(service: Service) -> bool:
    try:
        return service.send("GET", "/readyz").status == 200
    except OSError:
        return False
