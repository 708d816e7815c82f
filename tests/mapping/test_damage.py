"""The heart of reading: no damage to any answer ever makes the result less urgent than an admissible answer could."""

import pytest

from service.errors import Refused
from tests.mapping.damage import BASES, DAMAGES, READ_ALL_THE_SAME, Case, cases, floor, gravest, shown_in
from tests.mapping.reading import POLICIES, Read, highest_rank, rank, read
from tests.mapping.responses import BOOK, ITEMS

SELF_CARE, APPOINTMENT, WITHIN_24H, EMERGENCY, AMBULANCE = (
    BOOK.levels[level].rank for level in ("self-care", "appointment", "within-24h", "emergency", "ambulance")
)
LIFTED = {
    SELF_CARE: SELF_CARE,
    APPOINTMENT: APPOINTMENT,
    WITHIN_24H: APPOINTMENT,
    EMERGENCY: WITHIN_24H,
    AMBULANCE: WITHIN_24H,
}
"""What an open question that could lead to a level makes of the result at least."""


@pytest.mark.parametrize("base", BASES)
def test_damage_is_refused_by_name_or_never_lowers_the_level(base: str) -> None:
    for case in cases(base):
        outcome = _outcome(case)
        if isinstance(outcome, Refused):
            assert case.damage not in ("absent", "disabled"), (case, outcome.issues)
            assert _is_named(case, outcome), (case.damage, case.link_id, outcome.issues)
        else:
            assert case.damage in {*READ_ALL_THE_SAME, "disabled"}, (
                f"{case.damage} of {case.link_id} was read: {case.body}"
            )
            _assert_not_lowered(case, outcome)
            if _is_open(case):
                _assert_not_read_as_no(case, outcome)
            if case.damage == "not-sure" and ITEMS[case.link_id].kind == "yes-no-not-sure":
                _assert_read_as_yes(case, outcome)


def test_every_question_is_damaged_in_every_way_that_it_can_be() -> None:
    assert frozenset().union(*map(shown_in, BASES)) >= ITEMS.keys()
    done = {(case.link_id, case.damage) for base in BASES for case in cases(base)}
    measures = {item.link_id for item in ITEMS.values() if item.minimum is not None}
    quantities = {item.link_id for item in ITEMS.values() if item.kind == "quantity"}
    uncoded = {item.link_id for item in ITEMS.values() if item.kind in ("boolean", "integer", "quantity", "text")}
    never_hidden = {"dyspnoea"}
    expected = {(link_id, damage) for link_id in ITEMS for damage in (*DAMAGES, "disabled")}
    expected -= {(link_id, "out of range") for link_id in ITEMS.keys() - measures}
    expected -= {(link_id, "wrong unit") for link_id in ITEMS.keys() - quantities}
    expected -= {(link_id, "unknown code") for link_id in uncoded}
    expected -= {(link_id, "disabled") for link_id in never_hidden}
    assert done == expected


def _outcome(case: Case) -> Read | Refused:
    try:
        return read(case.body)
    except Refused as refused:
        return refused


def _is_named(case: Case, refused: Refused) -> bool:
    if not case.named:
        return all(issue.expression == "QuestionnaireResponse.questionnaire" for issue in refused.issues)
    return any(issue.link_id == case.named and ".item[" in issue.expression for issue in refused.issues)


def _is_open(case: Case) -> bool:
    """Tell whether the damage leaves a question open.

    A text that nobody wrote is no open question, nor is a temperature that nobody measured: the answer on fever is
    the same fact.
    """
    item = ITEMS[case.link_id]
    left_open = case.damage == "absent" or (case.damage == "not-sure" and item.kind == "checklist")
    return left_open and item.link_id not in ("note", "temperature")


def _assert_read_as_yes(case: Case, outcome: Read) -> None:
    for policy in POLICIES:
        assert rank(outcome.facts, policy) >= gravest(case.base, case.link_id, policy), (case.base, case.link_id)


def _assert_not_read_as_no(case: Case, outcome: Read) -> None:
    """An open question that could lead to a level leaves the result open up to it, and lifts it on its own."""
    for policy in POLICIES:
        could_be = gravest(case.base, case.link_id, policy)
        assert highest_rank(outcome.facts, policy) >= could_be, (case.base, case.link_id, policy)
        assert rank(outcome.facts, policy) >= LIFTED[could_be], (case.base, case.link_id, policy)


def _assert_not_lowered(case: Case, outcome: Read) -> None:
    for policy in POLICIES:
        met, least = rank(outcome.facts, policy), floor(case, policy)
        assert met >= least, f"{case.base}: {case.link_id} {case.damage}: {met} is below {least} under {policy}"
