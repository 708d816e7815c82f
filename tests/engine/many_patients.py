"""A second engine for many patients at once, one bit for each: Kleene's tables as operations on bits; no trace.

It shares the rule book's conditions with the serving engine and no code. What each rule asks for is worked out from
its statements anew. `test_engine_agrees.py` holds it against the one-patient oracle of `oracle.py`, too.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from service.engine.facts import Value
from service.knowledge.condition import (
    Always,
    AtLeast,
    Chosen,
    Compares,
    Condition,
    Holds,
    Not,
    Term,
    UnlessAll,
)
from service.knowledge.model import Policy, Rule, RuleBook

Known = Mapping[str, Value]
Bits = int
LEVELS = ("self-care", "appointment", "within-24h", "emergency", "ambulance")

COMPARISONS: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    "below": lambda value, threshold: value < threshold,
    "at-most": lambda value, threshold: value <= threshold,
    "at-least": lambda value, threshold: value >= threshold,
    "above": lambda value, threshold: value > threshold,
}


@dataclass(frozen=True, slots=True)
class Verdicts:
    """For whom a condition holds and for whom it fails; for everybody else it is open."""

    yes: Bits
    no: Bits


class Patients:
    """What is known of many patients: for each finding and value the bits of those who have it."""

    def __init__(self, known: Sequence[Known]) -> None:
        self.everybody: Bits = (1 << len(known)) - 1
        self.having: dict[str, dict[Value, Bits]] = {}
        for number, facts in enumerate(known):
            for finding, value in facts.items():
                with_value = self.having.setdefault(finding, {})
                with_value[value] = with_value.get(value, 0) | 1 << number

    def who(self, finding: str, holds: Callable[[Any], bool]) -> Verdicts:
        """Divide those of whom a finding is known by what is known."""
        yes = no = 0
        for value, bits in self.having.get(finding, {}).items():
            if holds(value):
                yes |= bits
            else:
                no |= bits
        return Verdicts(yes, no)

    def reread(self, finding: str, present: bool, whom: Bits) -> None:
        """Let a finding be present or absent in some patients, whatever was known of it."""
        before = self.who(finding, lambda value: value is True)
        yes, no = (before.yes | whom, before.no & ~whom) if present else (before.yes & ~whom, before.no | whom)
        self.having[finding] = {True: yes, False: no}


@dataclass(slots=True)
class Reader:
    """Reads conditions against the patients; with ``doubted``, open reassurance counts as absent, as in `oracle.py`."""

    patients: Patients
    doubted: frozenset[str] | None
    terms: dict[int, Verdicts]

    def read(self, condition: Condition) -> Verdicts:  # noqa: PLR0911 - one return a kind
        match condition:
            case Always():
                return Verdicts(self.patients.everybody, 0)
            case Holds(name):
                found = self.patients.who(name, lambda value: value is True)
                doubted = self.doubted is not None and name in self.doubted
                return Verdicts(found.yes, self.patients.everybody & ~found.yes) if doubted else found
            case Compares(name, operator, threshold):
                return self.patients.who(name, lambda value: COMPARISONS[operator](value, threshold))
            case Chosen(name, option):
                return self.patients.who(name, lambda value: option in value)
            case Term(_, part):
                if id(part) not in self.terms:
                    self.terms[id(part)] = self.read(part)
                return self.terms[id(part)]
            case Not(part):
                inner = self.read(part)
                return Verdicts(inner.no, inner.yes)
            case AtLeast(count, parts):
                return self._counted(count, [self.read(part) for part in parts])
            case UnlessAll(part, exemptions):
                exempt = self._counted(len(exemptions), [self.read(one) for one in exemptions])
                spared = exempt.no if self.doubted is None else self.patients.everybody & ~exempt.yes
                return self._counted(2, [self.read(part), Verdicts(spared, exempt.yes)])
            case _:
                raise TypeError(condition)

    def _counted(self, count: int, parts: Sequence[Verdicts]) -> Verdicts:
        """Hold for whom enough parts hold; fail for whom too few could."""
        everybody = self.patients.everybody
        could = _at_least(count, [everybody & ~part.no for part in parts], everybody)
        return Verdicts(_at_least(count, [part.yes for part in parts], everybody), everybody & ~could)


def _at_least(count: int, parts: Sequence[Bits], everybody: Bits) -> Bits:
    """Count patient by patient: after each part, ``reached[n]`` are those who had n of the parts so far."""
    reached = [everybody] + [0] * count
    for part in parts:
        for n in range(count, 0, -1):
            reached[n] |= reached[n - 1] & part
    return reached[count]


@dataclass(frozen=True, slots=True)
class RuleSeen:
    """What one rule makes of every patient; ``lifts`` has the patients whom it lifts, by level."""

    asks: str
    verdicts: Verdicts
    lifts: Mapping[str, Bits]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a policy makes of every patient: each rule, and who stands at which level."""

    everybody: Bits
    rules: Mapping[str, RuleSeen]
    levels: Mapping[str, Bits]
    out_of_scope: Bits
    known: Mapping[str, Mapping[Value, Bits]]


def seen(book: RuleBook, known: Sequence[Known], policy: str) -> Seen:
    """Judge many patients by the rule book."""
    patients = Patients(known)
    _complete(book, patients)
    plain = Reader(patients, None, {})
    doubting = Reader(patients, frozenset(one.id for one in book.findings.values() if one.reassuring), {})
    rules = {rule.id: _rule(book, rule, book.policies[policy], plain, doubting) for rule in book.rules.values()}
    levels, left = {}, patients.everybody
    for level in reversed(LEVELS):
        lifted = patients.everybody if level == LEVELS[0] else 0
        for rule in rules.values():
            lifted |= rule.lifts.get(level, 0)
        levels[level] = left & lifted
        left &= ~lifted
    return Seen(patients.everybody, rules, levels, plain.read(book.scope_out).yes, patients.having)


def _complete(book: RuleBook, patients: Patients) -> None:
    """Draw the consequences in their order, then settle the contradictions."""
    for derivation in book.derivations:
        follows = Reader(patients, None, {}).read(derivation.when).yes
        if derivation.only_where_unknown:
            answered = patients.who(derivation.finding, lambda _: True)
            follows &= ~answered.yes
        patients.reread(derivation.finding, derivation.present, follows)
    for contradiction in book.contradictions:
        met = Reader(patients, None, {}).read(contradiction.when).yes
        patients.reread(contradiction.finding, contradiction.present, met)


def _rule(book: RuleBook, rule: Rule, policy: Policy, plain: Reader, doubting: Reader) -> RuleSeen:
    verdicts = plain.read(rule.when)
    asks = asked_level(book, rule, policy)
    if not asks:
        return RuleSeen(asks, verdicts, {})
    still_open = plain.patients.everybody & ~verdicts.yes & ~verdicts.no
    only_reassurance_is_open = still_open & doubting.read(rule.when).yes
    lifts = {asks: verdicts.yes | only_reassurance_is_open}
    if asks != LEVELS[0]:
        for_the_open = "within-24h" if asks in ("emergency", "ambulance") else "appointment"
        lifts[for_the_open] = lifts.get(for_the_open, 0) | still_open & ~only_reassurance_is_open
    return RuleSeen(asks, verdicts, lifts)


def asked_level(book: RuleBook, rule: Rule, policy: Policy) -> str:
    """Name the highest level that a counted statement of the rule asks for; empty where none does."""
    statements = [book.statements[one] for one in rule.statements]
    topics_with_a_row = {one.removeprefix("RC-").partition(".")[0] for one in book.statements if one.startswith("RC-")}
    if policy.id.startswith("source:"):
        statements = [one for one in statements if one.source == policy.id.removeprefix("source:")]
    elif policy.id == "reconciled" and rule.topic in topics_with_a_row:
        statements = [one for one in statements if one.origin != "article"]
    return max((one.level for one in statements if one.level), key=LEVELS.index, default="")
