"""Conditions and facts at random, drawn by hypothesis; every kind of node that a rule may hold, and no other."""

from decimal import Decimal
from itertools import count

from hypothesis import strategies as st

from service.engine.facts import Value
from service.knowledge.condition import (
    Always,
    AtLeast,
    Chosen,
    Compares,
    Condition,
    Holds,
    Not,
    Term,
    UnlessAll,
    findings_in,
)

YES_NO = ("a", "b", "c", "d")
MEASURES = ("m", "n")
CHOICE, OPTIONS = "o", ("x", "y")
THRESHOLDS = (Decimal(3), Decimal(7))

values: dict[str, st.SearchStrategy[Value]] = {
    **dict.fromkeys(YES_NO, st.booleans()),
    **dict.fromkeys(MEASURES, st.sampled_from([Decimal(one) for one in (2, 3, 4, 7, 8)])),
    CHOICE: st.frozensets(st.sampled_from(OPTIONS)),
}
"""What a finding may be known as, by the first letter of its name."""

leaves: st.SearchStrategy[Condition] = st.one_of(
    st.builds(Holds, st.sampled_from(YES_NO)),
    st.builds(
        Compares,
        st.sampled_from(MEASURES),
        st.sampled_from(["below", "at-most", "at-least", "above"]),
        st.sampled_from(THRESHOLDS),
    ),
    st.builds(Chosen, st.just(CHOICE), st.sampled_from(OPTIONS)),
    st.just(Always()),
)


def _counting(parts: list[Condition]) -> st.SearchStrategy[Condition]:
    return st.builds(AtLeast, st.integers(1, len(parts)), st.just(tuple(parts)))


def _larger(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    several = st.lists(inner, min_size=1, max_size=3)
    return st.one_of(
        several.flatmap(_counting),
        st.builds(Not, inner),
        st.builds(Term, st.just("term"), inner),
        st.builds(UnlessAll, inner, several.map(tuple)),
    )


conditions = st.recursive(leaves, _larger, max_leaves=8)
"""Any condition; a finding may stand in it several times."""


def _each_finding_once(condition: Condition) -> Condition:
    return _renamed(condition, count())


def _renamed(condition: Condition, numbers: "count[int]") -> Condition:  # noqa: PLR0911 - one return a kind
    match condition:
        case Holds(name):
            return Holds(f"{name}{next(numbers)}")
        case Compares(name, operator, threshold):
            return Compares(f"{name}{next(numbers)}", operator, threshold)
        case Chosen(name, option):
            return Chosen(f"{name}{next(numbers)}", option)
        case Not(part):
            return Not(_renamed(part, numbers))
        case Term(name, part):
            return Term(name, _renamed(part, numbers))
        case AtLeast(least, parts):
            return AtLeast(least, tuple(_renamed(part, numbers) for part in parts))
        case UnlessAll(part, exemptions):
            return UnlessAll(_renamed(part, numbers), tuple(_renamed(one, numbers) for one in exemptions))
        case _:
            return condition


conditions_without_repeats = conditions.map(_each_finding_once)
"""Conditions in which no finding stands twice: there, an open verdict means that some answer can still turn it."""


def facts_about(condition: Condition) -> st.SearchStrategy[dict[str, Value]]:
    """Draw facts in which each finding of the condition is known or open."""
    return st.fixed_dictionaries({}, optional={name: values[name[0]] for name in sorted(findings_in(condition))})


def with_facts(drawn: st.SearchStrategy[Condition]) -> st.SearchStrategy[tuple[Condition, dict[str, Value]]]:
    """Draw a condition together with facts about it."""
    return drawn.flatmap(lambda condition: st.tuples(st.just(condition), facts_about(condition)))
