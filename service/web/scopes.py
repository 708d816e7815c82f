"""Says whether SMART scopes allow an interaction with a type of resource; whose token it is was checked before.

``system/`` and ``user/`` scopes count. A ``patient/`` scope would hold for one patient's record alone, which this
service cannot tell from the token; so it allows nothing.
"""

import re
from collections.abc import Iterable

LETTERS = {
    "create": "c",
    "read": "r",
    "vread": "r",
    "history-instance": "r",
    "update": "u",
    "search-type": "s",
    "history-type": "s",
}
"""SMART App Launch 2: cruds, in this order."""

OLD = {"read": "rs", "write": "cud", "*": "cruds"}
SCOPE = re.compile(r"(?:system|user)/(?P<kind>\*|[A-Za-z]+)\.(?P<may>read|write|\*|c?r?u?d?s?)")


def allows(scopes: Iterable[str], kind: str, letter: str) -> bool:
    """Tell whether any scope allows this letter of cruds for this type; one with a condition (``?``) never does."""
    for scope in scopes:
        met = SCOPE.fullmatch(scope)
        if met is not None and met["kind"] in ("*", kind) and letter in OLD.get(met["may"], met["may"]):
            return True
    return False


def needed(kind: str, letter: str) -> str:
    """Name the scope that would be enough."""
    return f"system/{kind}.{letter}"
