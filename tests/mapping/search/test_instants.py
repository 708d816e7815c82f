"""A written date becomes the first and last instant it covers, as texts that compare as instants do."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.mapping.search.instants import instant, instants

# fmt: off
COVERED = [
    # written                            first                           last                            comment
    ("2026",                             "2026-01-01T00:00:00.000000Z",  "2026-12-31T23:59:59.999999Z",  "a year"),
    ("2024-02",                         "2024-02-01T00:00:00.000000Z",  "2024-02-29T23:59:59.999999Z",  "a leap month"),
    ("2026-02",                        "2026-02-01T00:00:00.000000Z",  "2026-02-28T23:59:59.999999Z",  "a short month"),
    ("2026-01-31",                     "2026-01-31T00:00:00.000000Z",  "2026-01-31T23:59:59.999999Z",  "a day, in UTC"),
    ("2026-01-31T10:00",                 "2026-01-31T10:00:00.000000Z",  "2026-01-31T10:00:59.999999Z",  "a minute"),
    ("2026-01-31T10:00:05Z",             "2026-01-31T10:00:05.000000Z",  "2026-01-31T10:00:05.999999Z",  "a second"),
    ("2026-01-31T10:00:05.2Z",           "2026-01-31T10:00:05.200000Z",  "2026-01-31T10:00:05.299999Z",  "a tenth"),
    ("2026-01-31T10:00:05.123456789Z",   "2026-01-31T10:00:05.123456Z",  "2026-01-31T10:00:05.123456Z",  "cut to µs"),
    ("2026-01-31T23:30:00-05:00",        "2026-02-01T04:30:00.000000Z",  "2026-02-01T04:30:00.999999Z",  "behind UTC"),
    ("2026-01-31T00:30:00+14:00",        "2026-01-30T10:30:00.000000Z",  "2026-01-30T10:30:00.999999Z",  "most ahead"),
    ("2026-01-31T10:00:00+01:59",        "2026-01-31T08:01:00.000000Z",  "2026-01-31T08:01:00.999999Z",  "59 minutes"),
    ("2026-06-30T23:59:60Z",             "2026-06-30T23:59:59.000000Z",  "2026-06-30T23:59:59.999999Z",  "leap second"),
    ("0001-01-01T00:00:00+14:00",        "0001-01-01T00:00:00.000000Z",  "0001-01-01T00:00:00.000000Z",  "before time"),
    ("9999-12-31T23:59:59-12:00",        "9999-12-31T23:59:59.999999Z",  "9999-12-31T23:59:59.999999Z",  "after time"),
]
NO_DATES = ["", "2026-13", "2026-02-29", "2026-1-1", "0000", "31.01.2026", "2026-01-31T", "2026-01-31T10",
            "2026-01-31T25:00",
            "2026-01-31T10:00:00+14:01", "2026-01-31T10:00:00-14:01",
            "2026-01-31T10:00:00+15:00", "2026-01-31T10:00:00+01:60", "2026-01-31 10:00:00", "٢٠٢٦", "20260131"]
# fmt: on


@pytest.mark.parametrize(("written", "first", "last", "comment"), COVERED)
def test_a_date_covers_what_its_precision_says(written: str, first: str, last: str, comment: str) -> None:
    assert instants(written) == (first, last), comment


@pytest.mark.parametrize("written", NO_DATES)
def test_what_is_no_date_covers_nothing(written: str) -> None:
    assert instants(written) is None


@pytest.fixture
def far_from_utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Set the machine's clock nine hours ahead of UTC."""
    monkeypatch.setenv("TZ", "JST-9")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("far_from_utc")
def test_the_zone_of_the_machine_is_no_matter() -> None:
    assert instants.__wrapped__("2026-01-31T10:00:05Z") == (
        "2026-01-31T10:00:05.000000Z",
        "2026-01-31T10:00:05.999999Z",
    )
    assert instant(datetime(2026, 1, 31, 10, tzinfo=UTC)) == "2026-01-31T10:00:00.000000Z"


MOMENTS = st.datetimes(min_value=datetime(2, 1, 1), max_value=datetime(9998, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone


@given(MOMENTS, MOMENTS)
def test_texts_compare_as_the_instants_they_stand_for(one: datetime, other: datetime) -> None:
    assert (instant(one) < instant(other)) == (one < other)


@given(MOMENTS, st.integers(-14 * 60, 14 * 60))
def test_one_instant_has_one_text_in_every_zone(moment: datetime, minutes: int) -> None:
    sign, (hours, rest) = "-" if minutes < 0 else "+", divmod(abs(minutes), 60)
    there = (moment + timedelta(minutes=minutes)).replace(tzinfo=None).isoformat(timespec="microseconds")
    assert instants(f"{there}{sign}{hours:02}:{rest:02}") == (instant(moment), instant(moment))
