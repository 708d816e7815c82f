"""Judges the witnesses of all rules anew: a service that judges them otherwise than the proof did must not start."""

from collections.abc import Iterable, Iterator, Mapping

from service.engine.assess import assess
from service.engine.assessment import Assessment
from service.engine.facts import Fact, Facts, Value
from service.knowledge.model import RuleBook
from service.knowledge.witnesses import Witness


def failing_witnesses(book: RuleBook, witnesses: Iterable[Witness]) -> Iterator[str]:
    """Name each witness whose rule no longer fires or whose level is another, and each rule without a witness."""
    missing = dict.fromkeys(book.rules)
    for witness in witnesses:
        missing.pop(witness.rule, None)
        if witness.rule not in book.rules:
            yield f"the witness of '{witness.rule}' has no rule"
        else:
            yield from _failing(book, witness)
    yield from (f"the rule '{rule}' has no witness" for rule in missing)


def _failing(book: RuleBook, witness: Witness) -> Iterator[str]:
    readings = (
        ("open", witness.facts, witness.open_levels),
        ("no", denied(book, witness.facts), witness.denied_levels),
    )
    for rest, facts, levels in readings:
        told = _told(facts)
        for policy, level in levels.items():
            result = assess(book, told, policy)
            if not fires(result, witness.rule):
                yield f"the witness of '{witness.rule}' (all else {rest}) does not make it fire under '{policy}'"
            if result.level != level:
                says = f"gets {result.level} under '{policy}'; proven was {level}"
                yield f"the witness of '{witness.rule}' (all else {rest}) {says}"


def denied(book: RuleBook, facts: Mapping[str, Value]) -> dict[str, Value]:
    """Answer every other question that is asked with yes or no with no."""
    asked = (one.id for one in book.findings.values() if one.kind == "boolean" and one.asked)
    return {**dict.fromkeys(asked, False), **facts}


def judged(book: RuleBook, facts: Mapping[str, Value], policy: str) -> Assessment:
    """Assess facts that all come from a response."""
    return assess(book, _told(facts), policy)


def _told(facts: Mapping[str, Value]) -> Facts:
    return {finding: Fact(value, "response", (finding,)) for finding, value in facts.items()}


def fires(result: Assessment, rule: str) -> bool:
    """Tell whether the rule fired."""
    return any(one.rule == rule and one.verdict == "fired" for one in result.trace)
