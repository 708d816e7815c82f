"""Judges one patient's facts rule by rule: each condition is interpreted, and nothing is prepared or remembered."""

from collections.abc import Iterable
from dataclasses import dataclass

from service.engine.assessment import Assessment, Fit, SuspectedCause, TopicView, Traced
from service.engine.facts import Facts
from service.engine.verdict import Outcome, Verdict, View, evaluate, holding_findings, open_findings
from service.knowledge.condition import unnegated
from service.knowledge.model import Rule, RuleBook
from tests.engine.plain.derive import complete
from tests.engine.plain.plan import plan_for

BASE = "self-care"
"""The level where no rule asks for more; the self-care gate is itself a rule."""


@dataclass(frozen=True, slots=True, eq=False)  # compared by identity: each rule is judged once
class _Judged:
    rule: Rule
    verdict: Verdict
    asks: str
    lifts_to: str


def assess(book: RuleBook, facts: Facts, policy: str) -> Assessment:
    """Evaluate every rule and join the verdicts to one level, its ceiling, causes and plan.

    ``facts`` come from the response and the record, in each finding's unit. Same input, same result.
    """
    completed = complete(book, facts)
    view = View({finding: fact.value for finding, fact in completed.facts.items()})
    judged = _judge(book, view, policy)
    level = _highest(book, [BASE, *(one.lifts_to for one in judged if one.lifts_to)])
    rank = book.levels[level].rank
    undecided = [one for one in judged if one.verdict is None and one.asks]
    raising = [one for one in undecided if book.levels[one.asks].rank > rank]
    mattering = [one for one in undecided if one in raising or one.lifts_to == level]
    out_of_scope = evaluate(book.scope_out, view) is True
    causes = () if out_of_scope else _causes(book, judged, raising, view)
    outcome = Outcome(
        rank=rank,
        ranks={name: one.rank for name, one in book.levels.items()},
        rules={one.rule.id: one.verdict for one in judged},
        causes=frozenset(one.cause for one in causes),
        questions_open=bool(raising),
    )
    fired = tuple(one.rule for one in judged if one.verdict)
    return Assessment(
        policy=policy,
        level=level,
        ceiling=_highest(book, [level, *(one.asks for one in raising)]),
        final=not raising and not view.known.get("answers-old"),
        scope="out" if out_of_scope else "in",
        trace=_trace(judged, mattering, view),
        deciding=tuple(one.rule.id for one in judged if one.lifts_to == level),
        ask_next=_open(mattering, view, book),
        causes=causes,
        topics=_topics(book, fired),
        conflicts=completed.conflicts,
        plan=plan_for(book, fired, outcome, view, in_scope=not out_of_scope),
        facts=completed.facts,
        missing=_open(undecided, view, book),
    )


def _judge(book: RuleBook, view: View, policy: str) -> list[_Judged]:
    doubting = View(view.known, frozenset(one.id for one in book.findings.values() if one.reassuring))
    judged = []
    for rule in book.rules.values():
        asks = book.rule_levels[policy][rule.id]
        verdict = evaluate(rule.when, view)
        judged.append(_Judged(rule, verdict, asks, _lifts_to(book, rule, verdict, asks, doubting)))
    return judged


def _lifts_to(book: RuleBook, rule: Rule, verdict: Verdict, asks: str, doubting: View) -> str:
    """Name the level a rule gives the result: its own where it fires or only reassurance is open, else less."""
    if not asks or verdict is False:
        return ""
    if verdict or evaluate(rule.when, doubting):
        return asks
    if book.levels[asks].rank >= book.levels["emergency"].rank:
        return "within-24h"
    return "appointment" if asks != BASE else ""


def _highest(book: RuleBook, levels: Iterable[str]) -> str:
    return max(levels, key=lambda level: book.levels[level].rank)


def _trace(judged: list[_Judged], mattering: list[_Judged], view: View) -> tuple[Traced, ...]:
    traced = []
    for one in judged:
        if one.verdict:
            findings = _once(holding_findings(one.rule.when, view))
            traced.append(Traced(one.rule.id, "fired", one.asks, one.lifts_to, findings))
        elif one in mattering:
            findings = _once(open_findings(one.rule.when, view))
            traced.append(Traced(one.rule.id, "undecided", one.asks, one.lifts_to, findings, _pointing(one.rule, view)))
    return tuple(traced)


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _pointing(rule: Rule, view: View) -> tuple[str, ...]:
    """Name the known findings that already speak for an undecided rule."""
    return _once(name for leaf in unnegated(rule.when) for name in holding_findings(leaf, view))


def _open(judged: list[_Judged], view: View, book: RuleBook) -> tuple[str, ...]:
    """Name the open findings of rules, those of the gravest rule first."""
    gravest_first = sorted(judged, key=lambda one: -book.levels[one.asks].rank)
    return _once(name for one in gravest_first for name in open_findings(one.rule.when, view))


def _causes(book: RuleBook, judged: list[_Judged], raising: list[_Judged], view: View) -> tuple[SuspectedCause, ...]:
    """List what fits first, then what fits in part, then dangerous causes that an open question does not exclude."""
    found: dict[Fit, dict[str, list[str]]] = {"fits": {}, "partly-fits": {}, "not-excluded": {}}
    for one in judged:
        if one.verdict:
            for cause, fit in one.rule.causes.items():
                found[fit].setdefault(cause, []).append(one.rule.id)
        elif one.verdict is None and (one in raising or _pointing(one.rule, view)):
            for cause in one.rule.causes:
                if book.causes[cause].dangerous:
                    found["not-excluded"].setdefault(cause, []).append(one.rule.id)
    listed: dict[str, SuspectedCause] = {}
    for listing, rules in found.items():
        for cause in book.causes:
            if cause in rules and cause not in listed:
                listed[cause] = SuspectedCause(cause, listing, tuple(rules[cause]))
    return tuple(listed.values())


def _topics(book: RuleBook, fired: tuple[Rule, ...]) -> tuple[TopicView, ...]:
    """Compare what each source asks for on each topic that has a fired rule with a level."""
    asked: dict[str, dict[str, str]] = {}
    for rule in fired:
        for statement in (book.statements[one] for one in rule.statements):
            if statement.level:
                levels = asked.setdefault(rule.topic, {})
                levels[statement.source] = _highest(book, [statement.level, levels.get(statement.source, BASE)])
    return tuple(
        TopicView(topic.id, asked[topic.id], _articles_disagree(book, asked[topic.id]))
        for topic in book.topics.values()
        if topic.id in asked
    )


def _articles_disagree(book: RuleBook, levels: dict[str, str]) -> bool:
    return len({level for source, level in levels.items() if book.sources[source].origin == "article"}) > 1
