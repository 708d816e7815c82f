"""A body is read whole or refused; what the socket does is tested against a running gunicorn in test_gunicorn.py."""

import io
from collections.abc import Mapping
from socket import socketpair

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import Refused
from service.web.body import read_body

LIMIT = 8


def read(environ: Mapping[str, object]) -> bytes | int:
    """Return the body, or the status with which it was refused."""
    try:
        return read_body(environ, LIMIT, receive_seconds=1)
    except Refused as refused:
        return refused.status


def announced(body: bytes, length: str) -> dict[str, object]:
    return {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": length}


def chunked(body: bytes) -> dict[str, object]:
    return {"wsgi.input": io.BytesIO(body), "HTTP_TRANSFER_ENCODING": "chunked"}


# fmt: off
BODIES = [
    # environ                                             result          comment
    (announced(b"12345678", "8"),                         b"12345678",    "at the limit"),
    (announced(b"123456789", "9"),                        413,            "one byte above the limit"),
    (announced(b"1234567", "8"),                          400,            "shorter than announced"),
    (announced(b"12345678", "9"),                         400,            "shorter than announced, though it fits"),
    (announced(b"1234567890", "5"),                       b"12345",       "what follows belongs to the next request"),
    (announced(b"", "0"),                                 400,            "empty"),
    (announced(b"123", "x"),                              400,            "a length that is no number"),
    (announced(b"123", "-3"),                             400,            "a length below zero"),
    (announced(b"123", "\u00b2"),                         400,            "a digit that is not ASCII"),
    ({"wsgi.input": io.BytesIO(b"123")},                  400,            "neither length nor chunks: no body"),
    (chunked(b"12345678"),                                b"12345678",    "chunked, at the limit"),
    (chunked(b"123456789"),                               413,            "chunked, one byte above the limit"),
    (chunked(b""),                                        400,            "chunked, empty"),
    (chunked(b"12") | {"HTTP_TRANSFER_ENCODING": "Chunked"}, b"12",       "case does not count"),
    (chunked(b"12") | {"HTTP_TRANSFER_ENCODING": "gzip, chunked"}, 501,   "compressed on the way"),
]
# fmt: on


@pytest.mark.parametrize(("environ", "result", "comment"), BODIES)
def test_a_body_is_read_whole_or_refused(environ: dict[str, object], result: bytes | int, comment: str) -> None:
    assert read(environ) == result, comment


@given(st.binary(max_size=3 * LIMIT), st.integers(0, 3 * LIMIT), st.booleans())
def test_whatever_is_returned_is_all_that_was_announced(body: bytes, length: int, in_chunks: bool) -> None:
    result = read(chunked(body) if in_chunks else announced(body, str(length)))
    whole = body if in_chunks else body[:length]
    complete = in_chunks or len(body) >= length
    if isinstance(result, bytes):
        assert result == whole
        assert complete
        assert 0 < len(result) <= LIMIT
    elif complete and 0 < len(whole) <= LIMIT:
        pytest.fail(f"a whole body within the limit was refused with {result}")


@pytest.mark.parametrize("body", [b"12", b""], ids=["read", "refused"])
def test_the_connection_may_take_its_time_again_once_the_body_is_over(body: bytes) -> None:
    ours, theirs = socketpair()
    with ours, theirs:
        read(announced(body, "2") | {"gunicorn.socket": ours})
        assert ours.gettimeout() is None
