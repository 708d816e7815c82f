"""What each primitive of R4 may look like and must mean; it sees one JSON value at a time and knows no places."""

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

_INTEGER_RANGES = {
    "integer": (-(2**31), 2**31 - 1),
    "unsignedInt": (0, 2**31 - 1),
    "positiveInt": (1, 2**31 - 1),
}
_WITH_A_DATE = frozenset({"date", "dateTime", "instant"})
_ADDRESSES = frozenset({"uri", "url", "canonical", "oid", "uuid"})
# Browsers ignore blanks and control characters inside a scheme, so a script could hide behind them.
_IGNORED_IN_A_SCHEME = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028\u2029\ufeff]+")
_ACTIVE_SCHEMES = ("javascript:", "vbscript:", "data:")
# R4, string: no characters below 32 except tab, line feed and carriage return.
_CONTROL_CHARACTER = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")

_FORMS = {
    "boolean": "true or false, without quotes",
    "integer": "a whole number of 32 bits, without quotes",
    "unsignedInt": "a whole number from 0 to 2147483647, without quotes",
    "positiveInt": "a whole number from 1 to 2147483647, without quotes",
    "decimal": "a number, without quotes",
    "id": "1 to 64 letters, digits, '-' and '.'",
    "code": "a code without blanks at its ends and without two blanks in a row",
    "uri": "a URI without blanks",
    "url": "a URL without blanks",
    "canonical": "a canonical URL without blanks",
    "oid": "an OID as urn:oid:1.2.3",
    "uuid": "a UUID in lower case as urn:uuid:c757873d-ec9a-4326-a141-556f43239520",
    "date": "a date that exists, as 2026-02-28, 2026-02 or 2026",
    "dateTime": "a date that exists, as 2026-02-28, or with seconds and a zone as 2026-02-28T09:30:00+01:00",
    "instant": "a moment with seconds and a zone, as 2026-02-28T09:30:00Z",
    "time": "a time of day with seconds and without a zone, as 09:30:00",
    "base64Binary": "base64",
    "string": "text that is not blank, without control characters",
    "markdown": "text that is not blank, without control characters",
    "xhtml": "XHTML in a string",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """Say what is wrong with a value: a code of HL7's issue-type, and a text that ends in what is allowed."""

    code: str
    text: str


def fault_of(type_name: str, value: object, patterns: Mapping[str, str]) -> Fault | None:
    """Return what is wrong with one value of a primitive type, or None.

    `value` is what JSON held: str, bool, int, Decimal (a number with a point or an exponent), list, dict or None.
    `patterns` are R4's regular expressions by type.
    """
    if type(value) not in _json_types(type_name):
        return Fault("structure", f"met {kind_of(value)}; allowed is {_FORMS[type_name]}")
    if value == "":
        return Fault("structure", f"met an empty string; leave the element out, or write {_FORMS[type_name]}")
    if type_name in _INTEGER_RANGES:
        lowest, highest = _INTEGER_RANGES[type_name]
        is_right = isinstance(value, int) and lowest <= value <= highest
        return None if is_right else _malformed(type_name)
    if not isinstance(value, str):
        return None
    if type_name in _ADDRESSES and is_active(value):
        return Fault("value", "met an address that holds a script or data; allowed is " + _FORMS[type_name])
    check = _STRING_CHECKS.get(type_name)
    is_right = check(value) if check else re.fullmatch(patterns[type_name], value) is not None
    if is_right and type_name in _WITH_A_DATE:
        is_right = _date_exists(value)
    return None if is_right else _malformed(type_name)


def kind_of(value: object) -> str:
    """Name a JSON value by its kind, never by its content."""
    return _KINDS.get(type(value), "something that JSON does not know")


def is_active(address: str) -> bool:
    """Say whether a browser that follows the address could run or show what it holds, instead of fetching it."""
    return _IGNORED_IN_A_SCHEME.sub("", address).lower().startswith(_ACTIVE_SCHEMES)


_KINDS: Mapping[type, str] = {
    type(None): "null",
    bool: "a boolean",
    int: "a whole number",
    Decimal: "a decimal number",
    float: "a decimal number",
    str: "a string",
    list: "an array",
    dict: "an object",
}


def _json_types(type_name: str) -> tuple[type, ...]:
    if type_name == "boolean":
        return (bool,)
    if type_name == "decimal":
        return (int, Decimal)
    return (int,) if type_name in _INTEGER_RANGES else (str,)


def _malformed(type_name: str) -> Fault:
    article = "an" if type_name[0] in "aeio" else "a"
    return Fault("value", f"met a value that is not {article} {type_name}; allowed is {_FORMS[type_name]}")


def _is_text(value: str) -> bool:
    return not value.isspace() and _CONTROL_CHARACTER.search(value) is None


def _is_base64(value: str) -> bool:
    """Decode for real: R4's expression says nothing of the padding, and on long blanks it needs unbounded time."""
    try:
        base64.b64decode("".join(value.split()), validate=True)
    except (binascii.Error, ValueError):
        return False
    return not value.isspace()


def _date_exists(value: str) -> bool:
    parts = value.partition("T")[0].split("-")
    if len(parts) < len(("year", "month", "day")):
        return True
    try:
        date(*(int(part) for part in parts))
    except ValueError:
        return False
    return True


# R4's `[ \r\n\t\S]+` means something else in each language: in Python it would refuse a no-break space.
_STRING_CHECKS: Mapping[str, Callable[[str], bool]] = {
    "string": _is_text,
    "markdown": _is_text,
    "xhtml": _is_text,
    "base64Binary": _is_base64,
}
