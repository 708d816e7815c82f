"""The list of everything that is proven of a rule book; each entry can be run by itself, in any order."""

from collections.abc import Callable, Mapping

from service.engine.proof.hidden import hidden_answers
from service.engine.proof.learning import learning
from service.engine.proof.missing import missing_answers, missing_facts
from service.engine.proof.monotone import red_flags_as_answers, red_flags_as_facts
from service.engine.proof.policies import policies
from service.engine.proof.property import Property
from service.engine.proof.reach import ranked, reachable
from service.engine.proof.thresholds import thresholds
from service.engine.proof.totality import totality
from service.engine.proof.withheld import withheld
from service.knowledge.model import RuleBook

Proof = Callable[[RuleBook], Property]


def _reached(book: RuleBook) -> Property:
    return reachable(book).proven


PROOFS: Mapping[str, Proof] = {
    "P1": totality,
    "P2.facts": red_flags_as_facts,
    "P2.answers": red_flags_as_answers,
    "P2.thresholds": thresholds,
    "P3.facts": missing_facts,
    "P3.answers": missing_answers,
    "P4.reach": _reached,
    "P4.ranked": ranked,
    "P5": withheld,
    "P6": learning,
    "P7": policies,
    "P8": hidden_answers,
}
LONGEST_FIRST = (
    "P3.facts",
    "P2.answers",
    "P4.reach",
    "P2.facts",
    "P3.answers",
    "P2.thresholds",
    "P4.ranked",
    "P8",
    "P5",
)
"""What to start first where several run at once; the others are short."""


def proven(book: RuleBook) -> list[Property]:
    """Prove everything, one after the other."""
    return [proof(book) for proof in PROOFS.values()]
