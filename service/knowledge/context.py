"""How the record beside a response is read, as plain data: which code speaks of which finding, and for how long."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from service.knowledge.form import Unit

Code = tuple[str, str]
"""A code system by its short name in codes.yaml, and a code of it."""

Joins = Literal["more-dangerous", "response-first"]
Role = Literal["finding", "question", "answer"]
Several = Literal["ends", "greatest"]
Standing = Literal["counts", "doubtful", "past", "no"]


@dataclass(frozen=True, slots=True)
class Sign:
    """What one code says of one finding.

    ``role``: a finding is said to be there (or not, by ``present``) by the code itself; a question says nothing before
    it is answered; an answer says it only under a question about the same finding.
    """

    finding: str
    present: bool
    role: Role


@dataclass(frozen=True, slots=True)
class Reading:
    """How the record counts for one yes/no finding; without ``counts_for_days`` what it says never grows old."""

    finding: str
    joins: Joins
    past_counts: bool
    counts_for_days: int | None


@dataclass(frozen=True, slots=True)
class Measure:
    """How the record counts for one number, and its units and bounds; one that ``is_whole`` may have no unit."""

    finding: str
    joins: Joins
    counts_for_days: int | None
    several: Several
    units: tuple[Unit, ...]
    is_whole: bool
    minimum: Decimal | None
    maximum: Decimal | None


@dataclass(frozen=True, slots=True)
class Context:
    """Everything the rule book says about reading a record.

    ``signs`` are read from problems and observations; ``medicines`` and ``allergies`` name findings that are then
    present. ``statuses[element][status]`` says whether a status counts; one that is not listed does not.
    """

    readings: Mapping[str, Reading]
    measures: Mapping[str, Measure]
    signs: Mapping[Code, tuple[Sign, ...]]
    medicines: Mapping[Code, tuple[str, ...]]
    allergies: Mapping[Code, tuple[str, ...]]
    measured_by: Mapping[Code, str]
    statuses: Mapping[str, Mapping[str, Standing]]
    genders: tuple[str, ...]
    later_days: int
