"""The extensions of predictions and activities: the statements they rest on, and that a cause is not excluded."""

from collections.abc import Iterable
from typing import Any

from service.mapping.writing import canonicals

Extension = dict[str, Any]


def rests_on(ids: Iterable[str]) -> list[Extension]:
    """Write the ids of the statements that something rests on, each once; ``project`` is this project's own word."""
    return [{"url": canonicals.RESTS_ON, "valueCode": one} for one in dict.fromkeys(ids)]


def not_excluded() -> Extension:
    """Say that a dangerous cause is not excluded, however little speaks for it."""
    return {"url": canonicals.NOT_EXCLUDED, "valueBoolean": True}
