"""How a condition is decided, as truth tables, and that learning more never takes a decision back."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.engine.facts import Value
from service.engine.verdict import Outcome, Verdict, View, evaluate, holding_findings, open_findings
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
)
from tests.engine.oracle import by_trying, kleene
from tests.engine.random_conditions import conditions, conditions_without_repeats, facts_about, with_facts

YES, NO = True, False
A, B, C = Holds("a"), Holds("b"), Holds("c")
Facts = dict[str, Value]


def comments(table: Sequence[tuple[object, ...]]) -> list[str]:
    return [str(row[-1]) for row in table]


def all_of(*parts: Condition) -> AtLeast:
    return AtLeast(len(parts), parts)


def any_of(*parts: Condition) -> AtLeast:
    return AtLeast(1, parts)


LEAVES: list[tuple[Condition, Facts, Verdict, str]] = [
    (A, {"a": YES}, True, "present"),
    (A, {"a": NO}, False, "absent"),
    (A, {}, None, "nobody knows"),
    (A, {"b": YES}, None, "another finding says nothing about it"),
    (A, {"a": Decimal(1)}, None, "a number is no yes"),
    (Always(), {}, True, "asks nothing"),
    (Term("t", A), {"a": YES}, True, "a term holds as its condition does"),
    (Term("t", A), {"a": NO}, False, "and fails as it does"),
    (Term("t", A), {}, None, "and is open as it is"),
    (Chosen("o", "x"), {"o": frozenset({"x", "y"})}, True, "chosen among others"),
    (Chosen("o", "x"), {"o": frozenset({"y"})}, False, "another was chosen"),
    (Chosen("o", "x"), {"o": frozenset()}, False, "answered, and none chosen"),
    (Chosen("o", "x"), {}, None, "not answered"),
]

SEVEN = Decimal(7)
COMPARISONS: list[tuple[str, Verdict, Verdict, Verdict]] = [
    # operator, just below, at, just above the threshold
    ("below", True, False, False),
    ("at-most", True, True, False),
    ("at-least", False, True, True),
    ("above", False, False, True),
]

NEGATIONS: list[tuple[Facts, Verdict, str]] = [
    ({"a": YES}, False, "known to hold"),
    ({"a": NO}, True, "known not to hold"),
    ({}, None, "unknown is never no"),
]

PAIRS: list[tuple[Facts, Verdict, Verdict, str]] = [
    # facts, all of a and b, any of a and b
    ({"a": YES, "b": YES}, True, True, "both"),
    ({"a": YES, "b": NO}, False, True, "one"),
    ({"a": NO, "b": NO}, False, False, "none"),
    ({"a": YES}, None, True, "one, the other open: it decides all, not any"),
    ({"a": NO}, False, None, "not the one, the other open: it decides any, not all"),
    ({}, None, None, "both open"),
]

TWO_OF_THREE: list[tuple[Facts, Verdict, str]] = [
    ({"a": YES, "b": YES}, True, "two hold, the third cannot matter"),
    ({"a": YES, "b": NO, "c": YES}, True, "two of three"),
    ({"a": YES, "b": NO, "c": NO}, False, "one of three"),
    ({"a": NO, "b": NO}, False, "two fail, the third cannot help"),
    ({"a": YES}, None, "one holds, two open"),
    ({"a": YES, "b": NO}, None, "the open one decides"),
    ({"a": NO}, None, "two could still hold"),
    ({}, None, "all open"),
]

UNLESS = UnlessAll(A, (B, Not(C)))
"""a, unless b is present and c is absent."""

EXEMPTIONS: list[tuple[Facts, Verdict, Verdict, str]] = [
    # facts, verdict, verdict in doubt (open exemptions do not exempt)
    ({"a": YES, "b": YES, "c": NO}, False, False, "every exemption is answered so"),
    ({"a": YES, "b": NO, "c": NO}, True, True, "one is answered otherwise"),
    ({"a": YES, "b": YES, "c": YES}, True, True, "the other is answered otherwise"),
    ({"a": YES, "b": NO}, True, True, "one is answered otherwise, so the open one cannot matter"),
    ({"a": YES, "b": YES}, None, True, "one exempts and one is open"),
    ({"a": YES, "c": NO}, None, True, "the other exempts and one is open"),
    ({"a": YES}, None, True, "both exemptions are open"),
    ({"a": NO}, False, False, "what it is about does not hold"),
    ({"b": YES, "c": NO}, False, False, "exempt whatever it is about"),
    ({"b": NO}, None, None, "nothing exempts, and what it is about is open"),
    ({}, None, None, "everything is open"),
]


@pytest.mark.parametrize(("condition", "known", "verdict", "comment"), LEAVES, ids=comments(LEAVES))
def test_a_condition_about_one_finding(condition: Condition, known: Facts, verdict: Verdict, comment: str) -> None:
    assert evaluate(condition, View(known)) is verdict, comment


@pytest.mark.parametrize(("operator", "below", "at", "above"), COMPARISONS)
def test_a_comparison_below_at_and_above_its_threshold(
    operator: str, below: Verdict, at: Verdict, above: Verdict
) -> None:
    condition = Compares("m", operator, SEVEN)  # type: ignore[arg-type]  # the table holds the four words
    values = [SEVEN - Decimal("0.1"), SEVEN, SEVEN + Decimal("0.1")]
    assert [evaluate(condition, View({"m": value})) for value in values] == [below, at, above]


@pytest.mark.parametrize("operator", [row[0] for row in COMPARISONS])
def test_a_comparison_without_a_number_is_open(operator: str) -> None:
    condition = Compares("m", operator, SEVEN)  # type: ignore[arg-type]  # the table holds the four words
    assert evaluate(condition, View({})) is None
    assert evaluate(condition, View({"m": True})) is None


@pytest.mark.parametrize(("known", "verdict", "comment"), NEGATIONS, ids=comments(NEGATIONS))
def test_not(known: Facts, verdict: Verdict, comment: str) -> None:
    assert evaluate(Not(A), View(known)) is verdict, comment


@pytest.mark.parametrize(("known", "both", "either", "comment"), PAIRS, ids=comments(PAIRS))
def test_all_and_any(known: Facts, both: Verdict, either: Verdict, comment: str) -> None:
    assert evaluate(all_of(A, B), View(known)) is both, comment
    assert evaluate(any_of(A, B), View(known)) is either, comment
    assert evaluate(all_of(B, A), View(known)) is both, "the order of the parts does not matter"
    assert evaluate(any_of(B, A), View(known)) is either, "the order of the parts does not matter"


@pytest.mark.parametrize(("known", "verdict", "comment"), TWO_OF_THREE, ids=comments(TWO_OF_THREE))
def test_at_least_two_of_three(known: Facts, verdict: Verdict, comment: str) -> None:
    assert evaluate(AtLeast(2, (A, B, C)), View(known)) is verdict, comment


@pytest.mark.parametrize(("known", "verdict", "doubting", "comment"), EXEMPTIONS, ids=comments(EXEMPTIONS))
def test_unless_all(known: Facts, verdict: Verdict, doubting: Verdict, comment: str) -> None:
    assert evaluate(UNLESS, View(known)) is verdict, comment
    assert evaluate(UNLESS, View(known, doubted=frozenset())) is doubting, comment


DOUBTED: list[tuple[Condition, Facts, Verdict, str]] = [
    (A, {}, False, "open reassurance is no reassurance"),
    (A, {"a": YES}, True, "answered reassurance stands"),
    (B, {}, None, "a finding that reassures nobody stays open"),
    (Not(A), {}, True, "without reassurance the rule stands"),
    (all_of(B, Not(A)), {"b": YES}, True, "only reassurance was open"),
    (all_of(B, Not(A)), {}, None, "more than reassurance is open"),
    (UnlessAll(B, (A,)), {"b": YES}, True, "reassurance as an exemption, open"),
    (UnlessAll(B, (A, C)), {"b": YES, "c": NO}, True, "not exempt whatever is answered"),
]


@pytest.mark.parametrize(("condition", "known", "verdict", "comment"), DOUBTED, ids=comments(DOUBTED))
def test_in_doubt_an_open_reassuring_finding_counts_as_absent(
    condition: Condition, known: Facts, verdict: Verdict, comment: str
) -> None:
    assert evaluate(condition, View(known, doubted=frozenset({"a"}))) is verdict, comment


OUTCOME = Outcome(
    rank=3,
    ranks={"appointment": 2, "within-24h": 3, "emergency": 4},
    rules={"fired": True, "not-fired": False, "undecided": None},
    causes=frozenset({"shingles"}),
    withholdings={"holding": True, "open": None},
    questions_open=True,
)
OF_THE_RESULT: list[tuple[Condition, Verdict, str]] = [
    (LevelAtLeast("appointment"), True, "the result stands above"),
    (LevelAtLeast("within-24h"), True, "the result stands there"),
    (LevelAtLeast("emergency"), False, "the result stands below"),
    (RuleVerdict("fired"), True, "the rule fired"),
    (RuleVerdict("not-fired"), False, "it did not"),
    (RuleVerdict("undecided"), None, "it is open"),
    (CauseListed("shingles"), True, "the cause is listed"),
    (CauseListed("fracture"), False, "it is not"),
    (Withheld("holding"), True, "the withholding holds"),
    (Withheld("open"), None, "it is open"),
    (QuestionsOpen(), True, "a question could raise the level"),
]


@pytest.mark.parametrize(("condition", "verdict", "comment"), OF_THE_RESULT, ids=comments(OF_THE_RESULT))
def test_what_withholdings_and_activities_ask_of_the_result(
    condition: Condition, verdict: Verdict, comment: str
) -> None:
    assert evaluate(condition, View({}, outcome=OUTCOME)) is verdict, comment
    assert evaluate(condition, View({})) is None, "before there is a result it is open"


def test_what_is_no_condition_cannot_be_evaluated() -> None:
    with pytest.raises(TypeError, match="no way to evaluate str"):
        evaluate("dyspnoea", View({}, outcome=OUTCOME))  # type: ignore[arg-type]  # the point of the test


NAMED: list[tuple[Condition, Facts, list[str], list[str], str]] = [
    # condition, facts, findings that make it hold, findings that would decide it
    (A, {"a": YES}, ["a"], [], "the finding itself"),
    (A, {"a": NO}, [], [], "what failed names nothing"),
    (A, {}, [], ["a"], "the open finding"),
    (any_of(A, B, C), {"a": YES, "b": NO}, ["a"], [], "of any, those that hold"),
    (any_of(A, B, C), {"b": NO}, [], ["a", "c"], "of any, those that are open"),
    (all_of(A, B), {"a": YES}, [], ["b"], "what holds already is not asked again"),
    (Term("t", any_of(A, B)), {"b": YES}, ["b"], [], "through a term"),
    (Not(A), {"a": NO}, ["a"], [], "a no that makes it hold"),
    (Not(A), {}, [], ["a"], "a no that is missing"),
    (UNLESS, {"a": YES, "b": NO}, ["a", "b"], [], "and the answer that keeps it from being exempt"),
    (UNLESS, {"a": YES, "b": YES}, [], ["c"], "the open exemption"),
    (Compares("m", "above", SEVEN), {"m": Decimal(8)}, ["m"], [], "a measure"),
    (Chosen("o", "x"), {}, [], ["o"], "a choice"),
    (Always(), {}, [], [], "what asks nothing names nothing"),
    (all_of(Always(), A), {}, [], ["a"], "nor does it among others"),
]


@pytest.mark.parametrize(("condition", "known", "holding", "opened", "comment"), NAMED, ids=comments(NAMED))
def test_the_findings_behind_a_verdict(
    condition: Condition, known: Facts, holding: list[str], opened: list[str], comment: str
) -> None:
    assert list(holding_findings(condition, View(known))) == holding, comment
    assert list(open_findings(condition, View(known))) == opened, comment


def test_a_condition_about_the_result_names_no_open_finding() -> None:
    assert list(open_findings(RuleVerdict("undecided"), View({}, outcome=OUTCOME))) == []


@settings(max_examples=2000, deadline=None)
@given(with_facts(conditions), st.one_of(st.none(), st.frozensets(st.sampled_from(["a", "b"]))))
def test_the_engine_decides_as_kleenes_tables_do(
    drawn: tuple[Condition, Facts], doubted: frozenset[str] | None
) -> None:
    condition, known = drawn
    assert evaluate(condition, View(known, doubted)) is kleene(condition, known, doubted)


@settings(max_examples=500, deadline=None)
@given(with_facts(conditions))
def test_what_is_decided_comes_out_so_however_the_open_answers_turn_out(drawn: tuple[Condition, Facts]) -> None:
    condition, known = drawn
    verdict = evaluate(condition, View(known))
    assert verdict is None or verdict is by_trying(condition, known)


@settings(max_examples=500, deadline=None)
@given(with_facts(conditions_without_repeats))
def test_what_is_open_can_still_turn_out_either_way(drawn: tuple[Condition, Facts]) -> None:
    condition, known = drawn
    assert evaluate(condition, View(known)) is by_trying(condition, known)


@settings(max_examples=500, deadline=None)
@given(st.data(), with_facts(conditions))
def test_a_decided_verdict_never_flips_by_learning_more(data: st.DataObject, drawn: tuple[Condition, Facts]) -> None:
    condition, known = drawn
    verdict = evaluate(condition, View(known))
    learned = data.draw(facts_about(condition))
    assert verdict is None or evaluate(condition, View({**learned, **known})) is verdict


@settings(max_examples=500, deadline=None)
@given(st.data(), with_facts(conditions))
def test_the_open_findings_decide_and_no_others_do(data: st.DataObject, drawn: tuple[Condition, Facts]) -> None:
    condition, known = drawn
    verdict = evaluate(condition, View(known))
    named = set(open_findings(condition, View(known)))
    assert bool(named) is (verdict is None)
    assert named.isdisjoint(known)
    learned = data.draw(facts_about(condition))
    beside = {finding: value for finding, value in learned.items() if finding not in named}
    assert evaluate(condition, View({**beside, **known})) is verdict, "learning anything else changes nothing"
    if named <= set(learned):
        assert evaluate(condition, View({**learned, **known})) is not None, "learning all of them decides"


@settings(max_examples=500, deadline=None)
@given(with_facts(conditions))
def test_a_condition_holds_by_its_holding_findings_alone(drawn: tuple[Condition, Facts]) -> None:
    condition, known = drawn
    view = View(known)
    named = set(holding_findings(condition, view))
    if evaluate(condition, view):
        assert evaluate(condition, View({finding: known[finding] for finding in named})) is True
    else:
        assert named == set()
