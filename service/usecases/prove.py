"""Proves a rule book on all cores and writes what was proven beside it; what is proven stands in ``engine.proof``."""

import os
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from service.engine.canary import failing_witnesses
from service.engine.proof.all_properties import LONGEST_FIRST, PROOFS
from service.engine.proof.property import Property
from service.engine.proof.reach import reachable
from service.knowledge.certificate import CERTIFICATE, Certificate, Proven, engine_digest, written_certificate
from service.knowledge.checks.rules import exceptions
from service.knowledge.files import BOOK
from service.knowledge.load import checked_book
from service.knowledge.model import RuleBook
from service.knowledge.parse import BookError
from service.knowledge.witnesses import WITNESSES, Witness, read_witnesses, written_witnesses

REACH = "P4.reach"


@dataclass(frozen=True, slots=True)
class Proof:
    """Every property in order, and a witness for each rule that can fire."""

    properties: tuple[Property, ...]
    witnesses: tuple[Witness, ...]

    @property
    def holds(self) -> bool:
        """Tell whether every property was proven."""
        return not any(one.failures for one in self.properties)


Found = tuple[Property, tuple[Witness, ...]]


def prove(folder: Path = BOOK, finished: Callable[[Property], None] | None = None) -> Proof:
    """Prove the book of a folder, a property per process at a time; ``finished`` is told of each when it is done."""
    order = sorted(PROOFS, key=lambda one: LONGEST_FIRST.index(one) if one in LONGEST_FIRST else len(LONGEST_FIRST))
    found: dict[str, Found] = {}
    with ProcessPoolExecutor(min(os.cpu_count() or 1, len(PROOFS)), mp_context=get_context("spawn")) as pool:
        running = {name: pool.submit(_proven, folder, name) for name in order}
        for name in PROOFS:
            found[name] = running[name].result()
            if finished is not None:
                finished(found[name][0])
    return Proof(tuple(one for one, _ in found.values()), found[REACH][1])


def _proven(folder: Path, name: str) -> Found:
    """Prove one property in a process of its own: a formula cannot travel between processes, a folder's name can."""
    book = checked_book(folder)
    if name != REACH:
        return PROOFS[name](book), ()
    reached = reachable(book)
    return reached.proven, reached.witnesses


def write_proof(
    book: RuleBook, proof: Proof, certificate: Path = CERTIFICATE, witnesses: Path = WITNESSES
) -> list[str]:
    """Write the certificate and the witnesses of a proof that holds; name each witness that had to change."""
    known = {one.rule: one for one in _kept(witnesses)}
    chosen = [_chosen(book, new, known.get(new.rule)) for new in proof.witnesses]
    witnesses.write_text(written_witnesses(chosen), "utf-8")
    certificate.write_text(written_certificate(_certificate(book, proof)), "utf-8")
    return list(_changes(chosen, known))


def _certificate(book: RuleBook, proof: Proof) -> Certificate:
    return Certificate(
        rule_book=book.digest,
        engine=engine_digest(),
        properties=tuple(Proven(one.id, one.title, one.count, one.listed) for one in proof.properties),
        exceptions=tuple(f"rules/{rule.id}.yaml: {about}: {reason}" for rule, about, reason in exceptions(book)),
    )


def _kept(witnesses: Path) -> tuple[Witness, ...]:
    """Read the witnesses of the last proof; none where there was no proof yet."""
    try:
        return read_witnesses(witnesses)
    except BookError:
        return ()


def _chosen(book: RuleBook, new: Witness, known: Witness | None) -> Witness:
    """Keep a witness while it comes out as it did: a regression test must not be written anew each time."""
    if known is None:
        return new
    wrong = [one for one in failing_witnesses(book, [known]) if f"'{known.rule}'" in one]
    return new if wrong else known


def _changes(chosen: Iterable[Witness], known: Mapping[str, Witness]) -> Iterable[str]:
    for new in chosen:
        old = known.get(new.rule)
        if old is not None and old != new:
            was = f"{dict(old.open_levels)}, else no {dict(old.denied_levels)}"
            now = f"{dict(new.open_levels)}, else no {dict(new.denied_levels)}"
            yield f"{new.rule}: had the witness {was}; has {now}"
