"""P3: what is missing never counts less than a no, nor less than the least dangerous answer."""

from collections.abc import Iterator

from service.engine.proof import logic
from service.engine.proof.form import Answer, Checklist, answers_domain, any_answers, blank, dangers_of, filled
from service.engine.proof.levels import Judgement, falls, judge, live_policies, reaches
from service.engine.proof.logic import FALSE, TRUE, Solver, both, opposite
from service.engine.proof.patients import patient_with_answers, patient_with_facts
from service.engine.proof.property import Failure, Property, examples_of, refuted
from service.engine.proof.regions import regions
from service.engine.proof.symbols import ABSENT, UNKNOWN, Choice, Number, Symbol, YesNo, any_facts, domain
from service.knowledge.model import RuleBook


def missing_facts(book: RuleBook) -> Property:
    """Prove it for every set of facts: unknown against absent, and against every value of a measure or a choice."""
    symbols = any_facts(book)
    solver = logic.solver_for(domain(book, symbols))
    anyone = judge(book, symbols)
    failures: list[Failure] = []
    for finding, symbol in symbols.items():
        answers = list(_least_answers(book, finding, symbol))
        if not answers:
            continue
        unknown = {**symbols, finding: _unknown(symbol)}
        after = judge(book, unknown, anyone)
        known = [{**symbols, finding: answer} for answer in answers]
        before = [judge(book, one, after) for one in known]
        patients = examples_of(patient_with_facts(book, known[0]), patient_with_facts(book, unknown))
        for policy in live_policies(book):
            says = f"'{finding}' unknown stands below every answer to it under '{policy}'"
            wanted = logic.every(falls(one, after, policy) for one in before)
            failures += refuted(solver, wanted, says, patients)
    failures += _open_emergencies(anyone, solver)
    title = "unknown never stands below a no, or below the least dangerous answer"
    return Property("P3.facts", title, len(solver.asked), failures=tuple(failures))


def _unknown(symbol: Symbol) -> Symbol:
    match symbol:
        case YesNo():
            return UNKNOWN
        case Number(_, value):
            return Number(FALSE, value)
        case Choice(_, options):
            return Choice(FALSE, options)


def _least_answers(book: RuleBook, finding: str, symbol: Symbol) -> Iterator[Symbol]:
    """Name the answers of which one must not stand above unknown: no, or each region of a measure, or each option."""
    if not book.findings[finding].asked:
        return
    match symbol:
        case YesNo():
            yield ABSENT
        case Number():
            yield from (Number(TRUE, logic.fixed(region.sample)) for region in regions(book, finding))
        case Choice(_, options):
            yield from (Choice(TRUE, {one: TRUE if one == chosen else FALSE for one in options}) for chosen in options)


def _open_emergencies(judgement: Judgement, solver: Solver) -> Iterator[Failure]:
    book = judgement.book
    patient = examples_of(patient_with_facts(book, any_facts(book)))
    for policy in live_policies(book):
        too_low = opposite(reaches(judgement, policy, "within-24h"))
        for rule, asks in book.rule_levels[policy].items():
            if asks and book.levels[asks].rank >= book.levels["emergency"].rank:
                says = f"rules/{rule}.yaml: undecided, and the result stands below within-24h under '{policy}'"
                yield from refuted(solver, both(judgement.rules[rule].plain.open, too_low), says, patient)


def missing_answers(book: RuleBook) -> Property:
    """Prove it for every response: a question left blank against the no to it, with what the form then shows."""
    answers = any_answers(book)
    solver = logic.solver_for(answers_domain(book, answers))
    dangers = dangers_of(book)
    failures: list[Failure] = []
    for link_id, answer in answers.items():
        no = _no(answer) if link_id in book.form.item_of.values() else None
        if no is None:
            continue
        denied, left_blank = {**answers, link_id: no}, {**answers, link_id: blank(answer)}
        before, after = filled(book, denied, dangers), filled(book, left_blank, dangers)
        judged = judge(book, before.facts)
        judged_after = judge(book, after.facts, judged)
        patients = examples_of(
            patient_with_answers(denied, before.facts), patient_with_answers(left_blank, after.facts)
        )
        for policy in live_policies(book):
            says = f"'{link_id}' left blank stands below a no to it under '{policy}'"
            failures += refuted(solver, falls(judged, judged_after, policy), says, patients)
    title = "a question left blank never stands below a no to it, whatever the form then shows"
    return Property("P3.answers", title, len(solver.asked), failures=tuple(failures))


def _no(answer: Answer) -> Answer | None:
    match answer:
        case YesNo():
            return ABSENT
        case Checklist(_, _, chosen):
            return Checklist(TRUE, FALSE, dict.fromkeys(chosen, FALSE))
        case _:
            return None
