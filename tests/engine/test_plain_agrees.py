"""The engine as it serves against the plain one: the whole assessment is the same, for every answer and every policy.

The quick share of cases runs always; PLAIN_CASES sets a larger one.
"""

import os
from dataclasses import fields
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.engine.assess import assess
from service.engine.assessment import Assessment
from service.engine.facts import Fact, Facts, Value
from service.knowledge.condition import Compares, Condition, walk
from service.knowledge.model import Fit
from tests.clinical.random_cases import random_case
from tests.engine.plain.assess import assess as plain
from tests.engine.random_conditions import conditions, values
from tests.engine.situations import BOOK, BOOLEANS, answers, but, facts_of
from tests.engine.small_book import Ruling, book_of

CASES = int(os.environ.get("PLAIN_CASES", "500"))
POLICIES = sorted(BOOK.policies)
LEVELS = ["", *BOOK.levels]


def thresholds() -> dict[str, list[Decimal]]:
    """Name every measure that the book compares, with values below, at and above each threshold."""
    asked = [rule.when for rule in BOOK.rules.values()]
    asked += [one.when for one in BOOK.withholdings.values()]
    asked += [one.when for one in BOOK.derivations]
    found: dict[str, set[Decimal]] = {}
    for leaf in (node for condition in asked for node in walk(condition)):
        if isinstance(leaf, Compares):
            found.setdefault(leaf.measure, set()).update(
                leaf.threshold + by for by in map(Decimal, ("-0.1", "0", "0.1"))
            )
    return {measure: sorted(limits) for measure, limits in sorted(found.items())}


LIMITS = thresholds()
OPTIONS = {one.id: one.options for one in BOOK.findings.values() if one.options}


def at_random(rng: Random) -> dict[str, Value]:
    """Draw a plausible patient, a strained adult with answers changed, or any answers at all; much may be open."""
    kind = rng.randrange(4)
    if kind == 0:
        known = dict(random_case(rng).values)
    elif kind == 1:
        known = but(dict.fromkeys(rng.sample(BOOLEANS, rng.randrange(8)), True))
    else:
        present = rng.choice([0.0, 0.02, 0.1, 0.4])
        known = {finding: rng.random() < present for finding in BOOLEANS}
        known |= {choice: frozenset(rng.sample(options, rng.randrange(2))) for choice, options in OPTIONS.items()}
    known |= {measure: rng.choice(limits) for measure, limits in LIMITS.items() if rng.random() < 0.5}
    left_open = rng.choice([0.0, 0.0, 0.03, 0.3, 0.8, 1.0])
    kept = [finding for finding in known if rng.random() >= left_open]
    if rng.random() < 0.2:
        rng.shuffle(kept)
    return {finding: known[finding] for finding in kept}


def difference(one: Assessment, other: Assessment) -> list[str]:
    """Name the parts of two assessments that differ, in what they hold or in its order."""
    parts = [part.name for part in fields(one) if getattr(one, part.name) != getattr(other, part.name)]
    if list(one.facts) != list(other.facts):
        parts.append("order of the facts")
    if [list(topic.levels) for topic in one.topics] != [list(topic.levels) for topic in other.topics]:
        parts.append("order of the sources")
    return parts


def test_random_patients_are_assessed_alike_to_the_last_word() -> None:
    rng = Random(5)  # noqa: S311 - a repeatable sample, nothing secret
    levels: dict[str, int] = {}
    for _ in range(CASES):
        known, policy = at_random(rng), rng.choice(POLICIES)
        expected = plain(BOOK, facts_of(known), policy)
        assert difference(assess(BOOK, facts_of(known), policy), expected) == [], (policy, known)
        levels[expected.level] = levels.get(expected.level, 0) + 1
    print(f"{CASES} patients assessed alike: {levels}")
    assert set(levels) == set(BOOK.levels), "every level was met"


IN_SHORT: list[tuple[dict[str, Value | None], str]] = [
    ({}, "in scope"),
    ({"upper-back-pain": False, "other-site-only": True}, "out of scope"),
    ({"chest-pain": True}, "an ambulance"),
    ({"weight-loss": None}, "one question open"),
]


@pytest.mark.parametrize("changed", [row[0] for row in IN_SHORT], ids=[row[1] for row in IN_SHORT])
def test_a_healthy_adult_with_any_one_answer_changed_is_assessed_alike(changed: dict[str, Value | None]) -> None:
    """Judge all of them by one book, so that what is remembered of one must not reach the next."""
    for finding in BOOLEANS:
        for value in (True, None):
            facts = facts_of(but({**changed, finding: value}))
            expected = plain(BOOK, facts, "strictest")
            assert difference(assess(BOOK, facts, "strictest"), expected) == [], (finding, value)


@pytest.mark.parametrize("policy", POLICIES)
def test_a_blank_response_is_assessed_alike(policy: str) -> None:
    assert difference(assess(BOOK, {}, policy), plain(BOOK, {}, policy)) == []


@settings(max_examples=60, deadline=None)
@given(known=answers(), policy=st.sampled_from(POLICIES))
def test_situations_are_assessed_alike(known: dict[str, Value], policy: str) -> None:
    facts = facts_of(known)
    assert difference(assess(BOOK, facts, policy), plain(BOOK, facts, policy)) == []


some_facts = st.fixed_dictionaries({}, optional={**values, "sign": st.booleans(), "answers-old": st.booleans()})


@settings(max_examples=100, deadline=None)
@given(
    whens=st.lists(st.tuples(st.sampled_from(LEVELS), conditions), min_size=1, max_size=4),
    known=st.lists(some_facts, min_size=1, max_size=6),
)
def test_any_rules_are_assessed_alike(whens: list[tuple[str, Condition]], known: list[dict[str, Value]]) -> None:
    """Draw rules of any condition, and several patients, so that what is remembered of one must not reach another."""
    causes: dict[str, Fit] = {"angina": "fits", "muscle-strain": "partly-fits"}
    book = book_of(*(Ruling(f"rule-{at}", level, when, causes) for at, (level, when) in enumerate(whens)))
    for facts in map(facts_of, known):
        assert difference(assess(book, facts, "strictest"), plain(book, facts, "strictest")) == []


def test_a_fact_of_another_kind_than_its_finding_is_unknown() -> None:
    strange: Facts = {"dyspnoea": Fact(Decimal(1), "response"), "age": Fact(True, "response")}
    assert assess(BOOK, strange, "strictest").level == assess(BOOK, {}, "strictest").level


def test_an_assessment_leaves_no_trace_in_the_next_one() -> None:
    """Judge patients twice, in two orders: what was remembered of the others changes nothing."""
    rng = Random(9)  # noqa: S311 - a repeatable sample, nothing secret
    patients = [facts_of(at_random(rng)) for _ in range(60)]
    once = [assess(BOOK, facts, "reconciled") for facts in patients]
    again = [assess(BOOK, facts, "reconciled") for facts in reversed(patients)]
    assert once == again[::-1]
