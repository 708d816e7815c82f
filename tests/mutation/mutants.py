"""The mutants that mutmut makes of one file, each a function with one change; it runs none of them.

mutmut changes the bodies of functions and methods. What it leaves alone, by its own rules: decorated functions, type
annotations, texts in triple quotes, calls of len and isinstance, and what stands outside functions.
"""

import difflib
import importlib.metadata
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mutmut.mutation.file_mutation import mutate_file_contents

ROOT = Path(__file__).parents[2]
VERSION = importlib.metadata.version("mutmut")
_MADE = re.compile(r"x(?:_|ǁ(?P<of>\w+?)ǁ)(?P<function>\w+)__mutmut_(?P<number>orig|\d+)")


@dataclass(frozen=True, slots=True)
class Mutant:
    """One mutant: ``source`` is the changed function under its own name, ``was`` and ``becomes`` the lines that differ.

    ``name`` is mutmut's own; ``function`` is "name" or "Class.name". The lines carry no indentation.
    """

    name: str
    module: str
    function: str
    source: str
    was: str
    becomes: str


def module_of(path: Path) -> str:
    """Name the module that stands in a file."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def mutants_of(path: Path) -> Iterator[Mutant]:
    """Make all mutants of a file, in the order of its functions."""
    yield from (one for one in _made_of(path) if one.was or one.becomes)


def originals_of(path: Path) -> Iterator[Mutant]:
    """Return each function of a file of which there are mutants, as it is."""
    yield from (one for one in _made_of(path) if not one.was and not one.becomes)


def _made_of(path: Path) -> Iterator[Mutant]:
    module = module_of(path)
    made = mutate_file_contents(str(path.relative_to(ROOT)), path.read_text("utf-8"))
    lines = made.code.splitlines()
    sources = {
        name: _under_its_own_name("\n".join(lines[span.start - 1 : span.end]), name)
        for name, span in made.line_span_by_function_name.items()
    }
    for name, source in sources.items():
        original = sources[f"{name.rpartition('_')[0]}_orig"]
        yield Mutant(f"{module}.{name}", module, _function(name), source, *_differing(original, source))


def _function(made: str) -> str:
    found = _MADE.fullmatch(made)
    if found is None:
        raise ValueError(f"mutmut {VERSION} made a function of another name than expected: {made}")
    return f"{found['of']}.{found['function']}" if found["of"] else found["function"]


def _under_its_own_name(source: str, made: str) -> str:
    own = _function(made).rpartition(".")[2]
    return textwrap.dedent(source).replace(f"def {made}(", f"def {own}(", 1)


def _differing(original: str, mutated: str) -> tuple[str, str]:
    compared = list(difflib.unified_diff(original.splitlines(), mutated.splitlines(), n=0, lineterm=""))[2:]
    was = [line[1:].strip() for line in compared if line.startswith("-")]
    becomes = [line[1:].strip() for line in compared if line.startswith("+")]
    return "\n".join(was), "\n".join(becomes)
