"""The real book and any patient at once, built once for the tests of the proof."""

from dataclasses import dataclass
from functools import cache

from service.engine.proof import logic
from service.engine.proof.levels import Judgement, judge
from service.engine.proof.logic import Solver
from service.engine.proof.symbols import Symbols, any_facts, domain
from service.knowledge.load import read_book
from service.knowledge.model import RuleBook
from tests.proof.second_reading import AnyCase, read_again, rows

BOOK = read_book()


@dataclass(frozen=True, slots=True)
class AnyPatient:
    """Everybody, as the rule book judges them and as the second reading sees them."""

    symbols: Symbols
    judgement: Judgement
    case: AnyCase
    solver: Solver


def everybody(book: RuleBook) -> AnyPatient:
    symbols = any_facts(book)
    return AnyPatient(symbols, judge(book, symbols), AnyCase(symbols), logic.solver_for(domain(book, symbols)))


READ_AGAIN = read_again()
STATEMENTS = tuple(rows(READ_AGAIN))
RECONCILED = tuple(READ_AGAIN["reconciled"].RECONCILED)
WITHHOLDS = tuple(READ_AGAIN["withholds"].WITHHOLDS)


@cache
def of_the_real_book() -> AnyPatient:
    return everybody(BOOK)
