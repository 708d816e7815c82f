"""P7: no level stands below a statement whose own condition holds, for every patient at once, or above all of them."""

import pytest

from service.engine.proof import logic
from service.engine.proof.symbols import any_facts, domain, is_exactly
from tests.clinical.example_case import case_of
from tests.clinical.own_conditions import ARTICLES, GUIDELINES
from tests.proof.any_patient import BOOK, RECONCILED, STATEMENTS, WITHHOLDS, of_the_real_book
from tests.proof.second_reading import AnyCase
from tests.proof.statements import WIDER, not_told, other_levels, too_high, too_low, wrongly_suggested


def test_every_statement_asks_for_the_level_that_was_read_again() -> None:
    assert list(other_levels(BOOK)) == []


def test_no_level_stands_below_a_statement_whose_own_condition_holds() -> None:
    assert list(too_low(BOOK, of_the_real_book())) == []


def test_no_level_stands_above_all_statements_when_everything_is_answered() -> None:
    assert list(too_high(BOOK, of_the_real_book())) == []


def test_each_rule_that_is_said_to_be_wider_is_wider(monkeypatch: pytest.MonkeyPatch) -> None:
    for rule in sorted(WIDER):
        monkeypatch.setattr("tests.proof.statements.WIDER", WIDER - {rule})
        assert any(rule in found for found in too_high(BOOK, of_the_real_book())), rule


def test_nothing_is_suggested_while_a_withholdings_own_condition_holds() -> None:
    assert list(wrongly_suggested(BOOK, of_the_real_book())) == []


def test_everybody_who_must_not_drive_is_told() -> None:
    assert list(not_told(BOOK, of_the_real_book())) == []


def test_every_row_of_the_second_reading_is_read() -> None:
    assert [row.id for row in STATEMENTS] == [row.id for row in ARTICLES + GUIDELINES]
    assert (len(RECONCILED), len(WITHHOLDS)) == (34, 16)


@pytest.mark.parametrize(
    ("present", "measures", "comment"),
    [
        ("chest-pain", {"age": "40"}, "one danger"),
        ("strain-event mechanical tender-to-touch", {"age": "40", "duration_days": "2"}, "muscle pain"),
        ("nausea recurrent after-meals", {"age": "49", "severity_now": "3"}, "every reassurance"),
        ("pregnant pelvic-pain hx-cancer arm-numb", {"gestation_weeks": "20"}, "several at once"),
        ("trauma-major hx-spine", {"trauma_days": "3"}, "a date"),
    ],
)
def test_the_formulas_say_what_the_functions_say(present: str, measures: dict[str, str], comment: str) -> None:
    case = case_of(present, **measures)
    symbols = any_facts(BOOK)
    told = {name: value for name, value in case.values.items() if name in symbols and BOOK.findings[name].asked}
    told |= dict.fromkeys(("free-text", "answers-old"), False)
    solver = logic.solver_for(logic.both(domain(BOOK, symbols), is_exactly(symbols, told)))
    written = {row.id: row.holds(case) for row in ARTICLES + GUIDELINES}
    for row in STATEMENTS:
        formula = row.holds(AnyCase(symbols))
        assert (solver.example(formula) is not None) == written[row.id], f"{row.id}: {comment}"
