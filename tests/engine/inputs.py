"""Inputs for holding engines against each other: random patients, and patients at every limit of the book."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from random import Random

from service.engine.canary import denied
from service.engine.facts import Value
from service.knowledge.condition import Compares, findings_in, walk
from service.knowledge.model import RuleBook
from service.knowledge.witnesses import Witness
from tests.clinical.random_cases import random_case

Known = dict[str, Value]
TOLD_BY_THE_SERVICE = ("free-text", "answers-old")
ODDS = ((0.02, 0.97), (0.1, 0.6), (0.4, 0.4), (0.01, 0.3), (0.03, 0.9))
"""How often a finding is present and how often absent; for the rest it is unknown."""


def random_patients(book: RuleBook, seed: int) -> Iterator[Known]:
    """Draw patients without end: by turns anything that may be known, and a plausible patient with open questions."""
    rng = Random(seed)  # noqa: S311 - a repeatable sample, nothing secret
    samples = {measure: sorted({one for row in beside(book, measure) for one in row}) for measure in thresholds(book)}
    while True:
        yield _told_by_the_service(rng, _anything(book, rng, samples))
        yield _told_by_the_service(rng, _plausible(book, rng))


def _anything(book: RuleBook, rng: Random, samples: Mapping[str, list[Decimal]]) -> Known:
    yes, no = rng.choice(ODDS)
    known: Known = {}
    for finding in book.findings.values():
        dice = rng.random()
        if not finding.asked or finding.kind == "text" or dice > yes + no:
            continue
        if finding.kind == "boolean":
            known[finding.id] = dice < yes
        elif finding.kind in ("integer", "quantity"):
            known[finding.id] = rng.choice(samples.get(finding.id, [Decimal(3)]))
        else:
            known[finding.id] = frozenset([rng.choice(finding.options)])
    return known


def _plausible(book: RuleBook, rng: Random) -> Known:
    still_open = rng.choice((0.0, 0.02, 0.2, 0.7))
    values = random_case(rng).values
    return {name: value for name, value in values.items() if book.findings[name].asked and rng.random() >= still_open}


def _told_by_the_service(rng: Random, known: Known) -> Known:
    return {**known, "free-text": rng.random() < 0.05, "answers-old": rng.random() < 0.1}


def thresholds(book: RuleBook) -> dict[str, list[Decimal]]:
    """Name every threshold of each measure that anything in the book compares."""
    conditions = [
        *(rule.when for rule in book.rules.values()),
        *(term.when for term in book.terms.values()),
        *(one.when for one in book.derivations),
        *(one.when for one in book.contradictions),
        *(one.when for one in book.withholdings.values()),
        *(one.when for one in book.activities.values()),
        *(topic.safety_net_when for topic in book.topics.values()),
        book.scope_out,
    ]
    found: dict[str, set[Decimal]] = {}
    for condition in conditions:
        for leaf in walk(condition):
            if isinstance(leaf, Compares):
                found.setdefault(leaf.measure, set()).add(leaf.threshold)
    return {measure: sorted(values) for measure, values in sorted(found.items())}


def beside(book: RuleBook, measure: str) -> Iterator[tuple[Decimal, Decimal, Decimal]]:
    """Name the values below, at and above each threshold of a measure."""
    step = Decimal(1) if book.findings[measure].kind == "integer" else Decimal("0.1")
    for threshold in thresholds(book)[measure]:
        yield threshold - step, threshold, threshold + step


def boundary_patients(book: RuleBook, witnesses: tuple[Witness, ...], *, every: bool) -> Iterator[Known]:
    """Put patients below, at and above each threshold, and leave the measure unknown: one after the other.

    The patients are those for whom a rule fires that asks for the measure, or for what follows from it, or with
    ``every`` those of all rules; once with all else unknown, and once with every other question answered no.
    """
    for measure in thresholds(book):
        asking = {measure, *(one.finding for one in book.derivations if measure in findings_in(one.when))}
        values = sorted({value for row in beside(book, measure) for value in row})
        for witness in witnesses:
            if not every and not asking & findings_in(book.rules[witness.rule].when):
                continue
            for facts in (dict(witness.facts), denied(book, witness.facts)):
                others = {**dict.fromkeys(TOLD_BY_THE_SERVICE, False), **facts}
                others.pop(measure, None)
                yield others
                yield from ({**others, measure: value} for value in values)
