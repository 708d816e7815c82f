"""The rule book as the engine asks it, prepared once for each book; it judges nobody.

A rule is a bit, and a set of rules an integer. What the book says in words is worked out beforehand: which rules ask
for which level, which speak for which cause, which stand under which topic.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from service.engine.assessment import Fit, SuspectedCause, TopicView, Traced
from service.engine.clauses import Question
from service.engine.derive import Steps, conditions_of, steps_of
from service.engine.leaves import Bits, Leaves, finding_of, number_leaves
from service.engine.ordered import Ordered, joined, ordered
from service.engine.plan_at import PlanAt, Planning
from service.engine.reasons import Reasoning, Reasonings
from service.engine.table import Questions, Table
from service.knowledge.condition import CauseListed, Condition, QuestionsOpen, unnegated
from service.knowledge.model import Cause, Rule, RuleBook, Topic

BASE = "self-care"
"""The level where no rule asks for more; the self-care gate is itself a rule."""


@dataclass(frozen=True, slots=True)
class PreparedRule:
    """One rule under one policy: the level it asks for, and to which it lifts while open; empty where to none.

    ``bit`` is set where it fires. ``reads`` are the bits that its verdict depends on; ``pointing`` those that speak for
    it, each with its finding, and ``points`` all of them. ``fits``, ``partly`` and ``dangerous`` are its causes,
    ``topic`` is its topic. ``traced`` remembers what was said of it.
    """

    rule: Rule
    bit: int
    reads: int
    reasoning: Reasoning
    pointing: tuple[tuple[int, str], ...]
    points: int
    fits: int
    partly: int
    dangerous: int
    topic: int
    asks: str = ""
    lifts_to: str = ""
    traced: dict[int, Traced] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PreparedCause:
    """One cause and one fit, with the rules that speak for it so; ``listed`` remembers it with those that did."""

    cause: Cause
    fit: Fit
    bit: int
    rules: int
    listed: dict[int, SuspectedCause] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PreparedTopic:
    """One topic with its rules; ``views`` remembers how sources were compared, empty where none asks for a level."""

    topic: Topic
    bit: int
    rules: int
    views: dict[int, tuple[TopicView, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PreparedLevel:
    """One level under one policy, as sets of rules: those that ask for it, for more, and that lift to it while open."""

    id: str
    asks: int
    above: int
    lifting: int
    plan: PlanAt


@dataclass(frozen=True, slots=True)
class Said:
    """What the fired rules say together, in their order; ``listed`` are the causes as a set."""

    rules: tuple[PreparedRule, ...]
    causes: tuple[SuspectedCause, ...]
    listed: int
    topics: tuple[TopicView, ...]


@dataclass(frozen=True, slots=True)
class PreparedPolicy:
    """One policy: its levels, the gravest first, and its rules.

    ``said`` remembers what was said by which fired rules, beside which undecided ones that do not exclude a cause.
    """

    id: str
    levels: tuple[PreparedLevel, ...]
    rules: Ordered[PreparedRule]
    said: dict[tuple[int, int], Said] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Prepared:
    """One book.

    In the answers of the table, whether a rule may fire stands ``width`` bits above whether it does, and whether it
    does in doubt as far above that. ``causes_asked`` and ``questions_open`` are the bits of what activities ask of the
    result.
    """

    book: RuleBook
    leaves: Leaves
    table: Table
    steps: Steps
    rules: int
    dangerous: int
    width: int
    out_of_scope: int
    policies: Mapping[str, PreparedPolicy]
    causes: Mapping[Fit, Ordered[PreparedCause]]
    topics: Ordered[PreparedTopic]
    causes_asked: tuple[tuple[int, Bits], ...]
    questions_open: Bits


@lru_cache(maxsize=8)
def prepared(book: RuleBook) -> Prepared:
    """Prepare a book; what was prepared for it before is found again."""
    leaves = number_leaves(_conditions(book))
    questions = Questions()
    bits, width = _place_rules(book, leaves, questions)
    out_of_scope = questions.ask(Question(leaves, certain=True).clauses(book.scope_out))
    planning = Planning(book, leaves, questions, bits, out_of_scope)
    plans = {level: planning.at(level) for level in book.levels}
    rules = _rules(book, bits, leaves)
    causes = _causes(book, rules)
    return Prepared(
        book=book,
        leaves=leaves,
        table=questions.table(leaves.count),
        steps=steps_of(book, leaves),
        rules=joined(bits.values()),
        dangerous=joined(one.bit for one in rules if one.dangerous),
        width=width,
        out_of_scope=out_of_scope,
        policies={policy: _policy(policy, book, plans, rules) for policy in book.rule_levels},
        causes=causes,
        topics=ordered(_topics(book, rules)),
        causes_asked=tuple(
            (one.bit, leaves.bits[CauseListed(one.cause.id)])
            for one in causes["fits"].items.values()
            if CauseListed(one.cause.id) in leaves.bits
        ),
        questions_open=leaves.bits[QuestionsOpen()],
    )


def _conditions(book: RuleBook) -> Iterator[Condition]:
    yield from conditions_of(book)
    yield from (rule.when for rule in book.rules.values())
    yield from (one.when for one in book.withholdings.values())
    yield from (one.when for one in book.activities.values())
    yield from (one.safety_net_when for one in book.topics.values())
    yield book.scope_out
    yield QuestionsOpen()


def _place_rules(book: RuleBook, leaves: Leaves, questions: Questions) -> tuple[Mapping[str, int], int]:
    """Place three questions of each rule, each kind in the same order and width: it fires, it may, it does in doubt."""
    doubted = frozenset(one.id for one in book.findings.values() if one.reassuring)
    asked = (
        Question(leaves, certain=True),
        Question(leaves, certain=False),
        Question(leaves, certain=True, doubted=doubted),
    )
    clauses = {rule.id: [one.clauses(rule.when) for one in asked] for rule in book.rules.values()}
    bits = [
        {rule: questions.place(of[kind], max(map(len, of))) for rule, of in clauses.items()}
        for kind in range(len(asked))
    ]
    return bits[0], questions.size // len(asked)


def _causes(book: RuleBook, rules: list[PreparedRule]) -> Mapping[Fit, Ordered[PreparedCause]]:
    bits = [(cause, 1 << index) for index, cause in enumerate(book.causes.values())]

    def by(fit: Fit, of: Callable[[PreparedRule], int]) -> Ordered[PreparedCause]:
        return ordered(
            PreparedCause(cause, fit, bit, joined(one.bit for one in rules if of(one) & bit)) for cause, bit in bits
        )

    return {
        "fits": by("fits", lambda one: one.fits),
        "partly-fits": by("partly-fits", lambda one: one.partly),
        "not-excluded": by("not-excluded", lambda one: one.dangerous),
    }


def _topics(book: RuleBook, rules: list[PreparedRule]) -> list[PreparedTopic]:
    bits = [(topic, 1 << index) for index, topic in enumerate(book.topics.values())]
    return [PreparedTopic(topic, bit, joined(one.bit for one in rules if one.topic == bit)) for topic, bit in bits]


def _rules(book: RuleBook, bits: Mapping[str, int], leaves: Leaves) -> list[PreparedRule]:
    causes = {cause: 1 << index for index, cause in enumerate(book.causes)}
    topics = {topic: 1 << index for index, topic in enumerate(book.topics)}
    reasonings = Reasonings(leaves)
    return [
        PreparedRule(
            rule,
            bits[rule.id],
            reads=leaves.read_by(rule.when),
            reasoning=reasonings.of(rule.when),
            pointing=tuple((leaves.of(leaf).holds, finding_of(leaf)) for leaf in unnegated(rule.when)),
            points=joined(leaves.of(leaf).holds for leaf in unnegated(rule.when)),
            fits=joined(causes[one] for one, fit in rule.causes.items() if fit == "fits"),
            partly=joined(causes[one] for one, fit in rule.causes.items() if fit == "partly-fits"),
            dangerous=joined(causes[one] for one in rule.causes if book.causes[one].dangerous),
            topic=topics[rule.topic],
        )
        for rule in book.rules.values()
    ]


def _policy(policy: str, book: RuleBook, plans: Mapping[str, PlanAt], rules: list[PreparedRule]) -> PreparedPolicy:
    ranks = {level: one.rank for level, one in book.levels.items()}
    asks = book.rule_levels[policy]
    asking = {level: joined(one.bit for one in rules if asks[one.rule.id] == level) for level in book.levels}
    levels = [
        PreparedLevel(
            level,
            asks=asking[level],
            above=joined(asking[one] for one in ranks if ranks[one] > ranks[level]),
            lifting=joined(asking[one] for one in ranks if _lifts_to(one, ranks) == level),
            plan=plans[level],
        )
        for level in sorted(ranks, key=lambda one: -ranks[one])
    ]
    own = [
        replace(one, asks=asks[one.rule.id], lifts_to=_lifts_to(asks[one.rule.id], ranks), traced={}) for one in rules
    ]
    return PreparedPolicy(policy, tuple(levels), ordered(own))


def _lifts_to(asks: str, ranks: Mapping[str, int]) -> str:
    """Name the level to which a rule lifts the result while more than reassurance is open; empty where to none."""
    if asks in ("", BASE):
        return ""
    return "within-24h" if ranks[asks] >= ranks["emergency"] else "appointment"
