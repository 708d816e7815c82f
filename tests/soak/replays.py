"""Replays the sample bodies in ninety worlds, and compares every answer byte by byte; it judges no answer.

    python -m tests.soak.replays --times 100000

A world is a process of its own with a hash seed, a time zone and a locale. Turkish lowers an I to a dotless one, and
the German locale writes decimals with a comma and is not UTF-8. Both are made with Debian's `locales` where they are
not installed; where that cannot be done, others take their place, and the run says so.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

ROOT = Path(__file__).parents[2]
SEEDS = tuple(range(10))
ZONES = {"UTC0": 0, "IST-5:30": -19_800, "NST3:30NDT,M3.2.0,M11.1.0": 12_600}
"""Time zones in POSIX's own form, which needs no files, with their seconds west of Greenwich."""
LOCALES = ("C", "tr_TR.UTF-8", "de_DE.ISO-8859-1")
WITHOUT_LOCALES = ("C", "C.UTF-8", "POSIX")
SOURCES = Path("/usr/share/i18n/locales")


@dataclass(frozen=True, slots=True)
class World:
    """What a process finds around it."""

    seed: int
    zone: str
    locale: str


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came out of one world: for each request the answers by digest, and what the process saw of its world."""

    world: World
    hash_of_a_word: int
    answers: Mapping[str, Mapping[str, int]]


def worlds(locales: Sequence[str]) -> list[World]:
    return [World(*one) for one in product(SEEDS, ZONES, locales)]


def made_locales(folder: Path) -> tuple[str, ...]:
    """Make the locales in a folder; where that cannot be done, say so loudly and name others."""
    missing = [one for one in LOCALES[1:] if not (SOURCES / one.partition(".")[0]).exists()]
    if shutil.which("localedef") is None or missing:
        print(f"NOT RUN in {', '.join(LOCALES[1:])}: Debian's package locales is missing; {WITHOUT_LOCALES} instead")
        return WITHOUT_LOCALES
    for one in LOCALES[1:]:
        source, _, charset = one.partition(".")
        subprocess.run(["localedef", "-i", source, "-f", charset, str(folder / one)], check=True, capture_output=True)
    return LOCALES


def replayed(world: World, rounds: int, every: int, folder: Path) -> Replayed:
    """Replay in one world; raise ValueError where the process did not find the world that was meant."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "TRIAGE_"))}
    environment = {**kept, "PYTHONHASHSEED": str(world.seed), "TZ": world.zone, "LC_ALL": world.locale}
    if world.locale in LOCALES[1:]:
        environment["LOCPATH"] = str(folder)
    command = [sys.executable, "-m", "tests.soak.answers", str(rounds), str(_order(world)), str(every)]
    printed = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)
    if printed.returncode:
        raise ValueError(f"{world}: {printed.stderr.decode('utf-8', 'replace')[-2000:]}")
    content = json.loads(printed.stdout)
    found = (content["world"]["locale"], content["world"]["offset"])
    if found != (world.locale, ZONES[world.zone]):
        raise ValueError(f"{world}: the process found {found}")
    return Replayed(world, content["world"]["hash"], content["answers"])


def _order(world: World) -> int:
    """Give each world an order of its own for its requests."""
    return int.from_bytes(hashlib.sha256(repr(world).encode()).digest()[:4], "big")


def differences(every_world: Sequence[Replayed]) -> Iterator[str]:
    """Name each request that was not always answered with the same bytes, and worlds that were not asked the same."""
    first = every_world[0]
    for other in every_world:
        if other.answers.keys() != first.answers.keys():
            yield f"{other.world} was not asked what {first.world} was"
    for request in first.answers:
        digests = {digest for one in every_world for digest in one.answers.get(request, {})}
        if len(digests) != 1:
            yield f"{request}: {len(digests)} different answers"


def digest_of_all(replays: Replayed) -> str:
    """Name all answers of one world by one digest."""
    lines = (f"{request} {digest}\n" for request, found in sorted(replays.answers.items()) for digest in sorted(found))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _count(one: Replayed) -> int:
    return sum(number for found in one.answers.values() for number in found.values())


def main() -> None:
    parser = argparse.ArgumentParser(description="Replays the sample bodies in many worlds.")
    parser.add_argument("--times", type=int, default=100_000, help="the least number of replays in all")
    parser.add_argument("--worlds", type=int, default=len(SEEDS) * 9, help="how many worlds, in order")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        _replay_all(arguments.times, arguments.worlds, Path(folder))


def _replay_all(times: int, most: int, folder: Path) -> None:
    begun = time.monotonic()
    chosen = worlds(made_locales(folder))[:most]
    done: list[Replayed] = []
    rounds = 1
    for world in chosen:
        done.append(replayed(world, rounds, 1, folder))
        print(f"{world}: {sum(map(_count, done))} replays so far; {time.monotonic() - begun:.0f} s", flush=True)
        rounds = -(-times // (len(chosen) * len(done[0].answers)))
    done.append(replayed(chosen[0], rounds, 1, folder))
    found = list(differences(done))
    for line in found:
        print(f"DIFFERS: {line}")
    print(f"{sum(map(_count, done))} replays of {len(done[0].answers)} requests in {len(chosen)} worlds:")
    for name in ("seed", "zone", "locale"):
        print(f"  {name}: {', '.join(sorted({str(getattr(one, name)) for one in chosen}))}")
    print(f"  {len({one.hash_of_a_word for one in done})} different hashes of one word")
    print(f"  {', '.join(sorted({digest_of_all(one) for one in done}))}: the digest of all answers of each world")
    print(f"  {len(found)} requests differ; {time.monotonic() - begun:.0f} s")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
