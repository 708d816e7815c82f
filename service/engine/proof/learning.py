"""P6: learning more never flips a verdict that is decided."""

from collections.abc import Iterator

from service.engine.proof import logic
from service.engine.proof.logic import both, either
from service.engine.proof.patients import patient_with_facts
from service.engine.proof.property import Failure, Property, examples_of, refuted
from service.engine.proof.symbols import Choice, Number, Symbol, YesNo, any_facts, domain
from service.engine.proof.verdicts import Outcomes, Reading, decided, flips, verdict
from service.knowledge.condition import Condition
from service.knowledge.model import RuleBook


def learning(book: RuleBook) -> Property:
    """Prove it for every rule, term, withholding and the scope: complete facts, and any that add to them."""
    before = {name: _any(book, name, symbol) for name, symbol in any_facts(book).items()}
    after = {name: _learned(name, symbol) for name, symbol in before.items()}
    solver = logic.solver_for(both(domain(book, before), domain(book, after)))
    outcomes = _outcomes(book)
    patients = examples_of(patient_with_facts(book, before), patient_with_facts(book, after))
    failures: list[Failure] = []
    for where, condition in _conditions(book):
        known, more = (verdict(condition, Reading(one, outcomes=outcomes)) for one in (before, after))
        failures += refuted(solver, flips(known, more), f"{where}: a decided verdict flips by learning more", patients)
    title = "learning what was unknown never flips a decided verdict"
    return Property("P6", title, len(solver.asked), failures=tuple(failures))


def _any(book: RuleBook, name: str, symbol: Symbol) -> Symbol:
    """Let a derived finding be known, too: complete facts may hold any of them."""
    if isinstance(symbol, YesNo) and not book.findings[name].asked:
        return YesNo(logic.variable(f"{name} is present"), logic.variable(f"{name} is absent"))
    return symbol


def _learned(name: str, symbol: Symbol) -> Symbol:
    """Be what is known together with what is learned: what was known stays as it was."""
    match symbol:
        case YesNo(present, absent):
            learned = (logic.variable(f"{name} is learned to be {one}") for one in ("present", "absent"))
            return YesNo(*(either(known, new) for known, new in zip((present, absent), learned, strict=True)))
        case Number(known, value):
            return Number(either(known, logic.variable(f"{name} is learned")), value)
        case Choice(known, options):
            return Choice(either(known, logic.variable(f"{name} is learned")), options)


def _outcomes(book: RuleBook) -> Outcomes:
    """Let a withholding ask of any result: which it is does not change by reading the withholding."""
    levels = {level: logic.variable(f"the result reaches {level}") for level in book.levels}
    rules = {rule: decided(logic.variable(f"the rule {rule} fired")) for rule in book.rules}
    return Outcomes(levels, rules)


def _conditions(book: RuleBook) -> Iterator[tuple[str, Condition]]:
    yield from ((f"rules/{one.id}.yaml", one.when) for one in book.rules.values())
    yield from ((f"terms.yaml: {one.id}", one.when) for one in book.terms.values())
    yield from ((f"withholdings/{one.id}.yaml", one.when) for one in book.withholdings.values())
    yield "scope.yaml", book.scope_out
