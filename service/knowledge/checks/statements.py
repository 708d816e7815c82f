"""Checks that every statement of every source is accounted for, and that nothing cites one that is not there."""

from collections.abc import Iterator
from dataclasses import dataclass

from service.knowledge.model import RuleBook


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many rows of the articles and of the guideline additions are accounted for, and which are not."""

    statements: int
    of_statements: int
    additions: int
    of_additions: int
    missing: tuple[str, ...]


def coverage(book: RuleBook) -> Coverage:
    """Count the rows that are accounted for: a split row counts when all its parts are."""
    cited = {statement for statement, _ in _citations(book)}
    rows: dict[str, list[str]] = {}
    for statement in book.statements.values():
        rows.setdefault(statement.row, []).append(statement.id)
    articles = [row for row in rows if book.statements[rows[row][0]].origin == "article"]
    additions = [row for row in rows if book.statements[rows[row][0]].kind in ("raise", "withhold")]
    covered = {row for row, parts in rows.items() if row in cited or all(part in cited for part in parts)}
    return Coverage(
        statements=len(covered.intersection(articles)),
        of_statements=len(articles),
        additions=len(covered.intersection(additions)),
        of_additions=len(additions),
        missing=tuple(row for row in rows if row not in covered),
    )


def unknown_statements(book: RuleBook) -> Iterator[str]:
    """Find citations of statements that no source file has; a split row may be named whole where it merely supports."""
    rows = {statement.row for statement in book.statements.values()}
    for cited, where in _citations(book):
        if cited not in book.statements and cited not in rows:
            yield f"{where}: unknown statement '{cited}'"
    for rule in book.rules.values():
        for cited in rule.statements:
            if cited not in book.statements:
                yield f"rules/{rule.id}.yaml: statements: '{cited}' is no statement, or is split into parts"


def uncovered_statements(book: RuleBook) -> Iterator[str]:
    """Find rows that no rule, cause, question, activity or withholding cites and that are not listed as background."""
    for row in coverage(book).missing:
        yield f"{row}: cited by nothing, and not listed in background.yaml with a reason"


def levels_without_a_rule(book: RuleBook) -> Iterator[str]:
    """Find statements that ask for a level and are no rule's own condition: their level would be lost."""
    owned = {statement for rule in book.rules.values() for statement in rule.statements}
    for statement in book.statements.values():
        if statement.level and statement.level not in book.levels:
            yield f"{statement.id}: unknown level '{statement.level}'"
        if statement.level and statement.id not in owned:
            yield f"{statement.id}: asks for {statement.level}, and no rule has it among its statements"


def _citations(book: RuleBook) -> Iterator[tuple[str, str]]:
    for rule in book.rules.values():
        yield from ((cited, f"rules/{rule.id}.yaml") for cited in (*rule.statements, *rule.supports))
    for cause in book.causes.values():
        yield from ((cited, f"causes.yaml: {cause.id}") for cited in cause.rests_on)
    for activity in book.activities.values():
        yield from ((cited, f"activities.yaml: {activity.id}") for cited in activity.rests_on if cited != "project")
    for withholding in book.withholdings.values():
        yield withholding.statement, f"withholdings/{withholding.id}.yaml"
    for item in book.form.items():
        yield from ((cited, f"questionnaire.yaml: {item.link_id}") for cited in item.rests_on)
    yield from ((one.statement, "background.yaml") for one in book.background)
