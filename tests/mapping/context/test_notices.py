"""What is said of a record, word for word: the type of a resource, its place, what was met by kind; nothing of it."""

from dataclasses import replace
from decimal import Decimal

import pytest

from service.engine.facts import Fact
from service.errors import Issue, Severity
from service.knowledge.context import Sign
from service.mapping.context.join import join
from service.mapping.context.told import LATER, TOO_OLD, UNDATED, Told, When, told_by_signs, untimely_because
from service.mapping.dates import span_of

from .bodies import (
    AT,
    BOOK,
    LOINC,
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
    statement,
    status,
)

PLACE = "Bundle.entry[1].resource"
CHEST_PAIN, FEVER, CANCER, PREGNANCY, PREGNANT = "29857009", "386661006", "363346000", "82810-3", "77386006"
ANTICOAGULANT, IBUPROFEN = "372862008", "387207008"
TODAY = "2026-05-10T09:00:00Z"
UNDERSTOOD_NOTHING = "its value is not one that is read here; what it asks about stays unknown"
DOUBT = "its status is not certain; it counts all the same, because it may speak for danger"


def pregnancy(**more: object) -> Json:
    return observation(PREGNANCY, LOINC, valueCodeableConcept=concept(PREGNANT), **more)


SAID: list[tuple[Json, tuple[Severity, str, str], str]] = [
    # the resource; severity, code and text of the only notice; what is met
    (
        patient(id="1", birthDate="1850-01-01").content,
        ("warning", "value", "Patient: the date of birth gives an age that cannot be; it is not used"),
        "an age that cannot be",
    ),
    (
        patient(id="1", deceasedBoolean=True).content,
        ("warning", "business-rule", "Patient: the record says that this patient has died"),
        "a patient who has died",
    ),
    (
        patient(id="1", deceasedDateTime="2026-01-01").content,
        ("warning", "business-rule", "Patient: the record says that this patient has died"),
        "a patient who died on a day",
    ),
    (
        observation(CHEST_PAIN, valueString="yes", effectiveDateTime=TODAY),
        ("warning", "not-supported", f"Observation: {UNDERSTOOD_NOTHING}"),
        "a yes as text",
    ),
    (
        cel(98.6),
        ("warning", "not-supported", f"Observation: {UNDERSTOOD_NOTHING}"),
        "a temperature that cannot be",
    ),
    (
        cel(38.4, focus=[{"reference": "RelatedPerson/child"}]),
        ("warning", "business-rule", "Observation: not used, because its focus is not the patient"),
        "an Observation of a child",
    ),
    (
        pregnancy(),
        (
            "warning",
            "incomplete",
            "Observation: not used, because it has no date, and what it says counts for a time only",
        ),
        "a pregnancy without a date",
    ),
    (
        pregnancy(effectiveDateTime="2026-05-13"),
        ("warning", "business-rule", "Observation: not used, because it is dated after the answers"),
        "a pregnancy of the day after tomorrow",
    ),
    (
        pregnancy(effectiveDateTime="2025-01-01"),
        (
            "information",
            "informational",
            "Observation: not used, because what it says counts for a time only, and that time is over",
        ),
        "a pregnancy of last year",
    ),
    (
        cel(38.4, effectiveDateTime="2026-05-01"),
        (
            "information",
            "informational",
            "Observation: not used, because what it says counts for a time only, and that time is over",
        ),
        "a temperature of last week",
    ),
    (
        cel(38.4, status="preliminary"),
        ("information", "informational", f"Observation: {DOUBT}"),
        "a preliminary temperature",
    ),
    (
        condition(CANCER, verificationStatus=status("condition-ver-status", "provisional")),
        ("information", "informational", f"Condition: {DOUBT}"),
        "a provisional diagnosis",
    ),
    (
        {
            **{key: one for key, one in statement("1").items() if key != "medicationCodeableConcept"},
            "medicationReference": {"reference": "Medication/1"},
        },
        (
            "information",
            "informational",
            "MedicationStatement: not used, because its medicine stands in another resource; "
            "allowed are a code or a contained Medication",
        ),
        "a medicine in another resource",
    ),
]


@pytest.mark.parametrize(("content", "said", "comment"), SAID, ids=[row[-1] for row in SAID])
def test_what_is_said_of_a_resource(content: Json, said: tuple[Severity, str, str], comment: str) -> None:
    assert read(content).notices == (Issue(*said, PLACE),), comment


def test_of_what_holds_no_code_that_is_read_it_is_said_once_per_type_how_many_there_are() -> None:
    unread = [condition("25374005"), statement("999999999"), condition("25374005")]

    def said(kind: str, count: int, entry: int) -> Issue:
        text = f"{kind}: of {count} nothing was read, because they hold no code that these rules read"
        return Issue("information", "informational", text, f"Bundle.entry[{entry}].resource")

    assert read(*unread).notices == (said("Condition", 2, 1), said("MedicationStatement", 1, 2))


def test_two_findings_of_one_resource_that_are_out_of_their_time_are_one_notice() -> None:
    symptoms = [*BOOK.context.signs[("sct", CHEST_PAIN)], *BOOK.context.signs[("sct", FEVER)]]
    told = told_by_signs(BOOK.context, entry(condition(CHEST_PAIN)), symptoms, When(None, AT))
    assert told == Told((), (Issue("warning", "incomplete", f"Condition: {UNDATED}", PLACE),))


def test_what_is_certain_and_in_time_is_no_matter_for_a_notice() -> None:
    certain = [cel(38.4), condition(CANCER), statement(ANTICOAGULANT), allergy(IBUPROFEN)]
    facts = read(*certain, patient(id="1", gender="male", birthDate="1966"))
    assert (len(facts.facts), facts.notices) == (6, ())


def test_what_is_over_or_doubtful_is_weighed_sign_by_sign() -> None:
    fever, cancer = BOOK.context.signs[("sct", FEVER)], BOOK.context.signs[("sct", CANCER)]
    absent = Sign("hx-cancer", present=False, role="finding")
    resource, when = entry(condition(CANCER)), When(span_of(TODAY), AT)
    doubt = (Issue("information", "informational", f"Condition: {DOUBT}", PLACE),)
    has, has_not = ("hx-cancer", True), ("hx-cancer", False)
    context = BOOK.context
    assert told_by_signs(context, resource, cancer, when) == Told((has,))
    assert told_by_signs(context, resource, [absent], when) == Told((has_not,))
    assert told_by_signs(context, resource, [*fever, *cancer], when, over=True) == Told((has,))
    assert told_by_signs(context, resource, [absent, *cancer], when, over=True) == Told((has,))
    assert told_by_signs(context, resource, cancer, when, doubtful=True) == Told((has,), doubt)
    assert told_by_signs(context, resource, [absent], when, doubtful=True) == Told()


DAY = 1
TIMES: list[tuple[str | None, int | None, bool, str, str]] = [
    # dated, days for which it counts, whether it speaks for danger; why it does not count; the answers are of 12:00Z
    (None, None, True, "", "what counts for ever needs no date"),
    ("2090-01-01", None, True, "", "nor is its date looked at"),
    (None, DAY, True, UNDATED, "what counts for a time needs one"),
    ("2026-05-09T12:00:00Z", DAY, False, "", "a day ago to the second"),
    ("2026-05-09T11:59:59Z", DAY, False, TOO_OLD, "a second more"),
    ("2026-05-11T12:00:00Z", DAY, False, "", "a day after the answers: a clock may be wrong"),
    ("2026-05-11T12:00:01Z", DAY, False, LATER, "a second more than that"),
    ("2026-05-09", DAY, True, "", "a day that may be in time speaks for danger"),
    ("2026-05-09", DAY, False, TOO_OLD, "and may be out of time for what reassures"),
    ("2026-05-11", DAY, True, "", "a day that may be near enough ahead speaks for danger"),
    ("2026-05-11", DAY, False, LATER, "and may be too far ahead for what reassures"),
]


@pytest.mark.parametrize(("dated", "days", "may_be", "because", "comment"), TIMES, ids=[row[-1] for row in TIMES])
def test_when_a_date_keeps_a_resource_from_counting(
    dated: str | None, days: int | None, may_be: bool, because: str, comment: str
) -> None:
    when = When(span_of(dated) if dated else None, AT)
    assert untimely_because(days, 1, when, may_be=may_be) == because, comment


DIFFERING: list[tuple[dict[str, Fact], Json, tuple[str, str, Severity, str], str]] = [
    # answers; the resource; finding, kind of resource, severity, which counts
    (
        answered(hx_cancer=False),
        condition(CANCER),
        ("hx-cancer", "Condition", "warning", "the more dangerous of the two counts"),
        "a history",
    ),
    (
        answered(chest_pain=False),
        observation(CHEST_PAIN, valueBoolean=True, effectiveDateTime=TODAY),
        ("chest-pain", "Observation", "information", "the answer counts, because this is about now"),
        "a symptom",
    ),
    (
        answered(temperature=Decimal(37)),
        cel(38.4),
        ("temperature", "Observation", "information", "the answer counts, because this is about now"),
        "a measure of now",
    ),
    (
        answered(age=Decimal(30)),
        patient(id="1", birthDate="1966").content,
        ("age", "Patient", "warning", "both are assessed, and the graver result counts"),
        "the age",
    ),
    (
        answered(sex=frozenset({"male"})),
        patient(id="1", gender="female").content,
        ("sex", "Patient", "warning", "the more dangerous of the two counts"),
        "the sex",
    ),
]


@pytest.mark.parametrize(("answers", "content", "said", "comment"), DIFFERING, ids=[row[-1] for row in DIFFERING])
def test_where_answer_and_record_differ_both_are_named(
    answers: dict[str, Fact], content: Json, said: tuple[str, str, Severity, str], comment: str
) -> None:
    finding, kind, severity, which = said
    item = BOOK.form.item(BOOK.form.item_of[finding])
    text = f"the answer to '{item.ask}' ({BOOK.findings[finding].label}) and the {kind} of the record differ; {which}"
    notices = joined(answers, entry(content)).notices
    assert notices == (Issue(severity, "business-rule", text, PLACE, item.link_id, item.ask),), comment


def test_a_difference_about_what_the_form_does_not_ask_names_the_finding_alone() -> None:
    """Answers may come from an earlier version of the form, which asked what this one does not."""
    book = replace(BOOK, form=replace(BOOK.form, groups=(), item_of={}))
    label = BOOK.findings["hx-cancer"].label
    text = f"the answer to '' ({label}) and the Condition of the record differ; the more dangerous of the two counts"
    notices = join(book, answered(hx_cancer=False), read(condition(CANCER))).notices
    assert notices == (Issue("warning", "business-rule", text, PLACE),)


def test_of_ages_that_differ_the_farther_end_of_what_the_record_allows_is_assessed_too() -> None:
    birth = patient(id="1", birthDate="1966")  # 59 or 60 years at the moment of the answers
    for answer, farther in ((30, 60), (70, 59)):
        both = joined(answered(age=Decimal(answer)), birth)
        assert [one["age"].value for one in (both.facts, *both.alternatives)] == [answer, farther]
    for answer in (59, 60):
        both = joined(answered(age=Decimal(answer)), birth)
        assert (both.facts["age"].value, both.alternatives, both.notices) == (answer, (), ())
