"""Answers requests that gunicorn could not read, as bytes on the wire; nothing of the request is repeated."""

from dataclasses import dataclass
from http import HTTPStatus
from uuid import uuid4

from gunicorn.http import errors  # type: ignore[import-untyped]  # gunicorn ships no types

from service.errors import Issue
from service.mapping.writing.json_bytes import dump
from service.mapping.writing.outcome import operation_outcome
from service.web.negotiation import Form


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Hold the answer to a request that no application has seen: its status, its id and the whole HTTP response."""

    status: int
    request_id: str
    response: bytes


@dataclass(frozen=True, slots=True)
class Fault:
    """Say how gunicorn's exception is answered: HTTP status, code of HL7's issue-type, text."""

    kind: type[Exception]
    status: int
    code: str
    text: str


FAULTS = (
    # The first that matches decides: what we would send comes before what was sent, from which it is derived.
    Fault(errors.InvalidResponseHeader, 500, "exception", "The service failed to answer; nothing was decided."),
    Fault(errors.InvalidResponseHeaderName, 500, "exception", "The service failed to answer; nothing was decided."),
    Fault(errors.ConfigurationProblem, 500, "exception", "The service is not set up for this request."),
    Fault(errors.LimitRequestLine, 414, "too-long", "The request line is longer than is read."),
    Fault(errors.LimitRequestHeaders, 431, "too-long", "The headers are longer or more than are read."),
    Fault(errors.ExpectationFailed, 417, "not-supported", "The Expect header is not offered; allowed: 100-continue."),
    Fault(
        errors.UnsupportedTransferCoding, 501, "not-supported", "The transfer coding is not offered; allowed: chunked."
    ),
    Fault(errors.ForbiddenProxyRequest, 403, "forbidden", "The request came through a proxy that is not allowed."),
    Fault(errors.InvalidHTTPVersion, 400, "structure", "The HTTP version is not one that is read."),
    Fault(errors.InvalidRequestMethod, 400, "structure", "The method is not well formed."),
    Fault(errors.InvalidRequestLine, 400, "structure", "The request line is not well formed."),
    Fault(errors.InvalidHeaderName, 400, "structure", "A header's name is not well formed or is not allowed."),
    Fault(errors.InvalidHeader, 400, "structure", "A header is not well formed, or is given twice."),
    Fault(errors.ParseException, 400, "structure", "The request is not well-formed HTTP."),
)
UNFORESEEN = Fault(Exception, 500, "exception", "The service failed to answer; nothing was decided.")


def answer_unreadable(error: BaseException) -> Unreadable:
    """Return the answer to a request that gunicorn gave up on; the connection is closed after it."""
    fault = next((each for each in FAULTS if isinstance(error, each.kind)), UNFORESEEN)
    request_id = str(uuid4())
    body = dump(operation_outcome((Issue("fatal" if fault.status == 500 else "error", fault.code, fault.text),)))
    head = (
        f"HTTP/1.1 {fault.status} {HTTPStatus(fault.status).phrase}",
        "Connection: close",
        f"Content-Type: {Form().content_type}",
        f"Content-Length: {len(body)}",
        "Cache-Control: no-store",
        "X-Content-Type-Options: nosniff",
        f"X-Request-Id: {request_id}",
    )
    return Unreadable(fault.status, request_id, "\r\n".join((*head, "", "")).encode("ascii") + body)
