"""What must hold for any record: nobody else's is used, nothing reassures, no answered danger is lost."""

from collections.abc import Callable
from decimal import Decimal
from itertools import chain
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from service.engine.assess import assess
from service.engine.facts import Fact
from service.mapping.body import Resource
from service.mapping.context.join import join
from service.mapping.writing.canonicals import EXTERNAL_SYSTEMS

from .bodies import (
    BOOK,
    MINE,
    Json,
    allergy,
    answered,
    cel,
    concept,
    condition,
    entry,
    joined,
    observation,
    patient,
    read,
    request,
    response,
    statement,
    values,
)

SYSTEMS = {**EXTERNAL_SYSTEMS, "other": "https://codes.example"}
CODES = sorted({(coding.system, coding.code) for coding in chain(*BOOK.codes.values()) if coding.system in SYSTEMS})
BUILDERS = (condition, observation, statement, request, allergy)
DATES = ("2026-05-10T11:00:00Z", "2026-05-10", "2026", "2024-01-01", "2031-01-01")
BOOLEANS = sorted(finding.id for finding in BOOK.findings.values() if finding.kind == "boolean" and finding.asked)

codes = st.sampled_from(CODES)


@st.composite
def resources(draw: st.DrawFn, subject: Json) -> Json:
    """Draw a resource of any type with any code of the book, right or wrong for it."""
    system, code = draw(codes)
    build: Callable[..., Json] = draw(st.sampled_from(BUILDERS))
    content: Json = build(code, SYSTEMS[system], subject=subject)
    if build is condition and draw(st.booleans()):
        content["recordedDate"] = draw(st.sampled_from(DATES))
    if build is observation:
        content["effectiveDateTime"] = draw(st.sampled_from(DATES))
        value_system, value = draw(codes)
        content |= draw(
            st.sampled_from(
                [
                    {"valueBoolean": True},
                    {"valueBoolean": False},
                    {"valueCodeableConcept": concept(value, SYSTEMS[value_system])},
                ]
            )
        )
    return content


def patients(number: str) -> st.SearchStrategy[Resource]:
    return st.builds(
        lambda birth, gender: patient(id=number, birthDate=birth, gender=gender),
        st.sampled_from(["1940-01-01", "1990", "2015-06", "2026-05-11"]),
        st.sampled_from(["female", "male", "other", "unknown"]),
    )


def records(number: str) -> st.SearchStrategy[list[Any]]:
    own = {"reference": f"Patient/{number}"}
    return st.lists(st.one_of(resources(own), patients(number)), max_size=6)


answers = st.dictionaries(st.sampled_from(BOOLEANS), st.booleans(), max_size=30).map(
    lambda given: {finding: Fact(value, "response", (finding,)) for finding, value in given.items()}
)


@settings(max_examples=300, deadline=None)
@given(records("1"), records("2"))
def test_the_record_of_another_patient_changes_no_fact(mine: list[Any], others: list[Any]) -> None:
    alone, together = read(*mine), read(*mine, *others)
    assert together.facts == alone.facts
    assert together.digest_input == alone.digest_input
    assert together.used == alone.used


@settings(max_examples=300, deadline=None)
@given(answers, records("1"))
def test_no_record_reassures_or_takes_an_answered_yes_back(given_answers: dict[str, Fact], record: list[Any]) -> None:
    both = joined(given_answers, *record)
    for facts in (both.facts, *both.alternatives):
        for finding, fact in facts.items():
            if BOOK.findings[finding].reassuring and fact.value is True:
                assert given_answers[finding].value is True
        for finding, fact in given_answers.items():
            if fact.value is True:
                assert facts[finding].value is True


@settings(max_examples=300, deadline=None)
@given(answers, records("1"))
def test_only_a_code_that_says_absent_makes_anything_absent(given_answers: dict[str, Fact], record: list[Any]) -> None:
    absent_codes = {"pregnant", "hx-smoker"}
    for finding, fact in joined(given_answers, *record).facts.items():
        if fact.value is False and fact.origin == "record":
            assert finding in absent_codes
            assert finding not in given_answers


@settings(max_examples=100, deadline=None)
@given(records("1"))
def test_the_order_of_a_record_does_not_matter(record: list[Any]) -> None:
    facts, backwards = read(*record), read(*reversed(record))
    assert values(facts) == values(backwards)
    assert facts.digest_input == backwards.digest_input


def level(facts: dict[str, Fact]) -> tuple[int, int]:
    result = assess(BOOK, facts, "strictest")
    return BOOK.levels[result.level].rank, BOOK.levels[result.ceiling].rank


@settings(max_examples=300, deadline=None)
@given(answers, st.lists(st.integers(0, 120), min_size=3, max_size=3).map(sorted))
def test_no_age_between_two_is_graver_than_both(given_answers: dict[str, Fact], ages: list[int]) -> None:
    least, between, greatest = (level({**given_answers, "age": Fact(Decimal(age), "record")}) for age in ages)
    assert between <= max(least, greatest)


@settings(max_examples=300, deadline=None)
@given(answers, st.lists(st.integers(340, 420), min_size=3, max_size=3).map(sorted))
def test_no_temperature_between_two_is_graver_than_both(given_answers: dict[str, Fact], tenths: list[int]) -> None:
    least, between, greatest = (
        level({**given_answers, "temperature": Fact(Decimal(one) / 10, "record")}) for one in tenths
    )
    assert between <= max(least, greatest)


def test_the_digest_names_what_was_read_and_not_where_it_stood() -> None:
    cancer = condition("266987004")
    moved = entry({**cancer, "id": "other", "meta": {"versionId": "7"}}, "https://ehr.example/fhir/Condition/other")
    assert read(cancer).digest_input == read(entry(cancer, "", "Bundle.entry[7].resource")).digest_input
    of = response(MINE, "https://ehr.example/fhir/QuestionnaireResponse/1")
    assert read(moved, of=of).digest_input == read(cancer).digest_input
    assert read(cancer).digest_input != read(condition("64859006")).digest_input
    assert read(cancer, condition("64859006")).digest_input != read(cancer).digest_input


def test_a_date_at_either_end_of_time_is_read() -> None:
    for written in ("0001-01-01", "9999-12-31", "9999-12-31T23:59:60Z"):
        assert not read(cel(38.5, effectiveDateTime=written)).facts
        assert not read(condition("386661006", recordedDate=written)).facts


def test_joining_leaves_what_it_was_given_untouched() -> None:
    given_answers = answered(**{"hx-cancer": False})
    join(BOOK, given_answers, read(condition("266987004")))
    assert given_answers["hx-cancer"].value is False
