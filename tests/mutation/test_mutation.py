"""Mutants are made, put into place in memory alone, drawn and counted as they should be; none is judged here."""

import ast
import importlib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from service.engine.assess import assess
from service.engine.assessment import Assessment
from service.engine.facts import Fact, Facts
from service.engine.memory import keep
from tests.mutation.forked import Failures, in_child
from tests.mutation.judging import Judged
from tests.mutation.mutants import ROOT, Mutant, module_of, mutants_of, originals_of
from tests.mutation.report import report
from tests.mutation.scope import WHOLE, files, sampled
from tests.mutation.survey import Functions
from tests.mutation.survivors import Place, read_survivors
from tests.mutation.swap import changed, forget, swap
from tests.real_book import proven_book

MEMORY = ROOT / "service/engine/memory.py"
ORDERED = ROOT / "service/engine/ordered.py"
REPLACED = ("clauses", "leaves", "table")


def mutant_of(path: Path, becomes: str, function: str = "") -> Mutant:
    (found,) = [one for one in mutants_of(path) if one.becomes == becomes and one.function.startswith(function)]
    return found


def test_a_mutant_is_one_change_of_one_function_with_the_lines_that_differ() -> None:
    made = mutant_of(ORDERED, "bits = item.bit")
    assert (made.module, made.function, made.was) == ("service.engine.ordered", "Ordered.of", "bits ^= item.bit")
    assert made.source.lstrip().startswith("def of(self, bits: int)")


def test_a_mutant_runs_in_a_child_in_memory_and_nowhere_else() -> None:
    forgetful = mutant_of(MEMORY, "memory[key] = None")
    before = MEMORY.read_bytes()

    def kept() -> str | None:
        swap(forgetful)
        memory: dict[int, str] = {}
        keep(memory, 1, "kept")
        return memory[1]

    assert in_child(kept).told is None
    memory: dict[int, str] = {}
    keep(memory, 1, "kept")
    assert (memory, MEMORY.read_bytes()) == ({1: "kept"}, before)


def test_a_method_is_replaced_for_all_who_hold_its_class() -> None:
    ordered = importlib.import_module("service.engine.ordered")
    empty = ordered.Ordered({})
    wrong = mutant_of(ORDERED, "found = None", "Ordered.of")

    def listed() -> str:
        swap(wrong)
        try:
            return f"listed {empty.of(0)}"
        except AttributeError:
            return "broken"

    assert in_child(listed).told == "broken"
    assert empty.of(0) == []


def test_functions_that_are_replaced_by_themselves_do_what_they_did() -> None:
    """What kills a mutant must be its change, and never that it was put into place."""
    book = proven_book()
    patients: list[Facts] = [{}, {"chest-pain": Fact(True, "response")}, {"age": Fact(Decimal(66), "response")}]
    originals = [one for name in REPLACED for one in originals_of(ROOT / f"service/engine/{name}.py")]

    def assessed() -> list[Assessment]:
        for one in originals:
            swap(one)
        forget(())
        return [assess(book, facts, "strictest") for facts in patients]

    assert len(originals) > len(REPLACED)
    assert in_child(assessed).told == [assess(book, facts, "strictest") for facts in patients]


def test_what_runs_while_modules_load_is_changed_in_the_text_of_its_file() -> None:
    text = changed(ORDERED.read_text("utf-8"), mutant_of(ORDERED, "bits = item.bit"))
    assert [line.strip() for line in text.splitlines()].count("bits = item.bit") == 1
    assert len(ast.parse(text).body) == len(ast.parse(ORDERED.read_text("utf-8")).body)


def test_a_child_that_does_not_end_or_breaks_is_told_from_one_that_passes() -> None:
    def breaks() -> None:
        raise RuntimeError

    assert in_child(lambda: None).how == "passed"
    assert in_child(lambda: 3) == in_child(lambda: 3)
    assert in_child(lambda: 3).told == 3
    assert in_child(breaks).how == "crashed"


def test_a_line_belongs_to_the_function_whose_body_it_stands_in() -> None:
    source = ORDERED.read_text("utf-8").splitlines()
    line = 1 + next(at for at, text in enumerate(source) if "bits ^= item.bit" in text)
    first = 1 + next(at for at, text in enumerate(source) if "def of" in text)
    assert Functions().of({str(ORDERED): [line, first]}) == {"service.engine.ordered:Ordered.of"}


def test_a_failing_test_is_noted() -> None:
    failures = Failures()
    report_of = pytest.TestReport("a", ("a", 0, "a"), {}, "failed", None, "call")
    failures.pytest_runtest_logreport(report_of)
    assert failures.failed


def test_the_same_seed_draws_the_same_sample_and_one_in_so_many() -> None:
    mutants = list(mutants_of(ORDERED))
    drawn = sampled(mutants, 10, 1)
    assert len(drawn) == -(-len(mutants) // 10)
    assert drawn == sampled(mutants, 10, 1)
    assert sampled(mutants, 1, 1) == mutants


def test_every_module_that_is_judged_whole_is_there() -> None:
    modules = {module_of(path) for path in files()}
    assert [one for one in WHOLE if not any(f"{module}.".startswith(f"{one}.") for module in modules)] == []


def test_a_survivor_that_is_not_listed_and_too_few_killed_end_with_1(capsys: pytest.CaptureFixture[str]) -> None:
    one = mutant_of(ORDERED, "bits = item.bit")
    place = (one.module, one.function, one.was, one.becomes)
    dead = [Judged(one, "killed", "a test")] * 19
    assert report(dead, {}) == 0
    assert report([*dead, Judged(one, "lives")], {}) == 1
    assert "lives: service.engine.ordered" in capsys.readouterr().out
    assert report([*dead, Judged(one, "lives")], {place: "because"}) == 0
    assert report([*dead[1:], *[Judged(one, "lives")] * 2], {place: "because"}) == 1


@pytest.mark.parametrize("place", read_survivors(), ids=lambda place: f"{place[0]}:{place[1]}")
def test_the_lines_that_a_listed_survivor_changes_stand_in_its_function(place: Place) -> None:
    """Who changes such a line judges its mutants anew, and lists those that live."""
    module, function, was, _ = place
    source = (ROOT / f"{module.replace('.', '/')}.py").read_text("utf-8")
    standing = [line.strip() for line in source_of(source, function).splitlines()]
    assert [line for line in was.splitlines() if line not in standing] == []


def source_of(source: str, function: str) -> str:
    place: Any = ast.parse(source)
    for name in function.split("."):
        place = next(one for one in place.body if getattr(one, "name", "") == name)
    return ast.get_source_segment(source, place) or ""
