"""Reads FHIR dates and dateTimes as moments; a partial date is read as the earliest moment it can mean."""

from datetime import datetime, timedelta, timezone

EASTERNMOST = timezone(timedelta(hours=14))
"""Where a calendar day begins first; a date without a zone may have been written there."""


def earliest_moment(written: str) -> datetime:
    """Return the earliest moment that an R4 date or dateTime can mean: 2026-05 is the first of May where the day begins first.

    The text has passed the gate; a leap second counts as the second after it.
    """
    if "T" in written:
        whole = written.replace("Z", "+00:00")
        if whole[17:19] == "60":
            return datetime.fromisoformat(f"{whole[:17]}59{whole[19:]}") + timedelta(seconds=1)
        return datetime.fromisoformat(whole)
    padded = f"{written}-01-01"[:10] if len(written) == len("2026") else f"{written}-01"[:10]
    return datetime.fromisoformat(padded).replace(tzinfo=EASTERNMOST)


def years_between(birth: str, now: datetime) -> tuple[int, int]:
    """Return the least and the greatest age in whole years that a birth date, also a partial one, allows at a moment."""
    parts = [int(part) for part in birth.split("-")]
    earliest = (*parts, 1, 1)[:3]
    latest = (*parts, 12, 31)[:3] if len(parts) < 3 else (parts[0], parts[1], parts[2])
    today = (now.year, now.month, now.day)
    return _years(latest, today), _years(earliest, today)


def _years(birth: tuple[int, ...], today: tuple[int, int, int]) -> int:
    had_birthday = tuple(today[1:]) >= tuple(birth[1:])
    return today[0] - birth[0] - (0 if had_birthday else 1)
