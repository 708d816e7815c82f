"""Situations to build plans for: a healthy adult, what may be changed about it, and the plan that comes out."""

from collections.abc import Mapping
from decimal import Decimal

from hypothesis import strategies as st

from service.engine.assess import assess, of_result
from service.engine.assessment import Assessment, Plan
from service.engine.derive import complete, completed
from service.engine.facts import Fact, Facts, Value
from service.engine.ordered import joined
from service.engine.plan import Situation, plan_for
from service.engine.prepared import prepared
from service.engine.verdict import Outcome, View, evaluate
from service.knowledge.load import checked_book

BOOK = checked_book()
BOOLEANS = sorted(one.id for one in BOOK.findings.values() if one.kind == "boolean")

WELL: Mapping[str, Value] = {
    **dict.fromkeys(BOOLEANS, False),
    **dict.fromkeys(("upper-back-pain", "strain-event", "mechanical"), True),
    "age": Decimal(40),
    "severity-now": Decimal(3),
    "severity-onset": Decimal(4),
    "duration-days": Decimal(2),
    "tried": frozenset({"none"}),
    "relieved-by": frozenset({"rest"}),
    "pattern": frozenset({"only-on-movement"}),
    "sex": frozenset({"female"}),
}
"""A healthy adult of 40 who strained a muscle two days ago, with every question answered."""

DANGEROUS = {
    "age": ["4", "5", "15", "16", "17", "18", "64", "65"],
    "severity-now": ["3", "6", "7"],
    "duration-days": ["2", "7", "15"],
    "trauma-days": ["2", "3"],
    "gestation-weeks": ["19", "20"],
    "temperature": ["35.9", "37.9", "38"],
}
"""Measures at and beside a limit."""


def facts_of(known: Mapping[str, Value]) -> Facts:
    return {finding: Fact(value, "response", (finding,)) for finding, value in known.items()}


def assessed(known: Mapping[str, Value], policy: str = "strictest") -> Assessment:
    return assess(BOOK, facts_of(known), policy)


def but(changes: Mapping[str, Value | None]) -> dict[str, Value]:
    """Name what is known of the healthy adult with some answers changed; None leaves a question open."""
    changed = {**WELL, **changes}
    return {finding: value for finding, value in changed.items() if value is not None}


def view_of(known: Mapping[str, Value], level: str, causes: frozenset[str] = frozenset()) -> View:
    """See the facts as the plan of a result at the given level sees them."""
    completed = complete(BOOK, facts_of(known)).facts
    view = View({finding: fact.value for finding, fact in completed.items()})
    ranks = {name: one.rank for name, one in BOOK.levels.items()}
    verdicts = {rule.id: evaluate(rule.when, view) for rule in BOOK.rules.values()}
    outcome = Outcome(ranks[level], ranks, verdicts, causes, questions_open=None in verdicts.values())
    return View(view.known, outcome=outcome)


def plan_at(level: str, known: Mapping[str, Value], causes: frozenset[str] = frozenset()) -> Plan:
    """Build the plan as if the result stood at the given level, whatever the rules say."""
    ready = prepared(BOOK)
    facts = facts_of(known)
    told = completed(ready.steps, facts, ready.leaves.known(facts)).known
    answers = ready.table.answers(told)
    fired = answers & ready.rules
    undecided = (answers >> ready.width & ready.rules) ^ fired
    listed = joined(one.bit for one in ready.causes["fits"].items.values() if one.cause.id in causes)
    situation = Situation(told | of_result(ready, listed, undecided), answers)
    (at,) = (one.plan for one in ready.policies["strictest"].levels if one.id == level)
    return plan_for(at, situation, in_scope=True)


def suggested(plan: Plan) -> list[str]:
    return [one.activity for one in plan.suggested]


@st.composite
def answers(draw: st.DrawFn) -> dict[str, Value]:
    """Draw a few yeses and open questions on top of a healthy adult, or of somebody of whom nothing is known."""
    known: dict[str, Value] = dict(draw(st.sampled_from([WELL, {"upper-back-pain": True}])))
    known |= dict.fromkeys(draw(st.sets(st.sampled_from(BOOLEANS), max_size=5)), True)
    for finding in draw(st.sets(st.sampled_from([*BOOLEANS, "age", "tried"]), max_size=3)):
        known.pop(finding, None)
    for measure, values in DANGEROUS.items():
        value = draw(st.sampled_from([None, *values]))
        if value is not None:
            known[measure] = Decimal(value)
    return known
