"""How every kind of condition reads, as one line and as a list; the words of findings come from the real rule book."""

from decimal import Decimal

import pytest

from service.knowledge.condition import (
    Always,
    AtLeast,
    CauseListed,
    Chosen,
    Compares,
    Condition,
    Holds,
    LevelAtLeast,
    Not,
    QuestionsOpen,
    RuleVerdict,
    Term,
    UnlessAll,
    Withheld,
    walk,
)
from service.knowledge.load import checked_book
from service.knowledge.words import inline, lines, phrase

BOOK = checked_book()
COUGH, YELLOW, VOMIT = Holds("cough"), Holds("jaundice"), Holds("vomiting")
SEVERE = Term("severe", BOOK.terms["severe"].when)
YOUNG = Compares("age", "below", Decimal(18))
ANY, ALL, TWO = AtLeast(1, (COUGH, YELLOW)), AtLeast(2, (COUGH, YELLOW)), AtLeast(2, (COUGH, YELLOW, VOMIT))
EXEMPT = "unless every one of these is answered so"

# fmt: off
CONDITIONS: list[tuple[Condition, str]] = [
    (COUGH,                                         "cough"),
    (Always(),                                      "always"),
    (Not(Always()),                                 "never by itself"),
    (YOUNG,                                         "age in years: under 18"),  # the label names the unit already
    (Compares("age", "at-most", Decimal(18)),       "age in years: 18 or less"),
    (Compares("age", "at-least", Decimal(18)),      "age in years: 18 or more"),
    (Compares("age", "above", Decimal(18)),         "age in years: more than 18"),
    (Compares("temperature", "below", Decimal("36.0")), "measured body temperature: under 36.0 degrees Celsius"),
    (Chosen("tried", "heat"),                       "what has been tried: Heat"),
    (SEVERE,                                        "pain of 7 or more, now or when it began"),
    (ANY,                                           "any of: cough; yellow skin or eyes"),
    (ALL,                                           "all of: cough; yellow skin or eyes"),
    (TWO,                                           "at least 2 of: cough; yellow skin or eyes; vomiting"),
    (AtLeast(1, (COUGH,)),                          "cough"),  # of one there is nothing to count
    (AtLeast(2, (ANY, VOMIT)),                      "all of: (any of: cough; yellow skin or eyes); vomiting"),
    (Not(COUGH),                                    "not: cough"),
    (Not(SEVERE),                                   "not: pain of 7 or more, now or when it began"),
    (Not(ANY),                                      "none of: cough; yellow skin or eyes"),
    (Not(ALL),                                      "not all of: cough; yellow skin or eyes"),
    (Not(TWO),                                      "fewer than 2 of: cough; yellow skin or eyes; vomiting"),
    (Not(Not(ANY)),                                 "not: (none of: cough; yellow skin or eyes)"),
    (Not(AtLeast(1, (COUGH,))),                     "not: cough"),
    (UnlessAll(COUGH, (Not(YELLOW),)),                f"cough, {EXEMPT}: not: yellow skin or eyes"),
    (UnlessAll(ALL, (YOUNG,)),
     f"all of: cough; yellow skin or eyes; ({EXEMPT}: age in years: under 18)"),
    (UnlessAll(ANY, (YOUNG,)),
     f"all of: (any of: cough; yellow skin or eyes); ({EXEMPT}: age in years: under 18)"),
    (LevelAtLeast("emergency"),                     "the result is emergency or above"),
    (RuleVerdict("breathless"),                     "the rule fired: Shortness of breath"),
    (CauseListed("sepsis"),                         "the result lists as a suspected cause: sepsis"),
    (Withheld("nsaid-age"),
     "the withholding holds: Anti-inflammatories under 16 and from 65 years"),
    (QuestionsOpen(),                               "a question is open whose answer could raise the level"),
]
# fmt: on


@pytest.mark.parametrize(("condition", "words"), CONDITIONS, ids=[words for _, words in CONDITIONS])
def test_a_condition_reads(condition: Condition, words: str) -> None:
    assert inline(phrase(BOOK, condition)) == words


def test_a_list_sets_what_belongs_together_one_deeper() -> None:
    assert lines(phrase(BOOK, AtLeast(2, (ANY, VOMIT)))) == (
        (0, "all of:"),
        (1, "any of:"),
        (2, "cough"),
        (2, "yellow skin or eyes"),
        (1, "vomiting"),
    )


def test_a_term_keeps_its_id_so_that_its_meaning_can_be_looked_up() -> None:
    assert phrase(BOOK, SEVERE).term == "severe"
    assert phrase(BOOK, Not(SEVERE)).term == "severe"
    assert phrase(BOOK, UnlessAll(SEVERE, (COUGH,))).term == "severe"


def test_every_condition_of_the_book_has_words_for_all_its_parts() -> None:
    conditions = [one.when for one in BOOK.rules.values()]
    conditions += [one.when for one in BOOK.terms.values()]
    conditions += [one.when for one in BOOK.withholdings.values()]
    conditions += [one.when for one in BOOK.activities.values()]
    for condition in conditions:
        words = inline(phrase(BOOK, condition))
        for node in outside_terms(condition):
            if isinstance(node, Holds):
                assert BOOK.findings[node.finding].label in words


def outside_terms(condition: Condition) -> list[Condition]:
    inside = {id(part) for node in walk(condition) if isinstance(node, Term) for part in walk(node.condition)}
    return [node for node in walk(condition) if id(node) not in inside]
