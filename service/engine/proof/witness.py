"""Cuts a patient for whom a rule fires down to the facts that it needs; what is left is the rule's witness."""

from collections.abc import Mapping

from service.engine.canary import denied, judged
from service.engine.derive import complete
from service.engine.facts import Fact, Value
from service.engine.proof.levels import live_policies
from service.engine.proof.symbols import TOLD_BY_THE_SERVICE
from service.engine.verdict import View, evaluate
from service.knowledge.condition import findings_in
from service.knowledge.model import Rule, RuleBook
from service.knowledge.witnesses import Witness


def witness_of(book: RuleBook, rule: Rule, facts: Mapping[str, Value]) -> Witness:
    """Drop every fact without which the rule still fires, and judge what is left under each live policy."""
    needed = {name: value for name, value in facts.items() if name in _sources(book, rule)}
    for name in sorted(needed, key=lambda one: needed[one] is True):
        fewer = {finding: value for finding, value in needed.items() if finding != name}
        if _fires(book, rule, fewer):
            needed = fewer
    told: dict[str, Value] = dict.fromkeys(sorted(TOLD_BY_THE_SERVICE), False)
    whole = {**told, **needed}
    return Witness(
        rule.id,
        whole,
        {policy: judged(book, whole, policy).level for policy in live_policies(book)},
        {policy: judged(book, denied(book, whole), policy).level for policy in live_policies(book)},
    )


def _sources(book: RuleBook, rule: Rule) -> frozenset[str]:
    """Name what the rule asks for, and all from which that is derived."""
    names = findings_in(rule.when)
    made = [(one.finding, one.when) for one in book.derivations]
    made += [(one.finding, one.when) for one in book.contradictions]
    for finding, when in reversed(made):
        if finding in names:
            names |= findings_in(when)
    return names


def _fires(book: RuleBook, rule: Rule, facts: Mapping[str, Value]) -> bool:
    told = complete(book, {finding: Fact(value, "response") for finding, value in facts.items()}).facts
    return evaluate(rule.when, View({finding: fact.value for finding, fact in told.items()})) is True
