"""Which mutants are judged: all of the engine and of what reads answers and compares them, of the rest a sample."""

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.mutation.mutants import ROOT, Mutant, module_of

WHOLE = (
    "service.engine",
    "service.mapping.answers",
    "service.mapping.answered_facts",
    "service.mapping.asked",
    "service.mapping.quick_answers",
    "service.mapping.dates",
    "service.mapping.context.hidden",
    "service.mapping.context.told",
    "service.mapping.context.join",
    "service.mapping.context.span",
    "service.mapping.context.person",
    "service.mapping.context.observations",
    "service.mapping.context.problems",
    "service.mapping.gate.primitives",
    "service.mapping.gate.quick",
)
"""Packages and modules of which every mutant is judged."""
FOLDERS = ("service/engine", "service/mapping")
NOT_MUTATED = ("service.engine.proof",)
"""The solver's side proves and never serves; its own seeded defects are in tests/proof."""


def files() -> Iterator[Path]:
    """Visit the files that are mutated."""
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if not stands_in(module_of(path), NOT_MUTATED):
                yield path


def stands_in(module: str, names: Sequence[str]) -> bool:
    """Tell whether a module is one of these or stands in a package that is."""
    return any(module == name or module.startswith(f"{name}.") for name in names)


def sampled(mutants: Sequence[Mutant], one_in: int, seed: int) -> list[Mutant]:
    """Draw one in so many mutants of a module; which ones follows from seed and module alone."""
    if one_in == 1 or not mutants:
        return list(mutants)
    drawn = random.Random(f"{seed} {mutants[0].module}")  # noqa: S311 - a sample, no secret
    size = -(-len(mutants) // one_in)
    return sorted(drawn.sample(mutants, size), key=mutants.index)
