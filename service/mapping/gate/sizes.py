"""How much a response or a Bundle holds, against the limits; json_text bounds the body before this is asked."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from service.errors import Issue
from service.settings import Limits


@dataclass(frozen=True, slots=True)
class Size:
    """Count what one resource holds: levels of nesting, entries of every `item`, bytes as compact JSON in UTF-8."""

    depth: int
    items: int
    size_in_bytes: int


def size_of(resource: object) -> Size:
    """Measure one resource as `json_text.parse` gave it."""
    depth = items = 0
    for level, node in _containers(resource):
        depth = max(depth, level)
        if isinstance(node, dict):
            entries = node.get("item")
            items += len(entries) if isinstance(entries, list) else 0
    text = json.dumps(resource, ensure_ascii=False, separators=(",", ":"), default=str)
    return Size(depth, items, len(text.encode()))


def check_response(resource: object, path: str, limits: Limits) -> tuple[Issue, ...]:
    """Return one error (too-long) per limit that a single response exceeds; alone in a body that is a 413."""
    size = size_of(resource)
    counts = (
        (size.depth, limits.response_depth, "levels of nesting"),
        (size.items, limits.items, "items"),
        (size.size_in_bytes, limits.response_bytes, "bytes"),
    )
    return tuple(
        Issue("error", "too-long", f"a response may have {most:,} {what}, this one has more", path)
        for count, most, what in counts
        if count > most
    )


def check_bundle(bundle: Mapping[str, object], path: str, limits: Limits) -> tuple[Issue, ...]:
    """Return an error (too-long) where a Bundle has more entries than the limit; that is a 413."""
    entries = bundle.get("entry")
    if not isinstance(entries, list) or len(entries) <= limits.entries:
        return ()
    text = f"a Bundle may have {limits.entries:,} entries, this one has more"
    return (Issue("error", "too-long", text, f"{path}.entry"),)


def _containers(resource: object) -> Iterator[tuple[int, object]]:
    """Yield every object and array with its level, the resource itself being level 1."""
    waiting = [(1, resource)]
    while waiting:
        level, node = waiting.pop()
        if isinstance(node, dict | list):
            yield level, node
            children = node.values() if isinstance(node, dict) else node
            waiting.extend((level + 1, child) for child in children)
