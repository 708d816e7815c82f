"""Judges the mutants that mutmut makes of the engine and the mapping by the tests beside them.

    python -m tests.mutation                                  # all of WHOLE (scope.py), of the rest one in ten
    python -m tests.mutation --module service.engine.leaves --tests tests/engine
    python -m tests.mutation --sample 10 --seed 1 --log judged.jsonl
    python -m tests.mutation --again judged.jsonl --thorough  # what lived, by all tests with all their examples
    python -m tests.mutation --only 'service.engine.leaves.x_leaves_of__mutmut_1'

Each mutant is put into its function's place in memory, in a child of a process that has collected the tests and holds
the rule book: no file changes, so no certificate and no digest of a source can notice; only what the code does can.
Prints killed, timeouts and survivors of each module, and each survivor that survivors.yaml does not list.
Ends with 1 where there is such a one, or where fewer than 95 of 100 are killed.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.mutation.mutants import Mutant, module_of, mutants_of
from tests.mutation.report import report
from tests.mutation.run import alive_in, judge
from tests.mutation.scope import WHOLE, files, sampled, stands_in
from tests.mutation.survivors import read_survivors

TESTS = ("tests/engine", "tests/mapping", "tests/usecases", "tests/clinical")


def main() -> int:
    arguments = _arguments()
    mutants = list(_chosen(arguments))
    survivors = read_survivors()
    print(f"{len(mutants)} mutants", file=sys.stderr, flush=True)
    judged = judge(mutants, survivors, arguments.tests or TESTS, arguments.log, thorough=arguments.thorough)
    return report(judged, survivors)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Judges mutants of the engine and the mapping.")
    parser.add_argument("--module", action="append", default=[], help="a module or package; may be given again")
    parser.add_argument("--not-module", action="append", default=[], help="leave out a module or package")
    parser.add_argument("--only", action="append", default=[], help="the name of one mutant; may be given again")
    parser.add_argument("--again", type=Path, help="judge anew what lives in such a log, and nothing else")
    parser.add_argument("--sample", type=int, default=10, help="one in so many of the modules outside WHOLE")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--log", type=Path, help="a file to which each verdict is added as a line of JSON")
    parser.add_argument("--thorough", action="store_true", help="judge what lives by all tests with all their examples")
    parser.add_argument("--tests", action="append", default=[], help="a folder of tests that judge; may be given again")
    return parser.parse_args()


def _chosen(arguments: argparse.Namespace) -> Sequence[Mutant]:
    chosen: list[Mutant] = []
    only = set(arguments.only) | (alive_in(arguments.again) if arguments.again else set())
    for path in files():
        module = module_of(path)
        if arguments.module and not stands_in(module, arguments.module):
            continue
        if stands_in(module, arguments.not_module):
            continue
        if only and not any(one.startswith(f"{module}.x") for one in only):
            continue
        made = list(mutants_of(path))
        if only:
            chosen += [one for one in made if one.name in only]
        else:
            chosen += sampled(made, 1 if stands_in(module, WHOLE) else arguments.sample, arguments.seed)
    return chosen


if __name__ == "__main__":
    sys.exit(main())
