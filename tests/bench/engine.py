"""Measures one run of the engine, from its facts to the assessment with its trace; it is no test and demands nothing.

Run as ``python -m tests.bench.engine``. Each kind of response is drawn at random. Others of its kind are judged first;
then each response is judged once (``new``), and again and again (``again``). The second flatters: everything about this
very response is remembered by then. Both start from facts that were read into bits; ``assess, again`` reads them, too.
"""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from random import Random
from statistics import median
from time import perf_counter_ns

from service.engine.assess import assess, assess_known
from service.engine.facts import Value
from service.engine.prepared import prepared
from tests.engine.situations import BOOK, BOOLEANS, WELL, facts_of

OTHERS, MEASURED, AGAIN = 2000, 200, 60
POLICY = "strictest"
AGES = [Decimal(one) for one in range(18, 90)]
COMPLAINTS = sorted(set(BOOLEANS) - BOOK.red_flags)
RED_FLAGS = sorted(BOOK.red_flags & set(BOOLEANS))

Known = dict[str, Value]


def answered(rng: Random) -> Known:
    """Answer everything: a strained adult with a few complaints and, in one of two, one red flag."""
    known = {**WELL, "age": rng.choice(AGES), "severity-now": Decimal(rng.randrange(9))}
    known |= dict.fromkeys(rng.sample(COMPLAINTS, rng.randrange(1, 5)), True)
    return known | dict.fromkeys(rng.sample(RED_FLAGS, rng.randrange(2)), True)


def blank(_: Random) -> Known:
    """Answer nothing."""
    return {}


def mid_form(rng: Random) -> Known:
    """Answer one half, with three to five red flags."""
    known = {finding: value for finding, value in answered(rng).items() if rng.random() < 0.5}
    return known | dict.fromkeys(rng.sample(RED_FLAGS, rng.randrange(3, 6)), True)


KINDS: dict[str, Callable[[Random], Known]] = {
    "everything answered": answered,
    "blank": blank,
    "mid-form, red flags": mid_form,
}


def microseconds(run: Callable[[], object]) -> float:
    """Time one call."""
    start = perf_counter_ns()
    run()
    return (perf_counter_ns() - start) / 1000


def spread(times: list[float]) -> str:
    """Write the least, the median and the greatest time."""
    return f"{min(times):8.1f} {median(times):8.1f} {max(times):8.1f}"


def measured(kind: Callable[[Random], Known]) -> list[tuple[str, list[float]]]:
    """Time reading the facts into bits, one run on them, new and again, and both together."""
    rng = Random(1)  # noqa: S311 - a repeatable sample, nothing secret
    ready = prepared(BOOK)

    for _ in range(OTHERS):
        facts = facts_of(kind(rng))
        assess_known(ready, facts, ready.leaves.known(facts), POLICY)
    reading, new, again, whole = [], [], [], []
    for _ in range(MEASURED):
        facts = facts_of(kind(rng))
        read = partial(ready.leaves.known, facts)
        run = partial(assess_known, ready, facts, read(), POLICY)
        new.append(microseconds(run))
        again.append(min(microseconds(run) for _ in range(AGAIN)))
        whole.append(min(microseconds(partial(assess, BOOK, facts, POLICY)) for _ in range(AGAIN)))
        reading.append(min(microseconds(read) for _ in range(AGAIN)))
    return [("engine, new", new), ("engine, again", again), ("facts to bits", reading), ("assess, again", whole)]


def main() -> None:
    """Print least, median and greatest microseconds."""
    print(f"{'':36}      min   median      max  µs here")
    for name, kind in KINDS.items():
        for part, times in measured(kind):
            print(f"{name:20} {part:15}{spread(times)}")


if __name__ == "__main__":
    main()
