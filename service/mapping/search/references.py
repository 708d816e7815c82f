"""Reads the text of a reference: what it points to, without a version; it resolves nothing."""

import re
from dataclasses import dataclass

TYPE_AND_ID = re.compile(r"(?:(?P<base>https?://\S+)/)?(?P<type>[A-Z][A-Za-z]+)/(?P<id>[A-Za-z0-9.-]{1,64})")


@dataclass(frozen=True, slots=True)
class Target:
    """Hold what a reference points to: its text as it is indexed, and its type, empty where the text does not say."""

    text: str
    resource_type: str


def read_reference(written: str) -> Target | None:
    """Read ``Type/id``, a URL or a URN, with or without a version; None for one to a contained resource."""
    if not written or written.startswith("#"):
        return None
    text = written.partition("/_history/")[0]
    parts = TYPE_AND_ID.fullmatch(text)
    return Target(text, parts["type"] if parts else "")


def local(written: str, base: str) -> str:
    """Return ``Type/id`` for a URL below our own base, and any other text as it is."""
    return written.removeprefix(f"{base}/")
