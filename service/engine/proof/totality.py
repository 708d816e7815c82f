"""P1: every input gives exactly one level, and each level is given to some input."""

from collections.abc import Iterator
from itertools import pairwise

from service.engine.proof import logic
from service.engine.proof.levels import BASE, Judgement, judge, levels_above_base, live_policies, reaches
from service.engine.proof.logic import Formula, Solver, both, opposite
from service.engine.proof.patients import patient_with_facts
from service.engine.proof.property import Failure, Property, examples_of, missed, refuted
from service.engine.proof.symbols import YesNo, any_facts, domain
from service.knowledge.model import RuleBook


def totality(book: RuleBook) -> Property:
    """Prove that facts never contradict themselves, that verdicts do not, and that one level follows from them."""
    symbols = any_facts(book)
    solver = logic.solver_for(domain(book, symbols))
    judgement = judge(book, symbols)
    patient = examples_of(patient_with_facts(book, symbols))
    failures = [
        failure
        for wanted, says in (*_contradictions(judgement), *_levels(judgement))
        for failure in refuted(solver, wanted, says, patient)
    ]
    failures += _unreached(judgement, solver)
    return Property("P1", "every input gives exactly one level", len(solver.asked), failures=tuple(failures))


def _contradictions(judgement: Judgement) -> Iterator[tuple[Formula, str]]:
    for finding, symbol in judgement.facts.items():
        if isinstance(symbol, YesNo):
            yield both(symbol.present, symbol.absent), f"'{finding}' is present and absent at once"
    for rule, judged in judgement.rules.items():
        yield judged.contradicted, f"rules/{rule}.yaml: fires and does not fire at once"


def _levels(judgement: Judgement) -> Iterator[tuple[Formula, str]]:
    for policy in judgement.book.policies:
        one = logic.exactly_one(stands_at(judgement, policy).values())
        yield opposite(one), f"no level, or two levels, under '{policy}'"


def _unreached(judgement: Judgement, solver: Solver) -> list[Failure]:
    return [
        failure
        for policy in live_policies(judgement.book)
        for level, stands in stands_at(judgement, policy).items()
        for failure in missed(solver, stands, f"no input gets '{level}' under '{policy}'")
    ]


def stands_at(judgement: Judgement, policy: str) -> dict[str, Formula]:
    """Say for each level when the result stands exactly there."""
    rising = [BASE, *levels_above_base(judgement.book)]
    reached = {level: reaches(judgement, policy, level) for level in rising}
    above = dict(pairwise(rising))
    return {
        level: both(reached[level], opposite(reached[above[level]])) if level in above else reached[level]
        for level in rising
    }
