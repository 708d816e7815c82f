"""How levels, findings, answers and sources are put into words; the clinical words stand in the rule book."""

import re
from collections.abc import Iterable
from decimal import ROUND_FLOOR, Decimal

from service.engine.facts import Fact, Value
from service.knowledge.model import Finding, RuleBook, Source, Statement
from service.mapping.writing.material import Material

NUMBER = "the emergency number"
"""What the rule book calls the number; it is a setting, because every country has its own."""

ONE_POLICY = re.compile(r" \(([^()]*) under `([^`]*)`\)")
"""A bracket of the rule book that holds under one policy alone."""

LONGEST_FRACTION = 6

ORIGINS = {
    "record": " (from the record)",
    "derived": " (follows from other answers)",
    "contradiction": " (two answers do not fit together; this is the more dangerous reading)",
    "not-shown": " (not asked: an earlier answer rules it out)",
}


def sentence(text: str) -> str:
    """Begin a text with a capital letter and end it with a full stop."""
    begun = text[:1].upper() + text[1:]
    return begun if begun.endswith((".", "!", "?")) else f"{begun}."


def book_words(material: Material, text: str) -> str:
    """Fit words of the rule book to this run: the policy's own brackets, and the emergency number of the setting."""
    fitted = ONE_POLICY.sub(lambda met: f" ({met[1]})" if met[2] == material.policy.id else "", text)
    number = material.run.emergency_number or NUMBER
    capital = number[:1].upper() + number[1:]
    return fitted.replace(NUMBER, number).replace(NUMBER.capitalize(), capital)


def level_words(material: Material, level: str) -> str:
    """Say what a level means, as a clause: call a number now, see a clinician within a day."""
    return material.once(("level", level), lambda: book_words(material, material.book.levels[level].means))


def cited(book: RuleBook, statements: Iterable[Statement]) -> str:
    """Name by whose word something stands: each source once, with its date, and with our reading where it is one."""
    return "; ".join(dict.fromkeys(_citation(book.sources[one.source], one.reading) for one in statements))


def source_words(source: Source) -> str:
    """Name a source with its date; what is not an article says so."""
    if source.origin in ("project", "reconciled"):
        return f"a {source.name[:1].lower()}{source.name[1:]}"
    addition = "guideline addition, " if source.origin == "guideline" else ""
    date = "date unknown" if source.date in ("", "unknown") else source.date
    quoted = ", known from a quotation" if source.checked == "secondary" else ""
    return f"{source.name} ({addition}{date}{quoted})"


def _citation(source: Source, reading: str) -> str:
    return f"{source_words(source)}, our reading of: {reading}" if reading else source_words(source)


def statements_named(book: RuleBook, ids: Iterable[str]) -> tuple[Statement, ...]:
    """Find statements by id, or all parts of a row by the row's id; ``project`` is no statement."""
    named = set(ids)
    return tuple(one for one in book.statements.values() if one.id in named or one.row in named)


def answer_words(material: Material, finding: str) -> str:
    """Say what is known of a finding, in the form's own words, and where it is from unless it was answered."""
    fact = material.assessment.facts[finding]
    asked = finding_words(material.book, finding)
    value = value_words(material.book, material.book.findings[finding], fact.value)
    origin = ORIGINS.get(fact.origin, "")
    return f"{asked} {sentence(value)[:-1]}{origin}" if asked.endswith("?") else f"{asked}: {value}{origin}"


def answers_words(material: Material, findings: Iterable[str]) -> str:
    """Say what is known of several findings: what was answered yes or with a value first, then what was answered no."""
    facts = material.assessment.facts
    known = [finding for finding in findings if finding in facts]
    told = [answer_words(material, one) for one in known if not _plain_no(facts[one])]
    denied = [finding_words(material.book, one) for one in known if _plain_no(facts[one])]
    return "; ".join([*told, *([f"answered no: {' / '.join(denied)}"] if denied else [])])


def _plain_no(fact: Fact) -> bool:
    return fact.value is False and fact.origin == "response"


def finding_words(book: RuleBook, finding: str) -> str:
    """Name a finding as the form asks for it: its question, or its words in a checklist; else by its label."""
    link_id = book.form.item_of.get(finding)
    if link_id is None:
        return book.findings[finding].label
    item = book.form.item(link_id)
    return book.form.words[finding] if item.kind == "checklist" else item.ask


def value_words(book: RuleBook, finding: Finding, value: Value) -> str:
    """Say a value: yes or no, a number with its unit, or the words of what was chosen."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        unit = _unit_words(book, finding)
        return f"{_number_words(value)} {unit}" if unit else _number_words(value)
    return ", ".join(book.form.words.get(option, option) for option in finding.options if option in value) or "nothing"


def _number_words(value: Decimal) -> str:
    """Say a number as it was sent; one that a change of unit made endless is cut, never rounded up to a threshold."""
    if -int(value.as_tuple().exponent) <= LONGEST_FRACTION:
        return f"{value:f}"
    return f"about {value.quantize(Decimal('0.01'), rounding=ROUND_FLOOR):f}"


def _unit_words(book: RuleBook, finding: Finding) -> str:
    link_id = book.form.item_of.get(finding.id)
    units = book.form.item(link_id).units if link_id else ()
    return next((unit.name for unit in units if unit.code == finding.unit), finding.unit if units else "")
