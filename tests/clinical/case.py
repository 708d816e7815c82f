"""The complete case that the independent conditions are asked about, and the row that asks; no part of the engine."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple

from .vocabulary import BOOLEANS, CHOICES, MEASURES

Level = Literal["self-care", "appointment", "within-24h", "emergency", "ambulance"]
LEVELS: tuple[Level, ...] = ("self-care", "appointment", "within-24h", "emergency", "ambulance")
Value = bool | Decimal | frozenset[str]


@dataclass(frozen=True, slots=True)
class Case:
    """Hold one person's answers, all of them: a boolean that is not named is absent.

    Measures may be missing where they do not apply; `gestation-weeks` missing in pregnancy means weeks unknown.
    An id outside the vocabulary raises KeyError, so a condition cannot ask for a finding that nobody has.
    """

    values: Mapping[str, Value]

    def yes(self, finding: str) -> bool:
        """Say whether a boolean finding is present."""
        if finding not in BOOLEANS:
            raise KeyError(finding)
        return self.values.get(finding, False) is True

    def any_of(self, findings: str) -> bool:
        """Say whether at least one of several boolean findings, named with spaces between, is present."""
        return any(self.yes(finding) for finding in findings.split())

    def number(self, measure: str) -> Decimal | None:
        """Return a measure in its unit of the dictionary, or None where it does not apply or was not taken."""
        if measure not in MEASURES:
            raise KeyError(measure)
        value = self.values.get(measure)
        return value if isinstance(value, Decimal) else None

    def at_least(self, measure: str, limit: int) -> bool:
        """Say whether a measure is known and the limit or more."""
        value = self.number(measure)
        return value is not None and value >= limit

    def over(self, measure: str, limit: int) -> bool:
        """Say whether a measure is known and more than the limit."""
        value = self.number(measure)
        return value is not None and value > limit

    def under(self, measure: str, limit: int) -> bool:
        """Say whether a measure is known and less than the limit."""
        value = self.number(measure)
        return value is not None and value < limit

    def chosen(self, choice: str) -> frozenset[str]:
        """Return the options chosen, empty where none is."""
        if choice not in CHOICES:
            raise KeyError(choice)
        value = self.values.get(choice)
        return value if isinstance(value, frozenset) else frozenset()


Condition = Callable[[Case], bool]


@dataclass(frozen=True, slots=True)
class Row:
    """Say at which level a source wants a person seen, and when.

    `id` is the statement's id; a row of several levels is split and each part carries the level as its suffix
    (`GL-cancer.emergency`). A part holds what its words say, so a graver part may hold without the milder one.
    """

    id: str
    source: str
    level: Level
    holds: Condition


class Reconciled(NamedTuple):
    """Say at which level the reconciled row of a topic wants a person seen, and when."""

    topic: str
    level: Level
    holds: Condition


@dataclass(frozen=True, slots=True)
class Withholding:
    """Say when activities may not be suggested; `holds` is asked with the level at which the case stands."""

    id: str
    items: frozenset[str]
    holds: Callable[[Case, Level], bool]


def reaches(level: Level, asked: Level) -> bool:
    """Say whether a level is the asked one or graver."""
    return LEVELS.index(level) >= LEVELS.index(asked)


def highest(levels: list[Level]) -> Level:
    """Return the gravest of some levels, self-care where there is none."""
    return max(levels, key=LEVELS.index, default="self-care")
