"""Who refuses an edited rule book, in the order in which it is asked; the quick ones come first."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from service.engine.case_check import failing_cases
from service.engine.proof.all_properties import PROOFS
from service.knowledge.checks import problems
from service.knowledge.files import BOOK
from service.knowledge.load import read_book
from service.knowledge.model import RuleBook
from service.knowledge.parse import BookError
from tests.proof.any_patient import BOOK as SOUND
from tests.proof.any_patient import of_the_real_book
from tests.proof.defects import DELETED, Edit
from tests.proof.statements import not_told, other_levels, too_high, too_low, wrongly_suggested

QUICK = ("P1", "P7", "P6", "P8", "P5", "P4.ranked", "P2.thresholds")
SLOW = ("P4.reach", "P3.answers", "P2.facts", "P2.answers", "P3.facts")


def edited(folder: Path, edit: Edit) -> Path:
    """Copy the rule book and make the edit in the copy; an edit whose text is not there is itself at fault."""
    copy = folder / "book"
    shutil.copytree(BOOK, copy)
    path = copy / edit.file
    if (edit.old, edit.new) == (DELETED, DELETED):
        path.unlink()
        (copy / "cases" / path.name).unlink(missing_ok=True)
    elif not edit.old:
        path.write_text(edit.new, "utf-8")
    else:
        text = path.read_text("utf-8")
        assert text.count(edit.old) == 1, f"{edit.file}: '{edit.old}' stands {text.count(edit.old)} times"
        path.write_text(text.replace(edit.old, edit.new), "utf-8")
    return copy


def refusals(folder: Path, *, slow: bool) -> Iterator[tuple[str, str]]:
    """Name each judge that refuses the book of a folder, with the first thing it says."""
    try:
        book = read_book(folder)
    except BookError as error:
        yield "load", str(error)
        return
    judges: list[tuple[str, Callable[[RuleBook], Iterator[str]]]] = [
        ("checks", lambda book: iter(problems(book))),
        ("cases", failing_cases),
        ("second reading, levels", other_levels),
        ("second reading, too low", too_low),
        ("second reading, too high", too_high),
        ("second reading, withheld", wrongly_suggested),
        ("second reading, told", not_told),
        *((f"proof {name}", _proof(name)) for name in (QUICK + SLOW if slow else QUICK)),
    ]
    for name, judge in judges:
        says = _first(judge, book)
        if says:
            yield name, says


def _first(judge: Callable[[RuleBook], Iterator[str]], book: RuleBook) -> str:
    """Return the first thing that a judge says; a book that it cannot even read is refused."""
    try:
        return next(judge(book), "")
    except (KeyError, StopIteration, TypeError, AssertionError) as error:
        return f"cannot be judged: {type(error).__name__} {error}"


def _proof(name: str) -> Callable[[RuleBook], Iterator[str]]:
    return lambda book: (failure.says for failure in PROOFS[name](book).failures)


def sound() -> list[str]:
    """Say what the quick judges say of the real book: nothing, or no defect could be told from it."""
    quick = (problems, failing_cases, other_levels)
    found = [says for judge in quick for says in judge(SOUND)]
    return [*found, *too_low(SOUND, of_the_real_book()), *too_high(SOUND, of_the_real_book())]
