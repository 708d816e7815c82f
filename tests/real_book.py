"""The real rule book as the service holds it once it is proven; that it is proven is tested in tests/proof alone.

So a test that merely needs the book goes on working while a rule is being changed and not yet proven anew.
"""

from dataclasses import replace
from functools import cache

from service.knowledge.load import checked_book
from service.knowledge.model import RuleBook


@cache
def proven_book() -> RuleBook:
    return replace(checked_book(), proven=True)
