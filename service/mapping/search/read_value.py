"""Reads one ``name:modifier=value`` of a search into a criterion; which parameters a search has is read elsewhere.

Nothing of what was sent is repeated: values hold identifiers.
"""

import re
from dataclasses import replace
from typing import cast, get_args

from service.errors import refuse
from service.mapping.gate.definitions import r4
from service.mapping.search.instants import instants
from service.mapping.search.parameters import Parameter
from service.mapping.search.query import Criterion, Prefix, Wanted
from service.mapping.search.references import local, read_reference
from service.mapping.search.values import LOGICAL

PREFIXED = re.compile(rf"({'|'.join(get_args(Prefix))})?(\d.*)")
APART = re.compile(r"((?:[^\\,]|\\.|\\\Z)*)(?:,|\Z)", re.DOTALL)
SYSTEM_AND_CODE = re.compile(r"((?:[^\\|]|\\.|\\\Z)*)(\|?)(.*)", re.DOTALL)
ESCAPED = re.compile(r"\\(.)", re.DOTALL)
ID = re.compile(r"[A-Za-z0-9.-]{1,64}")

Words = tuple[Wanted, ...]


def read_criterion(parameter: Parameter, modifier: str, value: str, base: str) -> Criterion:
    """Read a value that is not empty; alternatives stand between commas.

    ``base`` is our own address, below which a URL is one of our resources. Raises Refused (400) for a modifier that is
    not offered, and for a value that cannot be one of this parameter.
    """
    if modifier == "missing":
        return _missing(parameter, value)
    alternatives = tuple(wanted for each in _apart(value) for wanted in _wanted(parameter, modifier, each, base))
    if not alternatives:
        raise _no_value(parameter, "a value, or several between commas")
    criterion = Criterion(parameter.name, alternatives, negated=modifier == "not")
    return replace(criterion, parameter=parameter.name + LOGICAL) if modifier == "identifier" else criterion


def modifiers(parameter: Parameter) -> tuple[str, ...]:
    """Return the modifiers that a parameter takes; of types, those that a reference may point to."""
    match parameter.kind:
        case "token":
            return ("missing", "not")
        case "reference":
            return ("missing", "identifier", *parameter.targets)
        case _:
            return ("missing",)


def _missing(parameter: Parameter, value: str) -> Criterion:
    if value not in ("true", "false"):
        raise _no_value(parameter, "true, false")
    return Criterion(parameter.name, missing=value == "true")


def _apart(value: str) -> list[str]:
    """Part a value at its commas, except at those behind a backslash; a backslash at the end stands for itself."""
    parts = [found.group(1) for found in APART.finditer(value)]
    return [part for part in parts if part]


def _plain(value: str) -> str:
    """Take the backslash from a character that R4 lets be escaped."""
    return ESCAPED.sub(r"\1", value)


def _wanted(parameter: Parameter, modifier: str, value: str, base: str) -> Words:
    if modifier and modifier not in modifiers(parameter):
        allowed = ", ".join(f":{each}" for each in modifiers(parameter))
        text = f"The search parameter {parameter.name} has a modifier that is not offered; allowed: {allowed}."
        raise refuse(400, "not-supported", text)
    if parameter.kind == "token" or modifier == "identifier":
        return (_token(value),)
    if parameter.kind == "date":
        return (_date(parameter, value),)
    if parameter.kind in ("uri", "canonical"):
        return (Wanted(value=_plain(value)),)
    return _reference(parameter, modifier, _plain(value), base)


def _token(value: str) -> Wanted:
    """Read ``code``, ``system|code``, ``|code`` (no system) or ``system|`` (any code of it)."""
    system, bar, code = SYSTEM_AND_CODE.fullmatch(value).groups()  # type: ignore[union-attr]  # it matches every text
    if not bar:
        return Wanted(value=_plain(system))
    return Wanted(_plain(system), _plain(code) if code else None)


def _date(parameter: Parameter, value: str) -> Wanted:
    # A plus sign that was not escaped reaches us as a space; no date has one otherwise.
    parts = PREFIXED.fullmatch(value.replace(" ", "+"))
    span = instants(parts[2]) if parts else None
    if parts is None or span is None:
        raise _no_value(parameter, f"a date, after {', '.join(get_args(Prefix))} or nothing")
    return Wanted(prefix=cast("Prefix", parts[1] or "eq"), low=span[0], high=span[1])


def _reference(parameter: Parameter, modifier: str, value: str, base: str) -> Words:
    """Read an id alone, ``Type/id`` or a URL; one of ours is found by whichever of them it was written with."""
    if ID.fullmatch(value):
        types = (modifier,) if modifier else parameter.targets
        return tuple(Wanted("", text) for each in types for text in _texts(f"{each}/{value}", base))
    written = local(value, base) if base else value
    target = read_reference(written)
    is_known = target is not None and (target.resource_type in r4().resources or ":" in written)
    if target is None or not is_known or (modifier and target.resource_type != modifier):
        raise _no_value(parameter, "an id, Type/id or a URL, of the type that the modifier names")
    return tuple(Wanted("", text) for text in _texts(target.text, base))


def _texts(text: str, base: str) -> tuple[str, ...]:
    """Return the texts with which a resource may be referred to: one of ours also by its whole URL."""
    return (text, f"{base}/{text}") if base and ":" not in text else (text,)


def _no_value(parameter: Parameter, allowed: str) -> Exception:
    text = f"The search parameter {parameter.name} has a value that it does not take; allowed: {allowed}."
    return refuse(400, "value", text)
