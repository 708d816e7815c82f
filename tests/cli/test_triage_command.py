"""What `triage triage` prints of one answer, what its options do, and how it ends where something is refused."""

from pathlib import Path

import pytest

from service.mapping.writing import canonicals
from service.mapping.writing.bundle import collection
from tests.mapping.writing.patients import entries, patient

from .bench import (
    ADULT_ON_A_BLOOD_THINNER,
    AT,
    BREATHLESS,
    FEVER,
    NEARLY_BLANK,
    ONE_OF_TWO,
    OUT_OF_RANGE,
    body,
    flowing,
    lines,
    ran,
    triaged,
)

GOLDEN = Path(__file__).parent / "golden" / "fever.txt"


def test_the_level_comes_first_then_why_then_what_to_do() -> None:
    printed = triaged(BREATHLESS).stdout
    assert lines(printed)[1] == "AMBULANCE: Call the emergency number now"
    headings = [line for line in lines(printed) if line == line.upper() and line[0].isalpha()]
    assert headings == [
        "WHY",
        "WHERE THE SOURCES DISAGREE",
        "DO",
        "CAUSES TO THINK OF, NONE OF THEM CONFIRMED",
    ]


def test_a_whole_answer_reads_as_it_was_read_and_found_good() -> None:
    """After a wanted change of words, write the file anew with what is printed, and read it."""
    result = triaged(FEVER)
    assert result.stdout == GOLDEN.read_text("utf-8")
    assert result.exit_code == 0


@pytest.mark.parametrize(
    "words",
    [
        # what is said of the answer "short of breath"       # comment
        "Are you short of breath? Yes",  # the answer, in the form's words
        "ambulance Cleveland Clinic (2026-01-21)",  # who asks for what, with the date
        "emergency General Medicine (2025-03-06)",
        "emergency unnamed spine-care site (date unknown)",
        "a reconciliation by this project where the articles disagree",
        "taken here: ambulance",
        "Do not drive yourself.",
        "It is not a diagnosis. No clinician has reviewed the rules behind it.",
        "Test data: not for the care of a patient.",  # because of --at
    ],
)
def test_an_answer_says(words: str) -> None:
    assert words in flowing(triaged(BREATHLESS).stdout)


def test_what_is_forbidden_stands_before_what_is_suggested_and_names_the_fact() -> None:
    printed = flowing(triaged(ADULT_ON_A_BLOOD_THINNER).stdout)
    assert "DO NOT x Do not start an anti-inflammatory painkiller" in printed
    assert "Known: A blood thinner: yes." in printed
    assert printed.index("DO NOT") < printed.index("DO +")
    assert "Never suggested here: Aspirin." in printed


def test_at_a_glance_long_lists_are_shortened_and_with_all_nothing_is() -> None:
    sign = "new confusion or unusual drowsiness"
    brief, everything = (flowing(triaged(NEARLY_BLANK, *options).stdout) for options in ((), ("--all",)))
    assert "more; --all prints every one" in brief
    assert sign not in brief
    assert "--all" not in everything
    assert sign in everything
    assert "What could speak against it: " in everything
    assert "By the word of: " in flowing(triaged(ADULT_ON_A_BLOOD_THINNER, "--all").stdout)


# fmt: off
TOLD = [
    # a patient of the writing tests                         what must be said                              comment
    ("self-care: a sore muscle",                     "No answer asks for more than this.",  "nothing fired"),
    ("out of scope",                                 "! Out of scope: these rules do not speak",  "elsewhere"),
    ("old answers",                                  "! Preliminary: the last words of this page",  "old"),
    ("blank",                                        "! Could still become AMBULANCE",      "open"),
    ("appointment: pain for three weeks",            "our reading of ",                     "a reading"),
]
# fmt: on


@pytest.mark.parametrize(("beginning", "words", "comment"), TOLD)
def test_a_reader_is_told(beginning: str, words: str, comment: str) -> None:
    result = ran("show", "-", given=body(collection(entries(patient(beginning)))))
    assert words in flowing(result.stdout), comment


def test_a_level_that_only_open_questions_hold_up_is_explained_by_them() -> None:
    """A result may stand above self-care though no rule fired and no question could raise it any more."""
    resources = entries(patient("self-care: a sore muscle"))
    risk = resources[0]["resource"]
    risk["extension"].append({"url": canonicals.INPUT_MISSING, "valueCode": "age"})
    printed = flowing(ran("show", "-", given=body(collection(resources))).stdout)
    assert "It stands because of what is still open." in printed
    assert "STILL OPEN, THOUGH NO ANSWER COULD RAISE THE LEVEL 1. How old are you?" in printed


def test_what_is_open_is_asked_the_gravest_first_and_the_level_it_could_reach_is_named() -> None:
    printed = flowing(triaged(NEARLY_BLANK).stdout)
    assert "! Could still become AMBULANCE: questions are open." in printed
    assert "ASK NEXT, THE GRAVEST FIRST 1. Are you short of breath?" in printed
    assert "These are not yet ruled out:" in printed


def test_no_line_is_wider_than_80_columns_without_a_terminal() -> None:
    for options in ((), ("--all",)):
        printed = triaged(FEVER, *options).stdout
        assert max(map(len, printed.splitlines())) <= 80


def test_a_response_that_is_refused_is_named_with_its_question_and_ends_with_1() -> None:
    result = triaged(OUT_OF_RANGE)
    assert result.exit_code == 1
    printed = flowing(result.stdout)
    assert printed.startswith("REFUSED: not triaged, so nothing is said about its urgency.")
    assert "linkId severity-now: How bad is the pain now?" in printed
    assert " 30 " not in printed


def test_one_refused_response_of_a_bundle_stands_in_its_place_and_ends_with_1() -> None:
    result = triaged(ONE_OF_TWO)
    assert result.exit_code == 1
    told = lines(result.stdout)
    first = told.index("standard input, response 1 of 2")
    second = told.index("standard input, response 2 of 2")
    assert told[first + 2].startswith("AMBULANCE")
    assert told[second + 1].startswith("REFUSED")


@pytest.mark.parametrize("given", [b"", b"not json", b'{"a":1,"a":2}', b"[]", b'{"resourceType":"Patient"}'])
def test_what_is_no_response_is_refused_in_words(given: bytes) -> None:
    for options in ((), ("--policy", "strictest"), ("--at", AT)):
        result = ran("triage", "-", *options, given=given)
        assert result.exit_code == 1
        assert result.stdout.startswith("REFUSED")


# fmt: off
WRONG_USE = [
    # options                                                          comment
    (("--policy", "gentlest"),                                         "no such policy"),
    (("--policy", "reconciled"),                                       "nobody signed it off"),
    (("--policy", "reconciled", "--signed-by", "Dr A"),                "half a sign-off"),
    (("--signed-on", "2026-01-31"),                                    "the other half"),
    (("--signed-by", "Dr A", "--signed-on", "31.1.2026"),              "not a date as FHIR writes it"),
    (("--at", "2026-05-01"),                                           "a day is no moment"),
    (("--at", "2026-05-01T09:00:00"),                                  "a moment without its zone"),
]
# fmt: on


@pytest.mark.parametrize(("options", "comment"), WRONG_USE, ids=[comment for _, comment in WRONG_USE])
def test_a_wrong_option_ends_with_2(options: tuple[str, ...], comment: str) -> None:
    result = ran("triage", "-", *options, given=body(BREATHLESS))
    assert result.exit_code == 2, comment
    assert result.stdout == ""


def test_a_policy_of_one_source_has_no_plan_and_is_test_data() -> None:
    printed = flowing(ran("triage", "-", "--policy", "source:GM", given=body(BREATHLESS)).stdout)
    assert "EMERGENCY: Go to an emergency department now" in printed  # General Medicine alone: emergency
    assert "PLAN - None: this policy compares sources" in printed
    assert "Test data" in printed


def test_a_signed_policy_names_who_signed_it_and_when() -> None:
    options = ("--policy", "reconciled", "--signed-by", "Dr A", "--signed-on", "2026-01-31")
    result = ran("triage", "-", *options, given=body(BREATHLESS))
    assert result.exit_code == 0
    assert "policy reconciled, signed off by Dr A on 2026-01-31" in flowing(result.stdout)


def test_an_option_outranks_the_parameter_of_the_file_and_keeps_the_others() -> None:
    parameters = {
        "resourceType": "Parameters",
        "parameter": [
            {"name": "policy", "valueCode": "source:SP"},
            {"name": "response", "resource": BREATHLESS},
            {"name": "at", "valueDateTime": "2026-12-31T00:00:00Z"},
        ],
    }
    by_file = flowing(ran("triage", "-", given=body(parameters)).stdout)
    by_option = flowing(ran("triage", "-", "--policy", "source:GM", given=body(parameters)).stdout)
    at_once = flowing(ran("triage", "-", "--policy", "strictest", "--at", AT, given=body(parameters)).stdout)
    assert "policy source:SP" in by_file
    assert "policy source:GM" in by_option
    assert "The answers are old" in by_option  # its own `at` is kept
    assert "policy strictest" in at_once
    assert "The answers are old" not in at_once


def test_unproven_rules_are_said_to_be_so_before_and_in_the_result() -> None:
    result = triaged(BREATHLESS, "--unproven")
    assert result.exit_code == 0
    assert result.stderr == (
        "Note: the rule book is used unproven: for development only; every result is marked as test data\n"
    )
    assert "Unproven rules: no proof holds for this rule book and this engine." in flowing(result.stdout)
    assert "Unproven" not in triaged(BREATHLESS).stdout
