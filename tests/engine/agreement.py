"""Holds the serving engine against the second engine of `many_patients.py`: whole results, patient by patient."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from service.engine.assess import assess
from service.engine.derive import completed
from service.engine.facts import Fact, Facts
from service.engine.prepared import prepared
from service.knowledge.model import RuleBook
from tests.engine.many_patients import LEVELS, Bits, Known, Seen, seen

Aspect = tuple[str, str]
"""What is compared, such as ("fired", "chest-pain"): the patients of whom it is true."""


@dataclass(frozen=True, slots=True)
class Compared:
    """How much was compared, and a sentence for every difference."""

    patients: int
    verdicts: int
    differences: tuple[str, ...]


@dataclass(slots=True)
class Tally:
    """How much was compared in all, and every difference that was met; it grows batch by batch."""

    patients: int = 0
    verdicts: int = 0
    differences: list[str] = field(default_factory=list)

    def add(self, compared: Compared) -> None:
        self.patients += compared.patients
        self.verdicts += compared.verdicts
        self.differences += compared.differences


def compared(book: RuleBook, known: Sequence[Known], policy: str) -> Compared:
    """Let both engines judge the same patients under a policy, and say where they differ."""
    expected = dict(_expected(book, seen(book, known, policy)))
    met: dict[Aspect, Bits] = defaultdict(int)
    for number, facts in enumerate(known):
        for aspect in _met(book, facts, policy):
            met[aspect] |= 1 << number
    differing = {one: wrong for one in {*expected, *met} if (wrong := expected.get(one, 0) ^ met.get(one, 0))}
    differences = tuple(
        f"{' '.join(aspect)} under {policy}: {wrong.bit_count()} patients differ, such as {told(known[_first(wrong)])}"
        for aspect, wrong in sorted(differing.items())
    )
    return Compared(len(known), len(known) * len(book.rules), differences)


def _first(bits: Bits) -> int:
    return (bits & -bits).bit_length() - 1


def told(facts: Known) -> str:
    """Tell a patient in one line."""
    return ", ".join(
        f"{name}={sorted(value) if isinstance(value, frozenset) else value}" for name, value in facts.items()
    )


def _expected(book: RuleBook, found: Seen) -> Iterator[tuple[Aspect, Bits]]:
    """Name for whom each aspect of the result is expected."""
    raised = dict.fromkeys(LEVELS, 0)
    for name, rule in found.rules.items():
        still_open = found.everybody & ~rule.verdicts.yes & ~rule.verdicts.no
        deciding = 0
        for level, lifted in rule.lifts.items():
            deciding |= lifted & found.levels[level]
        could_raise = still_open & _below(found, rule.asks)
        traced = rule.verdicts.yes | could_raise | still_open & deciding
        if rule.asks:
            raised[rule.asks] |= could_raise
        yield ("yes", name), rule.verdicts.yes
        yield ("no", name), rule.verdicts.no
        yield ("fired", name), rule.verdicts.yes
        yield ("undecided", name), traced & ~rule.verdicts.yes
        yield ("deciding", name), deciding
        for level in LEVELS:
            lifted = _lifted(rule.lifts, level)
            yield (f"lifts to {level}", name), traced & lifted
    yield from _expected_of_the_whole(book, found, raised)


def _lifted(lifts: Mapping[str, Bits], level: str) -> Bits:
    """Name those whom a rule lifts to this level and to no higher one."""
    higher = 0
    for other in LEVELS[LEVELS.index(level) + 1 :]:
        higher |= lifts.get(other, 0)
    return lifts.get(level, 0) & ~higher


def _below(found: Seen, level: str) -> Bits:
    below = 0
    for lower in LEVELS[: LEVELS.index(level)] if level else ():
        below |= found.levels[lower]
    return below


def _expected_of_the_whole(book: RuleBook, found: Seen, raised: Mapping[str, Bits]) -> Iterator[tuple[Aspect, Bits]]:
    left, any_raised = found.everybody, 0
    for level in reversed(LEVELS):
        yield ("level", level), found.levels[level]
        yield ("ceiling", level), left & (found.levels[level] | raised[level])
        left &= ~(found.levels[level] | raised[level])
        any_raised |= raised[level]
    old = found.known["answers-old"].get(True, 0)
    yield ("final", ""), found.everybody & ~any_raised & ~old
    yield ("out of scope", ""), found.out_of_scope
    for finding in _completed(book):
        for value, bits in found.known.get(finding, {}).items():
            yield (f"completed as {value}", finding), bits


def _completed(book: RuleBook) -> list[str]:
    """Name the findings that a consequence or a contradiction may set."""
    made = {one.finding for one in book.derivations} | {one.finding for one in book.contradictions}
    return sorted(made)


def _met(book: RuleBook, facts: Known, policy: str) -> Iterator[Aspect]:
    """Name every aspect that the serving engine finds in one patient."""
    told_facts: Facts = {name: Fact(value, "response", (name,)) for name, value in facts.items()}
    result = assess(book, told_facts, policy)
    yield "level", result.level
    yield "ceiling", result.ceiling
    if result.final:
        yield "final", ""
    if result.scope == "out":
        yield "out of scope", ""
    for traced in result.trace:
        yield traced.verdict, traced.rule
        if traced.lifts_to:
            yield f"lifts to {traced.lifts_to}", traced.rule
    for rule in result.deciding:
        yield "deciding", rule
    for finding in _completed(book):
        if finding in result.facts:
            yield f"completed as {result.facts[finding].value}", finding
    yield from _verdicts(book, told_facts)


def _verdicts(book: RuleBook, facts: Facts) -> Iterator[Aspect]:
    """Name the verdict of every rule as the engine's table answers it, also where the result does not trace it."""
    ready = prepared(book)
    answers = ready.table.answers(completed(ready.steps, facts, ready.leaves.known(facts)).known)
    possible = answers >> ready.width & ready.rules
    rules = next(iter(ready.policies.values())).rules
    for one in rules.of(answers & ready.rules):
        yield "yes", one.rule.id
    for one in rules.of(ready.rules & ~possible):
        yield "no", one.rule.id
