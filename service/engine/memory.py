"""Keeps what was worked out once for the next patient who answers alike, up to a bound; it works nothing out."""

from collections.abc import Hashable
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)
Item = TypeVar("Item")

MOST = 1024
"""How many items one memory keeps before it forgets all of them."""


def keep(memory: dict[Key, Item], key: Key, item: Item, most: int = MOST) -> Item:
    """Keep an item and return it; a memory that holds ``most`` forgets all of them before."""
    if len(memory) >= most:
        memory.clear()
    memory[key] = item
    return item
