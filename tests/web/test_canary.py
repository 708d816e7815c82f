"""A distinctive token in every place of a request: no log line and no OperationOutcome may repeat it.

Answers are health data, and so may be what stands in a path, a query or a header. The service runs in a process of its
own at its most talkative log level, and everything that it writes, on either stream, is searched.
"""

import json

import pytest

from .conftest import TRIAGE_PATH, Received, Running
from .stored_service import response

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


R = b"/fhir/QuestionnaireResponse"
FORM_TYPE = b"Content-Type: application/x-www-form-urlencoded\r\n"
ID = b"canary-7f3a9"


def known(**changes: object) -> bytes:
    """Return a response to our form with the token in every place that may hold text of a patient's."""
    subject = {"reference": f"Patient/{ID.decode()}", "display": WORD, "identifier": {"system": WORD, "value": WORD}}
    return json.dumps({**response(), "subject": subject} | changes).encode()


CONDITION = FHIR_TYPE + b"If-None-Exist: " + T
VERSION = FHIR_TYPE + b"If-Match: " + T + b"\r\n"
ITEM = [{"linkId": WORD, "text": WORD}]

# fmt: off
STORED_ERROR_PATHS = [
    # sent                                                                           status  comment
    (request(line=b"POST " + R, body=FULL % b""),                                    400,    "no R4"),
    (request(line=b"POST " + R, body=known(status=WORD)),                            400,    "a status of no kind"),
    (request(line=b"POST " + R, body=known(item=ITEM)),                              422,    "an item of no kind"),
    (request(line=b"POST " + R, body=known(questionnaire="urn:" + WORD)),            422,    "another Questionnaire"),
    (request(line=b"POST " + R + b"?" + T + b"=" + T, body=known()),                 400,    "a query of no kind"),
    (request(line=b"POST " + R, headers=CONDITION + b"\r\n", body=known()),          400,    "half a condition"),
    (request(line=b"POST " + R, headers=CONDITION + b"=1\r\n", body=known()),        400,    "a condition of no kind"),
    (request(line=b"PUT " + R + b"/" + ID, body=known(id=ID.decode())),              405,    "an id never stored"),
    (request(line=b"PUT " + R + b"/" + ID, headers=VERSION, body=known()),           400,    "a version of no kind"),
    (request(line=b"GET " + R + b"/" + ID),                                          404,    "an id that is not there"),
    (request(line=b"GET " + R + b"/" + ID + b"/_history/" + ID),                     404,    "a version not there"),
    (request(line=b"GET " + R + b"/" + ID + b"/_history"),                           404,    "no history"),
    (request(line=b"GET " + R + b"/" + ID + b"/$triage?policy=" + T),                404,    "nothing to triage"),
    (request(line=b"GET " + R + b"/" + ID + b"/$" + T),                              404,    "an operation of no kind"),
    (request(line=b"GET " + R + b"?" + T + b"=" + T),                                400,    "a parameter of no kind"),
    (request(line=b"GET " + R + b"?patient=" + T),                                   400,    "a patient of no kind"),
    (request(line=b"GET " + R + b"?authored=" + T),                                  400,    "a date of no kind"),
    (request(line=b"GET " + R + b"?status:" + T + b"=x"),                            400,    "a modifier of no kind"),
    (request(line=b"GET " + R + b"?_sort=" + T),                                     400,    "an order of no kind"),
    (request(line=b"GET " + R + b"?_include=" + T),                                  400,    "an include of no kind"),
    (request(line=b"GET " + R + b"?_cursor=" + T),                                   400,    "a cursor of no kind"),
    (request(line=b"GET " + R + b"?identifier=" + T + b"%00"),                       400,    "NUL"),
    (request(line=b"GET " + R + b"/_history?_since=" + T),                           400,    "a history of no kind"),
    (request(line=b"POST " + R + b"/_search", headers=FORM_TYPE, body=T + b"=" + T), 400,    "a form of no kind"),
    (request(line=b"POST " + R + b"/_search", headers=FORM_TYPE, body=b"%ff" + T),   400,    "a form not in UTF-8"),
    (request(line=b"POST " + R + b"/_search", body=T),                               415,    "no form"),
    (request(line=b"GET /fhir/" + T + b"?" + T),                                     404,    "a type of no kind"),
]
LENIENT = b"Prefer: handling=lenient\r\n"
FOUND_PATHS = [
    # sent                                                                           status  comment
    (request(line=b"POST " + R, body=known()),                                       201,    "stored"),
    (request(line=b"POST " + R, body=known(status="stopped")),                       409,    "another content"),
    (request(line=b"GET " + R + b"?subject:identifier=" + T),                        200,    "searched"),
    (request(line=b"GET " + R + b"?patient=" + ID + b"&_sort=patient&_count=1"),     200,    "searched and sorted"),
    (request(line=b"GET " + R + b"?" + T + b"=" + T, headers=LENIENT),               200,    "lenient"),
    (request(line=b"POST " + R + b"/_search", headers=FORM_TYPE, body=b"patient=" + ID), 200, "by form"),
    (request(line=b"GET " + R + b"/_history"),                                       200,    "every version"),
    (request(line=b"POST " + R + b"/$triage", body=known()),                         200,    "triaged"),
]
# fmt: on


@pytest.mark.parametrize(("sent", "status", "comment"), ERROR_PATHS)
def test_no_error_and_no_log_line_repeats_what_was_sent(
    running: Running, sent: bytes, status: int, comment: str
) -> None:
    received = said_of(running, sent, status, comment)
    assert received.resource()["resourceType"] == "OperationOutcome", comment
    assert not_said_in(received.body.decode()), comment


def test_every_line_that_the_service_writes_is_json(running: Running, running_stored: Running) -> None:
    assert running.output
    assert running_stored.output
    for line in (*running.output, *running_stored.output):
        assert json.loads(line).keys() >= {"event", "level", "time"}


def not_said_in(text: str) -> bool:
    return "canary" not in text.lower() and "7f3a9" not in text.lower()


@pytest.mark.parametrize(("sent", "status", "comment"), STORED_ERROR_PATHS)
def test_no_error_of_a_service_that_stores_repeats_what_was_sent(
    running_stored: Running, sent: bytes, status: int, comment: str
) -> None:
    received = said_of(running_stored, sent, status, comment)
    assert received.resource()["resourceType"] == "OperationOutcome", comment
    assert not_said_in(received.body.decode()), comment


def test_no_log_line_of_a_service_that_stores_repeats_what_was_sent(running_stored: Running) -> None:
    for sent, status, comment in FOUND_PATHS:
        said_of(running_stored, sent, status, comment)


def said_of(service: Running, sent: bytes, status: int, comment: str) -> Received:
    """Send a request, and make sure of its status and of every line that was logged meanwhile."""
    before = len(service.output)
    received = service.exchange(sent, hang_up=True)
    assert received.status == status, (comment, received.body)
    service.exchange(b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert service.wait_for_line('"route": "/livez"', before), "the line of the later request stands after all others"
    assert not_said_in("".join(service.output[before:])), comment
    return received
