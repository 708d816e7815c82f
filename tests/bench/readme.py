"""Writes the kept figures into the README, between two marks, and why goals are missed; and finds them there again."""

from pathlib import Path

from tests.bench.figures import Run
from tests.bench.reasons import explained, read_reasons
from tests.bench.table import markdown

ROOT = Path(__file__).parents[2]
README, BENCH = ROOT / "README.md", ROOT / "bench"
KEPT, LATEST = BENCH / "kept.json", BENCH / "latest.json"
BEGIN = "<!-- bench: `python -m tests.bench --readme` writes this table from bench/kept.json -->"
END = "<!-- end of bench -->"


class MarksMissingError(Exception):
    """The text has no place for the table."""


def block(text: str) -> str:
    """Return what stands between the marks; raise MarksMissingError where they do not stand once each, in order."""
    if text.count(BEGIN) != 1 or text.count(END) != 1 or text.index(BEGIN) > text.index(END):
        raise MarksMissingError(f"the table's place begins with the line {BEGIN} and ends with the line {END}")
    return text.split(BEGIN)[1].split(END, maxsplit=1)[0].strip("\n")


def with_table(text: str, run: Run) -> str:
    """Put the table of a run between the marks."""
    block(text)
    before, after = text.split(BEGIN, maxsplit=1)[0], text.split(END)[1]
    return f"{before}{BEGIN}\n{shown(run)}\n{END}{after}"


def shown(run: Run) -> str:
    """Write the table, and under it why each goal that is missed is missed."""
    missed = "\n".join(f"- {one}" for one in explained(run, read_reasons()))
    return f"{markdown(run)}\n\nMissed, why, and what was tried:\n\n{missed}" if missed else markdown(run)
