"""Holds one resource against the R4 definitions and names everything that is wrong, each with its place.

It knows no profile, no Questionnaire and no reference target; the invariants it knows are those of every element
(content, extension, contained) and of the narrative. Expressions are FHIRPath: repeating elements are indexed, a
choice is named without its type (`answer[0].value` for `valueCoding`), an extension on a primitive stands behind the
primitive (`birthDate.extension[0]`), and what is wrong with a key that R4 does not know is said of its object.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from service.errors import Issue
from service.mapping.gate.definitions import Definitions, Element, Type, ValueSet, r4
from service.mapping.gate.narrative import faults_of_div
from service.mapping.gate.primitives import fault_of, is_active, kind_of
from service.mapping.gate.quick import is_plainly_right

_MOST_ISSUES = 100
_DEEPEST = 100  # in elements; no body that was read gets near it, but data built in memory could
_MOST_CODES_NAMED = 16
# What stands here is one resource of many, which the caller checks alone.
_ENVELOPES = frozenset({"Bundle.entry", "Parameters.parameter"})
_NOT_UNDERSTOOD = {
    "modifierExtension": ("extension", "a modifierExtension changes the meaning in a way that is not understood"),
    "implicitRules": ("not-supported", "implicitRules change the meaning in a way that is not understood"),
}
_NOT_IN_CONTAINED_META = ("versionId", "lastUpdated", "security")

Json = Mapping[str, object]


def check(resource: object, path: str, *, is_envelope: bool = False) -> tuple[Issue, ...]:
    """Return every error that R4 finds in one resource, in the order of its elements; empty when there is none.

    `resource` is what `json_text.parse` gave, or a part of it. `path` is the FHIRPath of the resource from the root
    of what was sent, as `Bundle.entry[2].resource`. With `is_envelope` the resources in Bundle.entry.resource and
    Parameters.parameter.resource are left alone. After 100 errors a last issue says that there are more.
    """
    if is_plainly_right(resource, is_envelope=is_envelope):
        return ()
    return check_in_full(resource, path, is_envelope=is_envelope)


def check_in_full(resource: object, path: str, *, is_envelope: bool = False) -> tuple[Issue, ...]:
    """Walk through the whole resource, whatever a glance says; as ``check`` otherwise."""
    walk = _Walk(r4(), is_envelope)
    try:
        walk.resource(resource, path)
    except _EnoughError:
        note = f"the check stopped here: more than {_MOST_ISSUES} errors, or too deep to go on"
        walk.issues.append(Issue("information", "informational", note, path))
    return tuple(walk.issues)


class _EnoughError(Exception):
    """End the walk: a longer list helps nobody."""


@dataclass(slots=True)
class _Walk:
    """Walk through one resource and collect its issues."""

    definitions: Definitions
    is_envelope: bool
    issues: list[Issue] = field(default_factory=list)
    depth: int = 0

    def resource(self, node: object, path: str, *, is_contained: bool = False) -> None:
        if not isinstance(node, dict):
            self._add("structure", f"met {kind_of(node)}; allowed is a resource", path)
            return
        name = node.get("resourceType")
        type_ = self.definitions.resources.get(name) if isinstance(name, str) else None
        if type_ is None:
            self._add("structure", "resourceType is missing or not the name of a resource of R4", path)
            return
        if is_contained:
            self._contained(node, path)
        self._fields(node, type_, path)

    def _contained(self, node: Json, path: str) -> None:
        if "id" not in node:
            self._add("required", "a contained resource has no id, so nothing can refer to it", path)
        if "contained" in node:
            self._add("invariant", "a contained resource contains another one", path)
        meta = node.get("meta")
        for name in _NOT_IN_CONTAINED_META:
            if isinstance(meta, dict) and name in meta:
                self._add("invariant", f"a contained resource has its own {name}", f"{path}.meta")

    def _fields(self, node: Json, type_: Type, path: str) -> None:
        """Check an object against its type: each key, then what is missing or stands where it must not."""
        self.depth += 1
        if self.depth > _DEEPEST:
            self._add("too-long", f"nested deeper than {_DEEPEST} elements", path)
            raise _EnoughError
        for position, (key, value) in enumerate(node.items(), start=1):
            element = type_.elements.get(key.removeprefix("_"))
            if element is None or (key[0] == "_" and not element.has_companion):
                if key != "resourceType" or type_.name not in self.definitions.resources:
                    self._add("structure", self._unknown_key(key, position, type_), path)
            elif key[0] == "_":
                self._companions(element, value, node.get(key[1:]), f"{path}.{element.name}")
            elif not (self.is_envelope and key == "resource" and type_.name in _ENVELOPES):
                self._element(element, value, node.get("_" + key), f"{path}.{element.name}")
        for needed in type_.required:
            if needed.keys.isdisjoint(node):
                self._add("required", f"{needed.name} is missing in {type_.name}", path)
        self._invariants(node, type_, path)
        self.depth -= 1

    def _unknown_key(self, key: str, position: int, type_: Type) -> str:
        """Name the key only where it is a word of R4: anything else could be content."""
        named = f"'{key}'" if key.removeprefix("_") in self.definitions.path_names else f"key {position} of the object"
        if keys := type_.choices.get(key):
            return f"{named} needs its type in its name, as '{min(keys)}'"
        meant = [known for known in type_.elements if known.lower() == key.lower()]
        return f"{named} is not an element of {type_.name}" + (f"; '{meant[0]}' is" if meant else "")

    def _invariants(self, node: Json, type_: Type, path: str) -> None:
        used = {key.removeprefix("_") for key in node}
        for name, keys in type_.choices.items():
            if len(used & keys) > 1:
                self._add("structure", f"{name} is there more than once; allowed is one of its types", f"{path}.{name}")
        if used <= {"id"}:
            self._add("structure", "met an element without content; leave it out", path)
        if type_.name == "Extension":
            has_value = not used.isdisjoint(type_.choices["value"])
            if has_value == ("extension" in used):
                self._add("invariant", "an extension has either a value or extensions, never both or none", path)

    def _element(self, element: Element, value: object, companion: object, path: str) -> None:
        if element.name in _NOT_UNDERSTOOD:
            self._add(*_NOT_UNDERSTOOD[element.name], path)
        elif not element.repeats:
            self._one(element, value, path)
        elif not isinstance(value, list) or not value:
            self._add("structure", f"met {_kind_of_list(value)}; allowed is an array with entries", path)
        else:
            for index, entry in enumerate(value):
                if entry is not None or not element.is_primitive or _at(companion, index) is None:
                    self._one(element, entry, f"{path}[{index}]")

    def _one(self, element: Element, value: object, path: str) -> None:
        """Check one value of an element, whatever its type."""
        if element.is_primitive:
            self._primitive(element, value, path)
        elif element.type_name == "Resource":
            self.resource(value, path, is_contained=element.name == "contained")
        elif not isinstance(value, dict):
            self._add("structure", f"met {_kind_of_list(value)}; allowed is an object", path)
        else:
            self._fields(value, self.definitions.types[element.type_name], path)
            if element.value_set is not None and not element.value_set.has_code_of(value):
                self._add("code-invalid", _no_code_of(element.value_set), path)

    def _primitive(self, element: Element, value: object, path: str) -> None:
        if fault := fault_of(element.type_name, value, self.definitions.patterns):
            self._add(fault.code, fault.text, path)
        elif element.value_set is not None and value not in element.value_set.codes:
            self._add("code-invalid", _no_code_of(element.value_set), path)
        elif element.type_name == "xhtml":
            for text in faults_of_div(str(value), self.definitions):
                self._add("value", text, path)
        elif element.name == "reference" and element.type_name == "string" and is_active(str(value)):
            self._add(
                "value", "met a reference that holds a script or data; allowed is the address of a resource", path
            )

    def _companions(self, element: Element, companion: object, value: object, path: str) -> None:
        """Check what stands under `_key`; `value` is what stands under the key itself, None where nothing does."""
        if not element.repeats:
            self._companion(companion, path, has_value=value is not None)
        elif not isinstance(companion, list) or not companion:
            self._add("structure", f"met {_kind_of_list(companion)}; allowed is an array with entries", path)
        elif isinstance(value, list) and len(value) != len(companion):
            self._add("structure", "values and their extensions differ in number; fill up both arrays with null", path)
        else:
            for index, entry in enumerate(companion):
                # Where there are values, a place that is null on both sides was reported with them.
                if entry is not None or value is None:
                    self._companion(entry, f"{path}[{index}]", has_value=_at(value, index) is not None)

    def _companion(self, companion: object, path: str, *, has_value: bool) -> None:
        if not isinstance(companion, dict):
            self._add("structure", f"met {kind_of(companion)}; allowed is an object with id or extension", path)
            return
        if companion.keys() != {"id"}:
            self._fields(companion, self.definitions.types["Element"], path)
        elif not has_value:
            self._add("structure", "met an element without content; leave it out", path)
        else:
            self._primitive(self.definitions.types["Element"].elements["id"], companion["id"], path)

    def _add(self, code: str, text: str, path: str) -> None:
        if len(self.issues) == _MOST_ISSUES:
            raise _EnoughError
        self.issues.append(Issue("error", code, text, path))


def _kind_of_list(value: object) -> str:
    return "an empty array" if value == [] else kind_of(value)


def _at(entries: object, index: int) -> object:
    return entries[index] if isinstance(entries, list) and index < len(entries) else None


def _no_code_of(value_set: ValueSet) -> str:
    if len(value_set.codes) > _MOST_CODES_NAMED:
        return "met a code that is not in the value set that R4 requires here"
    return "met a code that is not an option; allowed are " + ", ".join(value_set.codes)
