"""What the tests of the web layer share: an application with its log, and a service that really runs."""

import io
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPMessage, HTTPResponse
from pathlib import Path
from socket import SHUT_WR, create_connection
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from service.settings import Settings
from service.web.app import create_app
from service.web.logs import json_log

from .small_service import OPERATION_DEFINITION, QUESTIONNAIRE, digest_triage
from .stored_service import Stored, stored_service

TRIAGE_PATH = "/fhir/QuestionnaireResponse/$triage"
START_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Bench:
    """Hold an application, a client for it, and what it has logged."""

    app: Flask
    client: FlaskClient
    stream: io.StringIO

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]


@pytest.fixture
def bench() -> Bench:
    stream = io.StringIO()
    log = json_log(stream, "debug")
    app = create_app(digest_triage, Settings(), (QUESTIONNAIRE, OPERATION_DEFINITION), log)
    return Bench(app, app.test_client(), stream)


@pytest.fixture
def stored(tmp_path: Path) -> Iterator[Stored]:
    """Return a whole service with an empty store."""
    with stored_service(tmp_path) as service:
        yield service


@dataclass(frozen=True, slots=True)
class Received:
    """Hold what came back over a socket."""

    status: int
    headers: HTTPMessage
    body: bytes

    def resource(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


@dataclass(slots=True)
class Running:
    """Hold a service that runs in a process of its own, and every line it has written."""

    process: subprocess.Popen[str]
    port: int = 0
    output: list[str] = field(default_factory=list)
    listening: threading.Event = field(default_factory=threading.Event)

    def follow(self) -> None:
        """Collect what the process writes, until it ends, and learn the port it has taken."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.output.append(line)
            if '"Listening at: http://127.0.0.1:' in line:
                self.port = int(line.split("http://127.0.0.1:")[1].split(" ")[0])
                self.listening.set()

    def wait_for_line(self, part: str, start: int) -> bool:
        """Wait until a line from ``start`` on holds a part; the process writes a line before it sends the answer."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if any(part in line for line in self.output[start:]):
                return True
            time.sleep(0.005)
        return False

    def exchange(self, *pieces: bytes, hang_up: bool = False) -> Received:
        """Send raw bytes, close our half of the connection where asked, and read one response."""
        with create_connection(("127.0.0.1", self.port), timeout=20) as connection:
            for piece in pieces:
                connection.sendall(piece)
            if hang_up:
                connection.shutdown(SHUT_WR)
            response = HTTPResponse(connection)
            response.begin()
            return Received(response.status, response.headers, response.read())


@contextmanager
def run_service(*program: str, **settings: str) -> Iterator[Running]:
    """Run a program, else the small service, on gunicorn, on a free loopback port, and end it afterwards."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TRIAGE_")}
    variables = {f"TRIAGE_{name}": value for name, value in settings.items()}
    process = subprocess.Popen(
        [sys.executable, "-m", *(program or ("tests.web.small_service",))],
        env=environment | variables | {"TRIAGE_PORT": "0", "TRIAGE_WORKERS": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    service = Running(process)
    follower = threading.Thread(target=service.follow)
    follower.start()
    try:
        assert service.listening.wait(START_SECONDS), service.output
        # A worker that is told to stop before it answers would not hear it.
        service.exchange(b"GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        yield service
    finally:
        process.terminate()
        process.wait(START_SECONDS)
        follower.join(START_SECONDS)
        assert process.stdout is not None
        process.stdout.close()


@pytest.fixture(scope="session")
def running_stored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Run a service that stores, as talkative as it can be."""
    folder = tmp_path_factory.mktemp("store")
    with run_service("tests.web.stored_program", str(folder), LOG_LEVEL="debug") as service:
        yield service


@pytest.fixture(scope="session")
def running() -> Iterator[Running]:
    """Run the service with limits small enough to be reached, as talkative as it can be."""
    with run_service(
        LOG_LEVEL="debug",
        RECEIVE_SECONDS="1",
        LIMIT_BODY_BYTES="4096",
        LIMIT_RESPONSE_BYTES="2048",
        LIMIT_STRING_BYTES="256",
    ) as service:
        yield service
