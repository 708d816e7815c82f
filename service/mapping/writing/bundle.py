"""The Bundle that an operation answers with; it adds nothing that would differ between two answers to one request."""

from collections.abc import Sequence
from typing import Any


def collection(entries: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Write a Bundle of type collection; no timestamp, so that the same results are the same bytes."""
    return {"resourceType": "Bundle", "type": "collection", "entry": list(entries)}
