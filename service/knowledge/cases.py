"""Reads the facts of a case as they are written beside a rule; it does not evaluate them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from service.knowledge.model import Case, Finding, RuleBook
from service.knowledge.parse import BookError, number

VERDICTS: Mapping[str, bool | None] = {"fired": True, "not-fired": False, "undecided": None}
MOST_SHOWN = 9


@dataclass(frozen=True, slots=True)
class Given:
    """What a case starts from: known findings, and for withholdings the level and the verdicts of rules."""

    known: Mapping[str, bool | Decimal | frozenset[str]]
    level: str
    rules: Mapping[str, bool | None]


def facts_of(case: Case, book: RuleBook) -> Given:
    """Read a case's facts. ``level`` and ``rule:ID`` are the two keys that are no findings.

    Raise BookError for an unknown name, and for a value that the finding cannot have.
    """
    known: dict[str, bool | Decimal | frozenset[str]] = {}
    rules: dict[str, bool | None] = {}
    level = "self-care"
    for key, written in case.facts.items():
        if key == "level":
            level = _one_of(written, book.levels, key)
        elif key.startswith("rule:"):
            rule = _one_of(key.removeprefix("rule:"), book.rules, "rule:")
            rules[rule] = VERDICTS[_one_of(written, VERDICTS, key)]
        else:
            known[key] = _value(book.findings[_one_of(key, book.findings, "facts")], written)
    return Given(known, level, rules)


def _value(finding: Finding, written: object) -> bool | Decimal | frozenset[str]:
    match finding.kind:
        case "boolean":
            return _one_of(written, ("present", "absent"), finding.id) == "present"
        case "choice" | "choices":
            chosen = written if isinstance(written, list) else [written]
            return frozenset(_one_of(one, finding.options, finding.id) for one in chosen)
        case "text":
            raise BookError(f"{finding.id}: met a text's finding; allowed are findings that a rule can ask for")
        case _:
            return number(written, finding.id)


def _one_of(written: object, allowed: Collection[str], key: str) -> str:
    if not isinstance(written, str) or written not in allowed:
        shown = ", ".join(allowed) if len(allowed) <= MOST_SHOWN else f"one of {len(allowed)} ids of the book"
        raise BookError(f"{key}: met '{written}'; allowed: {shown}")
    return written
