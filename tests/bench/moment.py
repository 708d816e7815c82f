"""Lets bodies be authored now: answers of some other day are old, and their result says so at length."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from tests.mapping.responses import AUTHORED

A_MOMENT = timedelta(minutes=1)


def authored_now(bodies: Iterable[bytes]) -> list[bytes]:
    """Return the bodies as if they had been answered a minute ago."""
    now = (datetime.now(UTC) - A_MOMENT).strftime("%Y-%m-%dT%H:%M:%SZ")
    return [body.replace(AUTHORED.encode(), now.encode()) for body in bodies]
