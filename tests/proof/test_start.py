"""What starts and what does not: unproven rules, an engine that judges otherwise, and the way around both."""

import json
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests

from service.knowledge.certificate import engine_digest, read_certificate, written_certificate
from service.knowledge.load import checked_book, load, read_book
from service.knowledge.parse import BookError
from service.mapping.writing.json_bytes import dump
from tests.mapping.responses import filled
from tests.mapping.writing.marks import marked
from tests.proof.any_patient import BOOK
from tests.proof.proven_copy import (
    SECONDS,
    certificate_of,
    certify,
    command,
    environment,
    log_lines,
    proven_copy,
    ran_in,
)

BODY = dump(filled(dyspnoea="yes"))


def _append(path: str, text: str) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        file = root / "service" / path
        file.write_text(file.read_text("utf-8") + text, "utf-8")

    return change


NOT_PROVEN: list[tuple[Callable[[Path], None], str, str]] = [
    # change of a proven copy, the error, comment
    (lambda root: certificate_of(root).unlink(), "missing: the rule book is not proven", "no certificate"),
    (
        _append("knowledge/book/rules/breathless.yaml", "# a comment\n"),
        "the rule book has changed since it was proven",
        "a comment in a rule: the book is another",
    ),
    (
        _append("engine/assess.py", "# a comment\n"),
        "the engine has changed since it was proven",
        "a comment in the engine: the engine is another",
    ),
]


@pytest.mark.parametrize(("change", "error", "comment"), NOT_PROVEN, ids=[row[-1] for row in NOT_PROVEN])
def test_rules_that_are_not_proven_neither_serve_nor_triage(
    change: Callable[[Path], None], error: str, comment: str, tmp_path: Path
) -> None:
    root = proven_copy(tmp_path)
    change(root)
    for arguments in (("run", "--port", "0"), ("triage", "-")):
        ended = ran_in(root, *arguments, given=BODY)
        assert (ended.returncode, ended.stdout) == (1, b""), comment
        assert ended.stderr.decode().startswith(f"Error: the rule book does not load: certificate.json: {error}")
        assert "run 'triage rules prove'; '--unproven' loads it for development alone" in ended.stderr.decode()
        assert ended.stderr.count(b"\n") == 1, comment


NO_CERTIFICATE = [
    # what stands in the file, comment
    ("", "an empty file"),
    ("{", "cut off"),
    ("\x00", "no text"),
    ("{}", "names nothing"),
    ('{"rule-book": "%(book)s", "engine": "%(engine)s", "properties": [], "exceptions": []}', "proves nothing"),
    ('{"rule-book": "%(book)s", "engine": "%(engine)s", "properties": {}, "exceptions": []}', "not as it is written"),
]


@pytest.mark.parametrize(("text", "comment"), NO_CERTIFICATE, ids=[row[-1] for row in NO_CERTIFICATE])
def test_what_is_no_certificate_loads_no_book(text: str, comment: str, tmp_path: Path) -> None:
    path = tmp_path / "certificate.json"
    path.write_text(text.replace("%(book)s", BOOK.digest).replace("%(engine)s", engine_digest()), "utf-8")
    with pytest.raises(BookError, match=r"certificate\.json: not readable"):
        load(certificate=path)


def test_only_the_demanded_certificate_makes_a_book_a_proven_one(tmp_path: Path) -> None:
    path = tmp_path / "certificate.json"
    path.write_text(written_certificate(replace(read_certificate(), rule_book=BOOK.digest, engine=engine_digest())))
    assert load(certificate=path).proven
    assert not checked_book().proven
    assert not read_book().proven


OTHERWISE: list[tuple[Callable[[Path], None], str]] = [
    # change of the copy, comment
    (
        _append(
            "engine/assess.py",
            "\n_sound = assess\n\n\ndef assess(book, facts, policy):\n"
            "    from dataclasses import replace\n\n"
            "    return replace(_sound(book, facts, policy), level='self-care')\n",
        ),
        "every level is self-care",
    ),
    (
        _append(
            "knowledge/levels.py",
            "\n_sound = level_under\n\n\ndef level_under(*arguments):\n    level = _sound(*arguments)\n"
            "    return 'emergency' if level == 'ambulance' else level\n",
        ),
        "an ambulance is no more than an emergency; it is read so outside the engine, where no digest shows it",
    ),
]


@pytest.mark.parametrize(("change", "comment"), OTHERWISE, ids=[row[-1] for row in OTHERWISE])
def test_a_service_that_judges_the_witnesses_otherwise_does_not_start(
    change: Callable[[Path], None], comment: str, tmp_path: Path
) -> None:
    root = proven_copy(tmp_path)
    change(root)
    certify(root)  # as a fault would look that no digest shows
    ended = ran_in(root, "run", "--port", "0")
    assert ended.returncode == 1, comment
    assert ended.stderr.decode().startswith("Error: the engine does not judge as it was proven to: the witness of ")
    assert ended.stderr.count(b"\n") == 1


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (lambda path: path.unlink(), "Error: witnesses.json: not readable (FileNotFoundError)"),
        (
            lambda path: path.write_text("[]", "utf-8"),
            "Error: the engine does not judge as it was proven to: the rule ",
        ),
    ],
    ids=["missing", "empty"],
)
def test_a_service_without_witnesses_does_not_start(change: Callable[[Path], None], error: str, tmp_path: Path) -> None:
    root = proven_copy(tmp_path)
    change(root / "service/knowledge/witnesses.json")
    ended = ran_in(root, "run", "--port", "0")
    assert ended.returncode == 1
    assert ended.stderr.decode().startswith(error)


def test_a_proven_service_starts_says_what_its_witnesses_cost_and_marks_nothing(tmp_path: Path) -> None:
    with started(proven_copy(tmp_path)) as server:
        assert server.get("/readyz").json()["status"] == "ready"
        assert "not proven" not in server.get("/fhir/metadata").text
        assert not marked(server.triaged())
    (judged,) = (line for line in server.log() if line["event"] == "witnesses judged")
    assert judged["failures"] == 0
    assert isinstance(judged["milliseconds"], int)
    print(f"the witnesses of {judged['count']} rules were judged in {judged['milliseconds']} ms")
    assert not any(line["event"] == "unproven" for line in server.log())


def test_for_development_an_unproven_service_starts_and_says_so_everywhere(tmp_path: Path) -> None:
    root = proven_copy(tmp_path)
    certificate_of(root).unlink()
    with started(root, "--unproven") as server:
        assert server.get("/readyz").json()["status"] == "ready, with unproven rules"
        assert "The rule book is not proven" in server.get("/fhir/metadata").json()["implementation"]["description"]
        results = server.triaged()
    assert [one["resourceType"] for one in results] == [
        "RiskAssessment",
        "CarePlan",
        "ServiceRequest",
        "OperationOutcome",
    ]
    assert marked(results)
    (line,) = (line for line in server.log() if line["event"] == "unproven")
    assert (line["level"], "development only" in str(line["text"])) == ("warning", True)


def test_an_unproven_service_marks_its_results_even_where_a_certificate_would_do(tmp_path: Path) -> None:
    ended = ran_in(proven_copy(tmp_path), "triage", "-", "--json", "--unproven", given=BODY)
    assert ended.returncode == 0
    assert ended.stderr.startswith(b"Note: the rule book is used unproven")
    assert marked([entry["resource"] for entry in json.loads(ended.stdout)["entry"]])


def test_unproven_an_editor_is_not_stopped_by_a_witness_that_comes_out_otherwise(tmp_path: Path) -> None:
    root = proven_copy(tmp_path)
    (root / "service/knowledge/witnesses.json").write_text("[]", "utf-8")
    with started(root, "--unproven") as server:
        assert marked(server.triaged())
    (line,) = (line for line in server.log() if line["event"] == "witnesses judged")
    assert line["failures"] == len(list((root / "service/knowledge/book/rules").iterdir()))


SAFETY = Path(__file__).parents[2] / "fhir_profiles" / "safety"
EDITING = [
    # commands that change, prove or print a book
    ("rules", "check"),
    ("rules", "explain", "breathless"),
    ("rules", "docs", "--output", "rules.html", "--safety", str(SAFETY)),
    ("rules", "prove", "--help"),
    ("profiles", "build", "--folder", "made"),
]


def test_an_editor_is_never_locked_out(tmp_path: Path) -> None:
    root = proven_copy(tmp_path)
    certificate_of(root).unlink()
    for arguments in EDITING:
        ended = ran_in(root, *arguments)
        assert (ended.returncode, ended.stderr) == (0, b""), arguments


class Server:
    """A started server: what it answers, and after its end what it logged."""

    def __init__(self, base: str, errors: Path) -> None:
        self.base = base
        self.errors = errors

    def get(self, path: str) -> requests.Response:
        return requests.get(self.base + path, timeout=30)

    def triaged(self) -> list[dict[str, Any]]:
        url = f"{self.base}/fhir/QuestionnaireResponse/$triage"
        answer = requests.post(url, data=BODY, headers={"Content-Type": "application/fhir+json"}, timeout=30)
        assert answer.status_code == 200
        return [entry["resource"] for entry in answer.json()["entry"]]

    def log(self) -> list[dict[str, object]]:
        return log_lines(self.errors.read_text("utf-8"))


@contextmanager
def started(root: Path, *options: str) -> Iterator[Server]:
    """Start the server of a copy, wait until it is ready, and stop it as an operator would."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Server(f"http://127.0.0.1:{port}", root / "errors.log")
    with (
        server.errors.open("wb") as errors,
        subprocess.Popen(
            command("run", "--port", str(port), *options),
            cwd=root,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            env={**environment(), "TRIAGE_WORKERS": "1"},
        ) as process,
    ):
        try:
            _wait_for(server, process)
            yield server
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=SECONDS) == 0


def _wait_for(server: Server, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if server.get("/readyz").ok:
                return
        except requests.ConnectionError:
            time.sleep(0.1)
    raise TimeoutError(server.errors.read_text("utf-8"))
