"""Looks again at questions that a form hid: where the record changes what hid them, they are open, not absent."""

from service.engine.facts import Facts
from service.engine.verdict import View, evaluate
from service.knowledge.form import Item
from service.knowledge.model import RuleBook


def reopened(book: RuleBook, facts: Facts) -> Facts:
    """Leave out what is absent only because a form hid its question for a reason that no longer stands.

    Questions are taken in the order of the form, because one may have hidden the next.
    """
    kept = dict(facts)
    values = {finding: fact.value for finding, fact in facts.items()}
    not_shown = {finding for finding, fact in facts.items() if fact.origin == "not-shown"}
    for item in book.form.items():
        if not not_shown.isdisjoint(item.findings) and not _stays_hidden(item, View(values)):
            for finding in not_shown.intersection(item.findings):
                del kept[finding], values[finding]
    return kept


def _stays_hidden(item: Item, view: View) -> bool:
    return item.shown_when is not None and evaluate(item.shown_when, view) is False
