"""What a running gunicorn answers to raw bytes: whole, cut and malformed requests, over real sockets."""

import gc
import hashlib
import json
import signal
import time
from dataclasses import replace
from http.client import HTTPResponse
from socket import create_connection

import pytest

from service.settings import InvalidSettings, Settings
from service.web.gunicorn import bind_address, gunicorn_options, serve

from .conftest import TRIAGE_PATH, Received, Running, run_service
from .small_service import load

LIMIT = 4096  # as the running service was given
BODY = b'{"resourceType":"QuestionnaireResponse","status":"completed"}'
HEAD = f"POST {TRIAGE_PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/fhir+json\r\n".encode()
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


def sized(length: int) -> bytes:
    return HEAD + f"Content-Length: {length}\r\n\r\n".encode()


def chunk(piece: bytes) -> bytes:
    return f"{len(piece):x}\r\n".encode() + piece + b"\r\n"


END = b"0\r\n\r\n"


def padded(length: int) -> bytes:
    """Return a body of exactly this length: JSON may be followed by any amount of space."""
    return BODY + b" " * (length - len(BODY))


def code(received: Received) -> str:
    """Return the code of the single issue, having made sure that the answer is an OperationOutcome."""
    assert received.headers["Content-Type"] == "application/fhir+json; charset=utf-8"
    resource = received.resource()
    assert resource["resourceType"] == "OperationOutcome"
    (issue,) = resource["issue"]
    found: str = issue["code"]
    return found


def test_a_chunked_body_arrives_whole_however_it_was_cut_up(running: Running) -> None:
    for size in (1, 7, len(BODY)):
        pieces = [chunk(BODY[start : start + size]) for start in range(0, len(BODY), size)]
        received = running.exchange(CHUNKED, *pieces, END)
        assert received.status == 200
        assert received.resource()["identifier"]["value"] == hashlib.sha256(BODY).hexdigest()


# fmt: off
WHOLE = [
    # sent                                                       status  comment
    ((CHUNKED, chunk(padded(LIMIT)), END),                       200,    "chunked, at the limit"),
    ((CHUNKED, chunk(padded(LIMIT)), chunk(b" "), END),          413,    "chunked, one byte above, on its own"),
    ((CHUNKED, chunk(padded(LIMIT + 1)), END),                   413,    "chunked, one byte above"),
    ((CHUNKED, chunk(padded(2 * LIMIT)), END),                   413,    "chunked, twice: the client hears it"),
    ((sized(LIMIT), padded(LIMIT)),                              200,    "sized, at the limit"),
    ((sized(LIMIT + 1), padded(LIMIT + 1)),                      413,    "sized, one byte above"),
    ((sized(2 * LIMIT), padded(2 * LIMIT)),                      413,    "sized, twice: the client hears it"),
]
# fmt: on


@pytest.mark.parametrize(("sent", "status", "comment"), WHOLE)
def test_the_limit_counts_every_byte_of_a_body(
    running: Running, sent: tuple[bytes, ...], status: int, comment: str
) -> None:
    received = running.exchange(*sent)
    assert received.status == status, comment
    assert status == 200 or code(received) == "too-long", comment


# fmt: off
CUT = [
    # sent, then the client hangs up                             comment
    ((CHUNKED, chunk(BODY)),                                     "valid JSON so far; the last chunk is missing"),
    ((CHUNKED, chunk(BODY), b"0\r\n"),                           "valid JSON so far; the last line is missing"),
    ((CHUNKED, b"ff\r\n", BODY),                                 "valid JSON so far, in a chunk that goes on"),
    ((CHUNKED, chunk(BODY), b"5\r\n"),                           "a chunk is announced and never comes"),
    ((CHUNKED,),                                                 "no chunk at all"),
    ((CHUNKED, b"xyz\r\n", BODY, b"\r\n", END),                  "a chunk size that is no number"),
    ((CHUNKED, b"5\r\n", BODY, b"\r\n", END),                    "a chunk that is longer than it says"),
    ((CHUNKED, chunk(BODY), b"0\r\nbad trailer\r\n\r\n"),        "a trailer that is no header"),
    ((sized(len(BODY) + 1), BODY),                               "valid JSON, but one byte short of its length"),
    ((sized(LIMIT), BODY),                                       "valid JSON, but far short of its length"),
    ((sized(10),),                                               "announced and never sent"),
]
# fmt: on


@pytest.mark.parametrize(("sent", "comment"), CUT)
def test_a_body_that_was_cut_never_passes_for_a_whole_one(
    running: Running, sent: tuple[bytes, ...], comment: str
) -> None:
    received = running.exchange(*sent, hang_up=True)
    assert (received.status, code(received)) == (400, "incomplete"), comment


@pytest.mark.parametrize("head", [sized(len(BODY)), CHUNKED], ids=["sized", "chunked"])
def test_a_body_that_stops_coming_is_given_up_on(running: Running, head: bytes) -> None:
    received = running.exchange(head)
    assert (received.status, code(received)) == (408, "timeout")


# fmt: off
GET = b"GET / HTTP/1.1\r\n"

UNREADABLE = [
    # sent                                                          expected                comment
    (b"nonsense\r\n\r\n",                                           (400, "structure"),     "no request line"),
    (b"get / HTTP/1.1\r\n\r\n",                                     (400, "structure"),     "a method in lower case"),
    (b"GET / HTTP/9.9\r\n\r\n",                                     (400, "structure"),     "a version of no one's"),
    (b"GET /" + b"a" * 5000 + b" HTTP/1.1\r\n\r\n",                 (414, "too-long"),      "a long request line"),
    (GET + b"X: " + b"a" * 9000 + b"\r\n\r\n",                      (431, "too-long"),      "a long header"),
    (GET + b"X: a\r\n" * 70 + b"\r\n",                              (431, "too-long"),      "many headers"),
    (GET + b"no colon\r\n\r\n",                                     (400, "structure"),     "a header without a colon"),
    (GET + b"bad name: x\r\n\r\n",                                  (400, "structure"),     "a space in a name"),
    (GET + b"X: a\r\n b\r\n\r\n",                                   (400, "structure"),     "a folded header"),
    (GET + b"Expect: a miracle\r\n\r\n",                            (417, "not-supported"), "an unknown expectation"),
    (HEAD + b"Content-Type: text/plain\r\n\r\n",                    (400, "structure"),     "two Content-Types"),
    (HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",    (400, "structure"),     "two lengths"),
    (HEAD + b"Content-Length: 2x\r\n\r\n{}",                        (400, "structure"),     "a length, no number"),
    (sized(2).removesuffix(b"\r\n") + CHUNKED[len(HEAD):] + END,    (400, "structure"),     "a length and chunks"),
    (HEAD + b"Transfer-Encoding: magic\r\n\r\n",                    (501, "not-supported"), "an unknown coding"),
    (HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n" + END,      (501, "not-supported"), "compressed on the way"),
]
# fmt: on


@pytest.mark.parametrize(("sent", "expected", "comment"), UNREADABLE)
def test_what_gunicorn_refuses_is_an_operation_outcome_too(
    running: Running, sent: bytes, expected: tuple[int, str], comment: str
) -> None:
    received = running.exchange(sent, hang_up=True)
    assert (received.status, code(received)) == expected, comment
    assert received.headers["Connection"] == "close", comment
    assert (received.headers["Cache-Control"], received.headers["X-Content-Type-Options"]) == ("no-store", "nosniff")
    assert received.headers["X-Request-Id"], comment


SECRET = b"very-secret-4711"

# fmt: off
TELLING = [
    # sent                                                                   status  comment
    (SECRET + b"\r\n\r\n",                                                  400,    "as the request line"),
    (b"GET /fhir?identifier=" + SECRET * 300 + b" HTTP/1.1\r\n\r\n",        414,    "in a long request line"),
    (b"GET /" + SECRET + b" HTTP/9.9\r\n\r\n",                              400,    "beside a version of no one's"),
    (GET + b"Authorization: Bearer " + SECRET * 600 + b"\r\n\r\n",          431,    "in a long header"),
    (GET + SECRET + b"\r\n\r\n",                                            400,    "as a header without a colon"),
    (GET + b"Expect: " + SECRET + b"\r\n\r\n",                              417,    "as an expectation"),
    (HEAD + b"Transfer-Encoding: " + SECRET + b"\r\n\r\n",                  501,    "as a coding"),
    (HEAD + b"Content-Length: " + SECRET + b"\r\n\r\n{}",                   400,    "as a length"),
    (CHUNKED + SECRET + b"\r\n" + END,                                      400,    "as the size of a chunk"),
    (CHUNKED + chunk(BODY) + b"0\r\n" + SECRET + b"\r\n\r\n",              400,    "as a trailer"),
]
# fmt: on


@pytest.mark.parametrize(("sent", "status", "comment"), TELLING)
def test_nothing_of_what_could_not_be_read_is_answered_or_logged(
    running: Running, sent: bytes, status: int, comment: str
) -> None:
    start = len(running.output)
    received = running.exchange(sent, hang_up=True)
    assert (received.status, received.resource()["resourceType"]) == (status, "OperationOutcome"), comment
    assert running.wait_for_line(received.headers["X-Request-Id"], start), comment
    said = received.body.decode() + str(received.headers) + "".join(running.output[start:])
    assert SECRET.decode() not in said, comment


def test_a_connection_is_kept_for_the_next_request_and_its_body_is_never_mistaken_for_one(running: Running) -> None:
    smuggled = b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"
    refused = (
        HEAD.replace(b"fhir+json", b"fhir+turtle") + f"Content-Length: {len(smuggled)}\r\n\r\n".encode() + smuggled
    )
    with create_connection(("127.0.0.1", running.port), timeout=20) as connection:
        statuses = []
        for sent in (sized(len(BODY)) + BODY, refused, CHUNKED + chunk(BODY) + END):
            connection.sendall(sent)
            response = HTTPResponse(connection)
            response.begin()
            statuses.append((response.status, b"resourceType" in response.read()))
    assert statuses == [(200, True), (415, True), (200, True)]


def test_head_sends_no_body(running: Running) -> None:
    with create_connection(("127.0.0.1", running.port), timeout=20) as connection:
        connection.sendall(b"HEAD /fhir/metadata HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        sent = b"".join(iter(lambda: connection.recv(65536), b""))
    assert sent.startswith(b"HTTP/1.1 200")
    assert sent.endswith(b"\r\n\r\n")


def test_a_signal_ends_the_service_after_the_request_it_is_answering() -> None:
    with run_service() as service:
        with create_connection(("127.0.0.1", service.port), timeout=20) as connection:
            connection.sendall(sized(len(BODY)) + BODY[:10])
            time.sleep(0.5)
            service.process.send_signal(signal.SIGTERM)
            time.sleep(0.5)
            connection.sendall(BODY[10:])
            response = HTTPResponse(connection)
            response.begin()
            assert response.status == 200
        assert service.process.wait(30) == 0


@pytest.mark.parametrize("framing", ["sized", "chunked"])
def test_a_client_that_sends_nearly_twice_what_is_read_still_hears_why_it_is_refused(framing: str) -> None:
    limit = 32 * 1024 * 1024  # the rest is far more than the buffers between the two can hold
    body = padded(2 * limit - 1024)
    sent = (sized(len(body)), body) if framing == "sized" else (CHUNKED, chunk(body), END)
    with run_service(LIMIT_BODY_BYTES=str(limit)) as service:
        received = service.exchange(*sent)
    assert (received.status, code(received)) == (413, "too-long")


def test_the_log_says_at_the_start_that_there_is_no_authentication_and_what_was_declared() -> None:
    with run_service(TRUSTED_NETWORK="true") as service:
        first = json.loads(service.output[0])
    assert (first["event"], first["trusted_network"], first["level"]) == ("no authentication", True, "warning")


def test_an_ipv6_address_stands_in_brackets() -> None:
    assert (bind_address("::1", 8080), bind_address("127.0.0.1", 0)) == ("[::1]:8080", "127.0.0.1:0")


def test_gunicorn_never_logs_at_debug_as_its_lines_quote_what_clients_send() -> None:
    levels = {level: gunicorn_options(replace(Settings(), log_level=level))["loglevel"] for level in ("debug", "error")}
    assert levels == {"debug": "info", "error": "error"}


def test_settings_that_do_not_go_together_are_refused_before_anything_is_loaded() -> None:
    exposed = replace(Settings(), host="192.0.2.7")
    with pytest.raises(InvalidSettings):
        serve(exposed, lambda: pytest.fail("loaded"))


def test_an_application_that_does_not_load_stops_the_start() -> None:
    def fail() -> None:
        raise ValueError("the rule book does not load")

    with pytest.raises(ValueError, match="does not load"):
        serve(Settings(), fail)  # type: ignore[arg-type]  # it never returns an application
    assert gc.isenabled()


def test_nothing_is_collected_while_the_application_loads_and_everything_is_before_it_serves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen = []
    monkeypatch.setattr("service.web.gunicorn.TriageApplication.run", lambda _self: seen.append(gc.isenabled()))
    serve(Settings(), lambda: seen.append(gc.isenabled()) or load(Settings()))  # type: ignore[func-returns-value]  # None, then the application
    gc.unfreeze()
    assert seen == [False, True]


def test_the_small_service_is_built_by_the_same_factory() -> None:
    assert load(Settings()).test_client().get("/livez").status_code == 200
