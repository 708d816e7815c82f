"""Conditions as clauses, as one table and as reasons: all decide what is decided of the facts themselves."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.engine.clauses import MET, UNMET, Question, at_least_of
from service.engine.facts import Fact, Value
from service.engine.leaves import Leaves, number_leaves
from service.engine.memory import MOST, keep
from service.engine.ordered import positions
from service.engine.reasons import Reasonings
from service.engine.table import Questions
from service.engine.verdict import View, evaluate, holding_findings, open_findings
from service.knowledge.condition import AtLeast, Chosen, Compares, Condition, Holds, LevelAtLeast, Not, UnlessAll
from tests.engine.random_conditions import conditions, facts_about, with_facts

Known = dict[str, Value]


def bits_of(leaves: Leaves, known: Known) -> int:
    return leaves.known({finding: Fact(value, "response") for finding, value in known.items()})


def answered(leaves: Leaves, question: Question, condition: Condition, known: Known) -> bool:
    """Ask a table of one question."""
    questions = Questions()
    bit = questions.ask(question.clauses(condition))
    return bool(questions.table(leaves.count).answers(bits_of(leaves, known)) & bit)


@settings(max_examples=400, deadline=None)
@given(with_facts(conditions), st.one_of(st.none(), st.frozensets(st.sampled_from(["a", "b"]))))
def test_the_table_decides_as_the_facts_do(drawn: tuple[Condition, Known], doubted: frozenset[str] | None) -> None:
    condition, known = drawn
    leaves = number_leaves([condition])
    verdict = evaluate(condition, View(known, doubted))
    assert answered(leaves, Question(leaves, True, doubted), condition, known) is (verdict is True)
    assert answered(leaves, Question(leaves, False, doubted), condition, known) is (verdict is not False)


@settings(max_examples=150, deadline=None)
@given(st.lists(conditions, min_size=1, max_size=6), st.data())
def test_questions_beside_each_other_are_answered_each_for_itself(asked: list[Condition], data: st.DataObject) -> None:
    leaves = number_leaves(asked)
    question = Question(leaves, certain=True)
    questions = Questions()
    widths = [len(question.clauses(one)) + data.draw(st.integers(0, 3)) for one in asked]
    bits = [questions.place(question.clauses(one), width) for one, width in zip(asked, widths, strict=True)]
    table = questions.table(leaves.count)
    for _ in range(3):
        known = data.draw(facts_about(AtLeast(1, tuple(asked))))
        answers = table.answers(bits_of(leaves, known))
        expected = [evaluate(one, View(known)) is True for one in asked]
        assert [bool(answers & bit) for bit in bits] == expected


@settings(max_examples=400, deadline=None)
@given(with_facts(conditions))
def test_a_reason_names_what_the_facts_name(drawn: tuple[Condition, Known]) -> None:
    condition, known = drawn
    leaves, view = number_leaves([condition]), View(known)
    reason = Reasonings(leaves).of(condition)(bits_of(leaves, known))
    assert reason.verdict is evaluate(condition, view)
    assert reason.holding == tuple(holding_findings(condition, view))
    assert reason.opened == tuple(open_findings(condition, view))


A, B = Holds("a"), Holds("b")
LEVEL = LevelAtLeast("emergency")


def test_what_is_asked_of_the_result_has_no_clauses_of_its_own() -> None:
    leaves = number_leaves([A])
    with pytest.raises(TypeError, match="no way to write clauses of LevelAtLeast"):
        Question(leaves, certain=True).clauses(Not(LEVEL))


COUNTS = [
    # at least so many, of parts that are met or not; the clauses
    (0, [UNMET], MET, "nothing is asked"),
    (1, [MET], MET, "the one"),
    (1, [UNMET, MET], MET, "one of two"),
    (2, [UNMET, MET], UNMET, "not both"),
    (2, [MET], UNMET, "two of one: never"),
]


@pytest.mark.parametrize(("count", "parts", "clauses", "comment"), COUNTS, ids=[row[-1] for row in COUNTS])
def test_counting(count: int, parts: list[tuple[int, ...]], clauses: tuple[int, ...], comment: str) -> None:
    assert at_least_of(count, parts) == clauses, comment


def test_a_clause_of_opposites_stays_open_while_its_finding_is() -> None:
    """A yes or a no, in three-valued logic, is not always so: nobody may have answered."""
    either = AtLeast(1, (A, Not(A)))
    leaves = number_leaves([either])
    certain = Question(leaves, certain=True)
    assert not answered(leaves, certain, either, {})
    assert answered(leaves, certain, either, {"a": True})


SCALE = [Compares("m", "at-least", Decimal(3)), Compares("m", "above", Decimal(3)), Compares("m", "below", Decimal(7))]
READINGS = [
    # value; at least 3, above 3, below 7
    ("2.9", [False, False, True], "below the first"),
    ("3", [True, False, True], "at the first"),
    ("3.1", [True, True, True], "between"),
    ("7", [True, True, False], "at the second"),
    ("7.1", [True, True, False], "above both"),
]


@pytest.mark.parametrize(("value", "verdicts", "comment"), READINGS, ids=[row[-1] for row in READINGS])
def test_a_measure_is_read_below_at_and_above_each_threshold(value: str, verdicts: list[bool], comment: str) -> None:
    leaves = number_leaves(SCALE)
    known = bits_of(leaves, {"m": Decimal(value)})
    assert [bool(known & leaves.of(leaf).holds) for leaf in SCALE] == verdicts, comment
    assert [bool(known & leaves.of(leaf).fails) for leaf in SCALE] == [not one for one in verdicts], comment


STRANGE: list[tuple[str, Value, str]] = [
    ("m", True, "a yes for a number"),
    ("a", Decimal(1), "a number for a yes"),
    ("o", False, "a no for a choice"),
    ("m", frozenset({"x"}), "a choice for a number"),
    ("o", Decimal(1), "a number for a choice"),
    ("z", True, "a finding that no condition asks for"),
]


@pytest.mark.parametrize(("finding", "value", "comment"), STRANGE, ids=[row[-1] for row in STRANGE])
def test_what_cannot_be_read_is_unknown(finding: str, value: Value, comment: str) -> None:
    leaves = number_leaves([A, SCALE[0], Chosen("o", "x")])
    assert bits_of(leaves, {finding: value}) == 0, comment


def test_an_exemption_from_nothing_never_holds() -> None:
    leaves = number_leaves([A])
    assert not answered(leaves, Question(leaves, certain=False), UnlessAll(A, ()), {"a": True})


def test_the_positions_of_bits_come_highest_first() -> None:
    assert positions(0b1011) == [3, 1, 0]


def test_a_full_memory_forgets_everything_and_keeps_the_new() -> None:
    memory = dict.fromkeys(range(MOST), "old")
    assert keep(memory, MOST, "new") == "new"
    assert memory == {MOST: "new"}
