"""Writes the links of a page and reads the place that one of them names; what stands on a page is decided elsewhere."""

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from urllib.parse import urlencode

import orjson

from service.errors import refuse
from service.mapping.search.query import Cursor

CURSOR = "_cursor"
"""The parameter of our own links that names a place; its value means nothing to a client."""

Pairs = Sequence[tuple[str, str]]


def cursor_text(cursor: Cursor, asked: Pairs) -> str:
    """Write a cursor as one word, bound to the parameters of its search."""
    content = [list(cursor.keys), cursor.sequence, cursor.bound, cursor.backward, _digest(asked)]
    return urlsafe_b64encode(orjson.dumps(content)).decode("ascii").rstrip("=")


def read_cursor(text: str, asked: Pairs, keys: int) -> Cursor:
    """Read a cursor that ``cursor_text`` wrote for the same parameters; raise Refused (400) for any other text."""
    try:
        read = orjson.loads(urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4)))
        texts, sequence, bound, backward, digest = read
        cursor = Cursor(tuple(texts), sequence, bound, backward)
    except (ValueError, TypeError):
        raise _foreign() from None
    if digest != _digest(asked) or not _is_sound(cursor, keys):
        raise _foreign()
    return cursor


def link(relation: str, address: str, pairs: Pairs) -> dict[str, str]:
    """Write one link of a Bundle."""
    return {"relation": relation, "url": f"{address}?{urlencode(pairs)}" if pairs else address}


def links(
    address: str, asked: Pairs, following: Cursor | None, previous: Cursor | None, form: Pairs = ()
) -> list[dict[str, str]]:
    """Write the links self, next and previous; self has the parameters that were really used.

    ``form`` are the parameters of the answer's form; they stand in every link, and bind no cursor.
    """
    pairs = [*asked, *form]
    written = [link("self", address, pairs)]
    for relation, cursor in (("next", following), ("previous", previous)):
        if cursor is not None:
            written.append(link(relation, address, [*pairs, (CURSOR, cursor_text(cursor, asked))]))
    return written


def _is_sound(cursor: Cursor, keys: int) -> bool:
    """Make sure of every type and size: the text may have been written by anyone."""
    texts = all(each is None or (isinstance(each, str) and "\x00" not in each) for each in cursor.keys)
    numbers = all(type(each) is int and 0 <= each < 2**63 for each in (cursor.sequence, cursor.bound))
    return texts and numbers and len(cursor.keys) == keys and type(cursor.backward) is bool


def _digest(asked: Pairs) -> str:
    return hashlib.sha256(orjson.dumps([list(pair) for pair in asked])).hexdigest()[:12]


def _foreign() -> Exception:
    text = (
        "_cursor does not name a place in this search; follow the links next and previous as they are, or start anew."
    )
    return refuse(400, "value", text)
