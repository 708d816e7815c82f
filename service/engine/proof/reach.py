"""P4: every rule can fire, none is redundant beside another of the same row, and what outranks a rule is listed."""

from collections.abc import Iterator
from dataclasses import dataclass

from service.engine.proof import logic
from service.engine.proof.form import answers_domain, any_answers, dangers_of, filled, is_given
from service.engine.proof.levels import Judgement, judge, live_policies, raising, reaches
from service.engine.proof.logic import Solver, Unanswered, both, opposite
from service.engine.proof.patients import patient_with_facts
from service.engine.proof.property import Failure, Property, examples_of, refuted
from service.engine.proof.symbols import any_facts, domain, values_of
from service.engine.proof.witness import witness_of
from service.knowledge.model import Rule, RuleBook
from service.knowledge.witnesses import Witness

BEYOND_THE_FORM = "beyond-the-form"
"""The check that a rule names where no response to the form alone can make it fire, on purpose."""


@dataclass(frozen=True, slots=True)
class Reached:
    """What the search for witnesses found."""

    proven: Property
    witnesses: tuple[Witness, ...]


def reachable(book: RuleBook) -> Reached:
    """Find a patient for each rule: one whose facts all come from answers that the form asks for, where there is one.

    A rule that fires only with a record, or with answers beyond the form's early end, must say why it may.
    """
    symbols = any_facts(book)
    anyone = _Patients(book, judge(book, symbols), logic.solver_for(domain(book, symbols)))
    asked = _by_the_form_alone(book)
    failures: list[Failure] = []
    witnesses: list[Witness] = []
    listed: list[str] = []
    for rule in book.rules.values():
        witness = asked.witness(rule)
        if witness is None:
            witness = anyone.witness(rule)
            reason = next((one.reason for one in rule.allowed if one.check == BEYOND_THE_FORM), "")
            if witness is None:
                failures.append(Failure(f"rules/{rule.id}.yaml: no facts can make it fire"))
            elif reason:
                listed.append(f"{rule.id}: no response to the form alone can make it fire: {reason}")
            else:
                failures.append(Failure(f"rules/{rule.id}.yaml: no response to the form alone can make it fire"))
        witnesses += [] if witness is None else [witness]
    count = len(asked.solver.asked) + len(anyone.solver.asked)
    title = "every rule can fire, and has a witness"
    return Reached(Property("P4.reach", title, count, tuple(listed), tuple(failures)), tuple(witnesses))


@dataclass(frozen=True, slots=True)
class _Patients:
    """The patients of one kind, all of them at once."""

    book: RuleBook
    judgement: Judgement
    solver: Solver

    def witness(self, rule: Rule) -> Witness | None:
        """Find one for whom the rule fires; None where there is none, or the solver cannot tell."""
        try:
            model = self.solver.example(self.judgement.rules[rule.id].plain.true)
        except Unanswered:
            return None
        return None if model is None else witness_of(self.book, rule, values_of(model, self.judgement.facts))


def _by_the_form_alone(book: RuleBook) -> _Patients:
    """Be the patients without a record who answered nothing that the form would not show."""
    answers = any_answers(book)
    form = filled(book, answers, dangers_of(book))
    unasked = logic.some(both(hidden, is_given(answers[link_id])) for link_id, hidden in form.hidden.items())
    return _Patients(
        book, judge(book, form.facts), logic.solver_for(both(answers_domain(book, answers), opposite(unasked)))
    )


def ranked(book: RuleBook) -> Property:
    """List what is outranked whenever it fires, and refuse what another rule of the same row makes redundant."""
    symbols = any_facts(book)
    solver = logic.solver_for(domain(book, symbols))
    judgement = judge(book, symbols)
    patient = examples_of(patient_with_facts(book, symbols))
    listed: list[str] = []
    failures: list[Failure] = []
    for policy in live_policies(book):
        for rule, asks in book.rule_levels[policy].items():
            above = _next_level(book, asks)
            fires = judgement.rules[rule].plain.true
            if above and not solver.example(fires, opposite(reaches(judgement, policy, above))):
                listed.append(_outranked(judgement, solver, rule, policy, above))
    for rule, wider in _of_the_same_row(book):
        beyond = both(judgement.rules[rule].plain.true, opposite(judgement.rules[wider].plain.true))
        if not refuted(solver, beyond, "", patient):
            failures.append(
                Failure(f"rules/{rule}.yaml: redundant: rules/{wider}.yaml of the same row always fires, too")
            )
    title = "no rule is redundant beside another of the same row; what is outranked whenever it fires is listed"
    return Property("P4.ranked", title, len(solver.asked), tuple(listed), tuple(failures))


def _next_level(book: RuleBook, asks: str) -> str:
    if not asks:
        return ""
    above = [one for one in book.levels.values() if one.rank > book.levels[asks].rank]
    return min(above, key=lambda one: one.rank).id if above else ""


def _outranked(judgement: Judgement, solver: Solver, rule: str, policy: str, above: str) -> str:
    silent = {name: opposite(formula) for name, formula in raising(judgement, policy, above)}
    by = solver.needed(judgement.rules[rule].plain.true, silent)
    return f"{policy}: {rule} ({judgement.book.rule_levels[policy][rule]}) is outranked by {', '.join(by)}"


def _of_the_same_row(book: RuleBook) -> Iterator[tuple[str, str]]:
    """Pair the rules that cite parts of one row where the second asks for as much as the first, or more."""
    asked = {rule: book.levels[level].rank for rule, level in book.rule_levels["strictest"].items() if level}
    for rule, rank in asked.items():
        for wider, other in asked.items():
            if rule != wider and rank <= other and _rows(book, rule) & _rows(book, wider):
                yield rule, wider


def _rows(book: RuleBook, rule: str) -> frozenset[str]:
    return frozenset(book.statements[one].row for one in book.rules[rule].statements)
