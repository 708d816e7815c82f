"""Checks that rules are sound by themselves and beside each other."""

from collections.abc import Iterator
from decimal import Decimal

from service.knowledge.condition import (
    AtLeast,
    CauseListed,
    Compares,
    Condition,
    Holds,
    LevelAtLeast,
    Not,
    QuestionsOpen,
    RuleVerdict,
    Term,
    UnlessAll,
    Withheld,
    findings_in,
    parts_of,
    walk,
)
from service.knowledge.model import Rule, RuleBook

OUTCOMES = (LevelAtLeast, RuleVerdict, CauseListed, Withheld, QuestionsOpen)


def unknown_names(book: RuleBook) -> Iterator[str]:
    """Find topics, causes and activities that a rule names and the book does not have."""
    for rule in book.rules.values():
        known = (
            ("topic", (rule.topic,), book.topics),
            ("causes", rule.causes, book.causes),
            ("plan", rule.plan, book.activities),
        )
        for key, names, table in known:
            for name in names:
                if name not in table:
                    yield f"rules/{rule.id}.yaml: {key}: unknown '{name}'"


def duplicate_conditions(book: RuleBook) -> Iterator[str]:
    """Find two rules of one topic with the same condition: they are one rule that cites both."""
    first: dict[tuple[str, Condition], str] = {}
    for rule in book.rules.values():
        twin = first.setdefault((rule.topic, rule.when), rule.id)
        if twin != rule.id:
            yield f"rules/{rule.id}.yaml: the same condition and topic as rules/{twin}.yaml"


def contradictory_conditions(book: RuleBook) -> Iterator[str]:
    """Find conditions that ask for a finding and for its opposite, or for a number that no number is."""
    for rule in book.rules.values():
        needed = list(_needed(rule.when))
        held = {node.finding for node in needed if isinstance(node, Holds)}
        refused = {node.part.finding for node in needed if isinstance(node, Not) and isinstance(node.part, Holds)}
        for finding in sorted(held & refused):
            yield f"rules/{rule.id}.yaml: when: needs '{finding}' present and absent: it can never fire"
        for measure in sorted({node.measure for node in needed if isinstance(node, Compares)}):
            if not _possible([node for node in needed if isinstance(node, Compares) and node.measure == measure]):
                yield f"rules/{rule.id}.yaml: when: no value of '{measure}' meets it: it can never fire"


def _needed(condition: Condition) -> Iterator[Condition]:
    """Visit what must hold for the condition to hold."""
    match condition:
        case AtLeast(count, parts) if count == len(parts):
            for part in parts:
                yield from _needed(part)
        case Term(_, part) | UnlessAll(part, _):
            yield from _needed(part)
        case _:
            yield condition


def _possible(comparisons: list[Compares]) -> bool:
    low = max((c.threshold for c in comparisons if c.operator in ("at-least", "above")), default=Decimal("-Infinity"))
    high = min((c.threshold for c in comparisons if c.operator in ("at-most", "below")), default=Decimal("Infinity"))
    strict = any(c.operator in ("above", "below") and c.threshold in (low, high) for c in comparisons)
    return low < high or (low == high and not strict)


def findings_that_may_not_reassure(book: RuleBook) -> Iterator[str]:
    """Find rules above self-care that a finding's presence keeps from firing, though it is not marked reassuring.

    A finding does so under an odd number of ``not``; the answers that exempt count as one. Deliberate exceptions stand
    in the rule with their reason.
    """
    for rule in book.rules.values():
        if book.rule_levels["strictest"].get(rule.id) in ("", "self-care"):
            continue
        allowed = {one.about for one in rule.allowed if one.check == "not-reassuring"}
        for finding in sorted(set(_negated(rule.when, negated=False)) - allowed):
            if not book.findings[finding].reassuring:
                yield f"rules/{rule.id}.yaml: '{finding}' keeps it from firing and is not marked reassuring"


def _negated(condition: Condition, *, negated: bool) -> Iterator[str]:
    match condition:
        case Holds(finding):
            if negated:
                yield finding
        case Not(part):
            yield from _negated(part, negated=not negated)
        case UnlessAll(part, exemptions):
            yield from _negated(part, negated=negated)
            for exemption in exemptions:
                yield from _negated(exemption, negated=not negated)
        case _:
            for part in parts_of(condition):
                yield from _negated(part, negated=negated)


def danger_without_a_sign(book: RuleBook) -> Iterator[str]:
    """Find rules of emergency or above that the safety net could not name."""
    for rule in book.rules.values():
        level = book.rule_levels["strictest"][rule.id]
        if level in ("emergency", "ambulance") and not rule.sign:
            yield f"rules/{rule.id}.yaml: sign: missing; a rule of {level} needs the words of its sign"


def causes_without_a_rule(book: RuleBook) -> Iterator[str]:
    """Find causes that no rule can ever suggest."""
    suggested = {cause for rule in book.rules.values() for cause in rule.causes}
    for cause in book.causes:
        if cause not in suggested:
            yield f"causes.yaml: {cause}: no rule suggests it"


def conditions_out_of_place(book: RuleBook) -> Iterator[str]:
    """Find rules that ask for a result (level, verdict, cause) or for a finding that derivations alone may use."""
    for rule in book.rules.values():
        if any(isinstance(node, OUTCOMES) for node in walk(rule.when)):
            yield f"rules/{rule.id}.yaml: when: a rule asks for findings only; level, rule, cause are for withholdings"
        if "temperature" in findings_in(rule.when):
            yield f"rules/{rule.id}.yaml: when: 'temperature' is read by derivations; use 'fever' or 'low-temperature'"


def derivations_out_of_order(book: RuleBook) -> Iterator[str]:
    """Find derivations that use what only a later one makes."""
    for index, derivation in enumerate(book.derivations):
        later = {one.finding for one in book.derivations[index:] if one.finding != derivation.finding}
        for finding in sorted(findings_in(derivation.when) & later):
            yield f"derivations.yaml: {derivation.id}: uses '{finding}', which a later derivation makes"


def made_findings_unknown(book: RuleBook) -> Iterator[str]:
    """Find derivations and contradictions that make a finding which the book does not have as a yes/no finding."""
    made = [("derivations.yaml", one.id, one.finding) for one in book.derivations]
    made += [("contradictions.yaml", one.id, one.finding) for one in book.contradictions]
    for file, name, finding in made:
        if finding not in book.findings or book.findings[finding].kind != "boolean":
            yield f"{file}: {name}: makes '{finding}', which is no yes/no finding of findings.yaml"


def exceptions(book: RuleBook) -> list[tuple[Rule, str, str]]:
    """List the deliberate exceptions: the rule, what it is about, and the reason."""
    return [(rule, one.about, one.reason) for rule in book.rules.values() for one in rule.allowed]
