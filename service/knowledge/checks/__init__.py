"""The whole-book checks: each a small function that yields one sentence per problem, naming file and key."""

from collections.abc import Callable, Iterator

from service.knowledge.checks import cases, plan, rules, statements
from service.knowledge.model import RuleBook

Check = Callable[[RuleBook], Iterator[str]]

CHECKS: tuple[Check, ...] = (
    statements.unknown_statements,
    statements.uncovered_statements,
    statements.levels_without_a_rule,
    rules.unknown_names,
    rules.duplicate_conditions,
    rules.contradictory_conditions,
    rules.findings_that_may_not_reassure,
    rules.danger_without_a_sign,
    rules.causes_without_a_rule,
    rules.conditions_out_of_place,
    rules.derivations_out_of_order,
    rules.made_findings_unknown,
    cases.unreadable_facts,
    cases.missing_verdicts,
    cases.missing_threshold_cases,
    plan.unknown_names,
    plan.unknown_outcomes,
    plan.unknown_code_keys,
    plan.unknown_codes,
    plan.activities_without_a_withholding_review,
    plan.levels_without_an_activity,
)


def problems(book: RuleBook) -> tuple[str, ...]:
    """Run every check and return its sentences in order; empty for a sound book."""
    return tuple(problem for check in CHECKS for problem in check(book))
