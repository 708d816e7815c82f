"""A distinctive token in every place of a request: no log line and no OperationOutcome may repeat it.

Answers are health data, and so may be what stands in a path, a query or a header. The service runs in a process of its
own at its most talkative log level, and everything that it writes, on either stream, is searched.
"""

import json

import pytest

from .conftest import TRIAGE_PATH, Running

WORD = "canary_7f3a9"  # an underscore, so that it is no plain request id, which would be kept and logged by design
T = WORD.encode()


def request(
    line: bytes = b"POST " + TRIAGE_PATH.encode(),
    headers: bytes = b"Content-Type: application/fhir+json\r\n",
    body: bytes = b"",
) -> bytes:
    """Return a request with the token in every header that no test needs for something else."""
    carried = b"".join(
        name + b": " + T + b"\r\n"
        for name in (
            b"User-Agent",
            b"Referer",
            b"Cookie",
            b"Authorization",
            b"X-Request-Id",
            b"X-Forwarded-For",
            b"X-" + T,
        )
    )
    framing = b"" if b"Transfer-Encoding" in headers else f"Content-Length: {len(body)}\r\n".encode()
    return line + b" HTTP/1.1\r\nHost: " + T + b"\r\n" + carried + headers + framing + b"\r\n" + body


FHIR_TYPE = b"Content-Type: application/fhir+json\r\n"
CHUNKED = FHIR_TYPE + b"Transfer-Encoding: chunked\r\n"
FULL = b'{"' + T + b'":"' + T + b'",%s"item":[{"linkId":"' + T + b'","answer":[{"valueString":"' + T + b'"}]}]}'

# fmt: off
ERROR_PATHS = [
    # sent                                                                     status  comment
    (request(body=FULL % b""),                                                 422,    "refused by the use case"),
    (request(body=FULL % b'"explode":1,'),                                     500,    "an exception quotes the body"),
    (request(body=FULL % b'"unwritable":1,'),                                  500,    "the answer cannot be written"),
    (request(body=b"[" * 900 + T),                                             400,    "not JSON, and deep"),
    (request(body=T),                                                          400,    "not JSON"),
    (request(),                                                                400,    "no body"),
    (request(body=T * 400),                                                    413,    "too large"),
    (request(line=b"POST " + TRIAGE_PATH.encode() + b"?" + T + b"=" + T, body=T), 400, "an unknown query parameter"),
    (request(line=b"GET /fhir/metadata?_pretty=" + T),                         400,    "a _pretty of no kind"),
    (request(line=b"GET /fhir/metadata?_format=" + T),                         406,    "a _format of no kind"),
    (request(line=b"GET /fhir/metadata", headers=b"Accept: x/" + T + b"\r\n"), 406,    "an Accept of no kind"),
    (request(headers=b"Content-Type: x/" + T + b"\r\n", body=T),               415,    "a Content-Type of no kind"),
    (request(headers=FHIR_TYPE[:-2] + b";charset=" + T + b"\r\n", body=T),     415,    "a charset of no kind"),
    (request(headers=FHIR_TYPE + b"Content-Encoding: " + T + b"\r\n", body=T), 415,    "an encoding of no kind"),
    (request(line=b"GET /" + T),                                               404,    "an unknown path"),
    (request(line=b"GET /fhir/" + T + b"/" + T),                               404,    "an unknown resource type"),
    (request(line=b"GET /fhir/Questionnaire/" + T),                            404,    "an unknown id"),
    (request(line=b"GET /fhir/Questionnaire/canary-7f3a9"),                    404,    "an unknown id, well formed"),
    (request(line=b"DELETE /fhir/metadata?" + T),                              405,    "a method that is not offered"),
    (request(line=b"CANARY-7F3A9 /fhir/metadata"),                             405,    "a method that does not exist"),
    (request(headers=CHUNKED, body=b"ff\r\n" + T),                             400,    "a chunk that is cut"),
    (request(headers=CHUNKED, body=T + b"\r\n" + T),                           400,    "a chunk size of no kind"),
    (request(headers=CHUNKED, body=b"1;" + T + b"=\x01\r\n{\r\n0\r\n\r\n"),    400,    "a chunk extension of no kind"),
    (request(headers=CHUNKED, body=b"0\r\n" + T + b"\r\n\r\n"),                400,    "a trailer of no kind"),
    (request(line=b"GET /" + T + b"\x01"),                                     400,    "a path that is not ASCII"),
    (request(line=T),                                                          400,    "a request line of no kind"),
    (request(line=b"GET /" + T * 500),                                         414,    "a long request line"),
    (request(headers=b"X: " + T * 800 + b"\r\n"),                              431,    "a long header"),
    (request(headers=T + b"\r\n"),                                             400,    "a header without a colon"),
    (request(headers=T + b" : x\r\n"),                                         400,    "a header's name of no kind"),
    (request(headers=b"Expect: " + T + b"\r\n"),                               417,    "an expectation of no kind"),
    (request(headers=b"Transfer-Encoding: " + T + b"\r\n"),                    501,    "a transfer coding of no kind"),
    (request(headers=b"Content-Length: " + T + b"\r\n"),                       400,    "a length of no kind"),
]
# fmt: on


@pytest.mark.parametrize(("sent", "status", "comment"), ERROR_PATHS)
def test_no_error_and_no_log_line_repeats_what_was_sent(
    running: Running, sent: bytes, status: int, comment: str
) -> None:
    before = len(running.output)
    received = running.exchange(sent, hang_up=True)
    assert received.status == status, comment
    assert received.resource()["resourceType"] == "OperationOutcome", comment
    assert not_said_in(received.body.decode()), comment
    running.exchange(b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert running.wait_for_line('"route": "/livez"', before), "the line of the later request stands after all others"
    assert not_said_in("".join(running.output[before:])), comment


def test_every_line_that_the_service_writes_is_json(running: Running) -> None:
    assert running.output
    for line in running.output:
        assert json.loads(line).keys() >= {"event", "level", "time"}


def not_said_in(text: str) -> bool:
    return "canary" not in text.lower() and "7f3a9" not in text.lower()
