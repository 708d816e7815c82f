"""Prints what the serving path costs, beside other servers and layer by layer; it demands nothing and is no test.

Run as ``make bench``. What is measured here holds for this machine alone; the ratios travel better.
"""

import sys

from tests.bench import layers, serving

SECONDS = 5.0
GOAL = 0.70
"""Of JSON echo's throughput on the same bodies."""


def main() -> None:
    """Measure and print."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    write = sys.stdout.write
    write(f"one core for the server, {serving.ROUNDS} interleaved rounds of {seconds:g} s; min / median / max\n")
    measured = serving.measure(seconds)
    for row in measured.full:
        rate, p50, p99 = (_three(each) for each in (row.per_second, row.p50, row.p99))
        ratio = _three(measured.ratios(row.name), 3)
        write(f"{row.name:16} {rate} /s here, {ratio} of JSON echo; p50 {p50} ms, p99 {p99} ms\n")
    reached = measured.ratios(serving.OURS)[1]
    write(f"goal: $triage at least {GOAL:.0%} of JSON echo; median {reached:.1%}: {_met(reached >= GOAL)}\n")
    p99 = measured.half_load_p99()
    write(f"goal: p99 at half load at most 2.5 times JSON echo's; {_three(p99)}: {_met(p99[1] <= 2.5)}\n")
    for name, microseconds in layers.measure().items():
        write(f"{name:20} {microseconds:8.1f} microseconds of a request, here\n")


def _three(each: tuple[float, ...], digits: int = 1) -> str:
    ordered = sorted(each)
    return " / ".join(f"{one:.{digits}f}" for one in (ordered[0], ordered[len(ordered) // 2], ordered[-1]))


def _met(is_met: bool) -> str:
    return "met" if is_met else "missed"


if __name__ == "__main__":
    main()
