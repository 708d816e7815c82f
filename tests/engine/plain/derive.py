"""Completes the facts step by step, each read anew from the facts themselves."""

from dataclasses import dataclass

from service.engine.derive import Conflict
from service.engine.facts import Fact, Facts
from service.engine.verdict import View, evaluate, holding_findings
from service.knowledge.model import Contradiction, Derivation, RuleBook


@dataclass(frozen=True, slots=True)
class Completed:
    """The facts after derivations and contradictions, and the conflicts that were met on the way."""

    facts: Facts
    conflicts: tuple[Conflict, ...]


def complete(book: RuleBook, facts: Facts) -> Completed:
    """Apply the derivations in their order, then the contradictions; the more dangerous reading counts."""
    known = dict(facts)
    conflicts: list[Conflict] = []
    for derivation in book.derivations:
        _derive(derivation, known, conflicts)
    for contradiction in book.contradictions:
        if evaluate(contradiction.when, _view(known)):
            _reread(contradiction, known, conflicts)
    return Completed(known, tuple(conflicts))


def _derive(derivation: Derivation, known: dict[str, Fact], conflicts: list[Conflict]) -> None:
    answered = known.get(derivation.finding)
    if answered is not None and (derivation.only_where_unknown or answered.value == derivation.present):
        return
    view = _view(known)
    if not evaluate(derivation.when, view):
        return
    because = tuple(dict.fromkeys(holding_findings(derivation.when, view)))
    if answered is not None:
        against = (derivation.finding, *because)
        conflicts.append(Conflict(derivation.finding, derivation.present, against, derivation.says))
    known[derivation.finding] = Fact(derivation.present, "derived", because)


def _reread(contradiction: Contradiction, known: dict[str, Fact], conflicts: list[Conflict]) -> None:
    because = tuple(dict.fromkeys(holding_findings(contradiction.when, _view(known))))
    conflicts.append(Conflict(contradiction.finding, contradiction.present, because, contradiction.says))
    known[contradiction.finding] = Fact(contradiction.present, "contradiction", because)


def _view(known: dict[str, Fact]) -> View:
    return View({finding: fact.value for finding, fact in known.items()})
