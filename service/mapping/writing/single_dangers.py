"""Finds the open questions whose yes alone means an emergency: they are asked first; it changes no verdict."""

from service.engine.assessment import Assessment, Traced
from service.engine.verdict import View, evaluate
from service.knowledge.model import RuleBook

EMERGENCY = "emergency"


def undecided_emergencies(book: RuleBook, assessment: Assessment) -> list[Traced]:
    """Keep the undecided rules that ask for emergency or above, and for more than the result, gravest first."""
    least = max(book.levels[EMERGENCY].rank, book.levels[assessment.level].rank + 1)
    undecided = [one for one in assessment.trace if one.verdict == "undecided" and book.levels[one.asks].rank >= least]
    return sorted(undecided, key=lambda one: -book.levels[one.asks].rank)


def single_dangers(book: RuleBook, assessment: Assessment) -> dict[str, str]:
    """Name the findings whose yes alone would fire an undecided emergency rule, each with the level it would mean."""
    known = {finding: fact.value for finding, fact in assessment.facts.items()}
    dangers: dict[str, str] = {}
    for traced in undecided_emergencies(book, assessment):
        condition = book.rules[traced.rule].when
        candidates = (one for one in traced.findings if one not in dangers and _yes_may_mean_danger(book, one))
        dangers.update({one: traced.asks for one in candidates if evaluate(condition, View({**known, one: True}))})
    return dangers


def _yes_may_mean_danger(book: RuleBook, finding: str) -> bool:
    described = book.findings[finding]
    return described.kind == "boolean" and described.asked and not described.reassuring
