"""Splits a long run into batches with a seed each, done by one process or several; it knows nothing of what is run."""

import argparse
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TypeVar

Done = TypeVar("Done")


def arguments_of(says: str, patients: int) -> argparse.Namespace:
    """Read how much is to be run, from which seed, and in how many processes; the same seed gives the same patients."""
    parser = argparse.ArgumentParser(description=says)
    parser.add_argument("--patients", type=int, default=patients, help="how many random patients")
    parser.add_argument("--seed", type=int, default=1, help="the seed of the first batch; each batch takes the next")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--random-only", action="store_true", help="leave out what is not random, for a further share")
    return parser.parse_args()


def done(work: Callable[[int], Done], seeds: range, processes: int) -> Iterator[Done]:
    """Do the work for each seed, in order."""
    if processes == 1:
        yield from map(work, seeds)
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        yield from pool.map(work, seeds)
