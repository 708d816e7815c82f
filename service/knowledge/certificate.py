"""The certificate: which rule book was proven with which engine; it is read here and written by the proof."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from service.knowledge.model import RuleBook
from service.knowledge.parse import BookError

CERTIFICATE = Path(__file__).parent / "certificate.json"
SERVICE = Path(__file__).parent.parent
BESIDE_THE_ENGINE = ("knowledge/condition.py",)
REMEDY = "run 'triage rules prove'; '--unproven' loads it for development alone, and marks every result"


@dataclass(frozen=True, slots=True)
class Proven:
    """One property of the certificate: how many questions were answered, and what is listed with its reason."""

    id: str
    title: str
    count: int
    listed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Certificate:
    """What was proven, of which book, with which engine; ``exceptions`` are the deliberate ones, a sentence each."""

    rule_book: str
    engine: str
    properties: tuple[Proven, ...]
    exceptions: tuple[str, ...]


def engine_digest(service: Path = SERVICE) -> str:
    """Name the engine by the SHA-256 over its files in order of name; the proof is no part of what it proves."""
    files = sorted(path.relative_to(service).as_posix() for path in (service / "engine").glob("*.py"))
    total = hashlib.sha256()
    for name in (*files, *BESIDE_THE_ENGINE):
        total.update(name.encode() + b"\0")
        total.update(hashlib.sha256((service / name).read_bytes()).digest())
    return total.hexdigest()


def read_certificate(path: Path = CERTIFICATE) -> Certificate:
    """Read a certificate; raise BookError where there is none or it is not one."""
    try:
        return _certificate(json.loads(path.read_text("utf-8")))
    except FileNotFoundError as error:
        raise BookError(f"{path.name}: missing: the rule book is not proven; {REMEDY}") from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BookError(f"{path.name}: not readable ({type(error).__name__}); {REMEDY}") from error


def _certificate(written: Mapping[str, object]) -> Certificate:
    rows, exceptions = written["properties"], written["exceptions"]
    if not isinstance(rows, list) or not isinstance(exceptions, list) or not rows:
        raise TypeError("properties and exceptions are lists")
    return Certificate(
        rule_book=str(written["rule-book"]),
        engine=str(written["engine"]),
        properties=tuple(Proven(one["id"], one["title"], int(one["count"]), tuple(one["listed"])) for one in rows),
        exceptions=tuple(map(str, exceptions)),
    )


def demand_proof(book: RuleBook, path: Path = CERTIFICATE) -> None:
    """Raise BookError unless this very book was proven with this very engine."""
    found = faults(read_certificate(path), book)
    if found:
        raise BookError(f"{path.name}: {' and '.join(found)}; {REMEDY}")


def faults(certificate: Certificate, book: RuleBook, engine: str = "") -> Sequence[str]:
    """Say what the certificate was not written for; ``engine`` is the digest to hold it against, else that of here."""
    pairs = (
        ("the rule book", certificate.rule_book, book.digest),
        ("the engine", certificate.engine, engine or engine_digest()),
    )
    return [
        f"{what} has changed since it was proven ({was[:12]}, now {now[:12]})" for what, was, now in pairs if was != now
    ]


def written_certificate(certificate: Certificate) -> str:
    """Write a certificate as JSON; the same proof always gives the same text."""
    content = {
        "rule-book": certificate.rule_book,
        "engine": certificate.engine,
        "properties": [
            {"id": one.id, "title": one.title, "count": one.count, "listed": list(one.listed)}
            for one in certificate.properties
        ],
        "exceptions": list(certificate.exceptions),
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"
