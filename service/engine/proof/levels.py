"""Says, as formulas, how the verdicts of all rules join to one level, as ``service.engine.assess`` joins them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from service.engine.proof import logic
from service.engine.proof.completion import completed
from service.engine.proof.logic import Formula, both, either, opposite
from service.engine.proof.symbols import Symbols, changed
from service.engine.proof.verdicts import Kleene, Reading, conflict, verdict
from service.knowledge.condition import findings_in
from service.knowledge.model import RuleBook

BASE = "self-care"
FOR_AN_OPEN_EMERGENCY = "within-24h"
FOR_AN_OPEN_REST = "appointment"


@dataclass(frozen=True, slots=True)
class Judged:
    """One rule: when it fires, does not, or is open, and what follows for the level.

    ``contradicted`` holds where the model itself would be unsound. ``possible`` holds where the rule fires or is
    undecided, ``lifts`` where it gives the result its own level: it fires, or only reassurance is open.
    """

    plain: Kleene
    contradicted: Formula
    possible: Formula
    lifts: Formula


def _judged(plain: Kleene, doubting: Kleene) -> Judged:
    possible = opposite(plain.false)
    return Judged(
        plain,
        either(conflict(plain), conflict(doubting)),
        possible,
        either(plain.true, both(possible, doubting.true)),
    )


@dataclass(frozen=True, slots=True)
class Judgement:
    """Every rule judged for the same facts; ``facts`` are those after derivations and contradictions."""

    book: RuleBook
    facts: Symbols
    rules: Mapping[str, Judged]


def judge(book: RuleBook, symbols: Symbols, beside: Judgement | None = None) -> Judgement:
    """Judge all rules; what reads the same facts as ``beside`` is taken over from there."""
    facts = completed(book, symbols)
    moved = frozenset(facts) if beside is None else changed(beside.facts, facts)
    plain = Reading(facts)
    doubting = Reading(facts, frozenset(one.id for one in book.findings.values() if one.reassuring))
    rules = {
        rule.id: (
            _judged(verdict(rule.when, plain), verdict(rule.when, doubting))
            if beside is None or findings_in(rule.when) & moved
            else beside.rules[rule.id]
        )
        for rule in book.rules.values()
    }
    return Judgement(book, facts, rules)


def reaches(judgement: Judgement, policy: str, level: str) -> Formula:
    """Hold where the result stands at this level or above."""
    return logic.some(formula for _, formula in raising(judgement, policy, level))


def raising(judgement: Judgement, policy: str, level: str) -> Iterator[tuple[str, Formula]]:
    """Name the rules that can lift the result to this level or above, each with when it does."""
    book = judgement.book
    wanted = book.levels[level].rank
    if wanted <= book.levels[BASE].rank:
        yield "", logic.TRUE
        return
    for rule, asks in book.rule_levels[policy].items():
        if not asks:
            continue
        if wanted <= book.levels[_for_open(book, asks)].rank:
            yield rule, judgement.rules[rule].possible
        elif wanted <= book.levels[asks].rank:
            yield rule, judgement.rules[rule].lifts


def _for_open(book: RuleBook, asks: str) -> str:
    """Name the level that an undecided rule lifts to when more than reassurance is open."""
    if book.levels[asks].rank >= book.levels["emergency"].rank:
        return FOR_AN_OPEN_EMERGENCY
    return FOR_AN_OPEN_REST if asks != BASE else BASE


def levels_above_base(book: RuleBook) -> list[str]:
    """List the levels that rules can raise to, the lowest first."""
    above = [one for one in book.levels.values() if one.rank > book.levels[BASE].rank]
    return [one.id for one in sorted(above, key=lambda one: one.rank)]


def falls(before: Judgement, after: Judgement, policy: str) -> Formula:
    """Hold where the level after stands below the level before."""
    return logic.some(
        both(reaches(before, policy, level), opposite(reaches(after, policy, level)))
        for level in levels_above_base(before.book)
    )


def live_policies(book: RuleBook) -> list[str]:
    """Name the policies that may answer a patient."""
    return [policy.id for policy in book.policies.values() if policy.live]
