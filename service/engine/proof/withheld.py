"""P5: no plan suggests an activity while a withholding that names it fires or is undecided."""

from collections.abc import Iterator
from dataclasses import dataclass

from service.engine.plan_at import OUT_OF_SCOPE_SECTIONS
from service.engine.proof import logic
from service.engine.proof.levels import Judgement, judge, live_policies, reaches
from service.engine.proof.logic import FALSE, Formula, both, either, opposite
from service.engine.proof.patients import patient_with_facts
from service.engine.proof.property import Failure, Property, examples_of, refuted
from service.engine.proof.symbols import any_facts, domain
from service.engine.proof.totality import stands_at
from service.engine.proof.verdicts import Kleene, Outcomes, Reading, verdict
from service.knowledge.condition import unnegated
from service.knowledge.model import Activity, RuleBook


@dataclass(frozen=True, slots=True)
class Planned:
    """The plan of any patient under one policy: when each withholding holds, and when each activity is suggested."""

    withholdings: dict[str, Kleene]
    suggested: dict[str, Formula]


def withheld(book: RuleBook) -> Property:
    """Prove it for every activity, withholding and live policy; list what no plan can ever suggest."""
    symbols = any_facts(book)
    solver = logic.solver_for(domain(book, symbols))
    judgement = judge(book, symbols)
    patient = examples_of(patient_with_facts(book, symbols))
    failures: list[Failure] = []
    never: dict[str, int] = {}
    for policy in live_policies(book):
        plan = planned(judgement, policy)
        for withholding in book.withholdings.values():
            for activity in withholding.items:
                held = opposite(plan.withholdings[withholding.id].false)
                says = f"withholdings/{withholding.id}.yaml: '{activity}' is suggested all the same under '{policy}'"
                failures += refuted(solver, both(plan.suggested[activity], held), says, patient)
        for activity, suggested in plan.suggested.items():
            never[activity] = never.get(activity, 0) + (solver.example(suggested) is None)
    failures += _unreasoned(book, never)
    listed = tuple(f"never suggested: {one}" for one, count in never.items() if count == len(live_policies(book)))
    title = "no plan suggests an activity whose withholding fires or is undecided"
    return Property("P5", title, len(solver.asked), listed, tuple(failures))


def _unreasoned(book: RuleBook, never: dict[str, int]) -> Iterator[Failure]:
    """Refuse an activity that no plan can hold, unless it stands at no level or is never suggested."""
    meant = {item for one in book.withholdings.values() if one.shown == "never-suggested" for item in one.items}
    meant |= {one.id for one in book.activities.values() if not one.level and not one.levels}
    for activity, count in never.items():
        if count == len(live_policies(book)) and activity not in meant:
            yield Failure(f"activities.yaml: {activity}: no plan can ever suggest it")


def planned(judgement: Judgement, policy: str) -> Planned:
    """Write ``service.engine.plan`` as formulas for the facts that were judged."""
    book = judgement.book
    in_scope = opposite(verdict(book.scope_out, Reading(judgement.facts)).true)
    levels = {level: reaches(judgement, policy, level) for level in book.levels}
    rules = {rule: judged.plain for rule, judged in judgement.rules.items()}
    asking = Outcomes(levels, rules)
    holding = Reading(judgement.facts, outcomes=asking)
    withholdings = {one.id: verdict(one.when, holding) for one in book.withholdings.values()}
    raising = _raising(judgement, policy, levels)
    causes = {cause: both(in_scope, listed) for cause, listed in _causes(judgement, raising).items()}
    judging = Reading(
        judgement.facts,
        outcomes=Outcomes(levels, rules, causes, withholdings, logic.some(raising.values())),
    )
    stands = stands_at(judgement, policy)
    suggested = {}
    for activity in book.activities.values():
        scope = in_scope if activity.section in OUT_OF_SCOPE_SECTIONS else logic.TRUE
        free = (withholdings[one.id].false for one in book.withholdings.values() if activity.id in one.items)
        suggested[activity.id] = both(scope, _wanted(book, activity, judging, stands), *free)
    return Planned(withholdings, suggested)


def _raising(judgement: Judgement, policy: str, levels: dict[str, Formula]) -> dict[str, Formula]:
    """Say of each rule when it is undecided and asks for more than the level that stands."""
    return {
        rule: both(judgement.rules[rule].plain.open, opposite(levels[asks])) if asks else FALSE
        for rule, asks in judgement.book.rule_levels[policy].items()
    }


def _causes(judgement: Judgement, raising: dict[str, Formula]) -> dict[str, Formula]:
    """Say of each cause when a result lists it: a rule fired, or a dangerous one is not excluded."""
    book = judgement.book
    reading = Reading(judgement.facts)
    found: dict[str, list[Formula]] = {cause: [] for cause in book.causes}
    for rule in book.rules.values():
        plain = judgement.rules[rule.id].plain
        for cause in rule.causes:
            found[cause].append(plain.true)
            if book.causes[cause].dangerous:
                pointing = logic.some(verdict(leaf, reading).true for leaf in unnegated(rule.when))
                found[cause].append(both(plain.open, either(raising[rule.id], pointing)))
    return {cause: logic.some(parts) for cause, parts in found.items()}


def _wanted(book: RuleBook, activity: Activity, reading: Reading, stands: dict[str, Formula]) -> Formula:
    if activity.level:
        return stands[activity.level]
    assert reading.outcomes is not None  # noqa: S101 - an activity is read after the result
    by_rule = (reading.outcomes.rules[rule.id].true for rule in book.rules.values() if activity.id in rule.plan)
    wanted = either(*by_rule, verdict(activity.when, reading).true)
    return both(logic.some(stands[level] for level in activity.levels), wanted)
