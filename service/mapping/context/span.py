"""Reads a FHIR time as everything it can mean: a partial date is many moments, and its reader says which count."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from service.mapping.dates import earliest_moment

WESTERNMOST = timezone(timedelta(hours=-12))
"""Where a calendar day ends last; a date without a zone may have been written there."""


@dataclass(frozen=True, slots=True)
class Span:
    """The earliest and the latest moment that a written time can mean; they are one where it has a time of day."""

    earliest: datetime
    latest: datetime


def span_of(written: str) -> Span:
    """Return the moments that an R4 date, dateTime or instant can mean; the text has passed the gate."""
    earliest = earliest_moment(written)
    return Span(earliest, earliest if "T" in written else _end_of(written))


def _end_of(written: str) -> datetime:
    year, *rest = (int(part) for part in written.split("-"))
    month = rest[0] if rest else 12
    day = rest[1] if len(rest) > 1 else monthrange(year, month)[1]
    return datetime(year, month, day, 23, 59, 59, tzinfo=WESTERNMOST)
