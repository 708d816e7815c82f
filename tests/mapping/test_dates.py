"""Dates as moments: every partial form, leap seconds, zones, and ages at the boundary of a birthday."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.mapping.dates import earliest_moment, span_of, years_between
from service.mapping.gate.definitions import r4
from service.mapping.gate.primitives import fault_of

MOMENTS: list[tuple[str, str, str, str]] = [
    # comment, written, earliest and latest moment in UTC
    ("a moment in UTC", "2026-11-21T10:00:00Z", "2026-11-21T10:00:00", "2026-11-21T10:00:00"),
    ("a moment east of it", "2026-11-21T10:00:00+05:30", "2026-11-21T04:30:00", "2026-11-21T04:30:00"),
    ("a moment west of it", "2026-11-21T22:00:00-08:00", "2026-11-22T06:00:00", "2026-11-22T06:00:00"),
    ("a zone of minus nothing", "2026-11-21T10:00:00-00:00", "2026-11-21T10:00:00", "2026-11-21T10:00:00"),
    ("tenths of a second", "2026-11-21T10:00:00.5Z", "2026-11-21T10:00:00.500000", "2026-11-21T10:00:00.500000"),
    (
        "more digits than are kept",
        "2026-11-21T10:00:00.123456789Z",
        "2026-11-21T10:00:00.123456",
        "2026-11-21T10:00:00.123456",
    ),
    ("a leap second", "2016-12-31T23:59:60Z", "2016-12-31T23:59:59", "2016-12-31T23:59:59"),
    ("part of a leap second", "2016-12-31T23:59:60.5Z", "2016-12-31T23:59:59.500000", "2016-12-31T23:59:59.500000"),
    ("a leap second at the end of time", "9999-12-31T23:59:60Z", "9999-12-31T23:59:59", "9999-12-31T23:59:59"),
    # The day begins fourteen hours before UTC where it begins first, and ends twelve after where it ends last.
    ("a day", "2026-11-21", "2026-11-20T10:00:00", "2026-11-22T11:59:59.999999"),
    ("a month", "2026-11", "2026-10-31T10:00:00", "2026-12-01T11:59:59.999999"),
    ("a February", "2026-02", "2026-01-31T10:00:00", "2026-03-01T11:59:59.999999"),
    ("a leap February", "2028-02", "2028-01-31T10:00:00", "2028-03-01T11:59:59.999999"),
    ("a year", "2026", "2025-12-31T10:00:00", "2027-01-01T11:59:59.999999"),
]


@pytest.mark.parametrize(("written", "first", "last"), [pytest.param(*row[1:], id=row[0]) for row in MOMENTS])
def test_a_date_means_any_moment_between_the_first_and_the_last(written: str, first: str, last: str) -> None:
    span = span_of(written)
    assert span.earliest == datetime.fromisoformat(f"{first}+00:00")
    assert span.latest == datetime.fromisoformat(f"{last}+00:00")
    assert earliest_moment(written) == span.earliest


WRITTEN: st.SearchStrategy[str] = st.from_regex(
    r"[0-9]{4}(-[01][0-9](-[0-3][0-9](T[0-2][0-9]:[0-5][0-9]:[0-6][0-9](\.[0-9]{1,9})?(Z|[+-][01][0-9]:[0-5][0-9]))?)?)?",
    fullmatch=True,
    alphabet=st.characters(codec="ascii"),
).filter(lambda written: fault_of("dateTime", written, r4().patterns) is None)


@given(WRITTEN)
def test_every_date_time_that_passes_the_gate_is_read(written: str) -> None:
    span = span_of(written)
    assert span.earliest <= span.latest
    assert span.earliest.utcoffset() is not None


@given(WRITTEN, st.datetimes(timezones=st.just(UTC)))
def test_every_two_moments_can_be_compared(written: str, at: datetime) -> None:
    assert (earliest_moment(written) > at) != (earliest_moment(written) <= at)


AGES: list[tuple[str, str, str, tuple[int, int]]] = [
    # comment, birth, today, least and greatest age
    ("the day before the birthday", "2008-11-22", "2026-11-21", (17, 17)),
    ("the birthday", "2008-11-21", "2026-11-21", (18, 18)),
    ("the day after", "2008-11-20", "2026-11-21", (18, 18)),
    ("born today", "2026-11-21", "2026-11-21", (0, 0)),
    ("born tomorrow", "2026-11-22", "2026-11-21", (-1, -1)),
    ("born on a leap day, the day before", "2008-02-29", "2026-02-28", (17, 17)),
    ("born on a leap day, the day after", "2008-02-29", "2026-03-01", (18, 18)),
    ("a month that is over", "2008-10", "2026-11-21", (18, 18)),
    ("the month itself: born on the first, or on the last", "2008-11", "2026-11-21", (17, 18)),
    ("the month itself, on its last day", "2008-11", "2026-11-30", (18, 18)),
    ("a month to come", "2008-12", "2026-11-21", (17, 17)),
    ("February of a leap year, on its 28th", "2008-02", "2026-02-28", (17, 18)),
    ("February of another year, on its 28th", "2007-02", "2026-02-28", (19, 19)),
    ("a year", "2008", "2026-11-21", (17, 18)),
    ("a year, on its last day", "2008", "2026-12-31", (18, 18)),
    ("a year, on its first day", "2008", "2026-01-01", (17, 18)),
    ("this year", "2026", "2026-11-21", (-1, 0)),
    ("a hundred and twenty years", "1906-11-21", "2026-11-21", (120, 120)),
]


@pytest.mark.parametrize(("birth", "today", "expected"), [pytest.param(*row[1:], id=row[0]) for row in AGES])
def test_a_birth_date_allows_ages(birth: str, today: str, expected: tuple[int, int]) -> None:
    assert years_between(birth, datetime.fromisoformat(f"{today}T12:00:00+00:00")) == expected


def test_the_day_is_that_of_the_moment_in_its_own_zone() -> None:
    assert years_between("2008-11-22", datetime.fromisoformat("2026-11-21T23:30:00+00:00")) == (17, 17)
    assert years_between("2008-11-22", datetime.fromisoformat("2026-11-22T01:30:00+02:00")) == (18, 18)


@given(st.dates(), st.datetimes(timezones=st.just(UTC)))
def test_what_is_left_out_of_a_birth_date_only_widens_the_ages(birth: object, at: datetime) -> None:
    whole = str(birth)
    for part in (whole[:7], whole[:4]):
        least, greatest = years_between(part, at)
        exact, _ = years_between(whole, at)
        assert least <= exact <= greatest
        assert greatest - least <= 1
