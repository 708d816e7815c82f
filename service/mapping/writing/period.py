"""When a request is meant to happen: from the moment the answers were written, for as long as the level allows."""

import re
from datetime import datetime, timedelta

DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(\.\d+)?(Z|[+-]\d{2}:\d{2})")


def period_from(authored: str, within: str) -> dict[str, str]:
    """Write a FHIR Period that starts at ``authored``, a dateTime as sent, and ends ``within``, an ISO duration, later.

    The end has the precision of the start. Where that cannot hold it (a day and one hour, a month), it is left out.
    Raises ValueError for a duration of another form than days, hours and minutes.
    """
    end = _end(authored, _length(within))
    return {"start": authored, "end": end} if end else {"start": authored}


def _length(within: str) -> timedelta:
    match = DURATION.fullmatch(within)
    if match is None:
        raise ValueError(f"a duration of days, hours and minutes is expected, not {within!r}")
    days, hours, minutes = (int(part or 0) for part in match.groups())
    return timedelta(days=days, hours=hours, minutes=minutes)


def _end(authored: str, length: timedelta) -> str:
    """Add a length to a FHIR dateTime, keeping its fraction and zone as written; empty where it cannot be."""
    moment = MOMENT.fullmatch(authored)
    try:
        if moment is not None:
            return f"{(datetime.fromisoformat(moment[1]) + length).isoformat()}{moment[2] or ''}{moment[3]}"
        if DAY.fullmatch(authored) and length >= timedelta(days=1):
            return (datetime.fromisoformat(authored) + length).date().isoformat()
    except (ValueError, OverflowError):  # a leap second, or the end of the calendar: an end is not worth a failure
        return ""
    return ""
