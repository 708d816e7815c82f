"""Runs the judging in a process that holds the rule book, in a child that has all tests loaded."""

import importlib
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

import pytest

from tests.mutation.forked import in_child
from tests.mutation.judging import ALIVE, Judged, Judging, verdict_of
from tests.mutation.mutants import ROOT, Mutant
from tests.mutation.properties import try_few
from tests.mutation.survey import KEPT
from tests.mutation.survivors import Survivors, place_of
from tests.mutation.swap import Changed

QUIET = ("-W", "ignore::pytest.PytestAssertRewriteWarning")
OPTIONS = ("-p", "no:cacheprovider", "-p", "no:xdist", "--capture=no", "--no-header", f"--rootdir={ROOT}", *QUIET)


def judge(
    mutants: Sequence[Mutant], survivors: Survivors, tests: Sequence[str], log: Path | None, *, thorough: bool
) -> list[Judged]:
    """Judge mutants by tests."""
    os.environ.setdefault("RANDOM_CASES", "200")
    by_name = {mutant.name: mutant for mutant in mutants}
    log = log or KEPT / "judged.jsonl"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text("", "utf-8")
    importlib.import_module("tests.real_book").proven_book()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            code = _judged_by(mutants, survivors, tests, log, thorough)
        finally:
            sys.stdout.flush()
            os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.waitstatus_to_exitcode(status):
        raise SystemExit(f"the tests could not judge: the process that ran them ended with {status}")
    rows = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    judged = [Judged(by_name[row["name"]], row["verdict"], row["by"], tuple(row["files"])) for row in rows]
    return [_loaded_anew(one) for one in judged] if thorough else judged


class FewExamples:
    """A pytest plugin that lets properties try a few examples."""

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            try_few(item)


def _loaded_anew(judged: Judged) -> Judged:
    """Judge a mutant of what runs while modules load: in a child that loads the service and the tests with it."""
    if judged.verdict != "while loading":
        return judged

    def work() -> int | None:
        sys.meta_path.insert(0, Changed(judged.mutant))
        return int(pytest.main([*OPTIONS, "-x", *judged.files], plugins=[FewExamples()])) or None

    ended = in_child(work)
    verdict = "killed" if ended.how == "failed" else verdict_of(ended)
    print(f"loaded anew: {verdict}: {judged.mutant.name}", file=sys.stderr, flush=True)
    return Judged(judged.mutant, verdict, "loaded anew")


def _judged_by(mutants: Sequence[Mutant], survivors: Survivors, tests: Sequence[str], log: Path, thorough: bool) -> int:
    with log.open("a", encoding="utf-8", buffering=1) as written:
        judging = Judging(
            mutants, lambda one: thorough and place_of(one) not in survivors, lambda one: _tell(one, written)
        )
        return int(pytest.main([*OPTIONS, *tests], plugins=[judging]))


def _tell(judged: Judged, written: TextIO) -> None:
    mutant = judged.mutant
    row = {"name": mutant.name, "verdict": judged.verdict, "by": judged.by, "files": judged.files}
    if judged.verdict != "killed":
        row |= {"was": mutant.was, "becomes": mutant.becomes}
    written.write(json.dumps(row, ensure_ascii=False) + "\n")


def alive_in(log: Path) -> set[str]:
    """Name the mutants that no test killed according to a log."""
    rows = map(json.loads, log.read_text("utf-8").splitlines())
    return {row["name"] for row in rows if row["verdict"] in ALIVE}
