"""Keeps parts of results that follow from the rule book and from coded answers alone, so that each is written once.

No text, name, identifier or reference of a response is ever kept: what holds one is written anew each time.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

import orjson

from service.engine.facts import Fact
from service.mapping.writing.json_bytes import dump

MOST = 16_384
"""Parts of half a kilobyte on average; when they are full, all are written anew."""

Part = TypeVar("Part")


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """Hold the parts of one rule book by what they follow from; shared by the threads of a process."""

    parts: dict[Hashable, Any] = field(default_factory=dict)

    def of(self, key: Hashable, write: Callable[[], Part]) -> Part:
        """Return the part of this key, written now if it never was; the key must name all that it depends on."""
        part: Part | None = self.parts.get(key)
        if part is None:
            if len(self.parts) >= MOST:
                self.parts.clear()
            part = self.parts[key] = write()
        return part

    def json_of(self, key: Hashable, write: Callable[[], object]) -> orjson.Fragment:
        """Return the part as JSON that needs no second look when the resource around it is written."""
        return self.of(key, lambda: orjson.Fragment(dump(write())))


def value_and_origin(fact: Fact | None) -> Hashable:
    """Name what is known and by whom; 38.0 and 38.00 are equal numbers, but other digits."""
    if fact is None:
        return None
    return (fact.value.as_tuple() if isinstance(fact.value, Decimal) else fact.value, fact.origin)
