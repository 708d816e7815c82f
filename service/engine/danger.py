"""Says which answers speak for danger by themselves, as the book's rules of emergency and above show it."""

from collections.abc import Iterator
from decimal import Decimal

from service.engine.facts import Value
from service.engine.verdict import View, evaluate
from service.knowledge.condition import Compares, Condition, unnegated
from service.knowledge.model import RuleBook


def is_danger(book: RuleBook, finding: str, value: Value) -> bool:
    """Tell whether the answer is a red flag's yes, or a measure on the side where a rule of emergency or more holds."""
    if isinstance(value, Decimal):
        view = View({finding: value})
        leaves = (leaf for danger in _dangers(book) for leaf in unnegated(danger))
        return any(isinstance(leaf, Compares) and leaf.measure == finding and evaluate(leaf, view) for leaf in leaves)
    return value is True and finding in book.red_flags


def _dangers(book: RuleBook) -> Iterator[Condition]:
    """Visit the conditions of the rules of emergency and above, and of what makes a red flag present."""
    asked = book.rule_levels["strictest"]
    emergency = book.levels["emergency"].rank
    for rule in book.rules.values():
        if asked[rule.id] and book.levels[asked[rule.id]].rank >= emergency:
            yield rule.when
    for derivation in book.derivations:
        if derivation.present and derivation.finding in book.red_flags:
            yield derivation.when
