"""Sets of rules, causes or topics as integers: one bit each, in the order of the book."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar


class Bit(Protocol):
    """Anything that has a bit of its own."""

    @property
    def bit(self) -> int:
        """Return the bit."""


Item = TypeVar("Item", bound=Bit)


@dataclass(frozen=True, slots=True)
class Ordered(Generic[Item]):
    """Items by the length of their bits."""

    items: Mapping[int, Item]

    def of(self, bits: int) -> list[Item]:
        """List the items of a set in their order."""
        found = []
        items = self.items
        while bits:
            item = items[bits.bit_length()]
            found.append(item)
            bits ^= item.bit
        found.reverse()
        return found


def ordered(items: Iterable[Item]) -> Ordered[Item]:
    """Make the items ready to be listed."""
    return Ordered({item.bit.bit_length(): item for item in items})


def joined(bits: Iterable[int]) -> int:
    """Return the set of all bits."""
    every = 0
    for bit in bits:
        every |= bit
    return every


def positions(bits: int) -> list[int]:
    """List the positions of the bits that are set, the highest first."""
    found = []
    while bits:
        found.append(bits.bit_length() - 1)
        bits ^= 1 << found[-1]
    return found
