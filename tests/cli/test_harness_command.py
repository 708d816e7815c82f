"""``triage harness`` against a server that really runs: one line per body, and an end that a script can act on."""

import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner
from werkzeug.serving import make_server

from service.cli.program import program
from service.settings import Settings
from service.usecases.served import served_resources
from service.usecases.triage import Triage
from service.web.app import create_app
from tests.mapping.responses import BOOK

EXAMPLES = Path(__file__).parents[2] / "fhir_profiles" / "examples"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    app = create_app(Triage(BOOK, Settings()), Settings(log_level="error"), served_resources(BOOK))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(program, ["harness", *arguments])
    return result.exit_code, result.output


def test_every_body_has_a_line_with_status_time_and_level(tmp_path: Path, url: str) -> None:
    for name in ("within-24h-breath-pain", "bundle-five-patients", "damaged-wrong-type"):
        shutil.copytree(EXAMPLES / name, tmp_path / name)
    code, printed = run(str(tmp_path), "--to", url)
    assert code == 0, "a body that is refused is no failure of the server"
    lines = {line.split()[0]: line.split() for line in printed.splitlines()}
    assert lines["within-24h-breath-pain/body.json"][1] == "200"
    assert lines["within-24h-breath-pain/body.json"][3:] == ["within-24h"]
    assert len(lines["bundle-five-patients/body.json"][3:]) == 5
    assert lines["damaged-wrong-type/body.json"][3:] == ["refused"]
    assert "3 bodies, 0 on which the server failed" in printed
    assert "answer.json" not in printed


def test_an_empty_folder_and_a_server_that_is_not_there_are_said_in_one_line(tmp_path: Path) -> None:
    assert run(str(tmp_path))[0] == 1
    (tmp_path / "body.json").write_text("{}", "utf-8")
    code, printed = run(str(tmp_path), "--to", "http://127.0.0.1:9")
    assert (code, len(printed.splitlines())) == (1, 1)


class _Fails(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(500)
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        pass


def test_a_server_that_fails_ends_with_1(tmp_path: Path) -> None:
    (tmp_path / "body.json").write_text("{}", "utf-8")
    server = HTTPServer(("127.0.0.1", 0), _Fails)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        code, printed = run(str(tmp_path), "--to", f"http://127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()
        server.server_close()
    assert code == 1
    assert "no result" in printed
