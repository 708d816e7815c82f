"""The canonical names stand once, and every activity, cause and withholding of the book can be put into words."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from service.mapping.writing import canonicals
from service.mapping.writing.questions import questions_about
from service.mapping.writing.words import finding_words, sentence, statements_named, value_words
from tests.mapping.writing.patients import book

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


def test_every_finding_has_words_and_every_asked_one_a_question() -> None:
    for finding in book().findings.values():
        assert finding_words(book(), finding.id)
        if finding.asked:
            assert questions_about(book(), [finding.id])


def test_a_derived_finding_is_asked_by_the_questions_it_follows_from() -> None:
    (asked,) = questions_about(book(), ["low-temperature"])
    assert asked.link_id == "temperature"


def test_options_of_one_checklist_stand_together() -> None:
    (asked,) = questions_about(book(), ["gi-bleeding", "palpitations"])
    assert asked.words == "Do you have any of these now? Black stools; A heart that races, thumps or skips."


VALUES = [
    # finding, value, words, comment
    ("dyspnoea", True, "yes", "present"),
    ("dyspnoea", False, "no", "absent"),
    ("severity-now", Decimal("7"), "7", "a number"),
    ("temperature", Decimal("38.50"), "38.50 degrees Celsius", "digits as sent"),
    ("duration-days", Decimal("1E+1"), "10 days", "never with an exponent"),
    ("temperature", Decimal(323) / 9 + 2, "about 37.88 degrees Celsius", "37.888...: cut, not rounded up"),
    ("tried", frozenset({"heat", "cold"}), "Heat, Cold", "in the order of the book"),
    ("tried", frozenset(), "nothing", "nothing chosen"),
]


@pytest.mark.parametrize(("finding", "value", "words", "comment"), VALUES)
def test_a_value_is_said_in_words(finding: str, value: object, words: str, comment: str) -> None:
    assert value_words(book(), book().findings[finding], value) == words, comment  # type: ignore[arg-type]  # one table


@pytest.mark.parametrize(("text", "said"), [("a b", "A b."), ("Yes?", "Yes?"), ("Yes.", "Yes."), ("x!", "X!")])
def test_a_sentence_begins_and_ends(text: str, said: str) -> None:
    assert sentence(text) == said
