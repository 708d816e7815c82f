"""Which answers speak for danger by themselves, so that they count even where the form would not have asked."""

from decimal import Decimal

import pytest

from service.engine.danger import is_danger
from service.engine.facts import Value
from service.knowledge.condition import Compares, Not
from tests.engine.situations import BOOK
from tests.engine.small_book import Ruling, book_of

DANGERS: list[tuple[str, Value, bool, str]] = [
    ("chest-pain", True, True, "a yes that alone calls an ambulance"),
    ("chest-pain", False, False, "a no speaks for nothing"),
    ("hx-diabetes", True, True, "a yes that with others makes an emergency"),
    ("stiffness-spasm", True, False, "a yes that no rule of emergency asks for"),
    ("improving", True, False, "a yes that reassures"),
    ("fever-felt", True, True, "a fever follows from it"),
    ("severity-now", Decimal(7), True, "severe"),
    ("severity-now", Decimal(6), False, "not severe"),
    ("age", Decimal(65), True, "old enough for a rule of emergency"),
    ("age", Decimal(30), True, "grown up, as a rule about the heart asks for"),
    ("temperature", Decimal(38), True, "a fever follows from it"),
    ("temperature", Decimal("35.9"), True, "too cold follows from it"),
    ("temperature", Decimal(37), False, "neither"),
    ("tried", frozenset({"heat"}), False, "a choice is no danger"),
]


@pytest.mark.parametrize(("finding", "value", "danger", "comment"), DANGERS, ids=[f"{r[0]}: {r[3]}" for r in DANGERS])
def test_what_speaks_for_danger(finding: str, value: Value, danger: bool, comment: str) -> None:
    assert is_danger(BOOK, finding, value) is danger, comment


BY_LEVEL = [("ambulance", True), ("emergency", True), ("within-24h", False), ("appointment", False), ("", False)]


@pytest.mark.parametrize(("level", "danger"), BY_LEVEL)
def test_a_number_speaks_for_danger_on_the_side_of_a_rule_of_emergency_or_above(level: str, danger: bool) -> None:
    book = book_of(Ruling("only", level, Compares("m", "at-least", Decimal(7))))
    assert is_danger(book, "m", Decimal(7)) is danger
    assert not is_danger(book, "m", Decimal("6.9"))
    assert not is_danger(book, "other", Decimal(7))


def test_a_number_under_a_not_speaks_for_nothing() -> None:
    book = book_of(Ruling("only", "emergency", Not(Compares("m", "at-least", Decimal(7)))))
    assert not is_danger(book, "m", Decimal(7))
    assert not is_danger(book, "m", Decimal(6))
