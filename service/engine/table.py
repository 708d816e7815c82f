"""Answers all questions about conditions at once, from one integer of what is known; it knows no rule.

Each clause of each question is one bit, set where the clause is met. The clauses of a question stand side by side, with
a free bit above them: one is added at the lowest, and where all of them are met it carries into the free bit. So one
addition answers every question.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import getitem, or_

from service.engine.clauses import Clauses
from service.engine.memory import keep
from service.engine.ordered import positions

BYTE = 8
STRETCH = 7
"""How many bytes of the known are looked up together once they were met: the more, the rarer they are met again."""


@dataclass(frozen=True, slots=True)
class Table:
    """The clauses that each byte of the known meets, for each of its 256 values; ``carries`` is what is added.

    ``met`` remembers what each stretch of bytes met.
    """

    rows: tuple[tuple[int, ...], ...]
    filled: int
    carries: int
    met: tuple[dict[bytes, int], ...]

    def answers(self, known: int) -> int:
        """Return one integer, in which the bit of each question is set where it is answered with yes."""
        told = known.to_bytes(len(self.rows), "little")
        met = self.filled
        start = 0
        for memory in self.met:
            stretch = told[start : start + STRETCH]
            met |= memory.get(stretch) or keep(memory, stretch, self._meets(stretch, start))
            start += STRETCH
        return met + self.carries

    def _meets(self, stretch: bytes, start: int) -> int:
        return reduce(or_, map(getitem, self.rows[start : start + STRETCH], stretch))


@dataclass(slots=True)
class Questions:
    """The questions of a table while it is built."""

    clauses: list[tuple[int, int]] = field(default_factory=list)
    filled: int = 0
    carries: int = 0
    size: int = 0
    asked: dict[Clauses, int] = field(default_factory=dict)

    def ask(self, clauses: Clauses) -> int:
        """Return the bit of a question; the same question is asked once."""
        if clauses not in self.asked:
            self.asked[clauses] = self.place(clauses, len(clauses))
        return self.asked[clauses]

    def place(self, clauses: Clauses, width: int) -> int:
        """Place a question in so many bits and one more, and return its bit."""
        lowest = 1 << self.size
        self.carries |= lowest
        for index in range(width):
            if index < len(clauses):
                self.clauses.append((clauses[index], lowest << index))
            else:
                self.filled |= lowest << index
        self.size += width + 1
        return lowest << width

    def table(self, leaves: int) -> Table:
        """Work out the table for so many leaves."""
        size = -(-2 * leaves // BYTE)
        meeting = [0] * (4 * leaves)
        for clause, bit in self.clauses:
            for mark in positions(clause):
                meeting[mark] |= bit
        known, denied = meeting[: 2 * leaves], meeting[2 * leaves :]
        rows = (_row(known[at : at + BYTE], denied[at : at + BYTE]) for at in range(0, size * BYTE, BYTE))
        memories: tuple[dict[bytes, int], ...] = tuple({} for _ in range(0, size, STRETCH))
        return Table(tuple(rows), self.filled, self.carries, memories)


def _row(known: Sequence[int], denied: Sequence[int]) -> tuple[int, ...]:
    """Join what each bit of a byte meets, where it is set and where it is not, for every value of the byte."""
    row = [0]
    for told, untold in zip(known, denied, strict=True):
        row = [one | untold for one in row] + [one | told for one in row]
    return tuple(row)
