"""Makes a rule book of the real one in which every rule stands several times under other ids; it proves nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from service.knowledge.condition import AtLeast, Holds
from service.knowledge.model import Rule, RuleBook

NEVER_NOW = Holds("answers-old")
"""A finding that is always known, and absent where the answers were given a moment ago."""


def with_copies(book: RuleBook, times: int, *, silent: bool = False) -> RuleBook:
    """Return the book with each rule so many times in all; the first of each keeps its id, and the levels are alike.

    A copy asks what its rule asks: wherever a rule fires, so do its copies, and every one of them is traced. ``silent``
    copies ask for old answers, too: with answers of this moment they are judged, and none of them is told of.
    """
    rules = {rule.id: rule for rule in _copies(book.rules, times)}
    if silent:
        rules = {name: rule if name in book.rules else _silent(rule) for name, rule in rules.items()}
    levels = {policy: _levels(of_rules, times) for policy, of_rules in book.rule_levels.items()}
    return replace(book, rules=rules, rule_levels=levels)


def _copies(rules: Mapping[str, Rule], times: int) -> Iterator[Rule]:
    for rule in rules.values():
        yield from (replace(rule, id=_name(rule.id, number)) for number in range(times))


def _silent(rule: Rule) -> Rule:
    return replace(rule, when=AtLeast(2, (rule.when, NEVER_NOW)))


def _levels(of_rules: Mapping[str, str], times: int) -> dict[str, str]:
    return {_name(rule, number): level for rule, level in of_rules.items() for number in range(times)}


def _name(rule: str, number: int) -> str:
    return f"{rule}-copy-{number}" if number else rule
