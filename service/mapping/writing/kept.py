"""Keeps parts of results that follow from the rule book and from coded answers alone, so that each is written once.

No text, name, identifier or reference of a response is ever kept: what holds one is written anew each time.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeVar

from service.engine.facts import Fact
from service.engine.memory import Key, keep
from service.mapping.writing.json_bytes import Written, dump
from service.mapping.writing.xhtml import escaped

MOST = 16_384
"""Parts of half a kilobyte on average; when they are full, all are written anew."""

Part = TypeVar("Part")


def _escaping() -> Callable[[str], str]:
    return lru_cache(MOST)(escaped)


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """Hold what was written under one policy and emergency number; shared by the threads of a process.

    ``written`` holds parts by what they follow from, ``inputs`` the JSON of each input, ``escape`` texts of the book.
    """

    written: dict[Hashable, Any] = field(default_factory=dict)
    inputs: dict[tuple[str, Fact], Written] = field(default_factory=dict)
    escape: Callable[[str], str] = field(default_factory=_escaping)

    def of(self, key: Hashable, write: Callable[[], Part]) -> Part:
        """Return the part of this key, written now if it never was; the key must name all that it depends on."""
        part: Part | None = self.written.get(key)
        return remember(self.written, key, write()) if part is None else part


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """Hold the parts of one rule book by policy and emergency number."""

    under: dict[tuple[str, str], Parts] = field(default_factory=dict)

    def parts(self, policy: str, emergency_number: str) -> Parts:
        """Return the parts that were written under this policy with this number."""
        key = (policy, emergency_number)
        return self.under.get(key) or remember(self.under, key, Parts())


def remember(memory: dict[Key, Part], key: Key, part: Part) -> Part:
    """Keep a part and return it; a full memory forgets all."""
    return keep(memory, key, part, MOST)


def array(parts: Iterable[object]) -> Written:
    """Join the parts of a list, written or plain data, into JSON that needs no second look."""
    return Written(b"[" + b",".join([one.json if type(one) is Written else dump(one) for one in parts]) + b"]")


def value_and_origin(fact: Fact | None) -> Hashable:
    """Name what is known and by whom; 38.0 and 38.00 are equal numbers, but other digits."""
    if fact is None:
        return None
    return (fact.value.as_tuple() if isinstance(fact.value, Decimal) else fact.value, fact.origin)
