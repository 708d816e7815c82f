"""Names of responses and results: what they ignore, what they keep apart, and that they never change by themselves."""

import json
import uuid
from copy import deepcopy
from decimal import Decimal
from hashlib import sha256
from traceback import format_exception
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.mapping.canonical import BASE
from service.mapping.identity import (
    canonical_bytes,
    canonical_text,
    content_digest,
    response_identity,
    response_reference,
    sha256_of,
    uuid_of,
)
from tests.mapping.responses import Json, filled

CANONICAL: list[tuple[str, object, str]] = [
    # comment, data, canonical text
    ("keys in order", {"b": 1, "a": 2}, '{"a":2,"b":1}'),
    ("keys in order inside", {"a": {"d": 1, "c": 2}}, '{"a":{"c":2,"d":1}}'),
    ("arrays keep theirs", ["b", "a"], '["b","a"]'),
    ("a decimal keeps its digits", Decimal("72.50"), "72.50"),
    ("a decimal without a point", Decimal(72), "72"),
    ("a whole number", 72, "72"),
    ("a large exponent", Decimal("1E+20"), "1E+20"),
    ("true is not one", [True, 1, False, 0], "[true,1,false,0]"),
    ("null, which only a refused body has", None, "null"),
    ("letters as they are", "Müller \u2713", '"Müller \u2713"'),
    ("quotes and new lines are escaped", 'a"\n', '"a\\"\\n"'),
    ("nothing", {}, "{}"),
]


@pytest.mark.parametrize(("data", "expected"), [pytest.param(*row[1:], id=row[0]) for row in CANONICAL])
def test_the_canonical_text(data: object, expected: str) -> None:
    assert canonical_text(data) == expected
    assert canonical_bytes(data) == expected.encode()


BEYOND: list[tuple[str, object, bytes]] = [
    # comment, data that only the slower of two ways can write, canonical bytes
    ("a whole number of 71 bits", {"b": 2**70, "a": "ü"}, '{"a":"ü","b":1180591620717411303424}'.encode()),
    ("half of a surrogate pair, which only a refused body has", ["\ud800"], b'["\xed\xa0\x80"]'),
    ("an object that is no dict", MappingProxyType({"b": Decimal("1.50"), "a": [1]}), b'{"a":[1],"b":1.50}'),
    ("one inside", [MappingProxyType({"a": 1})], b'[{"a":1}]'),
]


@pytest.mark.parametrize(("data", "expected"), [pytest.param(*row[1:], id=row[0]) for row in BEYOND])
def test_the_canonical_bytes_of_what_is_rare(data: object, expected: bytes) -> None:
    assert canonical_bytes(data) == expected


def test_what_is_no_json_has_no_canonical_bytes() -> None:
    with pytest.raises(TypeError) as raised:
        canonical_bytes({"a": {1, 2}})
    assert "set has no canonical text" in "".join(format_exception(raised.value)), "what was met, by kind"


def test_the_digest_is_the_sha_256_of_the_canonical_text() -> None:
    assert sha256_of({"b": 1, "a": "ü"}) == sha256('{"a":"ü","b":1}'.encode()).hexdigest()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.decimals(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(JSON)
def test_the_canonical_text_means_the_same_json(data: object) -> None:
    read = json.loads(canonical_text(data), parse_float=Decimal)
    assert read == data
    assert canonical_text(read) == canonical_text(data)
    assert canonical_bytes(data) == canonical_text(data).encode()


@given(st.dictionaries(st.text(), JSON, max_size=6))
def test_the_order_of_keys_changes_nothing(data: dict[str, object]) -> None:
    turned = dict(reversed(data.items()))
    assert sha256_of(turned) == sha256_of(data)


RESPONSE = {
    **filled(),
    "id": "r1",
    "meta": {"versionId": "1", "lastUpdated": "2026-11-21T10:00:00Z", "source": "urn:a"},
}
CHANGES: list[tuple[str, Json, bool]] = [
    # what a server or a person may change, the change, is it the same content
    ("another id", {"id": "r2"}, True),
    ("another version", {"meta": {**RESPONSE["meta"], "versionId": "2"}}, True),
    ("another time of storing", {"meta": {**RESPONSE["meta"], "lastUpdated": "2026-11-22T10:00:00Z"}}, True),
    ("neither version nor time", {"meta": {"source": "urn:a"}}, True),
    ("another source", {"meta": {**RESPONSE["meta"], "source": "urn:b"}}, False),
    ("a profile", {"meta": {**RESPONSE["meta"], "profile": ["urn:a"]}}, False),
    ("another status", {"status": "amended"}, False),
    ("another subject", {"subject": {"reference": "Patient/2"}}, False),
    ("another time of writing", {"authored": "2026-11-21T10:00:01Z"}, False),
    ("the same time in another zone", {"authored": "2026-11-21T11:00:00+01:00"}, False),
    ("another language", {"language": "en"}, False),
    ("no answers", {"item": []}, False),
]


@pytest.mark.parametrize(("change", "is_same"), [pytest.param(*row[1:], id=row[0]) for row in CHANGES])
def test_the_digest_of_the_content_ignores_what_a_server_changes(change: Json, is_same: bool) -> None:
    assert (content_digest({**RESPONSE, **change}) == content_digest(RESPONSE)) is is_same


def test_the_digest_of_the_content_is_that_of_the_canonical_json_without_what_a_server_changes() -> None:
    """Whoever stored a digest can work it out again."""
    meta = {"versionId": "1", "lastUpdated": "2026-11-21T10:00:00Z", "source": "urn:a"}
    content = {"resourceType": "QuestionnaireResponse", "id": "r1", "meta": meta, "status": "completed"}
    kept = '{"meta":{"source":"urn:a"},"resourceType":"QuestionnaireResponse","status":"completed"}'
    assert content_digest(content) == sha256(kept.encode()).hexdigest()


def test_no_meta_is_the_same_as_one_that_says_only_what_a_server_changes() -> None:
    bare = {key: value for key, value in RESPONSE.items() if key not in ("id", "meta")}
    assert content_digest({**bare, "meta": {"versionId": "7"}}) == content_digest(bare)


def test_an_inner_id_is_content() -> None:
    other = deepcopy(RESPONSE)
    other["item"][0]["id"] = "a"
    assert content_digest(other) != content_digest(RESPONSE)


@pytest.mark.parametrize("meta", [None, [], "a", 5, [{"versionId": "1"}]])
def test_a_refused_response_has_a_digest_whatever_its_meta_is(meta: object) -> None:
    assert len(content_digest({"resourceType": "QuestionnaireResponse", "meta": meta})) == 64


@given(st.dictionaries(st.text(), JSON))
def test_the_digest_of_anything_is_a_sha_256_and_stays(content: dict[str, object]) -> None:
    digest = content_digest(content)
    assert len(bytes.fromhex(digest)) == 32
    assert content_digest(deepcopy(content)) == digest


IDENTIFIER: Json = {"system": "urn:example:form", "value": "7"}
SAME_IDENTITY: list[tuple[str, Json, bool]] = [
    # comment, identifier of the second response, is it the same response
    ("the same", {**IDENTIFIER}, True),
    ("another use of it", {**IDENTIFIER, "use": "secondary"}, True),
    ("another value", {**IDENTIFIER, "value": "8"}, False),
    ("another system", {**IDENTIFIER, "system": "urn:example:other"}, False),
    ("no system", {"value": "7"}, False),
]


@pytest.mark.parametrize(("identifier", "is_same"), [pytest.param(*row[1:], id=row[0]) for row in SAME_IDENTITY])
def test_an_identifier_is_the_identity_whatever_is_answered(identifier: Json, is_same: bool) -> None:
    first = {**filled(), "identifier": IDENTIFIER}
    second = {**filled(age=50), "identifier": identifier}
    assert (response_identity(first, "a") == response_identity(second, "b")) is is_same


@pytest.mark.parametrize(
    ("identifier", "named"),
    [
        (IDENTIFIER, '{"system":"urn:example:form","value":"7"}'),
        ({"value": "7", "use": "official"}, '{"system":"","value":"7"}'),
    ],
)
def test_the_identity_is_the_digest_of_system_and_value(identifier: Json, named: str) -> None:
    """All stored ids follow from it, so it must be the same for ever."""
    assert response_identity({"identifier": identifier}, "a") == sha256(named.encode()).hexdigest()


@pytest.mark.parametrize("identifier", [{}, {"identifier": {"system": "urn:example:form"}}])
def test_without_an_identifier_the_content_is_the_identity(identifier: Json) -> None:
    assert response_identity({**filled(), **identifier}, "the digest") == "the digest"


URL = "urn:uuid:6ba7b810-9dad-41d1-80b4-00c04fd430c8"
TYPE = "QuestionnaireResponse"
REFERENCES: list[tuple[str, Json, str, Json]] = [
    # comment, what the response has, fullUrl, the reference
    ("the fullUrl first", {"id": "r1", "identifier": IDENTIFIER}, URL, {"reference": URL, "type": TYPE}),
    (
        "then type and id",
        {"id": "r1", "identifier": IDENTIFIER},
        "",
        {"reference": "QuestionnaireResponse/r1", "type": TYPE},
    ),
    ("then the identifier", {"identifier": IDENTIFIER}, "", {"identifier": IDENTIFIER, "type": TYPE}),
    (
        "an identifier without a value is none",
        {"identifier": {"system": "urn:a"}},
        "",
        {"identifier": {"system": f"{BASE}/identifier/response-digest", "value": "d"}, "type": TYPE},
    ),
    (
        "then the digest",
        {},
        "",
        {"identifier": {"system": f"{BASE}/identifier/response-digest", "value": "d"}, "type": TYPE},
    ),
]


@pytest.mark.parametrize(("has", "full_url", "expected"), [pytest.param(*row[1:], id=row[0]) for row in REFERENCES])
def test_a_response_is_referred_to_by_the_first_name_it_has(has: Json, full_url: str, expected: Json) -> None:
    assert response_reference({**filled(), **has}, full_url, "d") == expected


def test_a_uuid_is_that_of_its_parts_in_a_namespace_of_the_project() -> None:
    namespace = uuid.uuid5(uuid.NAMESPACE_URL, BASE)
    assert uuid_of("a", "b") == uuid.uuid5(namespace, '["a", "b"]')
    assert uuid_of("a", "b").version == 5


NAMES = st.lists(st.text(alphabet='ab",[] \\|', max_size=4), max_size=4)


@given(NAMES, NAMES)
def test_two_lists_of_parts_share_a_uuid_only_where_they_are_equal(one: list[str], other: list[str]) -> None:
    assert (uuid_of(*one) == uuid_of(*other)) == (one == other)
