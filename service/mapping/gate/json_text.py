"""Reads the bytes of a body as strict JSON: what a lenient reader would bend into shape is refused, with its place.

It knows nothing of FHIR's structure but the names of elements, which it needs to name places without repeating what
was sent.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from service.errors import Issue, Refused, refuse
from service.mapping.gate.definitions import Definitions, r4
from service.settings import Limits

_UTF8_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
# Far more than any measurement has, and little enough that no later arithmetic or rendering becomes costly.
_MOST_DIGITS = 64
_LARGEST_EXPONENT = 308  # of a double, which most receivers use; HL7's own extreme examples have 245
_MOST_ISSUES = 100
# A string (also one that never ends) or a bracket; possessive, so that no body makes the scan go back.
_STRING_OR_BRACKET = re.compile(r'"[^"\\]*+(?:\\.?[^"\\]*+)*+"?+|([\[\]{}])', re.DOTALL)
_NO_BRACE = bytes(set(range(256)) - set(b"{}"))
_ARRAY_IN_ARRAY = re.compile(rb"[\[,]\s*+\[")
_UNSAFE_CHARACTER = re.compile("[\x00\ud800-\udfff]")


# Parameters.parameter[].resource around Bundle.entry[].resource: an object, an array and an object, twice.
_ENVELOPE_DEPTH = 6


def deepest_body(limits: Limits) -> int:
    """Return the depth of the deepest permitted response in the widest permitted envelope."""
    return limits.response_depth + _ENVELOPE_DEPTH


def parse(body: bytes, limits: Limits) -> object:
    """Read a body into plain data, or refuse it.

    Numbers with a point or an exponent become Decimal, digits kept; all others int. Raises Refused: 413 with code
    too-long for a body, a string or a depth over the limits, 400 for everything that is not strict JSON in UTF-8.
    """
    if len(body) > limits.body_bytes:
        raise refuse(413, "too-long", f"the body is larger than {limits.body_bytes} bytes")
    text = _decode(body)
    marks = _Marks()
    too_deep = refuse(413, "too-long", f"the body is nested deeper than {deepest_body(limits)} levels")
    try:
        data = _load(text, marks)
    except RecursionError:
        raise too_deep from None
    if not _is_plainly_shallow(deepest_body(limits), body, marks.objects) and _is_deeper_than(
        deepest_body(limits), text
    ):
        raise too_deep
    if marks.found or "\\u" in text or _may_hold_a_longer_string(limits.string_bytes, body):
        _refuse_faults(data, marks, limits)
    return data


def _decode(body: bytes) -> str:
    if not body.strip():
        raise refuse(400, "structure", "the body is empty; a FHIR resource in JSON was expected")
    if body.startswith(_UTF8_BYTE_ORDER_MARK):
        raise refuse(400, "structure", "the body starts with a byte order mark; send UTF-8 without one")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise refuse(400, "structure", f"the body is not UTF-8 (at byte {error.start + 1})") from None


def _is_deeper_than(limit: int, text: str) -> bool:
    """Count brackets outside strings, before anything that recurses sees the text."""
    depth = 0
    for bracket in filter(None, _STRING_OR_BRACKET.findall(text)):
        if bracket in "[{":
            depth += 1
            if depth > limit:
                return True
        else:
            depth -= 1
    return False


def _is_plainly_shallow(limit: int, body: bytes, objects: int) -> bool:
    """Peel the braces off the body, a level at a time; no yes where an array holds arrays or a string holds braces.

    Every array then stands in an object of its own, so that there are at most twice as many levels as objects.
    """
    braces = body.translate(None, _NO_BRACE)
    if len(braces) != 2 * objects or _ARRAY_IN_ARRAY.search(body):
        return False
    for _ in range((limit - 1) // 2):
        braces = braces.replace(b"{}", b"")
    return not braces


def _may_hold_a_longer_string(limit: int, body: bytes) -> bool:
    """Leap from quote to quote, a limit at a time; a no means that every string ends within the limit."""
    if len(body) <= limit:
        return False
    unescaped = body.replace(rb"\\", b"__").replace(rb"\"", b"__")
    start = 0
    while len(unescaped) - start > limit:
        quote = unescaped.rfind(b'"', start, start + limit + 1)
        if quote < 0:
            return True
        start = quote + 1
    return False


@dataclass(frozen=True, slots=True)
class _BadNumber:
    """Stand in the data where a number stood that cannot be read, until its place is known."""

    text: str


@dataclass(slots=True)
class _Marks:
    """Note while reading what the data itself cannot show afterwards.

    `objects` counts them all. `repeated` keeps each object that had a key twice, and those keys; the object is kept so
    that its identity stays.
    """

    found: bool = False
    objects: int = 0
    repeated: list[tuple[dict[str, object], tuple[str, ...]]] = field(default_factory=list)

    def object_of(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        self.objects += 1
        read = dict(pairs)
        if len(read) != len(pairs):
            self.found = True
            counts = Counter(key for key, _ in pairs)
            self.repeated.append((read, tuple(key for key, count in counts.items() if count > 1)))
        return read

    def whole_number(self, digits: str) -> int | _BadNumber:
        return int(digits) if len(digits) <= _MOST_DIGITS else self._bad_number()

    def decimal_number(self, digits: str) -> Decimal | _BadNumber:
        if len(digits) > _MOST_DIGITS:
            return self._bad_number()
        try:
            number = Decimal(digits)
        except InvalidOperation:  # the exponent itself has too many digits
            return self._bad_number()
        return number if abs(number.adjusted()) <= _LARGEST_EXPONENT else self._bad_number()

    def not_a_number(self, _name: str) -> _BadNumber:
        self.found = True
        return _BadNumber("met NaN or Infinity, which JSON does not know; allowed is a number")

    def _bad_number(self) -> _BadNumber:
        self.found = True
        return _BadNumber(
            f"met a number that is too long or too large; allowed are {_MOST_DIGITS} characters and exponents up to "
            f"{_LARGEST_EXPONENT}"
        )


def _load(text: str, marks: _Marks) -> object:
    try:
        return json.loads(
            text,
            object_pairs_hook=marks.object_of,
            parse_int=marks.whole_number,
            parse_float=marks.decimal_number,
            parse_constant=marks.not_a_number,
        )
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise refuse(400, "structure", f"the body is not JSON: {error.msg} ({place})") from None


def _refuse_faults(data: object, marks: _Marks, limits: Limits) -> None:
    issues = []
    for issue in _Faults(r4(), limits, {id(read): keys for read, keys in marks.repeated}).of(data):
        issues.append(issue)
        if len(issues) == _MOST_ISSUES:
            break
    if issues:
        only_too_long = all(issue.code == "too-long" for issue in issues)
        raise Refused(413 if only_too_long else 400, tuple(issues))


@dataclass(frozen=True, slots=True)
class _Faults:
    """Walk the data once and name each fault with its place; the depth is bounded before."""

    definitions: Definitions
    limits: Limits
    repeated_keys: dict[int, tuple[str, ...]]

    def of(self, data: object) -> Iterator[Issue]:
        resource_type = data.get("resourceType") if isinstance(data, dict) else None
        is_known = isinstance(resource_type, str) and resource_type in self.definitions.resources
        yield from self._value(data, str(resource_type) if is_known else "")

    def _value(self, value: object, path: str) -> Iterator[Issue]:
        if isinstance(value, dict):
            yield from self._object(value, path)
        elif isinstance(value, list):
            for index, entry in enumerate(value):
                yield from self._value(entry, f"{path}[{index}]" if path else "")
        elif isinstance(value, str):
            yield from self._text(value, path)
        elif isinstance(value, _BadNumber):
            yield Issue("error", "value", value.text, path)

    def _object(self, value: dict[str, object], path: str) -> Iterator[Issue]:
        for key in self.repeated_keys.get(id(value), ()):
            name = f"'{key}'" if key.removeprefix("_") in self.definitions.path_names else "a key"
            yield Issue("error", "structure", f"{name} stands twice in one object", path)
        for key, entry in value.items():
            yield from self._text(key, path)
            name = self.definitions.path_names.get(key.removeprefix("_"), "")
            yield from self._value(entry, f"{path}.{name}" if path and name else "")

    def _text(self, value: str, path: str) -> Iterator[Issue]:
        if _UNSAFE_CHARACTER.search(value):
            text = "met a string with the character NUL or half of a surrogate pair; allowed is Unicode text"
            yield Issue("error", "value", text, path)
        elif len(value.encode()) > self.limits.string_bytes:
            yield Issue("error", "too-long", f"a string is longer than {self.limits.string_bytes} bytes", path)
