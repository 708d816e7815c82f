"""Turns a written date into the first and the last instant it covers, as texts that compare as instants do.

A date without a zone is read as UTC, in resources and in searches alike. Other than ``mapping.dates``, which asks what
a date could mean anywhere on earth, this never widens a span: a search for a day finds that day.
"""

import re
from calendar import monthrange
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from service.mapping.search.values import EARLIEST, LATEST

WRITTEN = re.compile(
    r"(?P<year>\d{4})(-(?P<month>\d\d)(-(?P<day>\d\d)"
    r"(T(?P<hour>\d\d):(?P<minute>\d\d)(:(?P<second>\d\d)(\.(?P<fraction>\d+))?)?(?P<zone>Z|[+-]\d\d:\d\d)?)?)?)?",
    re.ASCII,
)
DECEMBER, MICROSECONDS = 12, 6


@lru_cache(maxsize=64)  # one storing asks for few moments many times over
def instants(written: str) -> tuple[str, str] | None:
    """Return the first and last instant of a year, month, day, minute, second or fraction; None for anything else.

    A leap second counts as the second before it. A moment without a zone, which R4 allows in a search alone, is UTC.
    """
    parts = WRITTEN.fullmatch(written)
    if parts is None:
        return None
    try:
        first, last = _span(parts.groupdict())
    except ValueError:
        return None
    zone = _offset(parts["zone"])
    return None if zone is None else (_utc(first, zone), _utc(last, zone))


def _span(part: dict[str, str | None]) -> tuple[datetime, datetime]:
    """Return the first and the last moment in the zone in which they were written."""
    year, month, day = int(part["year"] or 0), int(part["month"] or 1), int(part["day"] or 1)
    if part["hour"] is None:
        last_month = month if part["month"] else DECEMBER
        last_day = day if part["day"] else monthrange(year, last_month)[1]
        return datetime(year, month, day), datetime(year, last_month, last_day, 23, 59, 59, 999_999)  # noqa: DTZ001 - the zone is added by the caller
    second = min(int(part["second"] or 0), 59)
    fraction = (part["fraction"] or "")[:MICROSECONDS]
    first = datetime(year, month, day, int(part["hour"]), int(part["minute"] or 0), second)  # noqa: DTZ001 - as above
    first += timedelta(microseconds=int(fraction.ljust(MICROSECONDS, "0")))
    if part["second"] is None:
        return first, first + timedelta(seconds=59, microseconds=999_999)
    return first, first + timedelta(microseconds=10 ** (MICROSECONDS - len(fraction)) - 1)


def _offset(zone: str | None) -> timedelta | None:
    """Return how far a zone is ahead of UTC, or None for one that does not exist."""
    if zone in (None, "Z"):
        return timedelta(0)
    hours, minutes = int(str(zone)[1:3]), int(str(zone)[4:6])
    if (hours, minutes) > (14, 0) or minutes > 59:
        return None
    ahead = timedelta(hours=hours, minutes=minutes)
    return -ahead if str(zone).startswith("-") else ahead


def _utc(moment: datetime, ahead: timedelta) -> str:
    """Write a moment in UTC; one that would leave the calendar stands at its edge."""
    try:
        return instant(moment.replace(tzinfo=UTC) - ahead)
    except OverflowError:
        return EARLIEST if ahead > timedelta(0) else LATEST


def instant(moment: datetime) -> str:
    """Write a moment as a text of fixed width in UTC."""
    # strftime pads the year on some systems and not on others; isoformat always does.
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
