"""Says why a goal is missed and what was tried, as reasons.yaml has it; it measures nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import yaml

from tests.bench.figures import Figure, Run
from tests.bench.table import asked, spread

REASONS = Path(__file__).with_name("reasons.yaml")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why figures whose row and name fit two patterns miss their goal, and what was tried."""

    row: str
    figure: str
    why: str
    tried: str

    def is_of(self, row: str, figure: str) -> bool:
        return fnmatchcase(row, self.row) and fnmatchcase(figure, self.figure)


def read_reasons() -> tuple[Reason, ...]:
    """Read what is written; a reason without one of its four texts is refused (TypeError)."""
    return tuple(Reason(**one) for one in yaml.safe_load(REASONS.read_text("utf-8")))


def explained(run: Run, reasons: Sequence[Reason]) -> Iterator[str]:
    """Name each goal that is missed with its figure, the reason and what was tried; one reason is told once."""
    for row in run.rows:
        missed = [figure for figure in row.figures if figure.verdict == "missed"]
        for reason in reasons:
            told = [figure for figure in missed if reason.is_of(row.name, figure.name)]
            if told:
                yield f"**{row.name}**: {'; '.join(map(_said, told))}. {reason.why} {reason.tried}"
        for figure in missed:
            if not any(reason.is_of(row.name, figure.name) for reason in reasons):
                yield f"**{row.name}**: {_said(figure)}. No reason is written down yet."


def _said(figure: Figure) -> str:
    return f"{figure.name} {spread(figure)} ({asked(figure)})"
