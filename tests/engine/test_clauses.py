"""Conditions as clauses, as one table and as reasons: all decide what is decided of the facts themselves."""

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.engine.clauses import MET, UNMET, Question, all_of, any_of, at_least_of
from service.engine.facts import Fact, Value
from service.engine.leaves import Leaves, number_leaves
from service.engine.memory import MOST, keep
from service.engine.ordered import positions
from service.engine.reasons import Reason, Reasonings
from service.engine.table import Questions
from service.engine.verdict import View, evaluate, holding_findings, open_findings
from service.knowledge.condition import (
    Always,
    AtLeast,
    Chosen,
    Compares,
    Condition,
    Holds,
    LevelAtLeast,
    Not,
    Term,
    UnlessAll,
)
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


A, B, C = Holds("a"), Holds("b"), Holds("c")
SMALL: list[tuple[Condition, str]] = [
    (A, "a finding"),
    (Not(A), "its absence"),
    (AtLeast(1, (A, B)), "any"),
    (AtLeast(2, (A, B)), "all"),
    (AtLeast(2, (A, B, C)), "two of three"),
    (Not(AtLeast(2, (A, B, C))), "not two of three"),
    (AtLeast(1, (AtLeast(2, (A, B)), AtLeast(2, (Not(A), C)))), "one way or the other"),
    (Term("t", AtLeast(1, (A, Not(B)))), "a term"),
    (UnlessAll(A, (B,)), "unless exempt"),
    (UnlessAll(A, (B, C)), "unless exempt twice"),
    (UnlessAll(A, (Not(B), C)), "unless exempt by an absence"),
    (Not(UnlessAll(A, (B, C))), "not, unless exempt twice"),
    (UnlessAll(AtLeast(1, (A, B)), (AtLeast(1, (B, C)),)), "unless exempt by what speaks for it, too"),
    (AtLeast(2, (C, Not(UnlessAll(A, (Term("t", B),))))), "with the absence of what may be exempt"),
    (UnlessAll(A, (UnlessAll(B, (C,)),)), "an exemption that may be exempt"),
    (AtLeast(1, (Always(), A)), "always, or"),
    (Not(Always()), "never"),
]
SITUATIONS: list[Known] = [
    {name: value for name, value in zip("abc", values, strict=True) if value is not None}
    for values in product((True, False, None), repeat=3)
]
DOUBTED = [None, frozenset[str](), frozenset("a"), frozenset("b"), frozenset("ac"), frozenset("abc")]


@pytest.mark.parametrize("condition", [row[0] for row in SMALL], ids=[row[1] for row in SMALL])
def test_every_small_condition_is_decided_alike_in_every_situation(condition: Condition) -> None:
    leaves = number_leaves([condition])
    for known, doubted in product(SITUATIONS, DOUBTED):
        verdict = evaluate(condition, View(known, doubted))
        told = (known, doubted, verdict)
        assert answered(leaves, Question(leaves, True, doubted), condition, known) is (verdict is True), told
        assert answered(leaves, Question(leaves, False, doubted), condition, known) is (verdict is not False), told


@pytest.mark.parametrize("condition", [row[0] for row in SMALL], ids=[row[1] for row in SMALL])
def test_the_reason_of_every_small_condition_names_what_the_facts_name(condition: Condition) -> None:
    leaves = number_leaves([condition])
    reasoning = Reasonings(leaves).of(condition)
    for known in SITUATIONS:
        view = View(known)
        named = (
            evaluate(condition, view),
            tuple(holding_findings(condition, view)),
            tuple(open_findings(condition, view)),
        )
        assert reasoning(bits_of(leaves, known)) == Reason(*named), known


def test_questions_of_any_width_stand_beside_each_other() -> None:
    """A question may be given more bits than it has clauses, as the three questions of a rule are."""
    leaves = number_leaves([A, B])
    ask = Question(leaves, certain=True).clauses
    questions = Questions()
    both = AtLeast(2, (A, B))
    bits = [questions.place(ask(one), width) for one, width in ((A, 4), (both, 2), (B, 3), (Always(), 2), (A, 1))]
    table = questions.table(leaves.count)
    for known, expected in (
        ({"a": True, "b": True}, [True, True, True, True, True]),
        ({"a": True}, [True, False, False, True, True]),
        ({"b": True}, [False, False, True, True, False]),
        ({}, [False, False, False, True, False]),
    ):
        answers = table.answers(bits_of(leaves, known))
        assert [bool(answers & bit) for bit in bits] == expected, known
    assert questions.size == 4 + 2 + 3 + 2 + 1 + 5, "a bit for each clause there may be, and one to carry into"
    assert [bit.bit_length() - 1 for bit in bits] == [4, 7, 11, 14, 16]


def test_what_a_stretch_of_the_known_met_once_is_found_again() -> None:
    """Nothing depends on it but speed: a memory that finds nothing would go unnoticed otherwise."""
    leaves = number_leaves([A, B])
    questions = Questions()
    questions.ask(Question(leaves, certain=True).clauses(A))
    table = questions.table(leaves.count)
    known = bits_of(leaves, {"a": True})
    once = table.answers(known)
    (memory,) = table.met
    assert memory == {known.to_bytes(len(table.rows), "little"): once - table.carries}
    memory.update(dict.fromkeys(memory, 0b11111))
    assert table.answers(known) == 0b11111 + table.carries


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
    (3, [MET], UNMET, "three of one: never"),
]


@pytest.mark.parametrize(("count", "parts", "clauses", "comment"), COUNTS, ids=[row[-1] for row in COUNTS])
def test_counting(count: int, parts: list[tuple[int, ...]], clauses: tuple[int, ...], comment: str) -> None:
    assert at_least_of(count, parts) == clauses, comment


def test_a_clause_that_is_met_wherever_a_shorter_one_is_is_left_out_and_the_shortest_stand_first() -> None:
    assert all_of([(0b011,), (0b001,), (0b110, 0b111)]) == (0b001, 0b110)
    assert all_of([(0b011,), (0b100,)]) == (0b100, 0b011)
    assert any_of([(0b001, 0b010), (0b001,)]) == (0b001,)


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


@pytest.mark.parametrize(("operator", "opposite"), [("below", "at-least"), ("at-most", "above")])
def test_a_comparison_and_its_opposite_are_one_leaf_read_from_two_sides(operator: str, opposite: str) -> None:
    one, other = Compares("m", operator, Decimal(7)), Compares("m", opposite, Decimal(7))
    leaves = number_leaves([one, other])
    assert leaves.count == 1
    assert leaves.of(one) == leaves.of(other).opposite


OPTIONS: list[tuple[frozenset[str], list[bool], str]] = [
    # chosen; whether x, y and z are
    (frozenset({"x"}), [True, False, False], "one: the others are not"),
    (frozenset({"z", "y"}), [False, True, True], "two of three"),
    (frozenset(), [False, False, False], "answered with none of them"),
    (frozenset({"w"}), [False, False, False], "one that no condition asks for"),
]


@pytest.mark.parametrize(("chosen", "verdicts", "comment"), OPTIONS, ids=[row[-1] for row in OPTIONS])
def test_an_answered_choice_decides_every_option(chosen: frozenset[str], verdicts: list[bool], comment: str) -> None:
    options = [Chosen("o", one) for one in "xyz"]
    leaves = number_leaves([*options, Chosen("other", "x")])
    known = bits_of(leaves, {"o": chosen})
    assert [bool(known & leaves.of(leaf).holds) for leaf in options] == verdicts, comment
    assert [bool(known & leaves.of(leaf).fails) for leaf in options] == [not one for one in verdicts], comment
    other = leaves.of(Chosen("other", "x"))
    assert not known & (other.holds | other.fails), "another choice stays open"


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
