"""Where response and record differ: the more dangerous counts, but for what is about now the response does."""

from decimal import Decimal

import pytest

from .bodies import (
    BOOK,
    LOINC,
    Json,
    answered,
    answers_of,
    cel,
    concept,
    condition,
    joined,
    observation,
    patient,
    sex,
    statement,
    texts,
)

CANCER, FEVER, ANTICOAGULANT, NEVER = "266987004", "386661006", "372862008", "266919005"
TODAY = "2026-05-10T09:00:00Z"
PREGNANT, NOT_PREGNANT = "77386006", "60001007"


def pregnancy(answer: str) -> Json:
    return observation("82810-3", LOINC, effectiveDateTime=TODAY, valueCodeableConcept=concept(answer))


def smoking(answer: str) -> Json:
    return observation("72166-2", LOINC, valueCodeableConcept=concept(answer))


def pain(score: int) -> Json:
    return observation("72514-3", LOINC, effectiveDateTime=TODAY, valueInteger=score)


YES_NO = [
    # finding, what was answered, the record, what counts and who says it, warned, comment
    ("hx-cancer", None, condition(CANCER), (True, "record"), False, "the record fills what was not answered"),
    ("hx-cancer", False, condition(CANCER), (True, "record"), True, "a history in the record outweighs a no"),
    ("hx-cancer", True, condition(CANCER), (True, "response"), False, "both say yes"),
    ("hx-anticoagulant", False, statement(ANTICOAGULANT), (True, "record"), True, "a medicine outweighs a no"),
    ("pregnant", None, pregnancy(NOT_PREGNANT), (False, "record"), False, "an explicit no fills what was not answered"),
    ("pregnant", True, pregnancy(NOT_PREGNANT), (True, "response"), True, "an explicit no never outweighs a yes"),
    ("pregnant", False, pregnancy(PREGNANT), (True, "record"), True, "a pregnancy in the record outweighs a no"),
    ("pregnant", False, pregnancy(NOT_PREGNANT), (False, "response"), False, "both say no"),
    ("hx-smoker", True, smoking(NEVER), (True, "response"), True, "never smoked does not outweigh a yes"),
    ("hx-smoker", None, smoking(NEVER), (False, "record"), False, "never smoked fills what was not answered"),
    (
        "fever",
        None,
        condition(FEVER, recordedDate=TODAY),
        (True, "record"),
        False,
        "a symptom fills what was not answered",
    ),
    (
        "fever",
        False,
        condition(FEVER, recordedDate=TODAY),
        (False, "response"),
        False,
        "a symptom of now is as answered",
    ),
]


@pytest.mark.parametrize(
    ("finding", "answer", "record", "expected", "warned", "comment"), YES_NO, ids=[row[-1] for row in YES_NO]
)
def test_a_yes_or_no_of_response_and_record(
    finding: str, answer: bool | None, record: Json, expected: tuple[bool, str], warned: bool, comment: str
) -> None:
    both = joined({} if answer is None else answered(**{finding: answer}), record)
    fact = both.facts[finding]
    assert (fact.value, fact.origin) == expected
    assert bool(texts(both.notices)) is warned
    assert not both.alternatives


def test_the_warning_names_the_question_and_the_resource_but_not_what_they_say() -> None:
    (notice,) = joined(answered(**{"hx-cancer": False}), condition(CANCER, id="c1")).notices
    assert notice.expression == "Bundle.entry[1].resource"
    assert notice.link_id == "list-history-1"
    assert notice.question == BOOK.form.item("list-history-1").ask
    assert notice.text == (
        f"the answer to '{notice.question}' (history of cancer) and the Condition of the record differ; "
        "the more dangerous of the two counts"
    )


def test_a_symptom_that_differs_is_mentioned_without_a_warning() -> None:
    (notice,) = joined(answered(fever=False), condition(FEVER, recordedDate=TODAY)).notices
    assert notice.severity == "information"
    assert notice.text.endswith("the answer counts, because this is about now")


NUMBERS = [
    # finding, what was answered, the record, the readings to assess, warned, comment
    ("age", None, [patient(id="1", birthDate="1966-05-10")], [60], False, "the record fills the age"),
    ("age", None, [patient(id="1", birthDate="1966")], [59, 60], False, "a year of birth allows two ages"),
    ("age", 60, [patient(id="1", birthDate="1966-05-10")], [60], False, "both say 60"),
    ("age", 59, [patient(id="1", birthDate="1966")], [59], False, "the answer is one of the two ages"),
    ("age", 40, [patient(id="1", birthDate="1966-05-10")], [40, 60], True, "both are assessed"),
    (
        "age",
        40,
        [patient(id="1", birthDate="1966")],
        [40, 60],
        True,
        "the farther end: what lies between is not graver",
    ),
    ("age", 70, [patient(id="1", birthDate="1966")], [70, 59], True, "the farther end on the other side"),
    ("temperature", None, [cel(38.5)], ["38.5"], False, "the record fills the temperature"),
    (
        "temperature",
        None,
        [cel(38.5), cel(35.5)],
        ["35.5", "38.5"],
        False,
        "fever and cold on one day: both are assessed",
    ),
    ("temperature", 37, [cel(38.5)], [37], False, "a measure of now is what was answered"),
    ("severity-now", None, [pain(8), pain(2)], [8], False, "the worse pain fills"),
    ("severity-now", 3, [pain(8)], [3], False, "the pain of now is what was answered"),
]


@pytest.mark.parametrize(
    ("finding", "answer", "record", "readings", "warned", "comment"), NUMBERS, ids=[row[-1] for row in NUMBERS]
)
def test_a_number_of_response_and_record(
    finding: str, answer: int | None, record: list[Json], readings: list[object], warned: bool, comment: str
) -> None:
    both = joined({} if answer is None else answered(**{finding: Decimal(answer)}), *record)
    assert [facts[finding].value for facts in (both.facts, *both.alternatives)] == [Decimal(one) for one in readings]  # type: ignore[arg-type]  # text or int
    assert bool(texts(both.notices)) is warned


def test_two_numbers_with_two_readings_each_give_four_sets_of_facts() -> None:
    both = joined(answered(age=Decimal(40)), patient(id="1", birthDate="1966-05-10"), cel(35.5), cel(38.5))
    met = {(facts["age"].value, facts["temperature"].value) for facts in (both.facts, *both.alternatives)}
    assert met == {(Decimal(age), Decimal(heat)) for age in (40, 60) for heat in ("35.5", "38.5")}


SEXES = [
    # answered, recorded, what counts, warned, comment
    (None, "male", "male", False, "the record fills"),
    ("unknown", "female", "female", False, "unknown is no answer"),
    ("unknown", "male", "male", False, "unknown is no answer"),
    ("female", "female", "female", False, "both say female"),
    ("male", "female", "female", True, "a pregnancy stays possible"),
    ("female", "male", "female", True, "a pregnancy stays possible"),
    ("male", "other", "other", True, "a pregnancy stays possible"),
]


@pytest.mark.parametrize(
    ("answer", "recorded", "counts", "warned", "comment"), SEXES, ids=[f"{row[0]} and {row[1]}" for row in SEXES]
)
def test_the_sex_of_response_and_record(
    answer: str | None, recorded: str, counts: str, warned: bool, comment: str
) -> None:
    given = answers_of(sex=sex(answer)) if answer else {}
    both = joined(given, patient(id="1", gender=recorded))
    assert both.facts["sex"].value == frozenset({counts})
    assert bool(texts(both.notices)) is warned


def test_a_man_who_is_a_woman_in_the_record_may_be_pregnant() -> None:
    given = answers_of(age={"valueInteger": 30}, sex=sex("male"))
    assert (given["pregnant"].value, given["pregnant"].origin) == (False, "not-shown")
    assert not {"pregnant", "possibly-pregnant", "vaginal-bleeding"} & set(
        joined(given, patient(id="1", gender="female")).facts
    )


def test_at_seventy_the_questions_about_pregnancy_stay_hidden_whatever_the_sex() -> None:
    given = answers_of(age={"valueInteger": 70}, sex=sex("male"))
    assert joined(given, patient(id="1", gender="female")).facts["pregnant"].value is False


def test_an_age_that_hid_a_question_leaves_it_open_in_the_reading_of_the_other_age_alone() -> None:
    given = answers_of(age={"valueInteger": 70}, sex=sex("female"))
    both = joined(given, patient(id="1", birthDate="1996-05-10"))
    assert both.facts["pregnant"].value is False
    assert "pregnant" not in both.alternatives[0]


def test_a_pregnancy_in_the_record_opens_the_questions_that_follow_from_it() -> None:
    given = answers_of(age={"valueInteger": 30}, sex=sex("male"))
    facts = joined(given, pregnancy(PREGNANT)).facts
    assert facts["pregnant"].value is True
    assert "pregnancy-alarm" not in facts


def test_without_a_record_the_answers_stand_as_they_are() -> None:
    given = answers_of(age={"valueInteger": 30}, sex=sex("male"))
    both = joined(given)
    assert (both.facts, both.alternatives, both.notices) == (given, (), ())
