"""Completes the formulas of the facts as ``engine.derive`` completes facts: derivations, then contradictions."""

from service.engine.proof.logic import both, either, opposite
from service.engine.proof.symbols import Symbol, Symbols, YesNo
from service.engine.proof.verdicts import Reading, verdict
from service.knowledge.model import Contradiction, Derivation, RuleBook


def completed(book: RuleBook, symbols: Symbols) -> dict[str, Symbol]:
    """Apply the derivations in their order, then the contradictions."""
    known = dict(symbols)
    for derivation in book.derivations:
        known[derivation.finding] = _derived(derivation, known)
    for contradiction in book.contradictions:
        known[contradiction.finding] = _reread(contradiction, known)
    return known


def _derived(derivation: Derivation, known: Symbols) -> YesNo:
    """Take what is derived where its condition is true; an answer stands where the derivation gives way to it."""
    answered = _yes_no(known, derivation.finding)
    applies = verdict(derivation.when, Reading(known)).true
    if derivation.only_where_unknown:
        applies = both(applies, opposite(either(answered.present, answered.absent)))
    return _taken(answered, applies, present=derivation.present)


def _reread(contradiction: Contradiction, known: Symbols) -> YesNo:
    applies = verdict(contradiction.when, Reading(known)).true
    return _taken(_yes_no(known, contradiction.finding), applies, present=contradiction.present)


def _taken(answered: YesNo, applies: object, *, present: bool) -> YesNo:
    if present:
        return YesNo(either(answered.present, applies), both(answered.absent, opposite(applies)))
    return YesNo(both(answered.present, opposite(applies)), either(answered.absent, applies))


def _yes_no(known: Symbols, finding: str) -> YesNo:
    symbol = known[finding]
    if not isinstance(symbol, YesNo):
        raise TypeError(f"'{finding}' is derived and is no yes/no finding")
    return symbol
