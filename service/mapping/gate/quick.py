"""Says quickly whether a resource is plainly right by R4's definitions; what it does not know, `structure` must read.

It names no fault and no place. A yes means that `structure` would find nothing; a no means nothing at all.
"""

import functools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from service.mapping.gate.definitions import Element, Type, ValueSet, r4
from service.mapping.gate.narrative import faults_of_div
from service.mapping.gate.primitives import fault_of, is_active

DEEPEST = 11
"""Objects inside objects; with the arrays between them at most twice as many levels, less one."""

_ENVELOPES = frozenset({"Bundle", "Parameters"})
_LEFT_TO_THE_FULL_READER = frozenset({"modifierExtension", "implicitRules", "contained"})
_ID = re.compile(r"[A-Za-z0-9.\-]{1,64}")
_PLAIN_CODE = re.compile(r"[!-~]+")
_PLAIN_ADDRESS = re.compile(r"(?:https?://|urn:)[!-~]+")
_PLAIN_REFERENCE = re.compile(r"(?:https?://|urn:|[A-Z][A-Za-z]+/)[!-~]+")

Check = Callable[[object, int], bool]


def is_plainly_right(resource: object, *, is_envelope: bool = False) -> bool:
    """Return True only where ``structure.check`` would return no issue and nothing is nested deeper than ``DEEPEST``.

    With ``is_envelope`` what a Bundle or Parameters holds is left alone; without it, either is never plainly right.
    """
    name = resource.get("resourceType") if isinstance(resource, dict) else None
    if not isinstance(name, str) or (name in _ENVELOPES) is not is_envelope:
        return False
    check = _checks().get(name)
    return check is not None and check(resource, 1)


@functools.cache
def _checks() -> Mapping[str, Check]:
    """Build the check of every resource; once per process, as the definitions are."""
    table = _Table(r4().types, {})
    return {name: table.check_of(type_) for name, type_ in r4().resources.items()}


@dataclass(frozen=True, slots=True)
class _Table:
    """Build checks from types; ``built`` lets a type that holds itself, as Extension does, find its own check."""

    types: Mapping[str, Type]
    built: dict[str, Check]

    def check_of(self, type_: Type) -> Check:
        keys: dict[str, Check] = {}
        check = self.built[type_.name] = _object_check(type_, keys)
        for key, element in type_.elements.items():
            if element.name not in _LEFT_TO_THE_FULL_READER:
                keys[key] = self._element(element)
        if type_.name in r4().resources:
            keys["resourceType"] = _AT_A_GLANCE["code"]
        return check

    def _element(self, element: Element) -> Check:
        one = self._one(element)
        return _each(one) if element.repeats else one

    def _one(self, element: Element) -> Check:
        if element.is_primitive:
            return _primitive(element)
        if element.type_name == "Resource":
            return _is_checked_apart
        check = self.built.get(element.type_name) or self.check_of(self.types[element.type_name])
        return check if element.value_set is None else _with_code(check, element.value_set)


def _object_check(type_: Type, keys: Mapping[str, Check]) -> Check:
    required = [needed.keys for needed in type_.required]
    choices = [names for names in type_.choices.values() if len(names) > 1]
    is_extension = type_.name == "Extension"

    def check(node: object, depth: int) -> bool:
        if type(node) is not dict or depth > DEEPEST:
            return False
        for key, value in node.items():
            of_key = keys.get(key)
            if of_key is None or not of_key(value, depth + 1):
                return False
        for needed in required:
            if needed.isdisjoint(node):
                return False
        if choices and (is_extension or len(node) > 1):
            for names in choices:
                given = len(names & node.keys())
                if given > 1 or (is_extension and given == ("extension" in node)):
                    return False
        return bool(node) and (len(node) > 1 or "id" not in node)

    return check


def _is_checked_apart(_value: object, _depth: int) -> bool:
    return True


def _each(one: Check) -> Check:
    def check(value: object, depth: int) -> bool:
        if type(value) is not list or not value:
            return False
        for entry in value:  # noqa: SIM110 - a generator costs twice as much here
            if not one(entry, depth):
                return False
        return True

    return check


def _with_code(check: Check, value_set: ValueSet) -> Check:
    return lambda value, depth: check(value, depth) and isinstance(value, dict) and value_set.has_code_of(value)


def _primitive(element: Element) -> Check:
    """Choose the check of a primitive: a quick one where a glance is enough, else the one that names faults."""
    if element.value_set is not None:
        codes = frozenset(element.value_set.codes)
        return lambda value, _: type(value) is str and value in codes
    if element.name == "reference":
        return lambda value, _: _is_plain(_PLAIN_REFERENCE, value) or (is_text(value) and not is_active(str(value)))
    if element.type_name in _ADDRESSES:
        return lambda value, _: _is_plain(_PLAIN_ADDRESS, value) or _full(element, value)
    if element.type_name in _AT_A_GLANCE:
        return _AT_A_GLANCE[element.type_name]
    return lambda value, _: _full(element, value)


def _full(element: Element, value: object) -> bool:
    return fault_of(element.type_name, value, r4().patterns) is None


def is_text(value: object) -> bool:
    """Accept what R4 accepts as a string: not blank, and no control character but tab and the ends of lines."""
    return type(value) is str and ((value.isprintable() and value.strip() != "") or _is_text_in_lines(value))


def _is_text_in_lines(value: str) -> bool:
    return fault_of("string", value, r4().patterns) is None


def _is(pattern: re.Pattern[str]) -> Check:
    return lambda value, _: _is_plain(pattern, value)


def _is_plain(pattern: re.Pattern[str], value: object) -> bool:
    return type(value) is str and pattern.fullmatch(value) is not None


_ADDRESSES = frozenset({"uri", "url", "canonical"})
_AT_A_GLANCE: Mapping[str, Check] = {
    "boolean": lambda value, _: type(value) is bool,
    "string": lambda value, _: is_text(value),
    "markdown": lambda value, _: is_text(value),
    "code": _is(_PLAIN_CODE),
    "id": _is(_ID),
    "xhtml": lambda value, _: is_text(value) and not faults_of_div(str(value), r4()),
}
