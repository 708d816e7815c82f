"""Every form of every primitive of R4: what it may look like, and what only looks like it."""

from decimal import Decimal

import pytest

from service.mapping.gate.definitions import r4
from service.mapping.gate.primitives import Fault, fault_of, kind_of

UUID = "urn:uuid:c757873d-ec9a-4326-a141-556f43239520"

RIGHT: dict[str, list[object]] = {
    "boolean": [True, False],
    "integer": [0, -1, 2147483647, -2147483648],
    "unsignedInt": [0, 2147483647],
    "positiveInt": [1, 2147483647],
    "decimal": [0, -1, Decimal("72.50"), Decimal("1E-22"), 10**40],
    "id": ["a", "A-1.b", "1" * 64],
    "code": ["a", "not sure", "<=", "text/plain", "10*3/ul"],
    "uri": ["urn:oid:1.2.3", "https://example.org/a?b#c", "#local", "Patient/1", UUID],
    "url": ["https://example.org/a", "mailto:a@example.org"],
    "canonical": ["https://example.org/Questionnaire/a|1.0", "#a"],
    "oid": ["urn:oid:1.2.3", "urn:oid:2.16.840.1.113883", "urn:oid:0.0"],
    "uuid": [UUID],
    "date": ["2026", "2026-02", "2026-02-28", "2024-02-29", "0001-01-01", "9999-12-31"],
    "dateTime": [
        "2026",
        "2026-02",
        "2026-02-28",
        "2026-02-28T09:30:00Z",
        "2026-02-28T09:30:00.123456789+14:00",
        "2026-02-28T00:00:00-00:00",
        "2015-06-30T23:59:60Z",  # a leap second
    ],
    "instant": ["2026-02-28T09:30:00Z", "2026-02-28T09:30:00.5-05:30"],
    "time": ["00:00:00", "23:59:59", "09:30:00.25", "23:59:60"],
    "base64Binary": ["TQ==", "TWE=", "TWFu", "TWFu\r\nTWFu ", "+/+/"],
    "string": ["a", " a ", "a\tb\r\nc", "\u00a0a", "é", "\U0001f600"],
    "markdown": ["# a\n\n* b", "a"],
    "xhtml": ["<div/>"],
}

WRONG: dict[str, list[object]] = {
    "boolean": ["true", "no", 0, 1, Decimal(1)],
    "integer": [2147483648, -2147483649, Decimal("1.0"), Decimal("1e2"), "1", True],
    "unsignedInt": [-1, 2147483648, Decimal("1.0"), "1", False],
    "positiveInt": [0, -1, 2147483648, Decimal("1.0"), "1", True],
    "decimal": ["1.0", True, 1.5],  # a float has lost its digits: it did not come through the gate
    "id": ["a_b", "a b", "1" * 65, "é", "a\n", 1],
    "code": [" a", "a ", "a  b", "a\n", " ", 1],
    "uri": ["a b", "a\n", "https://example.org/a\u00a0b", "javascript:alert(1)", "JAVASCRIPT:a", "data:text/html,a", 1],
    "url": ["a b", "vbscript:a", "\u200bjavascript:a", "data:,a"],
    "canonical": ["a b", "javascript:a"],
    "oid": ["1.2.3", "urn:oid:3.1", "urn:oid:1.02", "urn:oid:1.", "urn:oid:1"],
    "uuid": [UUID.upper(), UUID.replace("c7", "C7"), UUID.removeprefix("urn:uuid:"), UUID + "0", "urn:uuid:a"],
    "date": [
        "2026-02-30",
        "2026-02-29",
        "2026-13",
        "2026-00",
        "2026-1-1",
        "26",
        "0000",
        "20260228",
        "28.02.2026",
        "2026-02-28T09:30:00Z",
        "2026-02-28\n",
        "\u0662\u0660\u0662\u0666",  # digits, but not of ASCII
        2026,
    ],
    "dateTime": [
        "2026-02-30",
        "2026-02-30T09:30:00Z",
        "2026-02-28T09:30:00",
        "2026-02-28T09:30Z",
        "2026-02-28T24:00:00Z",
        "2026-02-28T09:60:00Z",
        "2026-02-28T09:30:61Z",
        "2026-02-28T09:30:00z",
        "2026-02-28 09:30:00Z",
        "2026-02-28T09:30:00+15:00",
        "2026-02-28T09:30:00+0100",
        "2026-02-28T09:30:00,5Z",
        "2026-02T09:30:00Z",
    ],
    "instant": ["2026", "2026-02-28", "2026-02-28T09:30:00", "2026-02-30T09:30:00Z", "2026-02-28T09:30Z"],
    "time": ["9:30:00", "09:30", "24:00:00", "09:30:00Z", "09:30:00+01:00", "09:60:00"],
    "base64Binary": ["T", "TQ", "TQ=", "T===", "TQ==TQ==", "T!==", "TWF_", " ", "é"],
    "string": [" ", "\n\t", "\u00a0", "a\x0bb", "a\x00", "a\x1f", 1, True],
    "markdown": [" ", "a\x0c", 1],
    "xhtml": [" ", {"a": "b"}],
}

FORMS = [pytest.param(name, value, id=f"{name}-{value!r:.40}") for name, values in RIGHT.items() for value in values]
NOT_FORMS = [
    pytest.param(name, value, id=f"{name}-{value!r:.40}") for name, values in WRONG.items() for value in values
]


def test_the_tables_name_every_primitive_of_r4() -> None:
    assert RIGHT.keys() == WRONG.keys() == r4().patterns.keys()


@pytest.mark.parametrize(("type_name", "value"), FORMS)
def test_each_form_that_r4_gives_is_accepted(type_name: str, value: object) -> None:
    assert fault_of(type_name, value, r4().patterns) is None


@pytest.mark.parametrize(("type_name", "value"), NOT_FORMS)
def test_what_only_looks_like_the_primitive_is_refused(type_name: str, value: object) -> None:
    fault = fault_of(type_name, value, r4().patterns)
    assert fault is not None
    assert fault.code in ("structure", "value")
    assert "allowed is" in fault.text


KINDS: list[tuple[object, str]] = [
    (None, "null"),
    (True, "a boolean"),
    (0, "a whole number"),
    (Decimal("0.0"), "a decimal number"),
    (0.0, "a decimal number"),
    ("", "a string"),
    ([], "an array"),
    ({}, "an object"),
    (object(), "something that JSON does not know"),
]


@pytest.mark.parametrize(("value", "kind"), KINDS, ids=[row[1] for row in KINDS])
def test_what_was_met_is_named_by_its_kind(value: object, kind: str) -> None:
    assert kind_of(value) == kind


BLANK = "text that is not blank, without control characters"
SAID: list[tuple[str, object, str, str]] = [
    # type, value; code and text of the fault
    ("boolean", "yes", "structure", "met a string; allowed is true or false, without quotes"),
    ("integer", True, "structure", "met a boolean; allowed is a whole number of 32 bits, without quotes"),
    ("decimal", None, "structure", "met null; allowed is a number, without quotes"),
    (
        "code",
        {},
        "structure",
        "met an object; allowed is a code without blanks at its ends and without two blanks in a row",
    ),
    ("string", "", "structure", f"met an empty string; leave the element out, or write {BLANK}"),
    ("string", " ", "value", f"met a value that is not a string; allowed is {BLANK}"),
    (
        "integer",
        2**31,
        "value",
        "met a value that is not an integer; allowed is a whole number of 32 bits, without quotes",
    ),
    ("id", "a b", "value", "met a value that is not an id; allowed is 1 to 64 letters, digits, '-' and '.'"),
    (
        "date",
        "2026-02-30",
        "value",
        "met a value that is not a date; allowed is a date that exists, as 2026-02-28, 2026-02 or 2026",
    ),
    ("uri", "javascript:a", "value", "met an address that holds a script or data; allowed is a URI without blanks"),
]


@pytest.mark.parametrize(("type_name", "value", "code", "text"), SAID, ids=[f"{row[0]}-{row[1]!r:.20}" for row in SAID])
def test_what_is_wrong_with_a_value_is_said_in_words(type_name: str, value: object, code: str, text: str) -> None:
    assert fault_of(type_name, value, r4().patterns) == Fault(code, text)


@pytest.mark.parametrize("type_name", sorted(RIGHT))
@pytest.mark.parametrize("value", [None, "", [], {}, ["a"]], ids=repr)
def test_no_primitive_is_null_empty_an_array_or_an_object(type_name: str, value: object) -> None:
    fault = fault_of(type_name, value, r4().patterns)
    assert fault is not None
    assert fault.code == "structure"


def test_long_blanks_in_base64_take_no_time_that_counts() -> None:
    assert fault_of("base64Binary", " " * 60_000 + "!", r4().patterns) is not None
