"""Every case of the book comes out as it is written: rules, terms and withholdings, each case a sentence."""

from collections.abc import Iterator

import pytest

from service.engine.case_check import failing_cases, verdict_of
from service.knowledge.condition import Condition
from service.knowledge.load import checked_book
from service.knowledge.model import Case

BOOK = checked_book()


def every_case() -> Iterator[tuple[str, Condition, Case]]:
    for kind, owners in (("term", BOOK.terms), ("rule", BOOK.rules), ("withholding", BOOK.withholdings)):
        for owner in owners.values():
            for case in owner.cases:
                yield f"{kind} {owner.id}: {case.says}", owner.when, case


CASES = list(every_case())


@pytest.mark.parametrize(("condition", "case"), [(c, k) for _, c, k in CASES], ids=[name for name, _, _ in CASES])
def test_the_case_comes_out_as_written(condition: Condition, case: Case) -> None:
    assert verdict_of(BOOK, condition, case) == case.verdict


def test_the_check_of_the_whole_book_finds_no_failing_case() -> None:
    assert list(failing_cases(BOOK)) == []
