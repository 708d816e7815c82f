"""What a condition asks of the result is settled at a level, wherever in the condition it stands."""

import pytest

from service.engine.plan_at import at_level
from service.knowledge.condition import (
    Always,
    AtLeast,
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
from tests.engine.situations import BOOK

A = Holds("a")
GRAVE = LevelAtLeast("emergency")
NEVER = Not(Always())
RULE = BOOK.rules["breathless"]
WITHHOLDING = BOOK.withholdings["acetaminophen-while-emergency"]
SETTLED: list[tuple[Condition, str, Condition, str]] = [
    (GRAVE, "ambulance", Always(), "above the level"),
    (GRAVE, "emergency", Always(), "the level itself"),
    (GRAVE, "within-24h", NEVER, "below it"),
    (RuleVerdict(RULE.id), "appointment", RULE.when, "a rule's verdict is that of its condition"),
    (Withheld(WITHHOLDING.id), "emergency", at_level(WITHHOLDING.when, "emergency", BOOK), "a withholding's, too"),
    (Term("t", GRAVE), "emergency", Term("t", Always()), "in a term"),
    (Not(GRAVE), "appointment", Not(NEVER), "under a not"),
    (AtLeast(2, (A, GRAVE)), "emergency", AtLeast(2, (A, Always())), "among others"),
    (UnlessAll(GRAVE, (A,)), "emergency", UnlessAll(Always(), (A,)), "with exemptions"),
    (UnlessAll(A, (A, GRAVE)), "appointment", UnlessAll(A, (A, NEVER)), "as an exemption"),
    (Not(Term("t", RuleVerdict(RULE.id))), "emergency", Not(Term("t", RULE.when)), "a rule under a not, in a term"),
    (UnlessAll(RuleVerdict(RULE.id), (GRAVE,)), "emergency", UnlessAll(RULE.when, (Always(),)), "a rule, unless grave"),
    (QuestionsOpen(), "emergency", QuestionsOpen(), "what only the result can tell stays"),
    (A, "emergency", A, "and so does what is asked of the facts"),
]


@pytest.mark.parametrize(("condition", "level", "settled", "comment"), SETTLED, ids=[row[-1] for row in SETTLED])
def test_what_is_asked_of_the_result_is_settled_at_a_level(
    condition: Condition, level: str, settled: Condition, comment: str
) -> None:
    assert at_level(condition, level, BOOK) == settled, comment


def test_a_withholding_that_asks_for_a_level_asks_for_nothing_of_the_result_any_more() -> None:
    assert at_level(WITHHOLDING.when, "emergency", BOOK) != at_level(WITHHOLDING.when, "self-care", BOOK)
