"""Judges one patient's facts by the rule book: pure, without a clock, a file or a network."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from service.engine.assessment import Assessment, SuspectedCause, TopicView, Traced
from service.engine.derive import completed
from service.engine.facts import Facts
from service.engine.memory import keep
from service.engine.ordered import joined
from service.engine.plan import Situation, plan_for
from service.engine.prepared import (
    BASE,
    Prepared,
    PreparedCause,
    PreparedLevel,
    PreparedPolicy,
    PreparedRule,
    PreparedTopic,
    Said,
    prepared,
)
from service.knowledge.model import RuleBook


@dataclass(slots=True)
class _Judged:
    """The rules of one patient as sets: fired, undecided, those that stand where only reassurance is open.

    Of the undecided, ``raising`` could raise the level; ``lifting`` are all that gave it.
    """

    known: int
    fired: int
    undecided: int
    standing: int
    raising: int = 0
    lifting: int = 0


def assess(book: RuleBook, facts: Facts, policy: str) -> Assessment:
    """Evaluate every rule and join the verdicts to one level, its ceiling, causes and plan.

    ``facts`` come from the response and the record, in each finding's unit. Same input, same result.
    """
    ready = prepared(book)
    return assess_known(ready, facts, ready.leaves.known(facts), policy)


def assess_known(ready: Prepared, facts: Facts, known: int, policy: str) -> Assessment:
    """Assess facts of which ``known`` is what the leaves of the prepared book tell."""
    asked = ready.policies[policy]
    done = completed(ready.steps, facts, known)
    answers = ready.table.answers(done.known)
    judged, level = _judge(ready, asked, done.known, answers)
    raising = judged.raising
    mattering = raising | judged.undecided & judged.lifting
    possible = _possible(ready, asked, judged) if judged.undecided else 0
    key = (judged.fired, possible)
    said = asked.said.get(key) or keep(asked.said, key, _said(ready, asked, judged.fired, possible))
    told = asked.rules.of(judged.fired | mattering) if mattering else said.rules
    undecided = _undecided(asked, judged) if judged.undecided else []
    in_scope = not answers & ready.out_of_scope
    situation = Situation(done.known | of_result(ready, said.listed if in_scope else 0, raising), answers)
    old = done.facts.get("answers-old")
    return Assessment(
        policy=policy,
        level=level.id,
        ceiling=_ceiling(asked, level, raising) if raising else level.id,
        final=not raising and not (old and old.value),
        scope="in" if in_scope else "out",
        trace=tuple([one.traced.get(judged.known & one.reads) or _traced(one, judged) for one in told]),
        deciding=tuple([one.rule.id for one in told if one.bit & judged.lifting]),
        ask_next=_open([one for one in undecided if one.bit & mattering], judged) if mattering else (),
        causes=said.causes if in_scope else (),
        topics=said.topics,
        conflicts=done.conflicts,
        plan=plan_for(level.plan, situation, in_scope=in_scope),
        facts=done.facts,
        missing=_open(undecided, judged) if undecided else (),
    )


def _judge(ready: Prepared, asked: PreparedPolicy, known: int, answers: int) -> tuple[_Judged, PreparedLevel]:
    """Sort the rules by what the table answers, and find the gravest level that one of them gives."""
    fired = answers & ready.rules
    undecided = (answers >> ready.width & ready.rules) ^ fired
    in_doubt = undecided & answers >> 2 * ready.width
    standing = fired | in_doubt
    lifted = undecided ^ in_doubt
    level = next(one for one in asked.levels if one.id == BASE or standing & one.asks | lifted & one.lifting)
    lifting = standing & level.asks | lifted & level.lifting
    return _Judged(known, fired, undecided, standing, undecided & level.above, lifting), level


def _ceiling(asked: PreparedPolicy, level: PreparedLevel, raising: int) -> str:
    return next(one.id for one in asked.levels if one is level or raising & one.asks)


def _undecided(asked: PreparedPolicy, judged: _Judged) -> list[PreparedRule]:
    """List the undecided rules that ask for a level, those of the gravest level first."""
    return [one for level in asked.levels for one in asked.rules.of(judged.undecided & level.asks)]


def _traced(one: PreparedRule, judged: _Judged) -> Traced:
    reason = one.reasoning(judged.known)
    if reason.verdict:
        traced = Traced(one.rule.id, "fired", one.asks, one.asks, _once(reason.holding))
    else:
        lifts_to = one.asks if one.bit & judged.standing else one.lifts_to
        pointing = _once(name for bit, name in one.pointing if judged.known & bit)
        traced = Traced(one.rule.id, "undecided", one.asks, lifts_to, _once(reason.opened), pointing)
    return keep(one.traced, judged.known & one.reads, traced)


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _open(rules: Sequence[PreparedRule], judged: _Judged) -> tuple[str, ...]:
    """Name the open findings of undecided rules in their order."""
    traced = [one.traced.get(judged.known & one.reads) or _traced(one, judged) for one in rules]
    return _once(chain.from_iterable([one.findings for one in traced]))


def _possible(ready: Prepared, asked: PreparedPolicy, judged: _Judged) -> int:
    """Choose the undecided rules that do not exclude a dangerous cause: they could raise the level, or facts point."""
    undecided = asked.rules.of(judged.undecided & ready.dangerous)
    return joined([one.bit for one in undecided if one.bit & judged.raising or one.points & judged.known])


def _said(ready: Prepared, asked: PreparedPolicy, fired: int, possible: int) -> Said:
    """List what fits first, then what fits in part, then dangerous causes that are not excluded; compare the topics."""
    rules = asked.rules.of(fired)
    fits = joined(one.fits for one in rules)
    partly = joined(one.partly for one in rules) & ~fits
    dangerous = joined(one.dangerous for one in asked.rules.of(possible)) & ~(fits | partly)
    causes = (
        *_listed(ready.causes["fits"].of(fits), fired, asked),
        *_listed(ready.causes["partly-fits"].of(partly), fired, asked),
        *_listed(ready.causes["not-excluded"].of(dangerous), possible, asked),
    )
    return Said(tuple(rules), causes, fits | partly | dangerous, _topics(ready, fired, rules))


def _listed(causes: list[PreparedCause], rules: int, asked: PreparedPolicy) -> list[SuspectedCause]:
    return [one.listed.get(rules & one.rules) or _suspected(one, rules & one.rules, asked) for one in causes]


def _suspected(one: PreparedCause, rules: int, asked: PreparedPolicy) -> SuspectedCause:
    named = tuple(by.rule.id for by in asked.rules.of(rules))
    return keep(one.listed, rules, SuspectedCause(one.cause.id, one.fit, named))


def _topics(ready: Prepared, fired: int, rules: list[PreparedRule]) -> tuple[TopicView, ...]:
    """Compare what each source asks for on each topic that has a fired rule with a level."""
    views: list[TopicView] = []
    for topic in ready.topics.of(joined(one.topic for one in rules)):
        by = fired & topic.rules
        view = topic.views.get(by)
        if view is None:
            view = keep(topic.views, by, _compared(ready.book, topic, [one for one in rules if one.bit & by]))
        views += view
    return tuple(views)


def _compared(book: RuleBook, topic: PreparedTopic, rules: list[PreparedRule]) -> tuple[TopicView, ...]:
    levels: dict[str, str] = {}
    for statement in (book.statements[name] for one in rules for name in one.rule.statements):
        if statement.level:
            asked = (statement.level, levels.get(statement.source, BASE))
            levels[statement.source] = max(asked, key=lambda level: book.levels[level].rank)
    return (TopicView(topic.topic.id, levels, _articles_disagree(book, levels)),) if levels else ()


def _articles_disagree(book: RuleBook, levels: Mapping[str, str]) -> bool:
    return len({level for source, level in levels.items() if book.sources[source].origin == "article"}) > 1


def of_result(ready: Prepared, listed: int, raising: int) -> int:
    """Say as bits of the known what activities may ask of the result: which causes are listed, and what is open."""
    told = ready.questions_open.holds if raising else ready.questions_open.fails
    for cause, bits in ready.causes_asked:
        told |= bits.holds if listed & cause else bits.fails
    return told
