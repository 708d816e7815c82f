"""A document that does not change while the service runs, with the digest that its ETag names."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from service.mapping.writing.json_bytes import dump


@dataclass(frozen=True, slots=True)
class Published:
    """Hold a resource or another JSON document, and its digest."""

    content: Mapping[str, Any]
    digest: str


def publish(content: Mapping[str, Any]) -> Published:
    """Prepare a document to be served with an ETag that changes when the document does."""
    return Published(content, hashlib.sha256(dump(content)).hexdigest()[:32])
