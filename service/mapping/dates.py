"""Reads FHIR dates and dateTimes as moments; a partial date can mean many, and the caller says which of them counts."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

EASTERNMOST = timezone(timedelta(hours=14))
"""Where a calendar day begins first; a date without a zone may have been written there."""
WESTERNMOST = timezone(timedelta(hours=-12))
"""Where a calendar day ends last."""
DECEMBER = 12

Day = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Span:
    """The first and the last moment that a written date can mean; one and the same where it has a time."""

    earliest: datetime
    latest: datetime


def span_of(written: str) -> Span:
    """Read an R4 date or dateTime that has passed the gate; a leap second counts as the second before it."""
    if "T" in written:
        is_leap_second = written[17:19] == "60"
        moment = datetime.fromisoformat(f"{written[:17]}59{written[19:]}" if is_leap_second else written)
        return Span(moment, moment)
    first, last = _days(written)
    return Span(datetime(*first, tzinfo=EASTERNMOST), datetime(*last, 23, 59, 59, 999999, tzinfo=WESTERNMOST))


def earliest_moment(written: str) -> datetime:
    """Return the earliest moment that a date can mean: 2026-05 is the first of May where the day begins first."""
    return span_of(written).earliest


def years_between(birth: str, now: datetime) -> tuple[int, int]:
    """Return the least and the greatest age in whole years that a birth date, also a partial one, allows at a moment.

    Both are negative where the birth lies ahead. The day is that of ``now`` in its own zone.
    """
    first, last = _days(birth)
    today = (now.year, now.month, now.day)
    return _years(last, today), _years(first, today)


def _days(written: str) -> tuple[Day, Day]:
    """Return the first and the last day that a year, a month or a day can mean."""
    match [int(part) for part in written.split("-")]:
        case [year, month, day]:
            return (year, month, day), (year, month, day)
        case [year, month]:
            return (year, month, 1), (year, month, monthrange(year, month)[1])
        case _:
            return (int(written), 1, 1), (int(written), DECEMBER, 31)


def _years(birth: Day, today: Day) -> int:
    had_birthday = today[1:] >= birth[1:]
    return today[0] - birth[0] - (0 if had_birthday else 1)
