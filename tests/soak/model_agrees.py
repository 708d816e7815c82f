"""Holds the formulas of the proof against the serving engine on many patients, and prints how many.

    python -m tests.soak.model_agrees --patients 10000

Compared are the completed facts, the verdict of every rule, and under each live policy the level and the plan's
suggestions; for the form, the facts that its answers give. The first difference ends the run.
"""

import sys
import time
from random import Random

from service.knowledge.witnesses import read_witnesses
from tests.proof.test_model_agrees import SAMPLES, agree, random_facts, read_alike
from tests.soak.batches import arguments_of, done

BATCH = 100


def random_batch(seed: int) -> int:
    rng = Random(seed)  # noqa: S311 - a repeatable sample, nothing secret
    for _ in range(BATCH):
        agree(random_facts(rng))
    return BATCH


def forms_batch(seed: int) -> int:
    rng = Random(seed)  # noqa: S311 - a repeatable sample, nothing secret
    for _ in range(BATCH):
        read_alike(rng)
    return BATCH


def main() -> None:
    arguments = arguments_of("Compares the model of the proof with the engine.", 10_000)
    begun = time.monotonic()
    if not arguments.random_only:
        witnesses = read_witnesses()
        for witness in witnesses:
            agree(witness.facts)
        rng = Random(5)  # noqa: S311 - a repeatable sample, nothing secret
        limits = [(measure, sample) for measure, samples in SAMPLES.items() for sample in samples]
        for measure, sample in limits:
            agree({**random_facts(rng), measure: sample})
        _say(f"{len(witnesses)} witnesses, {len(limits)} values at and beside a limit", begun)
    seeds = range(arguments.seed, arguments.seed + -(-arguments.patients // BATCH))
    _say(f"{sum(done(random_batch, seeds, arguments.processes))} random patients from seed {arguments.seed}", begun)
    _say(f"{sum(done(forms_batch, seeds, arguments.processes))} random forms from seed {arguments.seed}", begun)


def _say(what: str, begun: float) -> None:
    print(f"model and engine agree on {what}; {time.monotonic() - begun:.0f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main())
