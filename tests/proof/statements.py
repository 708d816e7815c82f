"""Holds a rule book against the statements' own conditions for every patient at once; the rules are not looked at."""

from collections.abc import Iterator

from service.engine.plan import TOLD
from service.engine.proof import logic
from service.engine.proof.levels import levels_above_base, live_policies, raising, reaches
from service.engine.proof.logic import Formula, Model, both, opposite
from service.engine.proof.symbols import YesNo, is_known
from service.engine.proof.totality import stands_at
from service.engine.proof.withheld import planned
from service.knowledge.model import RuleBook
from tests.clinical.case import LEVELS, Level
from tests.clinical.own_conditions import statement_of
from tests.proof.any_patient import RECONCILED, STATEMENTS, WITHHOLDS, AnyPatient, everybody

WIDER = {"cancer-history-with-limb-sign", "jaundice-with-belly-pain-or-fever", "legs-do-not-carry"}
"""Rules that are wider than the second reading: limb signs include both arms, belly pain any place, and legs sudden
weakness."""
ARTICLE_SOURCES = ("GM", "CC", "SP")
ALWAYS_KNOWN = ("age", "severity-now", "severity-onset", "duration-days")


def too_low(book: RuleBook, patient: AnyPatient | None = None) -> Iterator[str]:
    """Name each statement whose condition can hold while the level stands below what it asks for."""
    anyone = patient or everybody(book)
    asked = [("strictest", row.id, row.level, row.holds) for row in STATEMENTS if row.source in ARTICLE_SOURCES]
    for policy in live_policies(book):
        asked += [(policy, row.topic, row.level, row.holds) for row in RECONCILED]
        asked += [(policy, row.id, row.level, row.holds) for row in STATEMENTS if row.source not in ARTICLE_SOURCES]
    for policy, name, level, holds in asked:
        below = opposite(reaches(anyone.judgement, policy, level))
        if anyone.solver.example(holds(anyone.case), below) is not None:
            yield f"'{policy}' can stand below {level}, which {name} asks for"


def other_levels(book: RuleBook) -> Iterator[str]:
    """Name each statement that asks for another level in the book than in the second reading."""
    for row in {statement_of(row.id): None for row in STATEMENTS}:
        read = {one.level for one in STATEMENTS if statement_of(one.id) == row}
        written = {one.level for one in book.statements.values() if one.row == row and one.level}
        if read != written:
            yield f"{row} asks for {', '.join(sorted(written)) or 'nothing'}; read again: {', '.join(sorted(read))}"


def too_high(book: RuleBook, patient: AnyPatient | None = None) -> Iterator[str]:
    """Name each level that rules can raise to although no statement asks for it, everything being answered."""
    anyone = patient or everybody(book)
    for level in levels_above_base(book):
        asking = logic.some(row.holds(anyone.case) for row in (*STATEMENTS, *RECONCILED) if _reaches(row.level, level))
        lifting = dict(raising(anyone.judgement, "strictest", level))
        narrow = logic.some(formula for rule, formula in lifting.items() if rule not in WIDER)
        model = anyone.solver.example(_answered(anyone), narrow, opposite(asking))
        if model is not None:
            yield f"'strictest' can stand at {level} by {', '.join(_lifting(model, lifting))}; no statement asks for it"


def _reaches(asked: Level, level: str) -> bool:
    return LEVELS.index(asked) >= LEVELS.index(level)


def _lifting(model: Model, lifting: dict[str, Formula]) -> list[str]:
    return [rule for rule, formula in lifting.items() if logic.holds(model, formula)]


def _answered(anyone: AnyPatient) -> Formula:
    """Hold where every question is answered, no answer contradicts another, and the answers are in scope and fresh."""
    parts = []
    for name, symbol in anyone.symbols.items():
        if isinstance(symbol, YesNo) and anyone.judgement.book.findings[name].asked:
            after = anyone.judgement.facts[name]
            assert isinstance(after, YesNo)
            parts += [is_known(symbol), logic.implies(after.present, symbol.present)]
            parts += [logic.implies(after.absent, symbol.absent)]
        elif name in ALWAYS_KNOWN:
            parts.append(is_known(symbol))
    for name, present in (
        ("upper-back-pain", True),
        ("other-site-only", False),
        ("free-text", False),
        ("answers-old", False),
    ):
        symbol = anyone.symbols[name]
        assert isinstance(symbol, YesNo)
        parts.append(symbol.present if present else symbol.absent)
    return logic.every(parts)


def wrongly_suggested(book: RuleBook, patient: AnyPatient | None = None) -> Iterator[str]:
    """Name each activity that a plan can suggest while a withholding's own condition holds, whatever is unknown."""
    anyone = patient or everybody(book)
    for policy in live_policies(book):
        plan = planned(anyone.judgement, policy)
        stands = stands_at(anyone.judgement, policy)
        for row in WITHHOLDS:
            for item in sorted(row.items & plan.suggested.keys()):
                held = logic.some(both(stands[level], _held(row, anyone, level)) for level in LEVELS)
                if anyone.solver.example(plan.suggested[item], held) is not None:
                    yield f"'{item}' can be suggested under '{policy}' while {row.id} holds"


def _held(row: object, anyone: AnyPatient, level: Level) -> Formula:
    held = row.holds(anyone.case, level)  # type: ignore[attr-defined]
    return {True: logic.TRUE, False: logic.FALSE}[held] if isinstance(held, bool) else held


def not_told(book: RuleBook, patient: AnyPatient | None = None) -> Iterator[str]:
    """Say where a plan would not tell somebody not to drive whom the withholding's own condition keeps from it."""
    anyone = patient or everybody(book)
    naming = [one.id for one in book.withholdings.values() if "drive-yourself" in one.items and one.shown in TOLD]
    (row,) = (row for row in WITHHOLDS if "drive-yourself" in row.items)
    for policy in live_policies(book):
        plan = planned(anyone.judgement, policy)
        stands = stands_at(anyone.judgement, policy)
        held = logic.some(both(stands[level], _held(row, anyone, level)) for level in LEVELS)
        told = logic.some(plan.withholdings[one].true for one in naming)
        if anyone.solver.example(held, opposite(told)) is not None:
            yield f"nobody is told not to drive under '{policy}' while {row.id} holds"
