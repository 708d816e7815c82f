"""The formulas mean what the engine does: on witnesses, on random patients and on every limit of every measure."""

import os
from collections.abc import Mapping
from decimal import Decimal
from random import Random

import pytest

from service.engine.assess import assess
from service.engine.derive import complete
from service.engine.facts import Fact, Value
from service.engine.proof import logic
from service.engine.proof.form import Checklist, any_answers, dangers_of, filled
from service.engine.proof.levels import judge, live_policies
from service.engine.proof.logic import is_true_of_itself
from service.engine.proof.property import Said, Ticked
from service.engine.proof.regions import measures, regions
from service.engine.proof.symbols import Choice, Number, Symbol, Symbols, YesNo, any_facts, values_of
from service.engine.proof.totality import stands_at
from service.engine.proof.withheld import planned
from service.engine.verdict import View, evaluate
from service.knowledge.witnesses import read_witnesses
from service.mapping.answered_facts import facts_of_answers
from service.mapping.answers import Answered, Answers
from service.mapping.canonical import NO, NONE_OF_THESE, NOT_SURE, YES
from tests.proof.any_patient import BOOK

ROUNDS = int(os.environ.get("PROOF_CASES", "60"))
"""How many random patients; `make soak` compares 10,000, by tests/soak/model_agrees.py."""
FINDINGS = [one for one in BOOK.findings.values() if one.kind != "text" and one.asked]
DANGERS = dangers_of(BOOK)
SAMPLES = {measure: [region.sample for region in regions(BOOK, measure)] for measure in measures(BOOK)}


def test_the_model_judges_every_witness_as_the_engine_does() -> None:
    for witness in read_witnesses():
        agree(witness.facts)


def test_the_model_judges_random_patients_as_the_engine_does() -> None:
    rng = Random(11)  # noqa: S311 - a repeatable sample, nothing secret
    for _ in range(ROUNDS):
        agree(random_facts(rng))


def test_the_model_judges_every_limit_as_the_engine_does() -> None:
    rng = Random(5)  # noqa: S311 - a repeatable sample, nothing secret
    for measure, samples in SAMPLES.items():
        for sample in samples:
            agree({**random_facts(rng), measure: sample})


def test_the_model_reads_a_form_as_the_service_does() -> None:
    rng = Random(3)  # noqa: S311 - a repeatable sample, nothing secret
    for _ in range(ROUNDS):
        read_alike(rng)


def read_alike(rng: Random) -> None:
    """Hold the facts that the model reads from a random form against those that the service reads."""
    said = random_answers(rng)
    answers = {link_id: answered_as(answer, said.get(link_id)) for link_id, answer in any_answers(BOOK).items()}
    told = Answers({link_id: as_read(link_id, one) for link_id, one in said.items()}, {}, ())
    read = facts_of_answers(BOOK, told, "completed", "QuestionnaireResponse").facts
    facts = {name: fact.value for name, fact in read.items()} | {"answers-old": False}
    assert known_in(filled(BOOK, answers, DANGERS).facts) == facts


def agree(facts: Mapping[str, Value]) -> None:
    """Hold every verdict, level and suggestion of the model against the engine's, for one patient."""
    facts = {**dict.fromkeys(("free-text", "answers-old"), False), **facts}
    symbols = {name: constant(symbol, facts.get(name)) for name, symbol in any_facts(BOOK).items()}
    judgement = judge(BOOK, symbols)
    told = {name: Fact(value, "response", (name,)) for name, value in facts.items()}
    known = {name: fact.value for name, fact in complete(BOOK, told).facts.items()}
    assert known_in(judgement.facts) == known
    for rule in BOOK.rules.values():
        plain = judgement.rules[rule.id].plain
        verdict = True if is_true_of_itself(plain.true) else (False if is_true_of_itself(plain.false) else None)
        assert verdict is evaluate(rule.when, View(known)), rule.id
    for policy in live_policies(BOOK):
        result = assess(BOOK, told, policy)
        assert [level for level, stands in stands_at(judgement, policy).items() if is_true_of_itself(stands)] == [
            result.level
        ]
        plan = planned(judgement, policy)
        suggested = {activity for activity, formula in plan.suggested.items() if is_true_of_itself(formula)}
        assert suggested == {one.activity for one in result.plan.suggested}


def constant(symbol: Symbol, value: Value | None) -> Symbol:
    """Be the symbol of one patient, of whom this value is known."""
    match symbol:
        case YesNo():
            return YesNo(truth(value is True), truth(value is False))
        case Number():
            number = value if isinstance(value, Decimal) else Decimal(0)
            return Number(truth(value is not None), logic.fixed(number))
        case Choice(_, options):
            chosen = value if isinstance(value, frozenset) else frozenset[str]()
            return Choice(truth(value is not None), {one: truth(one in chosen) for one in options})


def truth(holds: bool) -> logic.Formula:
    return logic.TRUE if holds else logic.FALSE


def known_in(symbols: Symbols) -> dict[str, Value]:
    """Read the facts of one patient: nothing in them is left open to a solver."""
    model = logic.solver_for(logic.TRUE).example()
    return values_of(model, symbols)


def random_facts(rng: Random) -> dict[str, Value]:
    """Draw what is known of a patient: each finding present, absent or unknown, with odds that differ by patient."""
    yes, no = rng.choice([(0.02, 0.97), (0.1, 0.6), (0.4, 0.4), (0.01, 0.3), (0.03, 0.9)])
    return {one.id: value for one in FINDINGS if (value := _drawn(rng, one.id, yes, no)) is not None}


def _drawn(rng: Random, finding: str, yes: float, no: float) -> Value | None:
    kind, at = BOOK.findings[finding].kind, rng.random()
    if kind == "boolean":
        return True if at < yes else (False if at < yes + no else None)
    if at > yes + no:
        return None
    if kind in ("integer", "quantity"):
        return rng.choice(SAMPLES.get(finding, [Decimal(3)]))
    return frozenset([rng.choice(BOOK.findings[finding].options)])


def random_answers(rng: Random) -> dict[str, Said]:
    """Draw answers to the form, shown or not."""
    facts = random_facts(rng)
    said: dict[str, Said] = {}
    for item in BOOK.form.items():
        if item.kind == "checklist":
            chosen = frozenset(one for one in item.findings if facts.get(one) is True)
            if chosen or rng.random() < 0.7:
                said[item.link_id] = Ticked(chosen, rng.random() < 0.2)
        elif item.link_id in facts:
            said[item.link_id] = facts[item.link_id]
    return said


def answered_as(answer: Symbol | Checklist, said: Said | None) -> Symbol | Checklist:
    if isinstance(answer, Checklist):
        ticked = said if isinstance(said, Ticked) else Ticked(frozenset(), False)
        chosen = {one: truth(one in ticked.chosen) for one in answer.chosen}
        return Checklist(truth(said is not None), truth(ticked.not_sure), chosen)
    assert not isinstance(said, Ticked)
    return constant(answer, said)


def as_read(link_id: str, said: Said) -> Answered:
    """Be the answer as it is read from a response."""
    if isinstance(said, Ticked):
        mark = {NOT_SURE} if said.not_sure else (set() if said.chosen else {NONE_OF_THESE})
        return said.chosen | mark
    if isinstance(said, bool) and BOOK.form.item(link_id).kind == "yes-no-not-sure":
        return YES if said else NO
    if isinstance(said, frozenset) and BOOK.form.item(link_id).kind == "choice":
        return next(iter(said))
    return said


def test_a_model_that_differed_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.engine.proof.levels.FOR_AN_OPEN_EMERGENCY", "appointment")
    with pytest.raises(AssertionError):
        agree({"upper-back-pain": True})
