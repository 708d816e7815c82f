"""A rule book of a few rules over four findings, so that a level follows from one rule and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from service.engine.assess import assess
from service.engine.assessment import Assessment
from service.engine.facts import Fact, Value
from service.knowledge.condition import Condition, Holds, Not
from service.knowledge.model import Finding, Fit, Rule, RuleBook
from tests.engine.situations import BOOK

SIGN, OTHER, CALMING, EXEMPTING = Holds("sign"), Holds("other"), Holds("calming"), Holds("exempting")
"""Four findings; only `calming` is marked reassuring."""

FINDINGS = {
    name: Finding(name, "any", "boolean", name, reassuring=name == "calming")
    for name in ("sign", "other", "calming", "exempting", "answers-old")
}


@dataclass(frozen=True, slots=True)
class Ruling:
    """One rule of the small book: its name, the level it asks for (empty: none), its condition and its causes."""

    id: str
    level: str
    when: Condition
    causes: Mapping[str, Fit] = field(default_factory=dict)


def book_of(*rulings: Ruling) -> RuleBook:
    """Make a book of these rules alone, in this order, with the levels and causes of the real one."""
    rules = {one.id: _rule(one) for one in rulings}
    return replace(
        BOOK,
        findings=FINDINGS,
        derivations=(),
        contradictions=(),
        rules=rules,
        rule_levels={"strictest": {one.id: one.level for one in rulings}},
        activities={},
        withholdings={},
        scope_out=Not(Holds("in-scope")),
    )


def _rule(ruling: Ruling) -> Rule:
    return Rule(
        id=ruling.id,
        title=ruling.id,
        topic="chest-pain",
        when=ruling.when,
        statements=(),
        supports=(),
        causes=ruling.causes,
        plan=(),
        limits="made up",
        status="draft",
        sign="",
        cases=(),
    )


def judged(known: Mapping[str, Value], *rulings: Ruling) -> Assessment:
    """Judge facts by a book of these rules."""
    facts = {finding: Fact(value, "response", (finding,)) for finding, value in known.items()}
    return assess(book_of(*rulings), facts, "strictest")
