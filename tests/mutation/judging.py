"""Lets the tests judge one mutant after the other: a pytest plugin that takes the place of pytest's own loop."""

import gc
import importlib
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import pytest
from hypothesis import settings

from tests.mutation.forked import Ended, Failures, first_failing, in_child
from tests.mutation.mutants import Mutant
from tests.mutation.properties import examples_of, try_as_many, try_few
from tests.mutation.scope import stands_in
from tests.mutation.survey import Entered, Functions, Watch, survey
from tests.mutation.swap import forget, swap
from tests.real_book import proven_book

Verdict = Literal["killed", "no end", "crashed", "lives", "untested", "while loading"]
ALIVE: tuple[Verdict, ...] = ("lives", "untested", "while loading", "crashed")
"""Crashed, too: a child that ends without a failing test may be our own fault, and must be looked at."""
SECONDS = 4.0
"""For so many seconds of processor time tests judge a mutant, the quickest first."""
LIMIT = 300.0
"""For so many where they are thorough."""
SLOWER = 10
"""So many times its usual time a test may take before the mutant counts as one that does not end."""


def warmed_for(mutants: Sequence[Mutant]) -> list[str]:
    """Prepare what is worked out once by code that none of the mutants changes; return the names of that code."""
    warm = [name for name in PREPARING if not any(stands_in(one.module, [name]) for one in mutants)]
    for name in warm:
        PREPARING[name]()
    return warm


def _prepare_the_book() -> None:
    importlib.import_module("service.engine.prepared").prepared(proven_book())


def _prepare_r4() -> None:
    importlib.import_module("service.mapping.gate.definitions").r4()


PREPARING: Mapping[str, Callable[[], None]] = {
    "service.engine": _prepare_the_book,
    "service.mapping.gate.definitions": _prepare_r4,
}


@dataclass(frozen=True, slots=True)
class Judged:
    """One mutant and its verdict; ``by`` is the test that failed.

    ``files`` are those of the tests that must be loaded anew, where the function runs while modules load.
    """

    mutant: Mutant
    verdict: Verdict
    by: str = ""
    files: tuple[str, ...] = ()


class Judging:
    """Collects the tests once, then judges each mutant in a child of its own."""

    def __init__(
        self, mutants: Sequence[Mutant], thorough: Callable[[Mutant], bool], tell: Callable[[Judged], None]
    ) -> None:
        self.mutants = mutants
        self.thorough = thorough
        self.tell = tell
        self.failures = Failures()
        self.functions = Functions()
        self.watch = Watch()
        self.while_loading: set[str] = set()
        self.tests: Mapping[str, Entered] = {}
        self.items: dict[str, list[pytest.Item]] = {}
        self.kept: Sequence[str] = ()
        self.killers: dict[str, list[str]] = {}
        self.watch.start()

    def pytest_configure(self, config: pytest.Config) -> None:
        config.pluginmanager.register(self.failures)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.while_loading = self.functions.of(self.watch.stop())

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        own = {item.nodeid: examples_of(item) for item in session.items}
        for item in session.items:
            try_few(item)
        self.kept = warmed_for(self.mutants)
        gc.collect()
        gc.freeze()
        self.tests = survey(session.items, self.failures, self.functions, self.kept)
        judges = [item for item in session.items if self._judges(item)]
        for item in judges:
            for function in self.tests[item.nodeid].functions:
                self.items.setdefault(function, []).append(item)
        for mutant in self.mutants:
            self.tell(self._judged(mutant, own))
        return True

    def _judges(self, item: pytest.Item) -> bool:
        test = self.tests[item.nodeid]
        if not test.passed:
            print(f"judges nothing, for it fails without any mutant: {item.nodeid}", file=sys.stderr)
        return test.passed and not test.spawns

    def _judged(self, mutant: Mutant, own: Mapping[str, settings | None]) -> Judged:
        function = f"{mutant.module}:{mutant.function}"
        loaded = function in self.while_loading
        items = self._in_order(function, mutant.module)
        if not items:
            return Judged(mutant, "while loading", files=self._beside(mutant)) if loaded else Judged(mutant, "untested")
        judged = self._run(mutant, items, function, SECONDS)
        if judged.verdict == "lives" and self.thorough(mutant):
            for item in items:
                try_as_many(item, own[item.nodeid])
            judged = self._run(mutant, items, function, LIMIT)
            for item in items:
                try_few(item)
        if loaded and judged.verdict == "lives":
            files = tuple(dict.fromkeys(item.nodeid.partition("::")[0] for item in items))
            return replace(judged, verdict="while loading", files=files)
        return judged

    def _beside(self, mutant: Mutant) -> tuple[str, ...]:
        files = dict.fromkeys(name.partition("::")[0] for name in self.tests)
        return tuple(one for one in files if one.startswith(_folder_of_tests(mutant.module)))

    def _run(self, mutant: Mutant, items: Sequence[pytest.Item], function: str, altogether: float) -> Judged:
        seconds = [2 + SLOWER * self.tests[item.nodeid].seconds for item in items]

        def work() -> int | None:
            swap(mutant)
            forget(self.kept)
            return first_failing(items, self.failures, seconds, altogether)

        ended = in_child(work)
        if ended.how == "failed":
            name = items[ended.told].nodeid
            known = self.killers.setdefault(function, [])
            self.killers[function] = [name, *(one for one in known if one != name)][:8]
            return Judged(mutant, "killed", name)
        return Judged(mutant, verdict_of(ended))

    def _in_order(self, function: str, module: str) -> list[pytest.Item]:
        """Order tests: those that killed a mutant of the function, those of the module's own file, then by seconds."""
        killers = self.killers.get(function, [])
        stem, beside = module.rpartition(".")[2], _folder_of_tests(module)

        def place(item: pytest.Item) -> tuple[int, bool, bool, float]:
            name = item.nodeid
            rank = killers.index(name) if name in killers else len(killers)
            own = name.startswith((f"{beside}test_{stem.removesuffix('s')}", f"{beside}test_gate_{stem}"))
            return rank, not own, not name.startswith(beside), self.tests[name].seconds

        return sorted(self.items.get(function, ()), key=place)


def _folder_of_tests(module: str) -> str:
    return "/".join(["tests", *module.split(".")[1:-1], ""])


def verdict_of(ended: Ended) -> Verdict:
    """Say in our words how a run of tests without a failing one ended."""
    return "lives" if ended.how == "passed" else "no end" if ended.how == "no end" else "crashed"
