"""Each property fails on a book that breaks it, and a counterexample is a response that can be posted."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from service.engine.assess import assess
from service.engine.facts import Fact
from service.engine.proof import logic
from service.engine.proof.all_properties import PROOFS
from service.engine.proof.levels import Judgement
from service.engine.proof.logic import Unanswered, solver_for
from service.engine.proof.property import refuted
from service.engine.proof.verdicts import Kleene
from service.engine.proof.withheld import Planned, planned
from service.knowledge.condition import Always, AtLeast, Compares, Condition, Holds, Not
from service.knowledge.model import RuleBook, Withholding
from service.usecases.counterexample import response_of
from tests.mapping.reading import read
from tests.proof.any_patient import BOOK

WHOLE = os.environ.get("PROOF_DEFECTS") == "all"
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def every(*parts: Condition) -> Condition:
    return AtLeast(len(parts), parts)


def some(*parts: Condition) -> Condition:
    return AtLeast(1, parts)


def age(operator: str, threshold: int) -> Condition:
    return Compares("age", operator, Decimal(threshold))  # type: ignore[arg-type]  # one of the four words


def book_of(**rules: tuple[str, Condition]) -> RuleBook:
    """Be the real book with these rules alone, each with its level, under names of rules that it has."""
    named = {name.replace("_", "-"): one for name, one in rules.items()}
    levels = {name: level for name, (level, _) in named.items()}
    made = {name: replace(BOOK.rules[name], when=when, plan=()) for name, (_, when) in named.items()}
    flags = {finding for _, when in named.values() for finding in ("cough", "syncope") if finding in str(when)}
    return replace(
        BOOK,
        rules=made,
        rule_levels=dict.fromkeys(BOOK.policies, levels),
        withholdings={},
        activities={},
        red_flags=frozenset(flags),
    )


CALMED_BY_COUGH = book_of(
    faint=("emergency", every(Holds("syncope"), Not(Holds("cough")))),
    sickle_cell_crisis=("emergency", every(Holds("hx-sickle"), Holds("cough"))),
)
"""A cough is a red flag here, and keeps another rule from firing."""


def says(name: str, book: RuleBook) -> str:
    return "; ".join(failure.says for failure in PROOFS[name](book).failures)


@dataclass(frozen=True, slots=True)
class Broken:
    """A book that breaks a property, and what is said of it."""

    name: str
    book: RuleBook
    met: str


def _withheld() -> RuleBook:
    held = Withholding("any", "any", ("heat",), Always(), "GL-w-heat", "made up", "left-out", ())
    return replace(BOOK, withholdings={**BOOK.withholdings, "any": held})


def _above() -> RuleBook:
    levels = {**BOOK.rule_levels, "reconciled": {**BOOK.rule_levels["reconciled"], "stiffness": "ambulance"}}
    return replace(BOOK, rule_levels=levels)


def _same_row() -> RuleBook:
    wide, narrow = BOOK.rules["band-like-pain"], BOOK.rules["band-like-pain-with-leg-or-bladder-change"]
    levels = {policy: {**asked, narrow.id: asked[wide.id]} for policy, asked in BOOK.rule_levels.items()}
    return replace(BOOK, rule_levels=levels)


BROKEN = [
    Broken("P1", book_of(faint=("emergency", Holds("syncope"))), "no input gets 'ambulance'"),
    Broken("P2.facts", CALMED_BY_COUGH, "a yes to 'cough' lowers the level under 'strictest'"),
    Broken("P2.answers", CALMED_BY_COUGH, "a yes to 'cough' in the form lowers the level"),
    Broken(
        "P2.thresholds",
        book_of(faint=("emergency", some(every(age("at-least", 60), Holds("cough")), age("below", 60)))),
        "rules/faint.yaml: ends with age",
    ),
    Broken("P3.facts", book_of(faint=("emergency", Not(Holds("cough")))), "'cough' unknown stands below every answer"),
    Broken(
        "P3.answers", book_of(faint=("emergency", Not(Holds("leg-weak")))), "'leg-weak' left blank stands below a no"
    ),
    Broken(
        "P4.reach", book_of(faint=("emergency", every(age("below", 5), age("above", 5)))), "no facts can make it fire"
    ),
    Broken("P4.ranked", _same_row(), "redundant: rules/band-like-pain.yaml of the same row"),
    Broken("P5", _withheld(), "activities.yaml: heat: no plan can ever suggest it"),
    Broken("P7", _above(), "'reconciled' reaches"),
    Broken(
        "P8",
        replace(
            book_of(faint=("emergency", every(Holds("syncope"), Not(Holds("haemoptysis-more"))))),
            red_flags=frozenset({"haemoptysis-more"}),
        ),
        "answers to questions that were not shown lower the level",
    ),
]


@pytest.mark.parametrize(
    "broken",
    BROKEN if WHOLE else [one for one in BROKEN if one.name != "P3.answers"],
    ids=lambda one: f"{one.name}: {one.met}",
)
def test_a_property_fails_on_a_book_that_breaks_it(broken: Broken) -> None:
    assert broken.met in says(broken.name, broken.book)


def test_a_verdict_that_flips_by_learning_more_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown_is_no(finding: str, reading: object) -> Kleene:
        present = reading.symbols[finding].present  # type: ignore[attr-defined]
        return Kleene(present, logic.opposite(present))

    monkeypatch.setattr("service.engine.proof.verdicts._holds", unknown_is_no)
    assert "a decided verdict flips by learning more" in says("P6", book_of(faint=("emergency", Holds("syncope"))))


def test_a_withheld_activity_that_is_suggested_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    free = {name: replace(one, items=()) for name, one in BOOK.withholdings.items()}
    unheld = replace(BOOK, withholdings=free)

    def forgets(judgement: Judgement, policy: str) -> Planned:
        suggested = planned(replace(judgement, book=unheld), policy).suggested
        return replace(planned(judgement, policy), suggested=suggested)

    monkeypatch.setattr("service.engine.proof.withheld.planned", forgets)
    assert "'aspirin' is suggested all the same" in says("P5", BOOK)


def test_a_counterexample_can_be_posted_and_shows_the_fault() -> None:
    (failure, *_) = PROOFS["P2.answers"](CALMED_BY_COUGH).failures
    ranks = []
    for example in failure.examples:
        body = response_of(BOOK.form, example, NOW)
        assert body is not None
        facts = {**read(body).facts, "answers-old": Fact(False, "service")}
        assert {name: fact.value for name, fact in facts.items() if name != "answers-old"}.items() <= {
            **example.facts,
            "free-text": False,
        }.items()
        ranks.append(BOOK.levels[assess(CALMED_BY_COUGH, facts, "strictest").level].rank)
    before, after = ranks
    assert after < before


def test_a_solver_without_an_answer_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def gives_up(self: object, *wanted: object) -> Mapping[str, str]:
        raise Unanswered("timeout")

    monkeypatch.setattr("service.engine.proof.logic.Solver.example", gives_up)
    (failure,) = refuted(solver_for(logic.TRUE), logic.TRUE, "something", lambda model: ())
    assert failure.says == "something: not proven, the solver has no answer (timeout)"
