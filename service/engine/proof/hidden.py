"""P8: answers to questions that the form would not have shown change the level only upward."""

from service.engine.proof import logic
from service.engine.proof.form import answers_domain, any_answers, asked_alone, dangers_of, filled
from service.engine.proof.levels import falls, judge, live_policies
from service.engine.proof.patients import patient_with_answers
from service.engine.proof.property import Failure, Property, examples_of, refuted
from service.knowledge.model import RuleBook


def hidden_answers(book: RuleBook) -> Property:
    """Prove that leaving out every answer the form did not ask for never raises the level."""
    answers = any_answers(book)
    solver = logic.solver_for(answers_domain(book, answers))
    dangers = dangers_of(book)
    whole = filled(book, answers, dangers)
    kept = asked_alone(answers, whole)
    shown = filled(book, kept, dangers)
    judged_shown = judge(book, shown.facts)
    judged_whole = judge(book, whole.facts, judged_shown)
    patients = examples_of(patient_with_answers(kept, shown.facts), patient_with_answers(answers, whole.facts))
    failures: list[Failure] = []
    for policy in live_policies(book):
        says = f"answers to questions that were not shown lower the level under '{policy}'"
        failures += refuted(solver, falls(judged_shown, judged_whole, policy), says, patients)
    title = "answers to questions that the form would not have shown change the level only upward"
    return Property("P8", title, len(solver.asked), failures=tuple(failures))
