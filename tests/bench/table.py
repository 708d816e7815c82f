"""Puts the figures of a run into words: a table for the terminal, and one in Markdown for the README."""

from collections.abc import Iterator

from tests.bench.figures import Figure, Row, Run

WIDTH = 66


def lines(row: Row, kept: Run | None) -> Iterator[str]:
    """Write each figure: min, median and max of its rounds, its goal, and the change of a ratio since it was kept."""
    yield f"{row.name}: {_said(row)}"
    for figure in row.figures:
        before = kept.figure(row.name, figure.name) if kept else None
        parts = (f"{figure.name:{WIDTH}}", spread(figure), asked(figure), figure.verdict, change(figure, before))
        yield "  " + "  ".join(part for part in parts if part)
    yield ""


def summary(run: Run) -> str:
    """Count the goals that are met, and name those that are missed and the rows that were not run."""
    asked_for = [(row, figure) for row in run.rows for figure in row.figures if figure.goal]
    missed = [f"{row.name}: {figure.name}" for row, figure in asked_for if figure.verdict == "missed"]
    absent = [f"{row.name} ({row.not_run})" for row in run.rows if row.not_run]
    text = f"goals met: {len(asked_for) - len(missed)} of {len(asked_for)}"
    text += f"; missed: {'; '.join(missed)}" if missed else ""
    return text + (f"; NOT RUN: {'; '.join(absent)}" if absent else "")


def spread(figure: Figure) -> str:
    """Write min / median / max, or the one value there is; an absolute figure holds here alone, and says so."""
    values = (min(figure.values), figure.median, max(figure.values))
    text = " / ".join(map(number, values)) if len(figure.values) > 1 else number(figure.median)
    return f"{text} {figure.unit} here" if figure.is_absolute else text


def asked(figure: Figure) -> str:
    """Write the goal; empty where there is none."""
    if figure.goal is None:
        return ""
    unit = f" {figure.unit}" if figure.unit else ""
    return f"{figure.goal.side} {number(figure.goal.limit)}{unit}"


def change(figure: Figure, before: Figure | None) -> str:
    """Say how far a ratio has moved since the last release; absolute figures of two machines are not compared."""
    if before is None or figure.is_absolute or not before.median:
        return ""
    return f"kept {number(before.median)}, {figure.median / before.median - 1:+.1%}"


def number(value: float) -> str:
    """Write a number with three digits that count, and no fewer than its whole part."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}" if abs(value) >= 0.1 else f"{value:.2g}"


def markdown(run: Run) -> str:
    """Write the README's table: every figure with its goal, and what it was measured on."""
    head = "| figure | min / median / max | goal | |\n|---|---|---|---|\n"
    return f"Measured on {run.machine}.\n\n{head}" + "\n".join(_cells(run))


def _cells(run: Run) -> Iterator[str]:
    for row in run.rows:
        yield _heading(row)
        for figure in row.figures:
            yield f"| {figure.name} | {spread(figure)} | {asked(figure)} | {figure.verdict} |"


def _heading(row: Row) -> str:
    return f"| **{row.name}**: {_said(row)} | | | |"


def _said(row: Row) -> str:
    return f"NOT RUN: {row.not_run}" if row.not_run else row.conditions
