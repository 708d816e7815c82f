"""Chooses what a plan may hold: what its own condition asks for, where no withholding fires or is open."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from service.engine.assessment import Forbidden, LeftOut, Plan, Suggested
from service.engine.memory import keep
from service.engine.plan_at import Candidate, Holding, PlanAt
from service.engine.reasons import Reason

TOLD = ("ask-first", "do-not")
"""How a known fact is told, the one that outranks first: who takes a medicine already is not told not to start it."""


@dataclass(slots=True)
class Situation:
    """One patient for whom a plan is made: what is known, and what the table answered of it.

    ``known`` holds what an activity may ask beside findings, too: which causes are listed, and whether a question that
    could raise the level is open.
    """

    known: int
    answers: int


def plan_for(at: PlanAt, situation: Situation, *, in_scope: bool) -> Plan:
    """Build the plan of a result whose rules, level and causes are decided."""
    key = (situation.answers & at.answers, situation.known & at.reads)
    return at.plans.get(key) or keep(at.plans, key, _chosen(at, situation, in_scope=in_scope))


def _chosen(at: PlanAt, situation: Situation, *, in_scope: bool) -> Plan:
    known, answers = situation.known, situation.answers
    added_by = answers & at.added_by
    wanted = at.always
    for asking in at.asking:
        if all(known & clause for clause in asking.clauses):
            wanted |= asking.bit
    for adding in at.added.of(added_by):
        wanted |= adding.candidates
    if not in_scope:
        wanted &= at.of_any_scope
    withheld = 0
    for holding in at.withheld.of(answers & at.withheld_by):
        withheld |= holding.candidates
    forbidden: list[Forbidden] = []
    left_out: list[LeftOut] = []
    for one in at.candidates.of(wanted & withheld):
        told = one.withheld.get(known & one.reads) or _withheld(one, situation)
        if isinstance(told, Forbidden):
            forbidden.append(told)
        else:
            left_out.append(told)
    free = wanted & ~withheld
    return Plan(
        suggested=at.suggested.get((free, added_by)) or _suggested(at, free, added_by),
        forbidden=tuple(forbidden),
        left_out=tuple(left_out),
        watch_for=_watch_for(at, answers) if free & at.warning else (),
    )


def _suggested(at: PlanAt, free: int, added_by: int) -> tuple[Suggested, ...]:
    suggested = tuple(Suggested(one.activity.id, _rests_on(one, added_by)) for one in at.candidates.of(free))
    return keep(at.suggested, (free, added_by), suggested)


def _rests_on(one: Candidate, added_by: int) -> tuple[str, ...]:
    statements = (statement for bit, rule in one.rules if added_by & bit for statement in rule.statements)
    return tuple(dict.fromkeys([*one.activity.rests_on, *statements]))


def _withheld(one: Candidate, situation: Situation) -> Forbidden | LeftOut:
    """Say by which withholding an activity is withheld: by one that rests on a known fact, where there is one."""
    firing = [holding for holding in one.holdings if situation.answers & holding.fires]
    telling = [holding for shown in TOLD for holding in firing if holding.withholding.shown == shown]
    if telling:
        first = telling[0].withholding
        findings = _findings(reason.holding for reason in _reasons(telling, situation))
        withheld: Forbidden | LeftOut = Forbidden(one.activity.id, first.id, first.shown, findings)
    else:
        opened = [] if firing else [holding for holding in one.holdings if situation.answers & holding.may_fire]
        findings = _findings(reason.opened for reason in _reasons(opened, situation))
        withheld = LeftOut(one.activity.id, (firing or opened)[0].withholding.id, findings)
    return keep(one.withheld, situation.known & one.reads, withheld)


def _reasons(holdings: Iterable[Holding], situation: Situation) -> list[Reason]:
    return [reasoning(situation.known) for holding in holdings for reasoning in holding.reasonings]


def _findings(names: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(chain.from_iterable(names)))


def _watch_for(at: PlanAt, answers: int) -> tuple[str, ...]:
    """Name the rules whose signs belong into the safety net, each sign once: not fired, and could still come up."""
    key = answers & at.read_by_signs
    rules = at.watch_for.get(key)
    if rules is None:
        signs: dict[str, str] = {}
        for one in at.signs:
            if not key & one.bit and key & one.net:
                signs.setdefault(one.rule.sign, one.rule.id)
        rules = keep(at.watch_for, key, tuple(signs.values()))
    return rules
