"""Reads survivors.yaml: the mutants that are known to live, each with the reason why no test can or need tell."""

from collections.abc import Mapping
from pathlib import Path

import yaml

from tests.mutation.mutants import Mutant

SURVIVORS = Path(__file__).with_name("survivors.yaml")
Place = tuple[str, str, str, str]
Survivors = Mapping[Place, str]
"""The reason by module, function, the lines as they were and as they become: numbers change, lines tell."""


def place_of(mutant: Mutant) -> Place:
    """Name a mutant by what it changes."""
    return mutant.module, mutant.function, mutant.was, mutant.becomes


def read_survivors(path: Path = SURVIVORS) -> Survivors:
    """Read the list; raise ValueError where a row lacks something or stands twice."""
    found: dict[Place, str] = {}
    for row in yaml.safe_load(path.read_text("utf-8")) or ():
        place = (row["module"], row["function"], row["was"].strip(), row["becomes"].strip())
        if not row["reason"].strip() or place in found:
            raise ValueError(f"{path.name}: a row without a reason, or one that stands twice: {place}")
        found[place] = row["reason"].strip()
    return found
