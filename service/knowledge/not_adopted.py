"""What guidance asks for and this book leaves out on purpose; nothing is computed from it, it is only shown."""

from dataclasses import dataclass
from pathlib import Path

from service.knowledge.files import BOOK, BookFiles
from service.knowledge.written import NotAdoptedRow


@dataclass(frozen=True, slots=True)
class NotAdopted:
    """One row of a source, by the source's id, and why it is no rule here."""

    source: str
    row: str
    why: str


def read_not_adopted(folder: Path = BOOK) -> tuple[NotAdopted, ...]:
    """Read the rows in the order of guidelines.yaml; raise BookError where one is not understood."""
    rows = BookFiles(folder).table("guidelines.yaml", "not-adopted", NotAdoptedRow())
    return tuple(NotAdopted(**row) for row in rows)
