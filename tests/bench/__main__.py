"""Measures what the issue of the serving path asks for and prints each goal with its figure; it is no test.

``make bench`` runs it: figures are printed, and kept with a drawing as ``bench/latest.json`` and ``bench/latest.svg``.
What is measured holds for this machine alone; the ratios travel better.
"""

import argparse
import os
import platform
import shutil
import sys
import traceback
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from tests.bench import bundle, inside, memory, more_rules, more_stored, serving, starting, storing
from tests.bench.drawing import svg
from tests.bench.figures import Row, Run, read_run, write_run
from tests.bench.plan import Plan
from tests.bench.readme import BENCH, KEPT, LATEST, README, with_table
from tests.bench.reasons import explained, read_reasons
from tests.bench.servers import BUILD, CLIENT_CORE
from tests.bench.table import lines, summary

Part = tuple[str, Callable[[Plan, list[Row]], Row]]

PARTS: dict[str, Part] = {
    "serving": (serving.NAME, lambda plan, _: serving.measure(plan)),
    "layers": (inside.LAYERS, inside.measure_layers),
    "engine": (inside.ENGINE, lambda *_: inside.measure_engine()),
    "rules": (more_rules.NAME, lambda plan, _: more_rules.measure(plan)),
    "bundle": (bundle.NAME, lambda plan, _: bundle.measure(plan)),
    "store-sqlite": (storing.NAMES["sqlite"], lambda plan, _: storing.measure(plan, "sqlite")),
    "store-postgresql": (storing.NAMES["postgresql"], lambda plan, _: storing.measure(plan, "postgresql")),
    "reads-sqlite": (more_stored.NAMES["sqlite"], lambda plan, _: more_stored.measure(plan, "sqlite")),
    "reads-postgresql": (more_stored.NAMES["postgresql"], lambda plan, _: more_stored.measure(plan, "postgresql")),
    "start": (starting.NAME, lambda plan, _: starting.measure(plan)),
    "memory": (memory.NAME, lambda plan, _: memory.measure(plan)),
}
"""Every part by what --only takes: the name of its row, and how it is measured, given what was measured before it."""

BROKEN, UNPROVEN = "it broke off", "; RULES UNPROVEN"


def main(arguments: list[str]) -> None:
    """Measure and print; or keep the latest run; or write the README's table from what was kept."""
    asked = _parser().parse_args(arguments)
    if asked.keep:
        _keep()
    elif asked.readme:
        _write_readme()
    else:
        _measure(planned(arguments), asked.only or list(PARTS))


def _measure(plan: Plan, names: list[str]) -> None:
    BUILD.mkdir(parents=True, exist_ok=True)
    os.sched_setaffinity(0, {CLIENT_CORE})
    kept, rows = read_run(KEPT), list[Row]()
    print(f"{machine()}\n")
    for name in names:
        sys.stderr.write(f"measuring {name} ...\n")
        rows.append(measured(name, plan, rows))
        print("\n".join(lines(rows[-1], kept)), flush=True)
    run = Run(machine(), tuple(rows)).beside(read_run(LATEST))
    write_run(run, LATEST)
    LATEST.with_suffix(".svg").write_text(svg(run), "utf-8")
    print(f"{LATEST.relative_to(BENCH.parent)}: {summary(run)}", *explained(run, read_reasons()), sep="\n")
    if any(BROKEN in row.not_run for row in rows):
        sys.exit(1)


def measured(name: str, plan: Plan, done: list[Row]) -> Row:
    """Measure one part; where it breaks off, say so and let the others be measured."""
    row_name, measure = PARTS[name]
    try:
        row = measure(plan, done)
        return replace(row, conditions=row.conditions + UNPROVEN) if plan.unproven else row
    except Exception as error:
        traceback.print_exc()
        return Row(row_name, "", (), not_run=f"{BROKEN}: {type(error).__name__}")


def _keep() -> None:
    """Make the latest run the one that the next release is compared with."""
    latest = read_run(LATEST)
    problems = unfit_to_keep(latest)
    if problems:
        raise SystemExit("not kept: " + "; ".join(problems))
    for suffix in (".json", ".svg"):
        shutil.copy(LATEST.with_suffix(suffix), KEPT.with_suffix(suffix))


def unfit_to_keep(run: Run | None) -> list[str]:
    """Say what is wrong with a run that is to be kept: a part that broke off, or rules that nobody has proven."""
    if run is None:
        return ["nothing was measured yet"]
    broken = [f"{row.name}: {row.not_run}" for row in run.rows if BROKEN in row.not_run]
    return broken + [f"{row.name}: its rules were not proven" for row in run.rows if UNPROVEN in row.conditions]


def _write_readme() -> None:
    kept = read_run(KEPT)
    if kept is None:
        raise SystemExit("nothing was kept yet: python -m tests.bench --keep")
    README.write_text(with_table(README.read_text("utf-8"), kept), "utf-8")


def machine() -> str:
    """Name what the figures hold for."""
    cores = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    model = cores[0].split(":", 1)[1].strip() if cores else platform.machine()
    gibibytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    software = f"Python {platform.python_version()}, gunicorn {version('gunicorn')}, Flask {version('flask')}"
    return f"{os.cpu_count()} cores ({model}), {gibibytes:.0f} GiB, {platform.system()}; {software}"


def planned(arguments: list[str]) -> Plan:
    """Read how much is to be measured; end the program where that is not clear."""
    asked = _parser().parse_args(arguments)
    plan = Plan().quick() if asked.quick else Plan()
    chosen = {name: getattr(asked, name) for name in ("rounds", "seconds", "requests", "stored")}
    chosen = {name: value for name, value in chosen.items() if value is not None}
    return replace(
        plan,
        **chosen,
        java=plan.java and not asked.no_java,
        unproven=asked.unproven,
        postgresql_filled=asked.postgresql_filled,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    add = parser.add_argument
    add("--only", choices=list(PARTS), action="append", help="measure this part alone; may stand several times")
    add("--quick", action="store_true", help="a first look in less than four minutes, without Java")
    add("--rounds", type=_number(int, 1), help="rounds of each measurement, 5 without it")
    add("--seconds", type=_number(float, 0.2), help="seconds of each round, 5 without it")
    add("--requests", type=_number(int, 1000), help="requests over which memory is watched, 20,000 without it")
    add("--stored", type=_number(int, 2001), help="responses in the large store, 200,000 without it")
    add("--postgresql-filled", action="store_true", help="fill a large store on PostgreSQL, too; it takes long")
    add("--no-java", action="store_true", help="leave HAPI out, which compiles for two minutes")
    add("--unproven", action="store_true", help="measure rules or an engine under change, which nobody has proven")
    add("--keep", action="store_true", help="measure nothing: keep the latest run as that of this release")
    add("--readme", action="store_true", help="measure nothing: write the README's table from the kept run")
    return parser


def _number(kind: Callable[[str], float], least: float) -> Callable[[str], float]:
    def read(written: str) -> float:
        value = kind(written)
        if value < least:
            raise argparse.ArgumentTypeError(f"allowed is a number from {least:g}")
        return value

    return read


if __name__ == "__main__":
    main(sys.argv[1:])
