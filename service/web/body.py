"""Reads the body of a request whole or not at all; it looks at sizes, never at content."""

from collections.abc import Mapping
from socket import socket
from typing import BinaryIO, cast

from gunicorn.http.errors import ParseException  # type: ignore[import-untyped]  # gunicorn ships no types

from service.errors import refuse

PIECE = 64 * 1024


def read_body(environ: Mapping[str, object], limit: int, receive_seconds: int) -> bytes:
    """Return the body, of at most ``limit`` bytes.

    The WSGI stream is read directly: Werkzeug's cuts a chunked body at its limit and carries on, so that the beginning
    of a body could pass for the whole. Raises Refused: 400 for a body that is empty, shorter than announced or broken
    off, 408 where the next piece does not come in time, 413 above the limit, 501 for a transfer coding other than
    chunked.
    """
    announced = _announced_length(environ)
    stream = cast("BinaryIO", environ["wsgi.input"])
    connection = cast("socket | None", environ.get("gunicorn.socket"))
    if connection is not None:
        connection.settimeout(receive_seconds)
    try:
        body = _receive(stream, announced, limit)
    finally:
        if connection is not None:
            connection.settimeout(None)
    if not body:
        raise refuse(400, "required", "The request has no body; a FHIR resource in JSON is expected.")
    return body


def _announced_length(environ: Mapping[str, object]) -> int | None:
    """Return the announced length in bytes, or None for a chunked body."""
    coding = environ.get("HTTP_TRANSFER_ENCODING")
    if coding is not None:
        if str(coding).strip().lower() != "chunked":
            raise refuse(
                501, "not-supported", "The body came with a transfer coding that is not offered; allowed: chunked."
            )
        return None
    length = str(environ.get("CONTENT_LENGTH") or "0")
    if not (length.isascii() and length.isdigit()):
        raise refuse(400, "value", "The Content-Length is not a whole number of bytes.")
    return int(length)


def _receive(stream: BinaryIO, announced: int | None, limit: int) -> bytes:
    # One byte more than the limit is read: it alone tells a body that just fits from one that was cut.
    expected = limit + 1 if announced is None else min(announced, limit + 1)
    try:
        body = stream.read(expected)
        if len(body) > limit:
            _discard(stream, limit if announced is None else min(limit, announced - len(body)))
    except TimeoutError:
        raise refuse(408, "timeout", "The body stopped coming before it was complete.") from None
    except (OSError, ParseException):
        raise refuse(
            400, "incomplete", "The body broke off before its end, or its chunks are not well formed."
        ) from None
    if len(body) > limit:
        raise refuse(413, "too-long", f"The body is larger than is read; allowed: {limit} bytes.")
    if announced is not None and len(body) < announced:
        raise refuse(400, "incomplete", "The body is shorter than its Content-Length.")
    return body


def _discard(stream: BinaryIO, at_most: int) -> None:
    """Read on a little: a client that is still sending sees the answer only when it is not cut off."""
    while at_most > 0:
        piece = stream.read(min(PIECE, at_most))
        if not piece:
            return
        at_most -= len(piece)
