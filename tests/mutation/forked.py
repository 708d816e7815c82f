"""Runs tests that are already collected in a child of this process, which ends at the first that fails."""

import os
import pickle
import resource
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import pytest

Ending = Literal["passed", "failed", "no end", "crashed"]
MEMORY = 2 << 30
"""How many bytes of address space a child may take: a mutant that never stops must not take the machine."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child ended; ``told`` is what it said: of a run, the number of the test that failed."""

    how: Ending
    told: Any = None


class Failures:
    """A pytest plugin that notes whether a test failed."""

    def __init__(self) -> None:
        self.failed = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.failed = self.failed or report.failed


def in_child(work: Callable[[], Any]) -> Ended:
    """Do some work in a child and return what it returns."""
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reads)
        _work_and_exit(work, writes)
    os.close(writes)
    with os.fdopen(reads, "rb") as pipe:
        told = pipe.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        ended = os.WTERMSIG(status) in (signal.SIGVTALRM, signal.SIGALRM)
        return Ended("no end" if ended else "crashed")
    if os.waitstatus_to_exitcode(status) or not told:
        return Ended("crashed")
    answer = pickle.loads(told)  # noqa: S301 - from our own child
    return Ended("passed" if answer is None else "failed", answer)


def _work_and_exit(work: Callable[[], Any], writes: int) -> None:
    code = 1
    try:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        with os.fdopen(writes, "wb") as pipe:
            pipe.write(pickle.dumps(work()))
        code = 0
    finally:
        os._exit(code)


def first_failing(
    items: Sequence[pytest.Item], failures: Failures, seconds: Sequence[float], altogether: float
) -> int | None:
    """Run tests in turn, each at most so many seconds of processor time; return the number of the first that fails.

    Once so many seconds have passed altogether, no other test begins.
    """
    following: list[pytest.Item | None] = [*items, None]
    began = time.process_time()
    for number, (item, after) in enumerate(pairwise(following)):
        if time.process_time() - began > altogether:
            break
        signal.setitimer(signal.ITIMER_VIRTUAL, seconds[number])
        signal.setitimer(signal.ITIMER_REAL, 60 + 10 * seconds[number])
        assert item is not None
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
        if failures.failed:
            return number
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    signal.setitimer(signal.ITIMER_REAL, 0)
    return None
