"""That `triage run` serves the real rule book, and that its answers can be shown in the words of the command line."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.mapping.responses import filled

from .bench import BREATHLESS, OUT_OF_RANGE, body, environment, flowing, ran, ran_alone, written

START_SECONDS = 60
TRIAGE = "/fhir/QuestionnaireResponse/$triage"
FHIR = {"Content-Type": "application/fhir+json"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Run the server in a process of its own until it answers; stop it as an operator would."""
    port = free_port()
    command = [sys.executable, "-m", "service.cli", "run", "--port", str(port), "--unproven"]
    env = environment({"TRIAGE_WORKERS": "1", "TRIAGE_PORT": "1"})  # the option outranks the variable
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=env) as server:
        base = f"http://127.0.0.1:{port}"
        try:
            wait_for(f"{base}/livez")
            yield base
        finally:
            server.send_signal(signal.SIGTERM)
            assert server.wait(timeout=START_SECONDS) == 0


def wait_for(url: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            if requests.get(url, timeout=5).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.1)
    raise TimeoutError(url)


def test_the_answer_of_a_running_server_is_shown_in_words(address: str) -> None:
    answer = requests.post(address + TRIAGE, data=body(BREATHLESS), headers=FHIR, timeout=30)
    assert answer.status_code == 200
    shown = ran("show", "-", given=answer.content)
    assert shown.exit_code == 0
    assert "AMBULANCE: Call the emergency number now" in shown.stdout


def test_a_sample_is_posted_as_of_now_and_its_answer_printed(address: str, tmp_path: Path) -> None:
    """The sample is older than a day; only as of now are its answers fresh, and a mild strain self-care."""
    mild = filled(list_injury_load=["strain-event"], list_character_1=["mechanical"]) | {
        "authored": "2026-01-01T10:00:00Z"
    }
    sample = written(tmp_path, sample=mild) / "sample.json"
    as_sent, as_of_now = ran("post", sample, "--to", address), ran("post", sample, "--to", address, "--authored-now")
    assert (as_sent.exit_code, as_of_now.exit_code) == (0, 0)
    assert "APPOINTMENT:" in as_sent.stdout
    assert "older than 24 hours" in flowing(as_sent.stdout)
    assert "SELF-CARE:" in as_of_now.stdout


def test_a_posted_sample_that_is_refused_ends_with_one(address: str, tmp_path: Path) -> None:
    sample = written(tmp_path, sample=OUT_OF_RANGE) / "sample.json"
    posted = ran("post", sample, "--to", address)
    assert posted.exit_code == 1
    assert "linkId severity-now" in flowing(posted.stdout)


def test_a_server_that_does_not_answer_is_one_clear_line(tmp_path: Path) -> None:
    sample = written(tmp_path, sample=BREATHLESS) / "sample.json"
    posted = ran("post", sample, "--to", f"http://127.0.0.1:{free_port()}")
    assert posted.exit_code == 1
    assert "no server is ready at" in posted.output


def test_the_refusal_of_a_running_server_is_shown_in_words(address: str) -> None:
    answer = requests.post(address + TRIAGE, data=body(OUT_OF_RANGE), headers=FHIR, timeout=30)
    assert answer.status_code == 422
    shown = ran("show", "-", given=answer.content)
    assert shown.exit_code == 1
    assert "linkId severity-now" in flowing(shown.stdout)


def test_the_server_gives_the_questionnaire_of_the_rule_book(address: str) -> None:
    answer = requests.get(f"{address}/fhir/Questionnaire/upper-back-pain", timeout=30)
    assert answer.json()["url"] == "https://w3id.org/upper-back-triage/Questionnaire/upper-back-pain"


# fmt: off
NOT_STARTED = [
    # options                    code  beginning of the error        comment
    (("--host", "0.0.0.0"),      1,    "Error: TRIAGE_HOST: ",       "nobody declared the network trusted"),  # noqa: S104 - refused
    (("--port", "65536"),        2,    "Usage: ",                    "no such port"),
    (("--port", "http"),         2,    "Usage: ",                    "no number"),
]
# fmt: on


@pytest.mark.parametrize(("options", "code", "beginning", "comment"), NOT_STARTED)
def test_the_server_does_not_start_with(options: tuple[str, ...], code: int, beginning: str, comment: str) -> None:
    result = ran_alone("run", *options)
    assert result.returncode == code, comment
    assert result.stderr.decode().startswith(beginning)
    assert b"Traceback" not in result.stderr
