"""The R4 definitions as a table in memory: which elements a type has, and what each may hold; it checks nothing.

The file r4.json beside this module is generated from HL7's own definitions; tests/judges/r4_definitions.py says how.
"""

import functools
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

_FILE = Path(__file__).with_name("r4.json")


@dataclass(frozen=True, slots=True)
class ValueSet:
    """Hold a required value set that R4 itself lists: its codes, and the same codes with their systems."""

    codes: tuple[str, ...]
    pairs: frozenset[tuple[str, str]]

    def has_code_of(self, concept: Mapping[str, object]) -> bool:
        """Say whether a CodeableConcept has a code of the set; one that has extensions alone has nothing to hold."""
        if concept.keys() <= {"id", "extension"}:
            return True
        codings = concept.get("coding")
        entries = [coding for coding in codings if isinstance(coding, dict)] if isinstance(codings, list) else []
        # As text, because a wrong type was reported already and may not be one that a set can be asked for.
        return any((str(entry.get("system")), str(entry.get("code"))) in self.pairs for entry in entries)


@dataclass(frozen=True, slots=True)
class Element:
    """Describe what may stand under one JSON key of a type.

    `name` is the FHIRPath name, so `value` for the key `valueString`. `type_name` is a primitive, a type of the
    table, or `Resource`. `has_companion` says that the key with `_` before it may hold an id and extensions.
    """

    name: str
    type_name: str
    repeats: bool
    is_primitive: bool
    has_companion: bool
    value_set: ValueSet | None


@dataclass(frozen=True, slots=True)
class Required:
    """Name an element that must be present, and every JSON key that makes it so."""

    name: str
    keys: frozenset[str]


@dataclass(frozen=True, slots=True)
class Type:
    """Describe a resource, a datatype or a backbone: its JSON keys without companions, and what must be there.

    `choices` maps the name of a choice element, as `value`, to its JSON keys.
    """

    name: str
    elements: Mapping[str, Element]
    required: tuple[Required, ...]
    choices: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Definitions:
    """Hold all of R4 that the gate needs.

    `patterns` are the official regular expressions of the primitives, `path_names` maps every JSON key of R4 to its
    FHIRPath name; a key that is not in it may be content and is never repeated to anybody.
    """

    types: Mapping[str, Type]
    resources: Mapping[str, Type]
    patterns: Mapping[str, str]
    path_names: Mapping[str, str]
    xhtml_elements: frozenset[str]
    xhtml_attributes: frozenset[str]


NOTHING = Type("", {}, (), {})
"""What a type inherits that has no base."""


@functools.cache
def r4() -> Definitions:
    """Return the definitions of FHIR R4 4.0.1, read once per process."""
    data = json.loads(_FILE.read_text(encoding="utf-8"))
    value_sets = {name: _value_set(systems) for name, systems in data["value-sets"].items()}
    table = _Table(data["types"], data["primitives"].keys(), value_sets)
    types: dict[str, Type] = {}
    for name in data["types"]:
        table.compile(name, types)
    return Definitions(
        types=types,
        resources={name: type_ for name, type_ in types.items() if table.is_concrete_resource(name)},
        patterns=data["primitives"],
        path_names=_path_names(types.values()),
        xhtml_elements=frozenset(data["xhtml"]["elements"]),
        xhtml_attributes=frozenset(data["xhtml"]["attributes"]),
    )


def _value_set(systems: Mapping[str, list[str]]) -> ValueSet:
    codes = tuple(code for codes in systems.values() for code in codes)
    return ValueSet(codes, frozenset((system, code) for system, codes in systems.items() for code in codes))


def _path_names(types: Iterable[Type]) -> dict[str, str]:
    """Map every JSON key to its FHIRPath name; a few are a choice in one type only, and there the choice wins."""
    entries = [(key, element) for type_ in types for key, element in type_.elements.items()]
    return dict(sorted(((key, element.name) for key, element in entries), key=lambda pair: pair[0] != pair[1]))


@dataclass(frozen=True, slots=True)
class _Table:
    """Read the lines of the data file: `[base type, {element: "min..max types [value set]"}]` per type."""

    lines: Mapping[str, tuple[str, Mapping[str, str]]]
    primitives: Iterable[str]
    value_sets: Mapping[str, ValueSet]

    def compile(self, name: str, types: dict[str, Type]) -> Type:
        """Compile a type into ``types``, after the one it inherits from, whose elements come first."""
        if name in types:
            return types[name]
        base, own = self.lines[name]
        inherited = self.compile(base, types) if base else NOTHING
        elements = dict(inherited.elements)
        required = list(inherited.required)
        choices = dict(inherited.choices)
        for written, definition in own.items():
            keys = dict(self._keys(written, definition))
            elements |= keys
            element_name = written.removesuffix("[x]")
            if written.endswith("[x]"):
                choices[element_name] = frozenset(keys)
            if not definition.startswith("0"):
                required.append(Required(element_name, frozenset(keys) | {"_" + key for key in keys}))
        types[name] = Type(name, elements, tuple(required), choices)
        return types[name]

    def is_concrete_resource(self, name: str) -> bool:
        return name not in ("Resource", "DomainResource") and "Resource" in self._line_of_descent(name)

    def _line_of_descent(self, name: str) -> list[str]:
        line = [name]
        while base := self.lines[line[-1]][0]:
            line.append(base)
        return line

    def _keys(self, written: str, definition: str) -> Iterator[tuple[str, Element]]:
        """Yield each JSON key of an element: one, or one per type where the name ends in `[x]`."""
        cardinality, type_names, *value_set = definition.split(" ")
        is_choice = written.endswith("[x]")
        name = written.removesuffix("[x]")
        for marked_type in type_names.split("|"):
            type_name = marked_type.removeprefix("@")
            is_primitive = type_name in self.primitives
            yield (
                name + type_name[0].upper() + type_name[1:] if is_choice else name,
                Element(
                    name=name,
                    type_name=type_name,
                    repeats=cardinality.endswith("*"),
                    is_primitive=is_primitive,
                    has_companion=is_primitive and type_name == marked_type and type_name != "xhtml",
                    value_set=self.value_sets[value_set[0]] if value_set else None,
                ),
            )
