"""When a request is meant to happen."""

import pytest

from service.knowledge.load import checked_book
from service.mapping.writing.period import period_from

PERIODS = [
    # authored, within, end, comment
    ("2026-05-01T10:00:00+02:00", "PT0M", "2026-05-01T10:00:00+02:00", "at once"),
    ("2026-05-01T10:00:00+02:00", "PT1H", "2026-05-01T11:00:00+02:00", "an hour later"),
    ("2026-05-01T10:00:00Z", "PT90M", "2026-05-01T11:30:00Z", "minutes"),
    ("2026-05-01T10:00:00Z", "P1DT2H3M", "2026-05-02T12:03:00Z", "days, hours and minutes together"),
    ("2026-05-01T10:00:00Z", "PT24H", "2026-05-02T10:00:00Z", "the zone stays as it is written"),
    ("2026-05-01T10:00:00.123456789-05:30", "P7D", "2026-05-08T10:00:00.123456789-05:30", "and so does the fraction"),
    ("2026-02-28T23:30:00Z", "PT1H", "2026-03-01T00:30:00Z", "into the next month"),
    ("2026-05-01", "P7D", "2026-05-08", "a day: as many days later"),
    ("2026-05-01", "PT24H", "2026-05-02", "a day: 24 hours is the next day"),
    ("2026-05-01", "PT1H", None, "a day cannot hold an hour"),
    ("2026-05-01", "PT23H59M", None, "nor a minute less than a day"),
    ("2026-05", "P7D", None, "a month cannot hold days"),
    ("2026", "PT24H", None, "nor can a year"),
    ("2026-06-30T23:59:60Z", "PT1H", None, "a leap second has no end, but is no failure"),
    ("9999-12-31T23:00:00Z", "PT24H", None, "the end of the calendar"),
]


@pytest.mark.parametrize(("authored", "within", "end", "comment"), PERIODS)
def test_the_period_starts_when_the_answers_were_written(
    authored: str, within: str, end: str | None, comment: str
) -> None:
    expected = {"start": authored} if end is None else {"start": authored, "end": end}
    assert period_from(authored, within) == expected, comment


@pytest.mark.parametrize("within", ["1 hour", "P1W", ""])
def test_a_duration_of_another_form_is_refused(within: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the whole text is compared
        period_from("2026-05-01", within)
    assert str(refused.value) == f"a duration of days, hours and minutes is expected, not {within!r}"


def test_every_level_of_the_book_has_a_duration_that_is_understood() -> None:
    for level in checked_book().levels.values():
        assert "end" in period_from("2026-05-01T10:00:00Z", level.within)
