"""The few words of logic that the proof is written in, and the question to the solver; z3 is imported here alone.

A formula holds or does not hold; what is unknown of a patient is modelled by two formulas (see ``symbols``).
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import z3

from service.knowledge.condition import Operator

Formula = Any
"""A ``z3.BoolRef``: z3 has no type information, so the names tell what its type checker cannot."""
Term = Any
"""A ``z3.ArithRef``: a number."""
Model = Any
"""A ``z3.ModelRef``: one example."""

TRUE: Formula = z3.BoolVal(True)
FALSE: Formula = z3.BoolVal(False)
MOST_MILLISECONDS = 20_000
"""How long the solver may take for one question; without an answer by then the property counts as not proven."""


class Unanswered(Exception):  # noqa: N818 - the solver's "unknown" under its own name: it proves nothing
    """Say that the solver found neither a proof nor a counterexample."""


def variable(name: str) -> Formula:
    """Name something that holds or not."""
    return z3.Bool(name)


def number(name: str, *, whole: bool) -> Term:
    """Name a number that may be anything, or any whole number."""
    return z3.Int(name) if whole else z3.Real(name)


def both(*parts: Formula) -> Formula:
    """Hold where every part holds."""
    return every(parts)


def either(*parts: Formula) -> Formula:
    """Hold where a part holds."""
    return some(parts)


def every(parts: Iterable[Formula]) -> Formula:
    """Hold where every part holds; what holds anyway is left out."""
    kept = [part for part in parts if part is not TRUE]
    if any(part is FALSE for part in kept):
        return FALSE
    return _joined(z3.Z3_mk_and, kept) if len(kept) > 1 else (kept[0] if kept else TRUE)


def some(parts: Iterable[Formula]) -> Formula:
    """Hold where a part holds; what never holds is left out."""
    kept = [part for part in parts if part is not FALSE]
    if any(part is TRUE for part in kept):
        return TRUE
    return _joined(z3.Z3_mk_or, kept) if len(kept) > 1 else (kept[0] if kept else FALSE)


def _joined(make: Callable[..., Any], parts: list[Formula]) -> Formula:
    """Join formulas as z3.And and z3.Or do, without their check of every part's type, which takes most of the time."""
    context = z3.main_ctx()
    listed = (z3.Ast * len(parts))(*(part.as_ast() for part in parts))
    return z3.BoolRef(make(context.ref(), len(parts), listed), context)


def opposite(part: Formula) -> Formula:
    """Hold where the part does not."""
    if part is TRUE or part is FALSE:
        return FALSE if part is TRUE else TRUE
    return z3.Not(part)


def implies(condition: Formula, consequence: Formula) -> Formula:
    """Hold where the consequence holds whenever the condition does."""
    return either(opposite(condition), consequence)


def at_least(count: int, parts: Iterable[Formula]) -> Formula:
    """Hold where at least so many parts hold."""
    listed = list(parts)
    if count in (1, len(listed)):
        return some(listed) if count == 1 else every(listed)
    return z3.AtLeast(*listed, count)


def exactly_one(parts: Iterable[Formula]) -> Formula:
    """Hold where one part holds and no other."""
    return z3.PbEq([(part, 1) for part in parts], 1)


def compared(value: Term, operator: Operator, threshold: Decimal) -> Formula:
    """Compare a number with a threshold, exactly."""
    limit = z3.RealVal(str(threshold))
    match operator:
        case "at-least":
            return value >= limit
        case "at-most":
            return value <= limit
        case "below":
            return value < limit
        case "above":
            return value > limit


def equals(value: Term, wanted: Decimal) -> Formula:
    """Hold where a number is exactly this."""
    return value == z3.RealVal(str(wanted))


def fixed(value: Decimal) -> Term:
    """Be a number that is known."""
    return z3.RealVal(str(value))


def same(one: Formula | Term, other: Formula | Term) -> bool:
    """Tell whether two formulas are written alike; two that only mean the same are not."""
    return bool(one.eq(other))


@dataclass(frozen=True, slots=True)
class Solver:
    """Ask about one set of inputs; every question counts once in ``asked``."""

    z3: z3.Solver
    asked: list[int]

    @contextmanager
    def where(self, *assumptions: Formula) -> Iterator[None]:
        """Assume more for the questions asked inside."""
        self.z3.push()
        self.z3.add(*assumptions)
        try:
            yield
        finally:
            self.z3.pop()

    def example(self, *wanted: Formula) -> Model | None:
        """Find an input for which all that is wanted holds; None proves that there is none.

        Raise Unanswered where the solver cannot tell.
        """
        self.asked.append(1)
        self.z3.push()
        try:
            self.z3.add(*wanted)
            answer = self.z3.check()
            if answer == z3.unknown:
                raise Unanswered(self.z3.reason_unknown())
            return self.z3.model() if answer == z3.sat else None
        finally:
            self.z3.pop()

    def needed(self, wanted: Formula, among: dict[str, Formula]) -> tuple[str, ...]:
        """Name some of the formulas that together with what is wanted cannot hold; empty where all can."""
        self.asked.append(1)
        self.z3.push()
        try:
            self.z3.add(wanted)
            for name, formula in among.items():
                self.z3.assert_and_track(formula, f"needed:{name}")
            if self.z3.check() != z3.unsat:
                return ()
            return tuple(sorted(str(one).removeprefix("needed:") for one in self.z3.unsat_core()))
        finally:
            self.z3.pop()


def solver_for(domain: Formula) -> Solver:
    """Make a solver for the inputs of a domain; the same questions always get the same answers."""
    solver = z3.Solver()
    solver.set("timeout", MOST_MILLISECONDS)
    solver.set("random_seed", 0)
    solver.add(domain)
    return Solver(solver, [])


def holds(model: Model, formula: Formula) -> bool:
    """Tell whether a formula holds in an example; what the example leaves open counts as not holding."""
    return bool(z3.is_true(model.eval(formula, model_completion=True)))


def amount(model: Model, value: Term) -> Decimal:
    """Return a number of an example."""
    found = model.eval(value, model_completion=True)
    return (
        Decimal(found.numerator_as_long()) / Decimal(found.denominator_as_long())
        if z3.is_rational_value(found)
        else Decimal(found.as_long())
    )


def is_true_of_itself(formula: Formula) -> bool:
    """Tell whether a formula without variables holds."""
    return bool(z3.is_true(z3.simplify(formula)))
