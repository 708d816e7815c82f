"""Whatever is sent, reading either understands it or refuses it; and the order of items is no answer."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from service.errors import Refused
from service.mapping.body import open_body
from tests.mapping.random_responses import responses
from tests.mapping.reading import LIMITS, Read, facts_of, read_resource
from tests.mapping.responses import ITEMS, Json, as_bytes, filled

WHOLE: Json = {
    "resourceType": "Bundle",
    "type": "collection",
    "entry": [{"fullUrl": "urn:uuid:6ba7b810-9dad-41d1-80b4-00c04fd430c8", "resource": filled(note="a", sex="female")}],
    "parameter": [
        {"name": "response"},
        {"name": "policy", "valueCode": "strictest"},
        {"name": "at", "valueDateTime": "2026"},
    ],
    "_linkId": {"extension": [{"url": "urn:a", "valueString": "a"}]},
    "_status": {"id": "a"},
    "identifier": {"system": "urn:a", "value": "a"},
    "contained": [{"resourceType": "Patient", "id": "p"}, {"resourceType": "Group", "id": "g"}],
    "meta": {"versionId": "1"},
    "subject": {"reference": "#p", "type": "Group", "display": "a"},
    "valueQuantity": {"comparator": "<", "_value": {"id": "a"}},
    "authored": "9999-12-31T23:59:60Z",
}
"""Every word that means something to the reader, somewhere; it is no resource."""


def _words(node: object) -> Iterator[tuple[str, bool]]:
    """Visit every key (true) and every string (false)."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield key, True
            yield from _words(value)
    elif isinstance(node, list):
        for entry in node:
            yield from _words(entry)
    elif isinstance(node, str):
        yield node, False


KEYS = sorted({word for word, is_key in _words(WHOLE) if is_key})
WORDS = sorted({word for word, is_key in _words(WHOLE) if not is_key})
LEAF = (
    st.none()
    | st.booleans()
    | st.integers(-(2**40), 2**40)
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.sampled_from([*WORDS, *ITEMS])
    | st.text(max_size=5)
)
ANY_JSON = st.recursive(
    LEAF,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=3), inner, max_size=5)
    ),
    max_leaves=30,
)


def outcome(body: bytes) -> list[Read | Refused] | Refused:
    """Return what is read of each response, or why the body or the response is refused."""
    try:
        opened = open_body(body, LIMITS)
    except Refused as refused:
        return refused
    outcomes: list[Read | Refused] = []
    for response in opened.responses:
        try:
            outcomes.append(read_resource(response))
        except Refused as refused:
            outcomes.append(refused)
    return outcomes


@given(st.binary(max_size=200))
@example(b"")
@example(b"{}")
@example(b"null")
@example(b'"\\ud800"')
@example(b"[" * 100)
@example(b'{"resourceType":"QuestionnaireResponse","resourceType":"Patient"}')
def test_any_bytes_are_understood_or_refused(body: bytes) -> None:
    assert outcome(body)


@given(ANY_JSON)
@example({"resourceType": "Bundle", "type": "collection", "entry": [{"resource": None}]})
@example({"resourceType": "Parameters", "parameter": [{"name": "response", "resource": []}]})
def test_any_json_is_understood_or_refused(content: object) -> None:
    assert outcome(as_bytes(content))


@st.composite
def damaged(draw: st.DrawFn) -> Json:
    """Draw a valid response with a few places changed into any JSON, dropped, doubled or renamed."""
    content = draw(responses())
    for _ in range(draw(st.integers(1, 3))):
        draw(st.sampled_from(CHANGES))(draw, content)
    return content


def _containers(node: object) -> list[Any]:
    inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return [
        *([node] if isinstance(node, dict | list) and node else []),
        *(one for part in inner for one in _containers(part)),
    ]


def _place(draw: st.DrawFn, content: Json) -> tuple[Any, Any]:
    container = draw(st.sampled_from(_containers(content)))
    return container, draw(st.sampled_from(sorted(container) if isinstance(container, dict) else range(len(container))))


def _replace(draw: st.DrawFn, content: Json) -> None:
    container, key = _place(draw, content)
    container[key] = draw(ANY_JSON)


def _drop(draw: st.DrawFn, content: Json) -> None:
    container, key = _place(draw, content)
    del container[key]


def _double(draw: st.DrawFn, content: Json) -> None:
    container, key = _place(draw, content)
    if isinstance(container, list):
        container.append(deepcopy(container[key]))


def _rename(draw: st.DrawFn, content: Json) -> None:
    container, key = _place(draw, content)
    if isinstance(container, dict):
        container[draw(st.sampled_from([*KEYS, f"_{key}"]))] = container.pop(key)


Change = Callable[[st.DrawFn, Json], None]
CHANGES: tuple[Change, ...] = (_replace, _drop, _double, _rename)


@settings(max_examples=300)
@given(damaged(), st.sampled_from(["alone", "in a Bundle", "in parameters"]))
def test_a_damaged_response_is_understood_or_refused_with_a_place(content: Json, where: str) -> None:
    envelopes: dict[str, Json] = {
        "alone": content,
        "in a Bundle": {"resourceType": "Bundle", "type": "batch", "entry": [{"resource": content}]},
        "in parameters": {"resourceType": "Parameters", "parameter": [{"name": "response", "resource": content}]},
    }
    met = outcome(as_bytes(envelopes[where]))
    for one in [met] if isinstance(met, Refused) else met:
        if isinstance(one, Refused):
            assert one.issues
            assert one.status in (400, 413, 422)
            assert all(issue.text and issue.severity in ("error", "information") for issue in one.issues)


@given(responses(), st.randoms(use_true_random=False))
@example(filled(), None)
def test_the_order_of_items_changes_no_fact(content: Json, random: Any) -> None:
    turned = deepcopy(content)
    lists = [turned.get("item", []), *(group["item"] for group in turned.get("item", []))]
    for items in lists:
        items.reverse() if random is None else random.shuffle(items)
    assert facts_of(turned) == facts_of(content)


@given(responses())
def test_the_order_of_options_changes_no_fact(content: Json) -> None:
    turned = deepcopy(content)
    for group in turned.get("item", []):
        for item in group["item"]:
            item["answer"].reverse()
    assert facts_of(turned) == facts_of(content)
