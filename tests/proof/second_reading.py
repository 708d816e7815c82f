"""The statements' own conditions as formulas: tests/clinical read by the solver; they are not written anew here.

Their functions say `and`, `or`, `not`, `any`, `bool` and `in`, which Python decides at once. Here the same source is
compiled with these words replaced by functions that build formulas, for a case that is any patient at once.
"""

import ast
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import tests.clinical.case
import tests.clinical.vocabulary
from service.engine.proof import logic
from service.engine.proof.logic import FALSE, TRUE, Formula
from service.engine.proof.symbols import Choice, Number, Symbols, YesNo
from tests.clinical.terms import DERIVED

CLINICAL = Path(tests.clinical.case.__file__).parent
PACKAGE = "second_reading_of_the_statements"
MODULES = (
    "terms",
    "articles",
    "guidelines_organs",
    "guidelines_spine",
    "guidelines_illness",
    "reconciled",
    "withholds",
)


@dataclass(frozen=True, slots=True)
class AnyCase:
    """Answer what tests.clinical.case.Case answers, with formulas; what is unknown counts as not said."""

    symbols: Symbols

    def yes(self, finding: str) -> Formula:
        if finding not in tests.clinical.vocabulary.BOOLEANS:
            raise KeyError(finding)
        causes = [self.yes(cause) for cause, result in DERIVED if result == finding]
        if finding == "fever":
            causes.append(self.at_least("temperature", 38))
        if finding == "low-temperature":
            causes.append(self.under("temperature", 36))
        symbol = self.symbols[finding]
        assert isinstance(symbol, YesNo)
        return logic.either(symbol.present, *causes)

    def any_of(self, findings: str) -> Formula:
        return logic.some(self.yes(finding) for finding in findings.split())

    def at_least(self, measure: str, limit: int) -> Formula:
        return self._compared(measure, "at-least", limit)

    def over(self, measure: str, limit: int) -> Formula:
        return self._compared(measure, "above", limit)

    def under(self, measure: str, limit: int) -> Formula:
        return self._compared(measure, "below", limit)

    def _compared(self, measure: str, operator: Any, limit: int) -> Formula:
        number = self.symbols[measure]
        assert isinstance(number, Number)
        return logic.both(number.known, logic.compared(number.value, operator, Decimal(limit)))

    def chosen(self, choice: str) -> "AnyOptions":
        symbol = self.symbols[choice]
        assert isinstance(symbol, Choice)
        return AnyOptions({option: logic.both(symbol.known, one) for option, one in symbol.options.items()})


@dataclass(frozen=True, slots=True)
class AnyOptions:
    """The options that may be chosen."""

    options: dict[str, Formula]

    def __sub__(self, without: set[str]) -> "AnyOptions":
        return AnyOptions({option: one for option, one in self.options.items() if option not in without})


def _formula(value: object) -> Formula:
    return {True: TRUE, False: FALSE}[value] if isinstance(value, bool) else value


WORDS = {
    "_and": lambda *parts: logic.every(map(_formula, parts)),
    "_or": lambda *parts: logic.some(map(_formula, parts)),
    "_not": lambda part: logic.opposite(_formula(part)),
    "_any": lambda parts: logic.some(map(_formula, parts)),
    "_bool": lambda options: logic.some(options.options.values()),
    "_in": lambda option, options: options.options[option],
}


class _Rewriting(ast.NodeTransformer):
    """Replace the words that Python decides at once by functions that build formulas."""

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        self.generic_visit(node)
        return _call("_and" if isinstance(node.op, ast.And) else "_or", node.values)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        self.generic_visit(node)
        return _call("_not", [node.operand]) if isinstance(node.op, ast.Not) else node

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        return _call("_in", [node.left, *node.comparators]) if isinstance(node.ops[0], ast.In) else node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id in ("any", "bool"):
            return _call(f"_{node.func.id}", node.args)
        return node


def _call(word: str, parts: list[ast.expr]) -> ast.Call:
    return ast.Call(ast.Name(word, ast.Load()), parts, [])


def read_again() -> dict[str, ModuleType]:
    """Compile the clinical conditions for formulas; the modules they import are the rewritten ones."""
    made = {name: ModuleType(f"{PACKAGE}.{name}") for name in MODULES}
    known = {f"{PACKAGE}.{name}": module for name, module in made.items()}
    known[PACKAGE] = ModuleType(PACKAGE)
    known[PACKAGE].__path__ = []
    known[f"{PACKAGE}.case"] = tests.clinical.case
    known[f"{PACKAGE}.vocabulary"] = tests.clinical.vocabulary
    sys.modules.update(known)
    try:
        for name, module in made.items():
            module.__dict__.update(WORDS, __package__=PACKAGE)
            tree = _Rewriting().visit(ast.parse((CLINICAL / f"{name}.py").read_text("utf-8")))
            exec(compile(ast.fix_missing_locations(tree), f"{name}.py", "exec"), module.__dict__)  # noqa: S102 - our own
    finally:
        for name in known:
            del sys.modules[name]
    return made


def rows(modules: dict[str, ModuleType]) -> Iterable[Any]:
    """Name every row of the three articles and of the guideline additions."""
    yield from modules["articles"].ARTICLES
    for part in ("ORGANS", "SPINE", "ILLNESS"):
        yield from getattr(modules[f"guidelines_{part.lower()}"], part)
