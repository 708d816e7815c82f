"""Every row of the clinical contract as a two-valued condition, read independently of the rule book.

The tests hold the rule book against these conditions. They are written from the clinical statements alone, so that a
misreading would have to be made twice to pass. Left out: unknown answers, scope, unread text and old answers.
"""

from .articles import ARTICLES
from .case import Case, Level, Row, highest
from .guidelines_illness import ILLNESS
from .guidelines_organs import ORGANS
from .guidelines_spine import SPINE
from .reconciled import RECONCILED, REMAINDERS, REPLACED
from .withholds import WITHHOLDS

GUIDELINES: tuple[Row, ...] = ORGANS + SPINE + ILLNESS

__all__ = [
    "ARTICLES",
    "GUIDELINES",
    "RECONCILED",
    "REMAINDERS",
    "REPLACED",
    "WITHHOLDS",
    "row_level",
    "statement_of",
    "topic_level",
    "withheld",
]


def statement_of(row: str) -> str:
    """Return the id of the statement that a row or a part of a row belongs to."""
    return row.partition(".")[0]


def row_level(case: Case, statement: str) -> Level | None:
    """Return the gravest level that a statement's parts ask for in a complete case, None where none holds.

    Compare rules with this rather than part by part: how a split row shares its words among its parts is free.
    """
    levels = [row.level for row in ARTICLES + GUIDELINES if statement_of(row.id) == statement and row.holds(case)]
    return highest(levels) if levels else None


def topic_level(case: Case, topic: str) -> Level | None:
    """Return the gravest level that the reconciled row of a topic asks for, None where it asks nothing."""
    levels = [row.level for row in RECONCILED if row.topic == topic and row.holds(case)]
    return highest(levels) if levels else None


def withheld(case: Case, level: Level) -> frozenset[str]:
    """Return the activities that may not be suggested in a complete case that stands at a level."""
    return frozenset(item for row in WITHHOLDS if row.holds(case, level) for item in row.items)
