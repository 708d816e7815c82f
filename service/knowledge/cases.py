"""Reads the facts of a case as they are written beside a rule; it does not evaluate them."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from service.knowledge.model import Case, Finding, RuleBook
from service.knowledge.parse import BookError, number

VERDICTS: Mapping[str, bool | None] = {"fired": True, "not-fired": False, "undecided": None}


@dataclass(frozen=True, slots=True)
class Given:
    """What a case starts from: known findings, and for withholdings the level and the verdicts of rules."""

    known: Mapping[str, bool | Decimal | frozenset[str]]
    level: str
    rules: Mapping[str, bool | None]


def facts_of(case: Case, book: RuleBook) -> Given:
    """Read a case's facts. ``level`` and ``rule:ID`` are the two keys that are no findings."""
    known: dict[str, bool | Decimal | frozenset[str]] = {}
    rules: dict[str, bool | None] = {}
    level = "self-care"
    for name, written in case.facts.items():
        if name == "level":
            level = str(written)
        elif name.startswith("rule:"):
            rules[name.removeprefix("rule:")] = VERDICTS[str(written)]
        else:
            known[name] = _value(book.findings.get(name), written, name)
    return Given(known, level, rules)


def _value(finding: Finding | None, written: object, name: str) -> bool | Decimal | frozenset[str]:
    if finding is None:
        raise BookError(f"a case names the unknown finding '{name}'")
    if finding.kind == "boolean":
        if written not in ("present", "absent"):
            raise BookError(f"a case gives '{name}' something else than present or absent")
        return written == "present"
    if finding.kind in ("choice", "choices"):
        chosen = frozenset([written] if isinstance(written, str) else map(str, written if isinstance(written, list) else []))
        if not chosen <= set(finding.options):
            raise BookError(f"a case gives '{name}' something else than its options")
        return chosen
    return number(written, f"a case, '{name}'")
