"""Gives every request an id that is safe to log; it says nothing about the patient."""

import re
from dataclasses import dataclass
from uuid import uuid4

SAFE = re.compile(r"[A-Za-z0-9.-]{1,64}")
ECHOED = re.compile(r"[\x21-\x7e]{1,256}")


@dataclass(frozen=True, slots=True)
class RequestId:
    """Hold the id that is logged and returned, and the client's own where it is another (else empty)."""

    own: str
    client: str = ""


def identify(offered: str | None) -> RequestId:
    """Take the client's X-Request-Id where it is a plain id, else a new one.

    FHIR wants the client's id back as X-Correlation-Id where the server assigned its own. It is returned where it is
    one visible word, and never logged.
    """
    if offered is not None and SAFE.fullmatch(offered):
        return RequestId(offered)
    return RequestId(str(uuid4()), offered if offered and ECHOED.fullmatch(offered) else "")
