"""Every case of the book comes out as it is written: rules, terms and withholdings, each case a sentence."""

from collections.abc import Iterator

import pytest

from service.engine.derive import complete
from service.engine.facts import Fact
from service.engine.verdict import Outcome, View, evaluate
from service.knowledge.cases import facts_of
from service.knowledge.condition import Condition
from service.knowledge.load import load
from service.knowledge.model import Case

BOOK = load()
WORDS = {True: "fired", False: "not-fired", None: "undecided"}


def every_case() -> Iterator[tuple[str, Condition, Case]]:
    for kind, owners in (("term", BOOK.terms), ("rule", BOOK.rules), ("withholding", BOOK.withholdings)):
        for owner in owners.values():
            for case in owner.cases:
                yield f"{kind} {owner.id}: {case.says}", owner.when, case


CASES = list(every_case())


@pytest.mark.parametrize(("condition", "case"), [(c, k) for _, c, k in CASES], ids=[name for name, _, _ in CASES])
def test_the_case_comes_out_as_written(condition: Condition, case: Case) -> None:
    given = facts_of(case, BOOK)
    facts = {finding: Fact(value, "response", (finding,)) for finding, value in given.known.items()}
    completed = complete(BOOK, facts).facts
    outcome = Outcome(
        rank=BOOK.levels[given.level].rank,
        ranks={level.id: level.rank for level in BOOK.levels.values()},
        rules={rule: given.rules.get(rule, False) for rule in BOOK.rules},
    )
    view = View({finding: fact.value for finding, fact in completed.items()}, outcome=outcome)
    assert WORDS[evaluate(condition, view)] == case.verdict
