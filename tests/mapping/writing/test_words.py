"""The canonical names stand once, and every activity, cause and withholding of the book can be put into words."""

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from service.engine.facts import Fact
from service.mapping.writing import canonicals
from service.mapping.writing.material import Material
from service.mapping.writing.words import (
    answers_words,
    book_words,
    cited,
    finding_words,
    sentence,
    source_words,
    statements_named,
    value_words,
)
from tests.mapping.writing.patients import RUN, book, header, patient

WRITING = Path(canonicals.__file__).parent


def test_no_other_module_writes_an_address_of_its_own() -> None:
    for module in sorted(WRITING.glob("*.py")):
        addresses = re.findall(r"https?://[^\"' ]+", module.read_text(encoding="utf-8"))
        if module.name != "canonicals.py":
            assert addresses in ([], ["http://www.w3.org/1999/xhtml"]), module.name


def test_no_address_stands_twice() -> None:
    names = [value for key, value in vars(canonicals).items() if key.isupper() and isinstance(value, str)]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("cause", book().causes)
def test_every_cause_rests_on_statements_of_the_book(cause: str) -> None:
    assert statements_named(book(), book().causes[cause].rests_on)


FINDINGS = [
    # finding, words, comment
    ("dyspnoea", "Are you short of breath?", "a question of its own: the question"),
    ("gi-bleeding", "Black stools", "an option of a checklist: the option"),
    ("one-sided", "pain on one side of the upper back", "never asked: the label"),
]


@pytest.mark.parametrize(("finding", "words", "comment"), FINDINGS)
def test_a_finding_is_named_as_the_form_asks_for_it(finding: str, words: str, comment: str) -> None:
    assert finding_words(book(), finding) == words, comment


def test_every_finding_has_words() -> None:
    for finding in book().findings:
        assert finding_words(book(), finding)


VALUES = [
    # finding, value, words, comment
    ("dyspnoea", True, "yes", "present"),
    ("dyspnoea", False, "no", "absent"),
    ("severity-now", Decimal("7"), "7", "a number"),
    ("temperature", Decimal("38.50"), "38.50 degrees Celsius", "digits as sent"),
    ("duration-days", Decimal("1E+1"), "10 days", "never with an exponent"),
    ("temperature", Decimal(323) / 9 + 2, "about 37.88 degrees Celsius", "37.888...: cut, not rounded up"),
    ("temperature", Decimal("38.123456"), "38.123456 degrees Celsius", "six decimals are said as sent"),
    ("temperature", Decimal("37.9999999"), "about 37.99 degrees Celsius", "seven are cut, and 38 is not reached"),
    ("age", Decimal("40"), "40", "the question asks for years: no unit is chosen"),
    ("tried", frozenset({"heat", "cold"}), "Heat, Cold", "in the order of the book"),
    ("pattern", frozenset({"constant"}), "constant", "no form asks for it: the option itself"),
    ("tried", frozenset(), "nothing", "nothing chosen"),
]


@pytest.mark.parametrize(("finding", "value", "words", "comment"), VALUES)
def test_a_value_is_said_in_words(finding: str, value: object, words: str, comment: str) -> None:
    assert value_words(book(), book().findings[finding], value) == words, comment  # type: ignore[arg-type]  # one table


@pytest.mark.parametrize(("text", "said"), [("a b", "A b."), ("Yes?", "Yes?"), ("Yes.", "Yes."), ("x!", "X!")])
def test_a_sentence_begins_and_ends(text: str, said: str) -> None:
    assert sentence(text) == said


def test_a_unit_that_the_form_has_no_name_for_is_said_as_its_code() -> None:
    finding = replace(book().findings["temperature"], unit="K")
    assert value_words(book(), finding, Decimal("310")) == "310 K"


def test_a_number_that_no_form_asks_for_is_said_without_a_unit() -> None:
    finding = replace(book().findings["temperature"], id="one-sided")
    assert value_words(book(), finding, Decimal("38.5")) == "38.5"


def material(policy: str = "strictest", number: str = "4711", facts: Mapping[str, Fact] | None = None) -> Material:
    assessed = replace(patient("ambulance").assessment(), policy=policy, facts=facts or {})
    return Material(book(), assessed, header(), replace(RUN, emergency_number=number), {}, {}, {})


BOOK_WORDS = [
    # policy, emergency number, words of the book, what is said, comment
    ("strictest", "4711", "Call the emergency number now.", "Call 4711 now.", "the setting's own"),
    ("strictest", "", "Call the emergency number now.", "Call the emergency number now.", "no setting: as it stands"),
    ("strictest", "your doctor", "The emergency number is free.", "Your doctor is free.", "a sentence begins large"),
    ("strictest", "your doctor", "Ask the emergency number.", "Ask your doctor.", "and goes on small"),
    ("reconciled", "4711", "7 days (14 under `reconciled`), or", "7 days (14), or", "the policy's own bracket"),
    ("strictest", "4711", "7 days (14 under `reconciled`), or", "7 days, or", "another policy's is left out"),
    ("strictest", "4711", "7 days (at most), or", "7 days (at most), or", "a bracket that holds for all stays"),
    ("reconciled", "4711", "a (b under `strictest`) c (d under `reconciled`)", "a c (d)", "each by itself"),
]


@pytest.mark.parametrize(("policy", "number", "words", "said", "comment"), BOOK_WORDS)
def test_words_of_the_book_are_fitted_to_the_run(policy: str, number: str, words: str, said: str, comment: str) -> None:
    assert book_words(material(policy, number), words) == said, comment


SOURCES = [
    # origin, date, how it was checked, words, comment
    ("article", "2025-03-06", "read", "A Site (2025-03-06)", "an article"),
    ("article", "unknown", "read", "A Site (date unknown)", "whose date nobody knows"),
    ("guideline", "", "read", "A Site (guideline addition, date unknown)", "a guideline, and none is given"),
    (
        "guideline",
        "2020",
        "secondary",
        "A Site (guideline addition, 2020, known from a quotation)",
        "never seen itself",
    ),
    ("project", "", "none", "a site of ours", "the project's own word has no date"),
    ("reconciled", "", "none", "a site of ours", "nor has a reconciliation"),
]


@pytest.mark.parametrize(("origin", "date", "checked", "words", "comment"), SOURCES)
def test_a_source_is_named_with_its_date_and_its_kind(
    origin: Any, date: str, checked: Any, words: str, comment: str
) -> None:
    name = "Site of ours" if origin in ("project", "reconciled") else "A Site"
    source = replace(book().sources["GM"], name=name, origin=origin, date=date, checked=checked)
    assert source_words(source) == words, comment


def test_each_source_is_cited_once_and_apart_where_its_level_is_our_reading() -> None:
    article = replace(book().statements["GM-dr-worse"], reading="")
    ours = replace(article, id="other", reading="“swift”")
    name = source_words(book().sources["GM"])
    assert cited(book(), [article, article, ours]) == f"{name}; {name}, our reading of: “swift”"
    assert cited(book(), []) == ""


NAMED = [
    # ids, the statements they name, comment
    (["GM-burning"], ["GM-burning.lasting", "GM-burning.unusual"], "a row: all its parts"),
    (["GM-burning.lasting"], ["GM-burning.lasting"], "one part"),
    (["project"], [], "the project's own word is no statement"),
]


@pytest.mark.parametrize(("ids", "named", "comment"), NAMED)
def test_statements_are_found_by_id_or_by_row(ids: list[str], named: list[str], comment: str) -> None:
    assert [one.id for one in statements_named(book(), ids)] == named, comment


ANSWERS = [
    # finding, what is known, words, comment
    ("dyspnoea", Fact(True, "response"), "Are you short of breath? Yes", "a question and its answer"),
    ("rash", Fact(True, "response"), "A new rash on or beside the sore place: yes", "an option and its answer"),
    ("dyspnoea", Fact(True, "record"), "Are you short of breath? Yes (from the record)", "nobody answered it"),
    ("rash", Fact(True, "derived"), "A new rash on or beside the sore place: yes (follows from other answers)", ""),
    ("rash", Fact(False, "record"), "A new rash on or beside the sore place: no (from the record)", "no plain no"),
    (
        "dyspnoea",
        Fact(True, "not-shown"),
        "Are you short of breath? Yes (not asked: an earlier answer rules it out)",
        "answered though the form hid it",
    ),
    (
        "dyspnoea",
        Fact(False, "contradiction"),
        "Are you short of breath? No (two answers do not fit together; this is the more dangerous reading)",
        "two answers",
    ),
    ("answers-old", Fact(True, "service"), f"{book().findings['answers-old'].label}: yes", "the service's own"),
]


@pytest.mark.parametrize(("finding", "fact", "words", "comment"), ANSWERS)
def test_an_answer_says_where_it_is_from_unless_it_was_given(
    finding: str, fact: Fact, words: str, comment: str
) -> None:
    assert answers_words(material(facts={finding: fact}), [finding, "chest-pain"]) == words, comment


def test_what_was_answered_no_is_gathered_behind_what_was_answered_otherwise() -> None:
    facts = {one: Fact(False, "response") for one in ("dyspnoea", "rash")} | {"age": Fact(Decimal("40"), "response")}
    assert answers_words(material(facts=facts), ["dyspnoea", "age", "rash"]) == (
        "How old are you? 40; answered no: Are you short of breath? / A new rash on or beside the sore place"
    )
    assert answers_words(material(facts=facts), []) == ""
