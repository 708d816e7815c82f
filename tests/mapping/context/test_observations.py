"""An Observation decides by its value: its code only asks, and a value that is not understood decides nothing."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from service.mapping.context.observations import told_by_observation

from .bodies import (
    AT,
    BOOK,
    LOINC,
    SCT,
    UCUM,
    Json,
    cel,
    concept,
    degrees,
    entry,
    observation,
    read,
    texts,
    values,
)

CHEST_PAIN, PREGNANT, NOT_PREGNANT = "29857009", "77386006", "60001007"
PREGNANCY, SMOKING, ALCOHOL, PAIN = "82810-3", "72166-2", "11331-6", "72514-3"
TODAY: Json = {"effectiveDateTime": "2026-05-10T09:00:00Z"}


def status_of(question: str, answer: str, system: str = SCT, **more: Any) -> Json:
    return observation(question, LOINC, valueCodeableConcept=concept(answer, system), **{**TODAY, **more})


def pain(**value: Any) -> Json:
    return observation(PAIN, LOINC, **{**TODAY, **value})


OBSERVATIONS = [
    # the Observation, what it makes known, comment
    (observation(CHEST_PAIN, valueBoolean=True, **TODAY), {"chest-pain": True}, "yes"),
    (observation(CHEST_PAIN, valueBoolean=False, **TODAY), {}, "a no of the record decides nothing"),
    (observation(CHEST_PAIN, **TODAY), {}, "no value"),
    (observation(CHEST_PAIN, valueString="yes", **TODAY), {}, "a text is not understood"),
    (
        observation(CHEST_PAIN, valueCodeableConcept=concept(CHEST_PAIN), **TODAY),
        {"chest-pain": True},
        "its own code as value",
    ),
    (observation(CHEST_PAIN, valueCodeableConcept=concept(PREGNANT), **TODAY), {}, "the value of another question"),
    (observation(CHEST_PAIN, valueBoolean=True), {}, "a symptom without a date"),
    (
        observation(CHEST_PAIN, valueBoolean=True, issued="2026-05-10T09:00:00Z"),
        {},
        "issued is when it was written down",
    ),
    (observation("8517006", valueBoolean=True), {"hx-smoker": True}, "a history needs no date"),
    (observation("266919005", valueBoolean=True), {"hx-smoker": False}, "yes to a code that says absent"),
    (observation("266919005", valueBoolean=False), {}, "no to a code that says absent"),
    (status_of(PREGNANCY, "LA15173-0", LOINC), {"pregnant": True}, "LOINC's own answer"),
    (status_of(PREGNANCY, PREGNANT), {"pregnant": True}, "a SNOMED answer"),
    (status_of(PREGNANCY, "LA26683-5", LOINC), {"pregnant": False}, "not pregnant"),
    (status_of(PREGNANCY, NOT_PREGNANT), {"pregnant": False}, "not pregnant"),
    (status_of(PREGNANCY, "LA4489-6", LOINC), {}, "an answer that is not listed"),
    (status_of(PREGNANCY, "LA15173-0", SCT), {}, "the right answer of the wrong system"),
    (observation(PREGNANCY, LOINC, valueBoolean=True, **TODAY), {"pregnant": True}, "yes to the question"),
    (observation(PREGNANCY, LOINC, **TODAY), {}, "the question alone"),
    (
        observation("99999-9", LOINC, valueCodeableConcept=concept(PREGNANT), **TODAY),
        {},
        "a question that is not known, as of a mother",
    ),
    (status_of(PREGNANCY, PREGNANT, effectiveDateTime="2025-07-20T12:00:00Z"), {"pregnant": True}, "294 days ago"),
    (status_of(PREGNANCY, PREGNANT, effectiveDateTime="2025-07-20T11:59:59Z"), {}, "a second more than 42 weeks ago"),
    (
        status_of(PREGNANCY, PREGNANT, effectiveDateTime="2025-07"),
        {"pregnant": True},
        "a month that may be in time speaks for danger",
    ),
    (status_of(PREGNANCY, NOT_PREGNANT, effectiveDateTime="2025-07"), {}, "and may be out of time for a no"),
    (
        status_of(PREGNANCY, PREGNANT, effectiveDateTime="2026-05-11T12:00:00Z"),
        {"pregnant": True},
        "a day after the answers",
    ),
    (status_of(PREGNANCY, PREGNANT, effectiveDateTime="2026-05-11T12:00:01Z"), {}, "more than a day after"),
    (status_of(SMOKING, "77176002"), {"hx-smoker": True}, "smokes"),
    (status_of(SMOKING, "8517006"), {"hx-smoker": True}, "has smoked"),
    (status_of(SMOKING, "266919005"), {"hx-smoker": False}, "never smoked"),
    (status_of(ALCOHOL, "86933000"), {"hx-alcohol": True}, "drinks heavily"),
    (status_of("89253-9", "230993007"), {}, "a trend and a qualifier"),
    (cel(38.4), {"temperature": "38.4"}, "Celsius"),
    (
        observation("8310-5", LOINC, valueQuantity=degrees(100.4, "[degF]"), **TODAY),
        {"temperature": "38"},
        "Fahrenheit: (100.4 - 32) * 5 / 9",
    ),
    (cel(38.4, valueQuantity=degrees(311, "K")), {}, "another unit"),
    (cel(38.4, valueQuantity={"value": 38, "unit": "C"}), {}, "a unit in words"),
    (cel(38.4, valueQuantity={**degrees(38), "comparator": ">"}), {}, "a comparator"),
    (cel(98.6), {}, "Fahrenheit called Celsius cannot be"),
    (cel(25), {"temperature": "25"}, "the least that can be"),
    (cel(24.9), {}, "less than can be"),
    (cel(45), {"temperature": "45"}, "the greatest that can be"),
    (cel(45.1), {}, "more than can be"),
    (cel(38.4, valueQuantity={"system": UCUM, "code": "Cel"}), {}, "no number"),
    (cel(38.4, effectiveDateTime="2026-05-09T12:00:00Z"), {"temperature": "38.4"}, "24 hours ago to the second"),
    (cel(38.4, effectiveDateTime="2026-05-09T11:59:59Z"), {}, "a second too old"),
    (cel(38.4, effectiveDateTime="2026-05-10"), {}, "a day may begin more than 24 hours ago"),
    (cel(38.4, effectiveDateTime="2026-05-12T12:00:00Z"), {}, "two days after the answers"),
    (pain(valueInteger=8), {"severity-now": "8"}, "a whole number"),
    (pain(valueQuantity={"value": 8, "system": UCUM, "code": "{score}"}), {"severity-now": "8"}, "a score"),
    (pain(valueQuantity={"value": 8, "system": UCUM, "code": "1"}), {"severity-now": "8"}, "the unit 1"),
    (pain(valueInteger=80), {}, "of 100, not of 10"),
    (pain(valueInteger=0), {"severity-now": "0"}, "no pain"),
    (pain(valueInteger=10), {"severity-now": "1E+1"}, "the worst pain"),
    (pain(valueInteger=11), {}, "worse than the worst"),
    (
        observation("LA15173-0", LOINC, valueBoolean=True, **TODAY),
        {},
        "yes to a code that is only ever an answer",
    ),
    (status_of(PREGNANCY, PREGNANCY, LOINC), {}, "a question as its own answer"),
    (pain(valueQuantity={"value": 8, "system": UCUM, "code": "%"}), {}, "a per cent"),
    (observation("8310-5", LOINC, valueInteger=38, **TODAY), {}, "a temperature without a unit"),
    (observation("38208-5", LOINC, valueInteger=8, **TODAY), {}, "another pain question"),
]


@pytest.mark.parametrize(("content", "expected", "comment"), OBSERVATIONS, ids=[row[-1] for row in OBSERVATIONS])
def test_an_observation(content: Json, expected: Json, comment: str) -> None:
    met = values(read(content))
    assert {
        finding: value if isinstance(value, bool) else str(value.normalize()) for finding, value in met.items()
    } == expected


STATUSES = [
    ("final", True),
    ("amended", True),
    ("corrected", True),
    ("preliminary", True),
    ("registered", False),
    ("cancelled", False),
    ("entered-in-error", False),
    ("unknown", False),
]


@pytest.mark.parametrize(("status", "counts"), STATUSES)
def test_the_status_decides_whether_an_observation_counts(status: str, counts: bool) -> None:
    assert bool(read(cel(38.4, status=status)).facts) is counts
    assert bool(read(observation("8517006", valueBoolean=True, status=status)).facts) is counts


def test_a_preliminary_no_decides_nothing() -> None:
    assert not read(status_of(PREGNANCY, NOT_PREGNANT, status="preliminary")).facts


def test_an_observation_about_somebody_else_is_not_used() -> None:
    facts = read(cel(38.4, focus=[{"reference": "RelatedPerson/child"}]))
    assert not facts.facts
    assert texts(facts.notices) == ["Observation: not used, because its focus is not the patient"]


NOTICED = [
    (observation(CHEST_PAIN, valueString="yes", **TODAY), "its value is not one that is read here"),
    (cel(98.6), "its value is not one that is read here"),
    (status_of(PREGNANCY, PREGNANT, effectiveDateTime="2026-05-13"), "it is dated after the answers"),
    (observation(PREGNANCY, LOINC, valueCodeableConcept=concept(PREGNANT)), "it has no date"),
]


@pytest.mark.parametrize(("content", "expected"), NOTICED)
def test_what_is_not_understood_or_not_in_time_is_warned_of(content: Json, expected: str) -> None:
    (text,) = texts(read(content).notices)
    assert expected in text


def test_of_a_period_both_ends_have_to_be_in_time_for_a_measure() -> None:
    inside = {"start": "2026-05-10T08:00:00Z", "end": "2026-05-10T09:00:00Z"}
    begun_before = {**inside, "start": "2026-05-08T08:00:00Z"}
    for period, counts in ((inside, True), (begun_before, False), ({"start": inside["start"]}, True)):
        content = cel(38.4, effectivePeriod=period)
        del content["effectiveDateTime"]
        assert bool(read(content).facts) is counts


NOTE: Json = {"url": "urn:example:when", "valueString": "lately"}
START, END = "2026-05-10T08:00:00Z", "2026-05-10T09:00:00Z"
DATED: list[tuple[Json, bool, str]] = [
    ({"effectiveInstant": START}, True, "an instant"),
    ({"effectiveInstant": "2026-05-08T08:00:00Z"}, False, "an instant out of time"),
    ({"effectivePeriod": {"end": END}}, True, "a period of which the end is known"),
    ({"effectivePeriod": {"end": "2026-05-08T09:00:00Z"}}, False, "and is out of time"),
    ({"effectivePeriod": {"start": START}}, True, "a period of which the start is known"),
    ({"effectivePeriod": {"start": START, "end": "2026-05-12T09:00:00Z"}}, False, "a period that ends in the future"),
    ({"effectivePeriod": {"extension": [NOTE]}}, False, "a period without either"),
    ({"effectiveTiming": {"event": [START]}}, False, "a time that is not read"),
]


@pytest.mark.parametrize(("dated", "counts", "comment"), DATED, ids=[row[-1] for row in DATED])
def test_when_a_measure_was_taken(dated: Json, counts: bool, comment: str) -> None:
    content = {key: value for key, value in cel(38.4).items() if key != "effectiveDateTime"} | dated
    assert bool(read(content).facts) is counts, comment


def test_a_measure_without_bounds_may_be_any_number() -> None:
    measure = replace(BOOK.context.measures["temperature"], minimum=None, maximum=None)
    context = replace(BOOK.context, measures={**BOOK.context.measures, "temperature": measure})
    for number in (-300, 300):
        told = told_by_observation(context, entry(cel(number)), AT)
        assert told.values == (("temperature", Decimal(number)),)


def test_of_several_temperatures_the_least_and_the_greatest_count() -> None:
    told = read(cel(37.0), cel(35.2), cel(39.1)).facts["temperature"]
    assert [str(fact.value) for fact in told] == ["35.2", "39.1"]
    assert [fact.where for fact in told] == [("Bundle.entry[2].resource",), ("Bundle.entry[3].resource",)]


def test_of_several_pain_scores_the_greatest_counts() -> None:
    assert [str(fact.value) for fact in read(pain(valueInteger=3), pain(valueInteger=8)).facts["severity-now"]] == ["8"]


def test_a_yes_outweighs_a_no_of_the_same_record() -> None:
    assert values(read(status_of(PREGNANCY, PREGNANT), status_of(PREGNANCY, NOT_PREGNANT))) == {"pregnant": True}
