"""Chooses what a plan may hold, one activity and one withholding after the other."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from service.engine.assessment import Forbidden, LeftOut, Plan, Suggested
from service.engine.verdict import Outcome, Verdict, View, evaluate, holding_findings, open_findings
from service.knowledge.condition import Condition, RuleVerdict, walk
from service.knowledge.model import Activity, Rule, RuleBook, Withholding

OUT_OF_SCOPE_SECTIONS = frozenset({"self-care", "prevention", "information"})
"""What these rules may not suggest for a complaint they do not speak of (scope.yaml)."""
TOLD = ("ask-first", "do-not")
"""How a known fact is told, the one that outranks first: who takes a medicine already is not told not to start it."""


@dataclass(frozen=True, slots=True)
class _Situation:
    book: RuleBook
    view: View
    verdicts: Mapping[str, Verdict]
    level: str
    fired: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class _Weighed:
    """One activity that could stand in the plan, with the withholdings that fire and those that are open."""

    activity: Activity
    firing: tuple[Withholding, ...]
    open: tuple[Withholding, ...]


def plan_for(book: RuleBook, fired: tuple[Rule, ...], outcome: Outcome, view: View, *, in_scope: bool) -> Plan:
    """Build the plan of a result whose rules, level and causes are decided."""
    situation = _situation(book, fired, outcome, view)
    weighed = [
        _weigh(activity, situation)
        for activity in book.activities.values()
        if (in_scope or activity.section not in OUT_OF_SCOPE_SECTIONS) and _wanted(activity, situation)
    ]
    suggested = [one.activity for one in weighed if not one.firing and not one.open]
    told = [one for one in weighed if _telling(one)]
    kept_back = [one for one in weighed if (one.firing or one.open) and not _telling(one)]
    warns = any(one.section == "safety-net" for one in suggested)
    return Plan(
        suggested=tuple(Suggested(one.id, _rests_on(one, situation)) for one in suggested),
        forbidden=tuple(_forbidden(one, situation) for one in told),
        left_out=tuple(_left_out(one, situation) for one in kept_back),
        watch_for=tuple(_watch_for(situation)) if warns else (),
    )


def _situation(book: RuleBook, fired: tuple[Rule, ...], outcome: Outcome, view: View) -> _Situation:
    asking = replace(view, outcome=outcome)
    verdicts = {one.id: evaluate(one.when, asking) for one in book.withholdings.values()}
    judging = replace(view, outcome=replace(outcome, withholdings=verdicts))
    level = next(name for name, rank in outcome.ranks.items() if rank == outcome.rank)
    return _Situation(book, judging, verdicts, level, fired)


def _wanted(activity: Activity, situation: _Situation) -> bool:
    if activity.level:
        return activity.level == situation.level
    if situation.level not in activity.levels:
        return False
    by_rule = any(activity.id in rule.plan for rule in situation.fired)
    return by_rule or evaluate(activity.when, situation.view) is True


def _weigh(activity: Activity, situation: _Situation) -> _Weighed:
    naming = [one for one in situation.book.withholdings.values() if activity.id in one.items]
    return _Weighed(
        activity,
        firing=tuple(one for one in naming if situation.verdicts[one.id] is True),
        open=tuple(one for one in naming if situation.verdicts[one.id] is None),
    )


def _rests_on(activity: Activity, situation: _Situation) -> tuple[str, ...]:
    by_rule = (rule for rule in situation.fired if activity.id in rule.plan)
    return tuple(dict.fromkeys([*activity.rests_on, *(one for rule in by_rule for one in rule.statements)]))


def _telling(weighed: _Weighed) -> list[Withholding]:
    """Name the firing withholdings that rest on a known fact, the outranking way of telling it first."""
    telling = [one for one in weighed.firing if one.shown in TOLD]
    return sorted(telling, key=lambda one: TOLD.index(one.shown))


def _forbidden(weighed: _Weighed, situation: _Situation) -> Forbidden:
    telling = _telling(weighed)
    findings = _findings(telling, holding_findings, situation)
    return Forbidden(weighed.activity.id, telling[0].id, telling[0].shown, findings)


def _left_out(weighed: _Weighed, situation: _Situation) -> LeftOut:
    reason = (*weighed.firing, *weighed.open)[0]
    asked = () if weighed.firing else weighed.open
    return LeftOut(weighed.activity.id, reason.id, _findings(asked, open_findings, situation))


def _findings(
    withholdings: list[Withholding] | tuple[Withholding, ...],
    naming: Callable[[Condition, View], Iterator[str]],
    situation: _Situation,
) -> tuple[str, ...]:
    """Name the findings behind withholdings once each, and behind the rules whose verdicts stand in them."""
    found: dict[str, None] = {}
    for withholding in withholdings:
        found.update(dict.fromkeys(naming(withholding.when, situation.view)))
        for node in walk(withholding.when):
            if isinstance(node, RuleVerdict):
                found.update(dict.fromkeys(naming(situation.book.rules[node.rule].when, situation.view)))
    return tuple(found)


def _watch_for(situation: _Situation) -> Iterator[str]:
    """Name the rules whose signs belong into the safety net: emergency and above, not fired, gravest topics first."""
    book = situation.book
    fired = {rule.id for rule in situation.fired}
    rules = [rule for rule in book.rules.values() if rule.id not in fired and _is_sign(rule, situation)]
    rules.sort(key=lambda rule: (book.topics[rule.topic].safety_net_order, book.topics[rule.topic].order, rule.id))
    seen: set[str] = set()
    for rule in rules:
        if rule.sign not in seen:
            seen.add(rule.sign)
            yield rule.id


def _is_sign(rule: Rule, situation: _Situation) -> bool:
    """Say whether a rule's sign would call for more than the level that stands, and could still come up."""
    book = situation.book
    asks = book.rule_levels["strictest"][rule.id]
    if not rule.sign or not asks:
        return False
    emergency = book.levels["emergency"].rank
    lowest = "ambulance" if book.levels[situation.level].rank >= emergency else "emergency"
    if book.levels[asks].rank < book.levels[lowest].rank:
        return False
    return evaluate(book.topics[rule.topic].safety_net_when, situation.view) is not False
