"""Speaks with a program that measures by itself: it is told how many seconds, and says how long each run took."""

import os
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from tests.bench.load import Measured
from tests.bench.servers import SERVER_CORE

Ask = Callable[[float], Measured]


@contextmanager
def told(command: Sequence[str]) -> Iterator[Ask]:
    """Start the program and wait until it says ``ready``; yield how to let it measure, on the servers' core alone.

    It makes itself ready on every core: what it prepares is not what is measured.
    """
    pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
    with subprocess.Popen(command, text=True, bufsize=1, stdin=pipe, stdout=pipe, stderr=nowhere) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        if process.stdout.readline().strip() != "ready":
            raise RuntimeError(f"{Path(command[0]).name} ended before it was ready")
        _keep_on_core(process.pid)

        def ask(seconds: float) -> Measured:
            assert process.stdin is not None
            assert process.stdout is not None
            begin = perf_counter()
            process.stdin.write(f"{seconds}\n")
            times = tuple(map(float, process.stdout.readline().split()))
            if not times:
                raise RuntimeError("a program that measures by itself said nothing")
            return Measured(len(times) / (perf_counter() - begin), times, 0)

        yield ask
        process.stdin.close()


def _keep_on_core(process: int) -> None:
    for thread in Path(f"/proc/{process}/task").iterdir():
        os.sched_setaffinity(int(thread.name), {SERVER_CORE})
