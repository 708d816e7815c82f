"""The serving engine and a second engine, which shares no code with it, give every patient the same result.

The quick share; `make soak` compares a million random patients and every patient at a limit.
"""

from collections.abc import Mapping
from dataclasses import replace
from itertools import islice
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.engine.assess import assess
from service.engine.facts import Value
from service.knowledge.condition import Compares, Condition, walk
from service.knowledge.witnesses import read_witnesses
from tests.engine.agreement import compared
from tests.engine.inputs import beside, boundary_patients, random_patients, thresholds
from tests.engine.many_patients import LEVELS, Patients, Reader, asked_level, seen
from tests.engine.oracle import kleene
from tests.engine.random_conditions import conditions, with_facts
from tests.engine.situations import BOOK, WELL

PATIENTS = 100
WITNESSES = read_witnesses()


@pytest.mark.parametrize(("number", "policy"), list(enumerate(BOOK.policies)))
def test_random_patients_get_the_same_result(number: int, policy: str) -> None:
    found = compared(BOOK, list(islice(random_patients(BOOK, number), PATIENTS)), policy)
    assert found.differences == ()
    assert found.verdicts == PATIENTS * len(BOOK.rules)


@pytest.mark.parametrize("policy", ["strictest"])
def test_patients_at_every_limit_get_the_same_result(policy: str) -> None:
    patients = list(boundary_patients(BOOK, WITNESSES, every=False))
    for measure in thresholds(BOOK):
        met = {one.get(measure) for one in patients}
        assert {None, *(value for row in beside(BOOK, measure) for value in row)} <= met
    assert compared(BOOK, patients[::8], policy).differences == ()


def test_every_comparison_of_a_rule_is_met_on_both_sides_and_at_its_threshold() -> None:
    leaves = {leaf for rule in BOOK.rules.values() for leaf in walk(rule.when) if isinstance(leaf, Compares)}
    for leaf in leaves:
        assert leaf.threshold in {at for _, at, _ in beside(BOOK, leaf.measure)}


def test_patients_of_every_level_are_compared() -> None:
    """A million patients who are all emergencies would say nothing of the levels below."""
    found = seen(BOOK, [*islice(random_patients(BOOK, 1), 2000), {**WELL, "answers-old": False}], "strictest")
    assert [level for level in LEVELS if found.levels[level]] == list(LEVELS)


# --- the second engine itself: it reads as the oracle of single patients does ---


@settings(max_examples=100, deadline=None)
@given(with_facts(conditions), st.one_of(st.none(), st.frozensets(st.sampled_from(["a", "b"]))))
def test_many_patients_are_read_as_one_is(
    drawn: tuple[Condition, Mapping[str, Value]], doubted: frozenset[str] | None
) -> None:
    condition, known = drawn
    everybody = [{}, known, dict(list(known.items())[:1])]
    verdicts = Reader(Patients(everybody), doubted, {}).read(condition)
    assert [_verdict(verdicts.yes, verdicts.no, number) for number in range(3)] == [
        kleene(condition, one, doubted) for one in everybody
    ]


def _verdict(yes: int, no: int, number: int) -> bool | None:
    return True if yes >> number & 1 else (False if no >> number & 1 else None)


def test_what_a_rule_asks_for_follows_from_its_statements_alone() -> None:
    for policy in BOOK.policies.values():
        asked = {rule.id: asked_level(BOOK, rule, policy) for rule in BOOK.rules.values()}
        assert asked == BOOK.rule_levels[policy.id], policy.id


def _other_level(result: Any) -> Any:
    return replace(result, level="appointment" if result.level == "self-care" else "self-care")


def _other_ceiling(result: Any) -> Any:
    return replace(result, ceiling="self-care")


def _less_traced(result: Any) -> Any:
    return replace(result, trace=result.trace[1:])


def _undecided_as_fired(result: Any) -> Any:
    return replace(result, trace=tuple(replace(one, verdict="fired") for one in result.trace))


def _always_final(result: Any) -> Any:
    return replace(result, final=not result.final)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        (_other_level, "level "),
        (_other_ceiling, "ceiling "),
        (_less_traced, "fired "),
        (_undecided_as_fired, "undecided "),
        (_always_final, "final "),
    ],
)
def test_an_engine_that_differed_would_be_seen(wrong: Any, named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.engine.agreement.assess", lambda *arguments: wrong(assess(*arguments)))
    differences = compared(BOOK, list(islice(random_patients(BOOK, 2), 12)), "strictest").differences
    assert any(one.startswith(named) for one in differences)
