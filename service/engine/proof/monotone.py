"""P2, first part: a red flag from no, unknown or not shown to yes never lowers the level."""

from service.engine.proof import logic
from service.engine.proof.form import (
    NO_DANGERS,
    Answer,
    Checklist,
    answers_domain,
    any_answers,
    asked_alone,
    dangers_of,
    filled,
)
from service.engine.proof.levels import falls, judge, live_policies
from service.engine.proof.logic import FALSE, TRUE, either, opposite
from service.engine.proof.patients import patient_with_answers, patient_with_facts
from service.engine.proof.property import Failure, Property, examples_of, refuted
from service.engine.proof.symbols import PRESENT, YesNo, any_facts, domain
from service.knowledge.condition import Holds, unnegated
from service.knowledge.model import RuleBook

SCOPE = frozenset({"upper-back-pain", "other-site-only"})
"""What says where the pain is: no danger and no reassurance, and not among the red flags."""


def red_flags(book: RuleBook) -> list[str]:
    """List the yes/no findings whose yes can ask for emergency or above, alone, with others or by what it makes."""
    flags = {one for one in book.red_flags if book.findings[one].kind == "boolean"}
    for derivation in reversed(book.derivations):
        if derivation.present and derivation.finding in flags:
            flags.update(leaf.finding for leaf in unnegated(derivation.when) if isinstance(leaf, Holds))
    return sorted(flags - SCOPE)


def red_flags_as_facts(book: RuleBook) -> Property:
    """Prove it for every set of facts, whoever told them: one finding becomes present, all else stays."""
    symbols = any_facts(book)
    solver = logic.solver_for(domain(book, symbols))
    anyone = judge(book, symbols)
    failures: list[Failure] = []
    flags = red_flags(book)
    for flag in flags:
        symbol = symbols[flag]
        assert isinstance(symbol, YesNo)  # noqa: S101 - red_flags names yes/no findings alone
        without, with_it = {**symbols, flag: YesNo(FALSE, symbol.absent)}, {**symbols, flag: PRESENT}
        before = judge(book, without, anyone)
        after = judge(book, with_it, before)
        patients = examples_of(patient_with_facts(book, without), patient_with_facts(book, with_it))
        for policy in live_policies(book):
            says = f"a yes to '{flag}' lowers the level under '{policy}'"
            failures += refuted(solver, falls(before, after, policy), says, patients)
    return Property(
        "P2.facts",
        "a red flag that becomes present never lowers the level",
        len(solver.asked),
        (f"{len(flags)} red flags: {', '.join(flags)}",),
        tuple(failures),
    )


def red_flags_as_answers(book: RuleBook) -> Property:
    """Prove it for every response that a form can send: the yes also shows and hides questions, or ends the form.

    A question that only the yes brings up is still blank. Answers that no form asked for are left to P8: a yes that
    brings their question up makes them count, and a calming one among them is new information.
    """
    answers = any_answers(book)
    solver = logic.solver_for(answers_domain(book, answers))
    dangers = dangers_of(book)
    failures: list[Failure] = []
    for flag in red_flags(book):
        if flag not in book.form.item_of:
            continue
        link_id = book.form.item_of[flag]
        without, with_it = _no_and_yes(flag, answers[link_id])
        no = {**answers, link_id: without}
        before = filled(book, no, NO_DANGERS)
        yes = {**asked_alone(no, before), link_id: with_it}
        after = filled(book, yes, dangers)
        judged = judge(book, before.facts)
        judged_after = judge(book, after.facts, judged)
        patients = examples_of(
            patient_with_answers(asked_alone(no, before), before.facts), patient_with_answers(yes, after.facts)
        )
        for policy in live_policies(book):
            says = f"a yes to '{flag}' in the form lowers the level under '{policy}'"
            failures += refuted(solver, falls(judged, judged_after, policy), says, patients)
    title = "a red flag answered yes never lowers the level, whatever the form then shows or hides"
    return Property("P2.answers", title, len(solver.asked), failures=tuple(failures))


def _no_and_yes(flag: str, answer: Answer) -> tuple[Answer, Answer]:
    """Be the same question without and with the yes; in a list left blank the others stay open beside the yes."""
    if isinstance(answer, Checklist):
        without = Checklist(answer.answered, answer.not_sure, {**answer.chosen, flag: FALSE})
        open_beside = either(answer.not_sure, opposite(answer.answered))
        return without, Checklist(TRUE, open_beside, {**answer.chosen, flag: TRUE})
    if not isinstance(answer, YesNo):
        raise TypeError(f"'{flag}' is no yes/no finding")
    return YesNo(FALSE, answer.absent), PRESENT
