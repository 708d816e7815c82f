"""What each test enters and how long it takes without any mutant, each in a process of its own; kept for the next run.

In a process of its own, because what one test has prepared would be found, and not entered, by the next.
"""

import ast
import hashlib
import json
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import coverage
import pytest

from tests.mutation.forked import Failures, first_failing, in_child
from tests.mutation.mutants import ROOT, module_of
from tests.mutation.swap import forget

KEPT = ROOT / "build/mutation"
MUTATED = ("service/engine", "service/mapping")
PROCESSES = ("subprocess.Popen", "os.posix_spawn", "os.exec", "os.fork")
SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Entered:
    """One test: the functions it enters as "module:function", its seconds, how it ended.

    ``spawns`` where it starts another process, to which no mutant goes: such a test judges none.
    """

    functions: tuple[str, ...]
    seconds: float
    passed: bool
    spawns: bool


class Functions:
    """Finds the functions that lines of files belong to. Only bodies count: a def line runs when a module loads."""

    def __init__(self) -> None:
        self.lines: dict[str, dict[int, str]] = {}

    def of(self, lines: Mapping[str, Iterable[int]]) -> set[str]:
        return {
            found[line] for path, met in lines.items() for found in (self._in(path),) for line in met if line in found
        }

    def _in(self, path: str) -> dict[int, str]:
        if path not in self.lines:
            module = module_of(Path(path))
            tree = ast.parse(Path(path).read_text("utf-8"))
            self.lines[path] = {
                line: f"{module}:{name}"
                for name, node in _functions(tree.body, "")
                for line in range(node.body[0].lineno, (node.end_lineno or node.lineno) + 1)
            }
        return self.lines[path]


def _functions(body: Sequence[ast.stmt], of: str) -> Iterator[tuple[str, ast.FunctionDef]]:
    for node in body:
        if isinstance(node, ast.FunctionDef):
            yield f"{of}{node.name}", node
        elif isinstance(node, ast.ClassDef):
            yield from _functions(node.body, f"{of}{node.name}.")


class Watch:
    """Notes the lines that run between its start and its stop."""

    def __init__(self) -> None:
        self.coverage = coverage.Coverage(
            data_file=None, config_file=False, include=[f"{ROOT}/{one}/*" for one in MUTATED]
        )
        self.coverage.set_option("run:disable_warnings", ["no-data-collected"])

    def start(self) -> None:
        self.coverage.start()

    def stop(self) -> dict[str, list[int]]:
        self.coverage.stop()
        data = self.coverage.get_data()
        return {path: sorted(data.lines(path) or ()) for path in data.measured_files()}


def survey(
    items: Sequence[pytest.Item], failures: Failures, functions: Functions, kept: Sequence[str]
) -> Mapping[str, Entered]:
    """Tell of each test what it enters; what stands in a file of tests that did not change is told from memory."""
    surroundings = _surroundings() + " ".join(kept).encode()
    found: dict[str, Entered] = {}
    by_file: dict[Path, list[pytest.Item]] = {}
    for item in items:
        by_file.setdefault(item.path, []).append(item)
    for path, tests in by_file.items():
        known = KEPT / f"{hashlib.sha256(surroundings + path.read_bytes()).hexdigest()[:24]}.json"
        if not known.exists():
            rows = {item.nodeid: asdict(_surveyed(item, failures, functions, kept)) for item in tests}
            KEPT.mkdir(parents=True, exist_ok=True)
            known.write_text(json.dumps(rows), "utf-8")
            print(f"surveyed {len(tests)} tests of {path.relative_to(ROOT)}", file=sys.stderr, flush=True)
        rows = json.loads(known.read_text("utf-8"))
        found |= {name: Entered(**{**row, "functions": tuple(row["functions"])}) for name, row in rows.items()}
    return found


def _surveyed(item: pytest.Item, failures: Failures, functions: Functions, kept: Sequence[str]) -> Entered:
    def work() -> tuple[dict[str, list[int]], float, bool, bool]:
        spawned: list[str] = []
        sys.addaudithook(lambda event, _: spawned.append(event) if event in PROCESSES else None)
        forget(kept)
        watch = Watch()
        watch.start()
        began = time.process_time()
        failing = first_failing([item], failures, [SECONDS], SECONDS)
        seconds = time.process_time() - began
        return watch.stop(), seconds, failing is None, bool(spawned)

    told: Any = in_child(work).told
    if told is None:
        return Entered((), 0.0, passed=False, spawns=False)
    lines, seconds, passed, spawns = told
    return Entered(tuple(sorted(functions.of(lines))), round(seconds, 4), passed, spawns)


def _surroundings() -> bytes:
    """Name all that a test may depend on beside its own file: the service, and the tests' own modules and data."""
    total = hashlib.sha256()
    for folder in ("service", "tests"):
        for path in sorted((ROOT / folder).rglob("*")):
            left_out = path.name.startswith("test_") or path.suffix == ".pyc" or path.parent == Path(__file__).parent
            if path.is_file() and not left_out:
                total.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return total.digest()
