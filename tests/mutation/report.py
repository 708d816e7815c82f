"""Prints what became of the mutants: of each module, and of each survivor that is not listed."""

from collections import Counter
from collections.abc import Sequence

from tests.mutation.judging import Judged, Verdict
from tests.mutation.survivors import Survivors, place_of

LEAST = 95
DEAD: tuple[Verdict, ...] = ("killed", "no end")


def report(judged: Sequence[Judged], survivors: Survivors) -> int:
    """Print the figures and the survivors; return the exit code."""
    modules = dict.fromkeys(one.mutant.module for one in judged)
    for module in modules:
        print(_row(module, [one for one in judged if one.mutant.module == module], survivors))
    print(_row("all", judged, survivors))
    new = [one for one in judged if one.verdict not in DEAD and place_of(one.mutant) not in survivors]
    for one in new:
        print(f"\n{one.verdict}: {one.mutant.name}\n- {one.mutant.was}\n+ {one.mutant.becomes}")
    killed = sum(one.verdict in DEAD for one in judged)
    return 1 if new or killed * 100 < LEAST * len(judged) else 0


def _row(name: str, judged: Sequence[Judged], survivors: Survivors) -> str:
    count = Counter(one.verdict for one in judged)
    dead = sum(count[one] for one in DEAD)
    alive = [one for one in judged if one.verdict not in DEAD]
    listed = sum(place_of(one.mutant) in survivors for one in alive)
    share = 100 * dead / len(judged) if judged else 100.0
    return (
        f"{name}: {dead} of {len(judged)} killed ({share:.1f} %), {count['no end']} of them by time; "
        f"{len(alive)} live, {listed} of them listed"
    )
