"""Holds the serving engine against the second engine on very many patients, and prints how many and what differed.

    python -m tests.soak.engine_agrees --patients 1000000

Compared are the verdict of every rule, what is traced as fired and as undecided and to which level it lifts, the rules
that decide, level, ceiling, scope, whether the result is final, and the completed facts.
"""

import sys
import time
from collections import Counter
from functools import cache
from itertools import islice

from service.knowledge.load import checked_book
from service.knowledge.model import RuleBook
from service.knowledge.witnesses import read_witnesses
from tests.engine.agreement import Compared, Tally, compared
from tests.engine.inputs import Known, boundary_patients, random_patients
from tests.engine.many_patients import seen
from tests.soak.batches import arguments_of, done

BATCH = 1000
PROGRESS = 20_000
POLICIES = ("strictest", "reconciled", "strictest", "reconciled", "strictest", "source:GM", "source:CC", "source:SP")
"""The policy of each batch in turn: mostly those that answer patients."""


@cache
def book() -> RuleBook:
    return checked_book()


def random_batch(seed: int) -> tuple[Compared, Counter[str]]:
    """Compare one batch of random patients; count their levels."""
    policy = POLICIES[seed % len(POLICIES)]
    patients = list(islice(random_patients(book(), seed), BATCH))
    return compared(book(), patients, policy), levels(patients, policy)


def boundary_batch(number: int) -> tuple[Compared, Counter[str]]:
    """Compare one batch of patients at a limit, under both live policies by turns."""
    patients = list(
        islice(boundary_patients(book(), read_witnesses(), every=True), number * BATCH, (number + 1) * BATCH)
    )
    policy = ("strictest", "reconciled")[number % 2]
    return compared(book(), patients, policy), levels(patients, policy)


def levels(patients: list[Known], policy: str) -> Counter[str]:
    found = seen(book(), patients, policy)
    return Counter({level: bits.bit_count() for level, bits in found.levels.items()})


def main() -> None:
    arguments = arguments_of("Compares two engines.", 1_000_000)
    boundary = sum(1 for _ in boundary_patients(book(), read_witnesses(), every=True))
    runs = [("random", random_batch, range(arguments.seed, arguments.seed + -(-arguments.patients // BATCH)))]
    if not arguments.random_only:
        runs.insert(0, ("at a limit", boundary_batch, range(-(-boundary // BATCH))))
    differ = False
    for name, work, seeds in runs:
        begun, tally, counted = time.monotonic(), Tally(), Counter[str]()
        for found, by_level in done(work, seeds, arguments.processes):
            tally.add(found)
            counted += by_level
            for line in found.differences:
                print(f"DIFFERS: {line}", flush=True)
            if tally.patients % PROGRESS == 0:
                print(f"{tally.patients} patients {name} so far; {time.monotonic() - begun:.0f} s", flush=True)
        differ |= bool(tally.differences)
        print(
            f"{tally.patients} patients {name} (batches {seeds.start} to {seeds.stop - 1}), {tally.verdicts} verdicts, "
            f"levels {dict(counted)}: {len(tally.differences)} differences; {time.monotonic() - begun:.0f} s",
            flush=True,
        )
    sys.exit(1 if differ else 0)


if __name__ == "__main__":
    main()
