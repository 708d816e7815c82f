"""What is refused before any FHIR is read: bodies that are not one strict JSON text in UTF-8."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import Issue, Refused
from service.mapping.gate.json_text import _is_plainly_shallow, _may_hold_a_longer_string, parse
from service.settings import Limits

LIMITS = Limits()
SMALL = Limits(string_bytes=8, response_depth=3)  # so a body may be 9 deep: 3 and an envelope's 6


def refusal_of(body: bytes, limits: Limits = LIMITS) -> Refused:
    with pytest.raises(Refused) as caught:
        parse(body, limits)
    return caught.value


def _hidden(hiding: int, plain: int) -> bytes:
    """Nest objects, the outer ones with braces in strings that seem to close each of them before the next opens."""
    begin = b'{"x":"}","a":' * hiding + b'{"a":[' * plain
    return begin + b"1" + b"]}" * plain + b',"y":"{"}' * hiding


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        # body, what is read, comment
        pytest.param(b"1", 1, id="a number alone is JSON; that it is no resource is said later"),
        pytest.param(b' {"a": [true, null, "x"]}\r\n', {"a": [True, None, "x"]}, id="blanks around and inside"),
        pytest.param(b"2147483648", 2147483648, id="the range of integer is FHIR's, not JSON's"),
        pytest.param('"é\\u00e9"'.encode(), "éé", id="an escape and the character itself are the same"),
        pytest.param(b'"\\ud83d\\ude00"', "\U0001f600", id="a whole surrogate pair is one character"),
        pytest.param(b'{"a": {"b": 1}, "c": {"b": 1}}', {"a": {"b": 1}, "c": {"b": 1}}, id="one key in two objects"),
    ],
)
def test_strict_json_is_read_as_plain_data(body: bytes, expected: object) -> None:
    assert parse(body, LIMITS) == expected


@pytest.mark.parametrize(
    ("written", "type_read"),
    [
        ("72", int),
        ("-0", int),
        ("1" * 64, int),
        ("72.0", Decimal),
        ("72.50", Decimal),
        ("1e2", Decimal),
        ("1E-245", Decimal),
        ("1e308", Decimal),
        ("1e-308", Decimal),
        ("0." + "1" * 62, Decimal),
    ],
)
def test_a_number_with_a_point_or_an_exponent_is_a_decimal_and_keeps_its_digits(written: str, type_read: type) -> None:
    read = parse(written.encode(), LIMITS)
    assert type(read) is type_read
    assert type_read is int or str(read) == str(Decimal(written))


@pytest.mark.parametrize(
    ("body", "text"),
    [
        pytest.param(b"", "empty", id="nothing"),
        pytest.param(b" \r\n", "empty", id="blanks only"),
        pytest.param(b"\xef\xbb\xbf{}", "byte order mark", id="UTF-8 with a byte order mark"),
        pytest.param('{"a": 1}'.encode("utf-16"), "not UTF-8", id="UTF-16 with its mark"),
        pytest.param(b'{"a": "\xe9"}', "not UTF-8", id="Latin-1"),
        pytest.param(b'"\xed\xa0\x80"', "not UTF-8", id="half of a surrogate pair as bytes"),
        pytest.param(b"{'a': 1}", "not JSON", id="single quotes"),
        pytest.param(b'{"a": 1,}', "not JSON", id="a comma too many"),
        pytest.param(b'{"a": 1} {}', "not JSON", id="two texts"),
        pytest.param(b'{"a": 1 /* b */}', "not JSON", id="a comment"),
        pytest.param(b'{"a": 01}', "not JSON", id="a leading zero"),
        pytest.param(b'{"a": +1}', "not JSON", id="a plus sign"),
        pytest.param(b'{"a": True}', "not JSON", id="a boolean of another language"),
        pytest.param(b'"a\nb"', "not JSON", id="a raw line feed in a string"),
        pytest.param(b'"a\x00b"', "not JSON", id="a raw NUL in a string"),
        pytest.param(b'"a', "not JSON", id="a string without end"),
        pytest.param(b"<Patient/>", "not JSON", id="XML"),
        pytest.param(b"[NaN]", "NaN or Infinity", id="NaN"),
        pytest.param(b"[-Infinity]", "NaN or Infinity", id="minus Infinity"),
        pytest.param(b"1e309", "too large", id="an exponent above that of a double"),
        pytest.param(b"1e-309", "too large", id="an exponent below that of a double"),
        pytest.param(b"1e99999999999999999999", "too large", id="an exponent that no decimal has"),
        pytest.param(b"0e999999999", "too large", id="zero with a huge exponent"),
        pytest.param(b"1" * 65, "too long", id="65 digits"),
        pytest.param(b"0." + b"1" * 63, "too long", id="65 characters with a point"),
        pytest.param(b"1" * 100_000, "too long", id="digits that would need minutes"),
        pytest.param(b'"\\u0000"', "NUL", id="an escaped NUL"),
        pytest.param(b'"\\ud800"', "surrogate", id="a high surrogate alone"),
        pytest.param(b'"\\ude00\\ud83d"', "surrogate", id="a pair in the wrong order"),
        pytest.param(b'{"\\u0000": 1}', "NUL", id="an escaped NUL in a key"),
    ],
)
def test_what_is_not_strict_json_is_refused_with_400(body: bytes, text: str) -> None:
    refused = refusal_of(body)
    assert refused.status == 400
    assert [text in issue.text for issue in refused.issues] == [True]


@pytest.mark.parametrize(
    ("body", "limits", "is_too_much"),
    [
        pytest.param(b'"%s"' % (b"a" * 8), SMALL, False, id="a string as long as the limit"),
        pytest.param(b'"%s"' % (b"a" * 9), SMALL, True, id="a string above the limit"),
        pytest.param('"ééééé"'.encode(), SMALL, True, id="5 characters that are 10 bytes"),
        pytest.param(b'{"%s": 1}' % (b"a" * 9), SMALL, True, id="a key above the limit"),
        pytest.param(b'["aaaaaaaa", "aaaaaaaa"]', SMALL, False, id="many strings as long as the limit"),
        pytest.param(b'["aaaaaaaa", "aaaaaaaaa"]', SMALL, True, id="the last of many above the limit"),
        pytest.param(b'"aaaa\\"aaaa"', SMALL, True, id="an escaped quote ends no string"),
        pytest.param(b'["aaaaaaa\\\\", "b"]', SMALL, False, id="a quote after an escaped backslash does"),
        pytest.param(b"[" * 9 + b"]" * 9, SMALL, False, id="as deep as the limit"),
        pytest.param(b"[" * 10 + b"]" * 10, SMALL, True, id="one deeper than the limit"),
        pytest.param(b"[" + b"[]," * 20 + b"[]]", SMALL, False, id="arrays beside each other are no deeper"),
        pytest.param(b"[[],[],[]," + b"[" * 9 + b"]" * 10, SMALL, True, id="one deeper behind others"),
        pytest.param(b"[" * 5 + b"[]," + b"[" * 5 + b"]" * 10, SMALL, True, id="one deeper half way down"),
        pytest.param(b'{"a":[' * 4 + b"{}" + b"]}" * 4, SMALL, False, id="objects and arrays as deep as the limit"),
        pytest.param(b'{"a":[' * 5 + b"]}" * 5, SMALL, True, id="objects and arrays one deeper"),
        pytest.param(b'{"a":' * 9 + b"1" + b"}" * 9, SMALL, False, id="objects as deep as the limit"),
        pytest.param(b'{"a":' * 10 + b"1" + b"}" * 10, SMALL, True, id="objects one deeper"),
        pytest.param(_hidden(12, 0), SMALL, True, id="braces in the strings of each object hide no depth"),
        pytest.param(_hidden(4, 4), SMALL, True, id="nor those in the strings of every second"),
        pytest.param(b'"[[[[[[[["', SMALL, False, id="brackets in a string are text"),
        pytest.param(b'"\\"[[[[[["', SMALL, False, id="brackets after an escaped quote are text"),
        pytest.param(b'{"a":' * 100_000, LIMITS, True, id="100,000 objects that never end"),
        pytest.param(b"[" * 100_000 + b"]" * 100_000, LIMITS, True, id="100,000 arrays"),
        pytest.param(b" " * 10 + b"1", Limits(body_bytes=10), True, id="a body above the limit"),
        pytest.param(b" " * 9 + b"1", Limits(body_bytes=10), False, id="a body as long as the limit"),
    ],
)
def test_what_is_too_long_or_too_deep_is_refused_with_413(body: bytes, limits: Limits, is_too_much: bool) -> None:
    if not is_too_much:
        parse(body, limits)
        return
    refused = refusal_of(body, limits)
    assert (refused.status, {issue.code for issue in refused.issues}) == (413, {"too-long"})


# A glance that never said yes would cost nothing but time, so only the two glances themselves can show it.


def test_what_is_sent_is_known_to_be_shallow_at_a_glance() -> None:
    three_objects = b'{"a": [{"b": [{"c": 1}]}, {"d": ["a", 1]}]}'
    assert _is_plainly_shallow(7, three_objects, 4)
    assert not _is_plainly_shallow(6, three_objects, 4), "five levels; a glance allows an array around each object"


@pytest.mark.parametrize(
    ("body", "comment"),
    [
        (b'"a"', "less than a string may have"),
        (b'"aaaaaaaa"', "one string as long as the limit"),
        (b'{"aaaaaaaa":"aaaaaaaa","b":["aaaaaaaa"]}', "many strings as long as the limit"),
        (rb'["\\\\","b"]', "escaped backslashes"),
        (rb'["\"\"\"\"","b"]', "escaped quotes"),
        (rb'["aaaaaa\\","aaaaaaa","a"]', "a quote after an escaped backslash ends a string"),
        (b'["a"' + b" " * 7 + b"]", "eight bytes behind the last quote"),
    ],
)
def test_strings_within_the_limit_are_known_to_be_so_at_a_glance(body: bytes, comment: str) -> None:
    assert not _may_hold_a_longer_string(8, body), comment


@given(st.lists(st.text(alphabet='ab\\"é,\\n', max_size=12), max_size=6), st.integers(1, 12))
def test_a_body_is_refused_exactly_where_one_of_its_strings_is_too_long(strings: list[str], most: int) -> None:
    body, limits = json.dumps(strings, ensure_ascii=False).encode(), Limits(string_bytes=most)
    if max((len(one.encode()) for one in strings), default=0) > most:
        assert refusal_of(body, limits).status == 413
    else:
        assert parse(body, limits) == strings


@pytest.mark.parametrize(
    ("inside", "expression", "words"),
    [
        # what stands in item[1].answer[0] of a response, where the issue points, what it says
        ('"valueBoolean": true, "valueBoolean": false', ".item[1].answer[0]", "'valueBoolean' stands twice"),
        ('"valueString": "a", "valueString": "a"', ".item[1].answer[0]", "'valueString' stands twice"),
        ('"valueCoding": {"code": "a", "code": "b"}', ".item[1].answer[0].value", "'code' stands twice"),
        ('"_valueDate": {}, "_valueDate": {}', ".item[1].answer[0]", "'_valueDate' stands twice"),
        ('"Anna": 1, "Anna": 2', ".item[1].answer[0]", "a key stands twice"),
        ('"valueDecimal": NaN', ".item[1].answer[0].value", "NaN"),
        ('"valueString": "\\u0000"', ".item[1].answer[0].value", "NUL"),
    ],
)
def test_a_fault_deep_inside_is_named_with_its_place(inside: str, expression: str, words: str) -> None:
    body = f'{{"resourceType": "QuestionnaireResponse", "item": [{{}}, {{"answer": [{{{inside}}}]}}]}}'
    (issue,) = refusal_of(body.encode()).issues
    assert issue.expression == "QuestionnaireResponse" + expression
    assert words in issue.text
    assert "Anna" not in issue.text


def test_all_faults_are_reported_at_once() -> None:
    body = b'{"resourceType": "Patient", "id": "a", "id": "b", "name": [{"text": "\\u0000"}], "active": NaN}'
    assert [issue.expression for issue in refusal_of(body).issues] == [
        "Patient",
        "Patient.name[0].text",
        "Patient.active",
    ]


NO_NUMBER = "met NaN or Infinity, which JSON does not know; allowed is a number"
TOO_LARGE = "met a number that is too long or too large; allowed are 64 characters and exponents up to 308"
NO_TEXT = "met a string with the character NUL or half of a surrogate pair; allowed is Unicode text"
NUL = r'"\u0000"'

SAID: list[tuple[bytes, int, Issue, str]] = [
    # body, status, the whole issue, comment
    (b"", 400, Issue("error", "structure", "the body is empty; a FHIR resource in JSON was expected"), "nothing"),
    (
        b"\xef\xbb\xbf{}",
        400,
        Issue("error", "structure", "the body starts with a byte order mark; send UTF-8 without one"),
        "a byte order mark",
    ),
    (b'{"a\xe9": 1}', 400, Issue("error", "structure", "the body is not UTF-8 (at byte 4)"), "the fourth byte"),
    (
        b'{"a": 1,\n "b" 2}',
        400,
        Issue("error", "structure", "the body is not JSON: Expecting ':' delimiter (line 2, column 6)"),
        "the sixth character of the second line",
    ),
    (b'{"resourceType": "Patient", "active": NaN}', 400, Issue("error", "value", NO_NUMBER, "Patient.active"), "NaN"),
    (b'{"resourceType": "Patient", "id": 1e309}', 400, Issue("error", "value", TOO_LARGE, "Patient.id"), "1e309"),
    (
        b'{"resourceType": "Patient", "id": "a", "id": "a"}',
        400,
        Issue("error", "structure", "'id' stands twice in one object", "Patient"),
        "a key twice",
    ),
    (
        f'{{"resourceType": "Patient", "_birthDate": {{"extension": [{{"url": {NUL}}}]}}}}'.encode(),
        400,
        Issue("error", "value", NO_TEXT, "Patient.birthDate.extension[0].url"),
        "NUL in an extension of a value",
    ),
    (
        f'{{"resourceType": "Patient", "name": [{{}}, {{{NUL}: "a"}}]}}'.encode(),
        400,
        Issue("error", "value", NO_TEXT, "Patient.name[1]"),
        "NUL in a key is said of its object",
    ),
    (
        f'{{"resourceType": "Patient", "Anna": [{{"id": {NUL}}}]}}'.encode(),
        400,
        Issue("error", "value", NO_TEXT, ""),
        "below a key that R4 does not have there is no place",
    ),
    (
        f'{{"resourceType": "Anna", "id": {NUL}}}'.encode(),
        400,
        Issue("error", "value", NO_TEXT, ""),
        "nor in what is no resource of R4",
    ),
    (f'{{"id": {NUL}}}'.encode(), 400, Issue("error", "value", NO_TEXT, ""), "nor in what has no type"),
    (f"[{NUL}]".encode(), 400, Issue("error", "value", NO_TEXT, ""), "nor in an array"),
    (
        b'{"resourceType": "Patient", "id": "%s"}' % (b"a" * 65_537),
        413,
        Issue("error", "too-long", "a string is longer than 65536 bytes", "Patient.id"),
        "a string above the limit",
    ),
    (
        b" " * 8_388_609,
        413,
        Issue("error", "too-long", "the body is larger than 8388608 bytes"),
        "a body above the limit",
    ),
    (
        b"[" * 31 + b"]" * 31,
        413,
        Issue("error", "too-long", "the body is nested deeper than 30 levels"),
        "one level above the limit",
    ),
]


@pytest.mark.parametrize(("body", "status", "issue", "comment"), SAID, ids=[row[-1] for row in SAID])
def test_a_refusal_says_what_was_met_where_and_what_is_allowed(
    body: bytes, status: int, issue: Issue, comment: str
) -> None:
    refused = refusal_of(body)
    assert (refused.status, refused.issues) == (status, (issue,)), comment


@pytest.mark.parametrize("faults", [99, 100, 101])
def test_a_hundred_faults_are_named_and_no_more_and_the_body_is_refused_all_the_same(faults: int) -> None:
    body = json.dumps(["\x00"] * faults).encode()
    assert len(refusal_of(body).issues) == min(faults, 100)


def test_a_body_that_is_both_malformed_and_too_long_is_malformed() -> None:
    assert refusal_of(b'["\\u0000", "too long for it"]', SMALL).status == 400


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(st.binary(max_size=400) | st.text(alphabet='{}[]":,\\u0123456789eE.-ntfNaI ', max_size=80).map(str.encode))
def test_any_bytes_are_read_or_refused_and_nothing_else(body: bytes) -> None:
    try:
        parse(body, SMALL)
    except Refused as refused:
        assert refused.status in (400, 413)  # noqa: PT017 - both outcomes are right
        assert refused.issues  # noqa: PT017


@given(JSON_VALUES.map(lambda value: json.dumps(value).encode()))
def test_what_is_read_is_what_json_says(body: bytes) -> None:
    try:
        read = parse(body, LIMITS)
    except Refused:
        return
    assert with_floats(read) == json.loads(body)


def with_floats(value: Any) -> object:
    """Turn Decimal into float, as the lenient reader of the standard library has it."""
    if isinstance(value, dict):
        return {key: with_floats(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [with_floats(entry) for entry in value]
    return float(value) if isinstance(value, Decimal) else value
