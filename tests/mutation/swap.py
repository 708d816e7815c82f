"""Puts one mutant into the place of its function, in memory: no file is written, so no digest of a source changes."""

import ast
import sys
from collections.abc import Callable, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType, FunctionType, ModuleType
from typing import Any

from tests.mutation.mutants import Mutant
from tests.mutation.scope import stands_in


def swap(mutant: Mutant) -> None:
    """Let the function of a module that is loaded run the mutant's code, for everyone who holds the function."""
    module = sys.modules[mutant.module]
    namespace = dict(vars(module))
    exec(compile(mutant.source, mutant.name, "exec", dont_inherit=True), namespace)  # noqa: S102 - our own source, one change
    made = _plain(namespace[mutant.function.rpartition(".")[2]])
    place: Any = module
    for name in mutant.function.split("."):
        place = vars(place)[name]
    standing = _plain(place)
    standing.__code__ = made.__code__
    standing.__defaults__, standing.__kwdefaults__ = made.__defaults__, made.__kwdefaults__


def _plain(found: Any) -> FunctionType:
    function = getattr(found, "__func__", found)
    if not isinstance(function, FunctionType):
        raise TypeError(f"a function was expected, {type(found).__name__} was met")
    return function


def forget(kept: Sequence[str]) -> None:
    """Let our own modules forget what they have worked out once, but for those kept: what was made without the mutant.

    ``kept`` names modules and packages whose code no mutant changes.
    """
    for name, module in list(sys.modules.items()):
        if name.startswith(("service.engine.", "service.mapping.")) and not stands_in(name, kept):
            for found in vars(module).values():
                if getattr(found, "__module__", "") == name and hasattr(found, "cache_clear"):
                    found.cache_clear()


class Changed(MetaPathFinder):
    """Loads the module of one mutant from its file with the function changed: for what runs while modules load."""

    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self.mutant.module:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.origin is not None:
            spec.loader = _ChangedLoader(fullname, spec.origin, lambda source: changed(source, self.mutant))
        return spec


class _ChangedLoader(SourceFileLoader):
    def __init__(self, fullname: str, path: str, change: Callable[[str], str]) -> None:
        super().__init__(fullname, path)
        self.change = change

    def get_code(self, fullname: str) -> CodeType:
        source = self.get_source(fullname)
        return self.source_to_code(self.change(source or "").encode(), self.path)


def changed(source: str, mutant: Mutant) -> str:
    """Return a file's text with the function changed."""
    place: Any = ast.parse(source)
    for name in mutant.function.split("."):
        place = next(one for one in place.body if getattr(one, "name", "") == name)
    lines = source.splitlines()
    first = min([place.lineno, *(one.lineno for one in place.decorator_list)])
    indented = [" " * place.col_offset + line if line else line for line in mutant.source.strip("\n").splitlines()]
    return "\n".join([*lines[: first - 1], *indented, *lines[place.end_lineno :], ""])
