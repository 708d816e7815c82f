"""The concepts of the results: the project's own code first, in words, then at most one of each external system."""

from dataclasses import replace
from typing import Any

import pytest

from service.knowledge.model import Coding
from service.mapping.canonical import BASE
from service.mapping.writing.codings import (
    activity_concept,
    category_concept,
    cause_concept,
    external_codings,
    fit_concept,
    level_concept,
    method_concept,
)
from tests.mapping.responses import BOOK

SNOMED = "http://snomed.info/sct"
LEVELS = [
    # level, its words: the title of the activity that is its own first step
    ("ambulance", "Call the emergency number now"),
    ("emergency", "Go to an emergency department now"),
    ("within-24h", "See a clinician today or within 24 hours"),
    ("appointment", "Make an appointment with a clinician"),
    ("self-care", "Care for yourself at home"),
]


@pytest.mark.parametrize(("level", "words"), LEVELS)
def test_a_level_is_its_code_with_the_words_of_its_first_step(level: str, words: str) -> None:
    system = f"{BASE}/CodeSystem/triage-level"
    assert level_concept(BOOK, level) == {
        "coding": [{"system": system, "code": level, "display": words}],
        "text": words,
    }


def test_an_activity_is_its_own_code_and_the_external_one_of_its_meaning() -> None:
    assert activity_concept(BOOK, BOOK.activities["heat"]) == {
        "coding": [
            {"system": f"{BASE}/CodeSystem/activity", "code": "heat", "display": "Warm the sore muscle"},
            {"system": SNOMED, "code": "266694003", "display": "Heat therapy"},
        ],
        "text": "Warm the sore muscle",
    }


@pytest.mark.parametrize(
    ("cause", "words", "external"),
    [
        # the code that means the cause itself, which is the second of its key
        ("muscle-strain", "strained muscle of the upper back", [("66540002", "Back strain of thoracic region")]),
        # codes of its key are narrower or wider than the cause
        ("muscle-spasm", "muscle spasm or tension", []),
        # no code was seen
        ("muscle-tear", "torn muscle", []),
    ],
)
def test_a_cause_has_at_most_the_code_of_its_own_meaning_and_says_that_it_is_not_confirmed(
    cause: str, words: str, external: list[tuple[str, str]]
) -> None:
    own = {"system": f"{BASE}/CodeSystem/cause", "code": cause, "display": words}
    others = [{"system": SNOMED, "code": code, "display": display} for code, display in external]
    assert cause_concept(BOOK, BOOK.causes[cause]) == {"coding": [own, *others], "text": f"{words} (not confirmed)"}


FITS = [
    # how it fits, dangerous, words, likelihood, its words
    ("fits", True, "Fits", "moderate", "Moderate likelihood"),
    ("fits", False, "Fits", "moderate", "Moderate likelihood"),
    ("partly-fits", True, "Fits in part", "moderate", "Moderate likelihood"),
    ("partly-fits", False, "Fits in part", "low", "Low likelihood"),
    ("not-excluded", True, "Not excluded", "moderate", "Moderate likelihood"),
    ("not-excluded", False, "Not excluded", "low", "Low likelihood"),
]


@pytest.mark.parametrize(("fit", "dangerous", "words", "likelihood", "its_words"), FITS)
def test_a_dangerous_cause_is_never_below_moderate_and_none_is_above(
    fit: str, dangerous: bool, words: str, likelihood: str, its_words: str
) -> None:
    probability = "http://terminology.hl7.org/CodeSystem/risk-probability"
    assert fit_concept(fit, dangerous=dangerous) == {
        "coding": [
            {"system": f"{BASE}/CodeSystem/pattern-fit", "code": fit, "display": words},
            {"system": probability, "code": likelihood, "display": its_words},
        ]
    }


def test_the_method_names_the_rule_book_its_version_and_the_policy() -> None:
    own = {"system": f"{BASE}/CodeSystem/method", "version": "7.8.9", "code": "rule-book", "display": "Rule book"}
    text = "Rules for upper back pain, version 7.8.9, policy strictest"
    assert method_concept(replace(BOOK, version="7.8.9"), "strictest") == {"coding": [own], "text": text}


def test_the_category_is_a_care_plan_and_in_words_a_proposal() -> None:
    care_plan = {"system": SNOMED, "code": "734163000", "display": "Care Plan"}
    assert category_concept(BOOK) == {"coding": [care_plan], "text": "Triage proposal"}


def coding(system: str, code: str, polarity: str = "", display: str = "Words") -> Coding:
    return Coding(system, code, display, polarity)


def sent(system: str, code: str) -> dict[str, Any]:
    return {"system": system, "code": code, "display": "Words"}


EXTERNAL: list[tuple[list[Coding], list[dict[str, Any]], str]] = [
    # codings of a key, what is sent, comment
    ([], [], "no code was seen"),
    ([coding("sct", "1"), coding("sct", "2")], [sent(SNOMED, "1")], "the first of a system"),
    (
        [coding("icd10cm", "1"), coding("sct", "2"), coding("icd10cm", "3"), coding("loinc", "4")],
        [sent("http://hl7.org/fhir/sid/icd-10-cm", "1"), sent(SNOMED, "2"), sent("http://loinc.org", "4")],
        "one of each system",
    ),
    ([coding("sct", "1", "absent"), coding("sct", "2")], [sent(SNOMED, "2")], "never one that says it is not there"),
    ([coding("hl7:http://x.example/y", "1")], [sent("http://x.example/y", "1")], "a system by its own address"),
    ([coding("sct", "1", display="Words (disorder)")], [sent(SNOMED, "1")], "without the tag of SNOMED CT"),
]


@pytest.mark.parametrize(("codings", "expected", "_comment"), EXTERNAL)
def test_one_coding_of_each_external_system_is_sent(
    codings: list[Coding], expected: list[dict[str, Any]], _comment: str
) -> None:
    assert list(external_codings(replace(BOOK, codes={"key": tuple(codings)}), "key")) == expected
    assert list(external_codings(BOOK, "no such key")) == []
