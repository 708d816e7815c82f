"""How much a response and a Bundle may hold, just at and just above each limit."""

import json
from decimal import Decimal

import pytest

from service.errors import Issue
from service.mapping.gate.json_text import deepest_body
from service.mapping.gate.sizes import Size, check_bundle, check_response, size_of
from service.settings import Limits

from .places import Json, answered, bundle, response

FIVE_ITEMS = '{"item":[{"item":[{},{}]},{"answer":[{"item":[{}]}]}]}'
TWO_ITEMS = '{"resourceType":"QuestionnaireResponse","item":[{"linkId":"a"},{"linkId":"b"}]}'


def test_the_limits_are_those_of_the_contract() -> None:
    limits = Limits()
    assert (limits.response_depth, limits.items, limits.response_bytes) == (24, 1_000, 256 * 1024)
    assert (limits.string_bytes, limits.body_bytes, limits.entries) == (64 * 1024, 8 * 1024 * 1024, 1_000)
    assert deepest_body(limits) == 24 + 2 * 3  # object, array, object: Parameters and the Bundle in it


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ({"a": 1}, Size(depth=1, items=0, size_in_bytes=len('{"a":1}'))),
        ({"a": "é"}, Size(depth=1, items=0, size_in_bytes=len('{"a":"é"}') + 1)),
        # the response, item, item[0], answer, answer[0], valueCoding
        (answered({"valueCoding": {}}), Size(6, 1, len(str(answered({"valueCoding": {}})).replace(" ", "")))),
        ({"item": [{"item": [{}, {}]}, {"answer": [{"item": [{}]}]}]}, Size(7, 5, len(FIVE_ITEMS))),
        ("a", Size(0, 0, 3)),
    ],
)
def test_depth_items_and_bytes_are_counted(resource: object, expected: Size) -> None:
    assert size_of(resource) == expected


def test_a_decimal_counts_with_the_digits_it_was_written_with() -> None:
    assert size_of([Decimal("72.50")]).size_in_bytes == size_of(["72.50"]).size_in_bytes


@pytest.mark.parametrize(
    ("limits", "is_too_much"),
    [
        (Limits(), False),
        (Limits(response_depth=3), False),
        (Limits(response_depth=2), True),
        (Limits(items=2), False),
        (Limits(items=1), True),
        (Limits(response_bytes=len(TWO_ITEMS)), False),
        (Limits(response_bytes=len(TWO_ITEMS) - 1), True),
    ],
)
def test_a_response_may_be_as_large_as_each_limit_and_no_larger(limits: Limits, is_too_much: bool) -> None:
    two_items = json.loads(TWO_ITEMS)
    assert size_of(two_items) == Size(depth=3, items=2, size_in_bytes=len(TWO_ITEMS))
    issues = check_response(two_items, "Bundle.entry[0].resource", limits)
    assert [(i.code, i.expression) for i in issues] == [("too-long", "Bundle.entry[0].resource")] * is_too_much


def test_every_limit_that_is_exceeded_is_named() -> None:
    limits = Limits(response_depth=1, items=1_234, response_bytes=2)
    assert check_response(response(item=[{}] * 1_235), "QuestionnaireResponse", limits) == tuple(
        Issue("error", "too-long", f"a response may have {most}, this one has more", "QuestionnaireResponse")
        for most in ("1 levels of nesting", "1,234 items", "2 bytes")
    )


@pytest.mark.parametrize(
    ("sent", "is_too_much"),
    [
        (bundle({}, {}), False),
        (bundle({}, {}, {}), True),
        ({"resourceType": "Bundle"}, False),
        ({"resourceType": "Bundle", "entry": "no array, which the structure says"}, False),
    ],
)
def test_a_bundle_may_have_as_many_entries_as_the_limit(sent: Json, is_too_much: bool) -> None:
    issue = Issue("error", "too-long", "a Bundle may have 2 entries, this one has more", "Bundle.entry")
    assert check_bundle(sent, "Bundle", Limits(entries=2)) == (issue,) * is_too_much
