"""The Patient gives an age at the moment of the answers, a gender, and a warning where the person has died."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from service.mapping.context.person import told_by_patient
from service.mapping.context.span import span_of

from .bodies import AT, BOOK, Json, patient, read, texts, values

AGES = [
    # date of birth, moment, the ages it allows, comment
    ("1966-05-10", AT, [60], "the birthday itself"),
    ("1966-05-11", AT, [59], "the day before the birthday"),
    ("1966-05", AT, [59, 60], "a birthday some time this month"),
    ("1966-04", AT, [60], "a birthday last month"),
    ("1966-06", AT, [59], "a birthday next month"),
    ("1966", AT, [59, 60], "a birthday some time this year"),
    ("2004-02-29", datetime(2026, 2, 28, tzinfo=UTC), [21], "born on a leap day, on 28 February"),
    ("2004-02-29", datetime(2026, 3, 1, tzinfo=UTC), [22], "born on a leap day, on 1 March"),
    (
        "1966-05-11",
        datetime(2026, 5, 11, 1, tzinfo=timezone(timedelta(hours=9))),
        [60],
        "the day of the moment's own zone",
    ),
    ("2026-05-10", AT, [0], "born today"),
    ("2026", AT, [0], "born some time this year, and not tomorrow"),
    ("2026-05-11", AT, [], "not born yet"),
    ("1905-05-10", AT, [], "121 years"),
    ("1906-05-10", AT, [120], "120 years"),
]


@pytest.mark.parametrize(("birth", "at", "ages", "comment"), AGES, ids=[row[-1] for row in AGES])
def test_the_age_at_the_moment_of_the_answers(birth: str, at: datetime, ages: list[int], comment: str) -> None:
    facts = read(patient(id="1", birthDate=birth), at=at)
    assert [fact.value for fact in facts.facts.get("age", ())] == ages
    assert bool(texts(facts.notices)) is (not ages)


@pytest.mark.parametrize("gender", ["female", "male", "other"])
def test_the_gender_is_read_as_sex(gender: str) -> None:
    assert values(read(patient(id="1", gender=gender))) == {"sex": frozenset({gender})}


def test_an_unknown_gender_says_nothing() -> None:
    assert not read(patient(id="1", gender="unknown")).facts


def test_of_two_genders_the_one_under_which_a_pregnancy_is_possible_counts() -> None:
    assert values(read(patient(id="1", gender="male"), patient(id="1", gender="female")))["sex"] == frozenset(
        {"female"}
    )


@pytest.mark.parametrize(
    ("more", "warned"),
    [
        ({"deceasedBoolean": True}, True),
        ({"deceasedDateTime": "2026-01-01"}, True),
        ({"deceasedBoolean": False}, False),
    ],
)
def test_a_patient_who_has_died_is_warned_of(more: Json, warned: bool) -> None:
    assert bool(texts(read(patient(id="1", **more)).notices)) is warned


SPANS = [
    ("2026-05-10T12:00:00Z", "2026-05-10T12:00:00+00:00", "2026-05-10T12:00:00+00:00", "a moment is one moment"),
    ("2026-05-10", "2026-05-10T00:00:00+14:00", "2026-05-10T23:59:59-12:00", "a day, wherever it was written"),
    ("2026-02", "2026-02-01T00:00:00+14:00", "2026-02-28T23:59:59-12:00", "a month of 28 days"),
    ("2024-02", "2024-02-01T00:00:00+14:00", "2024-02-29T23:59:59-12:00", "a month of 29 days"),
    ("2026", "2026-01-01T00:00:00+14:00", "2026-12-31T23:59:59-12:00", "a year"),
]


@pytest.mark.parametrize(("written", "earliest", "latest", "comment"), SPANS, ids=[row[-1] for row in SPANS])
def test_a_written_time_is_every_moment_it_can_mean(written: str, earliest: str, latest: str, comment: str) -> None:
    span = span_of(written)
    assert (span.earliest.isoformat(), span.latest.isoformat()) == (earliest, latest)


def test_an_age_without_bounds_may_be_any_that_is_not_ahead() -> None:
    context = replace(BOOK.context, measures={"age": replace(BOOK.context.measures["age"], minimum=None, maximum=None)})
    assert told_by_patient(context, patient(id="1", birthDate="1526-05-10"), AT).values == (("age", Decimal(500)),)
    assert told_by_patient(context, patient(id="1", birthDate="2026-05-11"), AT).values == ()


def test_of_ages_that_may_be_those_within_the_bounds_are_taken() -> None:
    measure = replace(BOOK.context.measures["age"], minimum=Decimal(18), maximum=Decimal(60))
    context = replace(BOOK.context, measures={"age": measure})
    for birth, ages in (("2008", [18]), ("1965", [60]), ("2009", []), ("1964", [])):
        told = told_by_patient(context, patient(id="1", birthDate=birth), AT)
        assert [value for _, value in told.values] == ages, birth
