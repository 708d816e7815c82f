"""Finds the open questions whose yes alone means an emergency: they are asked first; it changes no verdict."""

from collections.abc import Hashable
from functools import partial

from service.engine.assessment import Assessment, Traced
from service.engine.verdict import View, evaluate
from service.knowledge.condition import findings_in
from service.knowledge.model import RuleBook
from service.mapping.writing.kept import Parts, value_and_origin

EMERGENCY = "emergency"


def undecided_emergencies(book: RuleBook, assessment: Assessment) -> list[Traced]:
    """Keep the undecided rules that ask for emergency or above, and for more than the result, gravest first."""
    least = max(book.levels[EMERGENCY].rank, book.levels[assessment.level].rank + 1)
    undecided = [one for one in assessment.trace if one.verdict == "undecided" and book.levels[one.asks].rank >= least]
    return sorted(undecided, key=lambda one: -book.levels[one.asks].rank)


def single_dangers(book: RuleBook, assessment: Assessment, kept: Parts | None = None) -> dict[str, str]:
    """Name the findings whose yes alone would fire an undecided emergency rule, each with the level it would mean."""
    dangers: dict[str, str] = {}
    for traced in undecided_emergencies(book, assessment):
        write = partial(_firing_alone, book, assessment, traced)
        findings = kept.of(_key(book, assessment, traced, kept), write) if kept else write()
        dangers.update({one: traced.asks for one in findings if one not in dangers})
    return dangers


def _key(book: RuleBook, assessment: Assessment, traced: Traced, kept: Parts) -> tuple[Hashable, ...]:
    """Name the rule, what is known of all that it asks for, and what of it is open."""
    asked = kept.of(("asked by", traced.rule), lambda: sorted(findings_in(book.rules[traced.rule].when)))
    known = (value_and_origin(assessment.facts.get(finding)) for finding in asked)
    return ("danger alone", traced.rule, traced.findings, *known)


def _firing_alone(book: RuleBook, assessment: Assessment, traced: Traced) -> tuple[str, ...]:
    known = {finding: fact.value for finding, fact in assessment.facts.items()}
    condition = book.rules[traced.rule].when
    candidates = (one for one in traced.findings if _yes_may_mean_danger(book, one))
    return tuple(one for one in candidates if evaluate(condition, View({**known, one: True})))


def _yes_may_mean_danger(book: RuleBook, finding: str) -> bool:
    described = book.findings[finding]
    return described.kind == "boolean" and described.asked and not described.reassuring
