"""P2, second part: a measure that crosses a threshold to the side on which a rule becomes true never lowers the level.

Where rules begin on both sides of one threshold, each rule is proven by itself, and each step on which the level can
fall must be a deliberate exception of the rule that ends there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from service.engine.proof import logic
from service.engine.proof.levels import Judgement, falls, judge, live_policies
from service.engine.proof.logic import TRUE, Solver, both, opposite
from service.engine.proof.patients import patient_with_facts
from service.engine.proof.property import Failure, Property, examples_of, refuted
from service.engine.proof.regions import Region, measures, regions
from service.engine.proof.symbols import Number, Symbol, any_facts, domain
from service.engine.verdict import View, evaluate
from service.knowledge.condition import Compares, Condition, Holds, Not, UnlessAll, parts_of
from service.knowledge.model import RuleBook


@dataclass(frozen=True, slots=True)
class Step:
    """A measure that goes from one region to the next; ``gaining`` are the rules that can begin on the way."""

    measure: str
    start: Region
    end: Region
    gaining: frozenset[str]

    def __str__(self) -> str:
        return f"{self.measure} from {self.start} to {self.end}"


def thresholds(book: RuleBook) -> Property:
    """Prove every step of every measure in each direction in which a rule can begin."""
    symbols = any_facts(book)
    solver = logic.solver_for(domain(book, symbols))
    anyone = judge(book, symbols)
    failures: list[Failure] = []
    listed: list[str] = []
    for steps in _crossings(book):
        for step in steps:
            crossed = _Crossed(symbols, anyone, step)
            lowered = list(crossed.lowered(solver))
            if len(steps) == 1 or not lowered:
                failures += lowered
            else:
                failures += crossed.lost(solver)
                listed.append(_listed(book, step, ending=steps[1 - steps.index(step)].gaining))
    title = "a measure that crosses a threshold to the side on which a rule becomes true never lowers the level"
    return Property("P2.thresholds", title, len(solver.asked), tuple(listed), tuple(failures))


class _Crossed:
    """Two patients who differ in one measure alone, which stands on the two sides of a step."""

    def __init__(self, symbols: dict[str, Symbol], anyone: Judgement, step: Step) -> None:
        self.step = step
        self.book = anyone.book
        before = {**symbols, step.measure: Number(TRUE, logic.fixed(step.start.sample))}
        after = {**symbols, step.measure: Number(TRUE, logic.fixed(step.end.sample))}
        self.before = judge(self.book, before, anyone)
        self.after = judge(self.book, after, self.before)
        self.patients = examples_of(patient_with_facts(self.book, before), patient_with_facts(self.book, after))

    def lowered(self, solver: Solver) -> Iterator[Failure]:
        """Ask whether the level can fall."""
        for policy in live_policies(self.book):
            says = f"{self.step}: the level falls under '{policy}'"
            yield from refuted(solver, falls(self.before, self.after, policy), says, self.patients)

    def lost(self, solver: Solver) -> Iterator[Failure]:
        """Ask of each rule that can begin on the way whether it can end on it."""
        for rule in sorted(self.step.gaining):
            wanted = both(self.before.rules[rule].lifts, opposite(self.after.rules[rule].lifts))
            says = f"rules/{rule}.yaml: ends with {self.step}, where it should begin"
            yield from refuted(solver, wanted, says, self.patients)


def _crossings(book: RuleBook) -> Iterator[tuple[Step, ...]]:
    """Name the boundaries of every measure, each as the steps over it on which a rule can begin: one or two."""
    leaves = {
        rule.id: list(_leaves(book, rule.when, positive=True)) for rule in book.rules.values() if _asks(book, rule.id)
    }
    for measure in measures(book):
        for lower, upper in pairwise(regions(book, measure)):
            rising = frozenset(rule for rule, found in leaves.items() if _begins(found, measure, lower, upper))
            sinking = frozenset(rule for rule, found in leaves.items() if _begins(found, measure, upper, lower))
            up = [Step(measure, lower, upper, rising)] if rising else []
            down = [Step(measure, upper, lower, sinking)] if sinking else []
            if up or down:
                yield (*up, *down)


def _asks(book: RuleBook, rule: str) -> bool:
    return any(book.rule_levels[policy][rule] for policy in live_policies(book))


Leaf = tuple[Compares, bool]


def _leaves(book: RuleBook, condition: Condition, *, positive: bool) -> Iterator[Leaf]:
    """Visit the comparisons that a condition rests on, also through what is derived, and whether they speak for it."""
    match condition:
        case Compares():
            yield condition, positive
        case Holds(finding):
            for derivation in book.derivations:
                if derivation.finding == finding:
                    yield from _leaves(book, derivation.when, positive=positive == derivation.present)
        case Not(part):
            yield from _leaves(book, part, positive=not positive)
        case UnlessAll(part, exemptions):
            yield from _leaves(book, part, positive=positive)
            for exemption in exemptions:
                yield from _leaves(book, exemption, positive=not positive)
        case _:
            for part in parts_of(condition):
                yield from _leaves(book, part, positive=positive)


def _begins(leaves: list[Leaf], measure: str, start: Region, end: Region) -> bool:
    """Tell whether a comparison comes to speak for the rule when the measure goes from one region to the other."""
    own = [(leaf, positive) for leaf, positive in leaves if leaf.measure == measure]
    return any(
        evaluate(leaf, View({measure: end.sample})) is positive
        and evaluate(leaf, View({measure: start.sample})) is not positive
        for leaf, positive in own
    )


def _listed(book: RuleBook, step: Step, ending: frozenset[str]) -> str:
    """Name a step on which the level can fall, with the statements whose rules end there."""
    reasons = []
    for rule in sorted(ending):
        cited = [book.statements[one] for one in book.rules[rule].statements]
        reasons.append(f"{rule} ends there ({'; '.join(f'{one.id}: {one.when}' for one in cited if one.level)})")
    return f"{step}: {', '.join(reasons)}"
