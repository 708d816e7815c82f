"""P7, the book's own part: the policy ``reconciled`` is never above ``strictest``.

That ``strictest`` is never below a statement is proven in the tests, against conditions written a second time.
"""

from service.engine.proof import logic
from service.engine.proof.levels import judge, levels_above_base, live_policies, reaches
from service.engine.proof.logic import both, opposite
from service.engine.proof.patients import patient_with_facts
from service.engine.proof.property import Failure, Property, examples_of, refuted
from service.engine.proof.symbols import any_facts, domain
from service.knowledge.model import RuleBook

HIGHEST = "strictest"


def policies(book: RuleBook) -> Property:
    """Prove for every level that no live policy reaches it where the strictest does not."""
    symbols = any_facts(book)
    solver = logic.solver_for(domain(book, symbols))
    judgement = judge(book, symbols)
    patient = examples_of(patient_with_facts(book, symbols))
    failures: list[Failure] = []
    for policy in live_policies(book):
        for level in levels_above_base(book):
            above = both(reaches(judgement, policy, level), opposite(reaches(judgement, HIGHEST, level)))
            failures += refuted(solver, above, f"'{policy}' reaches {level} where '{HIGHEST}' does not", patient)
    title = f"no live policy is ever above '{HIGHEST}'"
    return Property("P7", title, len(solver.asked), failures=tuple(failures))
