"""What a plan can hold at each level, prepared once for each book; it chooses nothing.

At a given level a withholding or an activity asks for findings alone: what it asks of the level is settled, and a
rule's verdict is that of the rule's own condition.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from service.engine.assessment import Forbidden, LeftOut, Plan, Suggested
from service.engine.clauses import MET, UNMET, Clauses, Question
from service.engine.leaves import Leaves, OfResult
from service.engine.ordered import Ordered, joined, ordered, positions
from service.engine.reasons import Reason, Reasoning, Reasonings
from service.engine.table import Questions
from service.knowledge.condition import (
    Always,
    AtLeast,
    Condition,
    LevelAtLeast,
    Not,
    RuleVerdict,
    Term,
    UnlessAll,
    Withheld,
    walk,
)
from service.knowledge.model import Activity, Rule, RuleBook, Withholding

OUT_OF_SCOPE_SECTIONS = frozenset({"self-care", "prevention", "information"})
"""What these rules may not suggest for a complaint they do not speak of (scope.yaml)."""


@dataclass(frozen=True, slots=True)
class Holding:
    """A withholding at one level: the answers of which any makes it fire, and of which any lets it fire or be open.

    ``reasonings`` name the findings behind it, then those behind each rule that it asks for.
    """

    withholding: Withholding
    fires: int
    may_fire: int
    reasonings: tuple[Reasoning, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An activity at one level; ``clauses`` are met where it asks for itself, in the table as the answer ``asks``.

    ``rules`` add it to the plan. ``reads`` is what the withholdings that name it read; ``withheld`` remembers by which
    of them it was.
    """

    activity: Activity
    bit: int
    clauses: Clauses
    asks: int
    rules: tuple[tuple[int, Rule], ...]
    holdings: tuple[Holding, ...]
    reads: int
    withheld: dict[int, Forbidden | LeftOut] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Naming:
    """One answer of the table and the candidates that it names: those that a rule adds, or a withholding withholds."""

    bit: int
    candidates: int


@dataclass(frozen=True, slots=True)
class Sign:
    """A rule whose sign may belong into the safety net; ``bit`` is set where it fired, ``net`` where it may come up."""

    rule: Rule
    bit: int
    net: int


@dataclass(frozen=True, slots=True)
class PlanAt:
    """All that a plan can hold at one level, candidates as sets.

    ``always`` are wanted whatever is known; ``asking`` are those that ask for the result. ``of_any_scope`` are wanted
    out of scope, too, and ``warning`` call for the signs of the safety net. ``added`` and ``withheld`` say by which
    answers candidates are. ``answers`` and ``reads`` are all of the table's answers and of the known that the plan can
    depend on. ``plans``, ``suggested`` and ``watch_for`` remember it and its parts.
    """

    candidates: Ordered[Candidate]
    always: int
    asking: tuple[Candidate, ...]
    of_any_scope: int
    warning: int
    added: Ordered[Naming]
    added_by: int
    withheld: Ordered[Naming]
    withheld_by: int
    signs: tuple[Sign, ...]
    read_by_signs: int
    answers: int
    reads: int
    plans: dict[tuple[int, int], Plan] = field(default_factory=dict)
    suggested: dict[tuple[int, int], tuple[Suggested, ...]] = field(default_factory=dict)
    watch_for: dict[int, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Planning:
    """What the preparation works with: ``bits`` are those of the rules' firing, ``out_of_scope`` that of the scope."""

    book: RuleBook
    leaves: Leaves
    questions: Questions
    bits: Mapping[str, int]
    out_of_scope: int

    def at(self, level: str) -> PlanAt:
        """Prepare the plan of one level."""
        holdings = [self._holding(one, level) for one in self.book.withholdings.values()]
        fitting = [one for one in self.book.activities.values() if self._fits(one, level)]
        candidates = [self._candidate(one, 1 << index, level, holdings) for index, one in enumerate(fitting)]
        added = [(bit, one.bit) for one in candidates for bit in (one.asks, *(bit for bit, _ in one.rules))]
        withheld = [(holding.may_fire, one.bit) for one in candidates for holding in one.holdings]
        signs = self._signs(level)
        read_by_signs = joined(one.bit | one.net for one in signs)
        added_by, withheld_by = joined(bits for bits, _ in added), joined(bits for bits, _ in withheld)
        asking = tuple(one for one in candidates if one.clauses not in (MET, UNMET) and not one.asks)
        return PlanAt(
            candidates=ordered(candidates),
            always=joined(one.bit for one in candidates if one.clauses == MET),
            asking=asking,
            of_any_scope=joined(one.bit for one in candidates if one.activity.section not in OUT_OF_SCOPE_SECTIONS),
            warning=joined(one.bit for one in candidates if one.activity.section == "safety-net"),
            added=_named(added),
            added_by=added_by,
            withheld=_named(withheld),
            withheld_by=withheld_by,
            signs=signs,
            read_by_signs=read_by_signs,
            answers=self.out_of_scope | added_by | withheld_by | read_by_signs,
            reads=joined(one.reads for one in candidates) | joined(clause for one in asking for clause in one.clauses),
        )

    def _fits(self, activity: Activity, level: str) -> bool:
        return activity.level == level if activity.level else level in activity.levels

    def _candidate(self, activity: Activity, bit: int, level: str, holdings: list[Holding]) -> Candidate:
        naming = tuple(one for one in holdings if activity.id in one.withholding.items)
        clauses = MET if activity.level else self._clauses(activity.when, level, certain=True)
        of_result = any(isinstance(node, OfResult) for node in walk(activity.when))
        read = (at_level(one.withholding.when, level, self.book) for one in naming)
        return Candidate(
            activity,
            bit,
            clauses,
            asks=0 if of_result or clauses in (MET, UNMET) else self.questions.ask(clauses),
            rules=tuple((self.bits[rule.id], rule) for rule in self.book.rules.values() if activity.id in rule.plan),
            holdings=naming,
            reads=joined(self.leaves.read_by(condition) for condition in read),
        )

    def _holding(self, withholding: Withholding, level: str) -> Holding:
        fires = [self._clauses(way, level, certain=True) for way in _ways(withholding.when)]
        may_fire = [self._clauses(way, level, certain=False) for way in _ways(withholding.when)]
        return Holding(withholding, self._any(fires), self._any(may_fire), self._reasonings(withholding.when, level))

    def _reasonings(self, when: Condition, level: str) -> tuple[Reasoning, ...]:
        plain = Reasonings(self.leaves)
        rules = {
            node: plain.of(self.book.rules[node.rule].when) for node in walk(when) if isinstance(node, RuleVerdict)
        }
        settled: dict[Condition, Reasoning] = {node: _verdict_alone(rule) for node, rule in rules.items()}
        for node in walk(when):
            if isinstance(node, LevelAtLeast):
                settled[node] = plain.of(at_level(node, level, self.book))
        return (Reasonings(self.leaves, settled).of(when), *rules.values())

    def _any(self, ways: list[Clauses]) -> int:
        return joined(self.questions.ask(clauses) for clauses in ways if clauses != UNMET)

    def _clauses(self, condition: Condition, level: str, *, certain: bool) -> Clauses:
        return Question(self.leaves, certain).clauses(at_level(condition, level, self.book))

    def _signs(self, level: str) -> tuple[Sign, ...]:
        """Order the rules whose signs call for more than the level: the gravest topics first."""
        book = self.book
        ranks = {name: one.rank for name, one in book.levels.items()}
        lowest = "ambulance" if ranks[level] >= ranks["emergency"] else "emergency"
        asks = book.rule_levels["strictest"]
        signs = [
            Sign(rule, self.bits[rule.id], self._net(rule))
            for rule in book.rules.values()
            if rule.sign and asks[rule.id] and ranks[asks[rule.id]] >= ranks[lowest]
        ]
        topics = book.topics
        signs.sort(
            key=lambda one: (
                topics[one.rule.topic].safety_net_order,
                topics[one.rule.topic].order,
                one.rule.id,
            )
        )
        return tuple(signs)

    def _net(self, rule: Rule) -> int:
        when = self.book.topics[rule.topic].safety_net_when
        return self.questions.ask(Question(self.leaves, certain=False).clauses(when))


def _named(pairs: list[tuple[int, int]]) -> Ordered[Naming]:
    """Order the answers by which candidates are named; each pair is a set of answers and a candidate."""
    answers = joined(bits for bits, _ in pairs)
    single = (1 << position for position in positions(answers))
    return ordered(Naming(bit, joined(one for bits, one in pairs if bits & bit)) for bit in single)


def _verdict_alone(rule: Reasoning) -> Reasoning:
    return lambda known: Reason(rule(known).verdict)


def _ways(condition: Condition) -> Iterator[Condition]:
    """Take an ``any`` of rules apart: as clauses of one question it would be their product."""
    match condition:
        case AtLeast(1, parts) if any(isinstance(node, RuleVerdict) for node in walk(condition)):
            for part in parts:
                yield from _ways(part)
        case _:
            yield condition


def at_level(condition: Condition, level: str, book: RuleBook) -> Condition:  # noqa: PLR0911 - one return a kind
    """Settle what a condition asks of the result at a level; what is left asks for findings, causes and questions."""
    match condition:
        case LevelAtLeast(least):
            return Always() if book.levels[level].rank >= book.levels[least].rank else Not(Always())
        case RuleVerdict(rule):
            return book.rules[rule].when
        case Withheld(withholding):
            return at_level(book.withholdings[withholding].when, level, book)
        case Term(name, part):
            return Term(name, at_level(part, level, book))
        case Not(part):
            return Not(at_level(part, level, book))
        case AtLeast(count, parts):
            return AtLeast(count, tuple(at_level(part, level, book) for part in parts))
        case UnlessAll(part, exemptions):
            return UnlessAll(at_level(part, level, book), tuple(at_level(one, level, book) for one in exemptions))
        case _:
            return condition
