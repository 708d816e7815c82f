"""How plain data becomes JSON: digits stay, order stays, and what FHIR has no place for is refused."""

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.mapping.writing.json_bytes import Written, dump
from service.web.negotiation import Form
from service.web.replies import serialise

DIGITS = [
    # digits as read   comment
    ("72.50", "a trailing zero says how exactly was measured"),
    ("72", "no fraction appears"),
    ("0.10", "no binary rounding"),
    ("-0.0", "a signed zero"),
    ("1E+3", "an exponent is a form of R4's decimal"),
    ("123456789012345678.123456789012345678", "more digits than a float holds"),
]


@pytest.mark.parametrize(("digits", "comment"), DIGITS)
def test_a_decimal_keeps_its_digits(digits: str, comment: str) -> None:
    assert dump({"value": Decimal(digits)}) == f'{{"value":{digits}}}'.encode(), comment
    assert digits in dump([Decimal(digits)], pretty=True).decode(), comment


REFUSED = [
    # value                error       comment
    (1.5, TypeError, "a float does not keep digits"),
    (float("nan"), TypeError, "would be written as null"),
    (None, TypeError, "FHIR has no null here"),
    (date(2026, 1, 31), TypeError, "a date is text in its own form"),
    (b"bytes", TypeError, "bytes are not text"),
    (Decimal("NaN"), ValueError, "a Decimal that is no number"),
    (Decimal("Infinity"), ValueError, "a Decimal that is no number"),
    ("\ud800", TypeError, "half a surrogate pair is not UTF-8"),
    (2**70, TypeError, "no FHIR integer is that long"),
]


@pytest.mark.parametrize(("value", "error", "comment"), REFUSED)
def test_what_fhir_has_no_place_for_is_refused_at_any_depth(
    value: object, error: type[Exception], comment: str
) -> None:
    for nested in (value, {"a": value}, [value], {"a": [{"b": value}]}):
        with pytest.raises(error):
            dump(nested)


SAID = [
    # value          what is said of it
    (1.5, "float has no place in FHIR JSON"),
    (None, "NoneType has no place in FHIR JSON"),
    (Decimal("NaN"), "a Decimal that is not a number has no place in FHIR JSON"),
]


@pytest.mark.parametrize(("value", "says"), SAID)
def test_a_refusal_names_what_was_met_by_its_kind(value: object, says: str) -> None:
    with pytest.raises((TypeError, ValueError), match=f"^{says}$"):
        dump({"a": [value]})


def test_for_people_it_is_indented_by_two() -> None:
    assert dump({"a": [True, Decimal("1.50")]}, pretty=True) == b'{\n  "a": [\n    true,\n    1.50\n  ]\n}'


def test_keys_stay_in_the_order_they_were_put_in() -> None:
    assert dump({"resourceType": "Bundle", "b": 1, "a": True}) == b'{"resourceType":"Bundle","b":1,"a":true}'


def test_text_is_written_as_utf_8_and_not_escaped_twice() -> None:
    assert dump({"text": 'é "<b>"'}) == '{"text":"é \\"<b>\\""}'.encode()


plain = st.recursive(
    st.text(st.characters(codec="utf-8"))
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.decimals(allow_nan=False, allow_infinity=False),
    lambda parts: st.lists(parts) | st.dictionaries(st.text(st.characters(codec="utf-8")), parts),
)


@given(plain)
def test_what_was_written_is_what_is_read_digits_and_all(data: object) -> None:
    for pretty in (False, True):
        read = json.loads(dump(data, pretty=pretty), parse_float=Decimal)
        assert as_text(read) == as_text(data)


def as_text(data: object) -> object:
    """Compare numbers by their digits: 1.0 and 1.00 are equal as numbers, but not the same measurement."""
    if isinstance(data, dict):
        return {key: as_text(part) for key, part in data.items()}
    if isinstance(data, list):
        return [as_text(part) for part in data]
    return str(data) if isinstance(data, (Decimal, int)) and not isinstance(data, bool) else data


def test_what_was_written_before_is_taken_as_it_is() -> None:
    written = Written(dump({"value": Decimal("72.50")}))
    assert dump({"a": [written, 1]}) == b'{"a":[{"value":72.50},1]}'


def test_an_answer_of_parts_that_were_written_before_is_indented_throughout() -> None:
    answer = {"resourceType": "Basic", "extension": Written(dump([{"url": "urn:a", "valueDecimal": Decimal("1.50")}]))}
    plainly = {"resourceType": "Basic", "extension": [{"url": "urn:a", "valueDecimal": Decimal("1.50")}]}
    assert serialise(answer, Form(pretty=True)) == dump(plainly, pretty=True)
