"""Names responses and results: digests, references and UUIDs; the same input always gets the same name."""

import hashlib
import json
import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import orjson

from service.mapping.canonical import BASE

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, BASE)
DIGEST_SYSTEM = f"{BASE}/identifier/response-digest"


def canonical_text(content: object) -> str:
    """Write JSON with sorted keys and no white space; a decimal keeps its digits."""
    return "".join(_pieces(content))


def _pieces(content: object) -> list[str]:
    match content:
        case Mapping():
            members = (f"{_string(key)}:{canonical_text(content[key])}" for key in sorted(content))
            return ["{", ",".join(members), "}"]
        case list():
            return ["[", ",".join(canonical_text(entry) for entry in content), "]"]
        case Decimal():
            return [str(content)]
        case _:
            return [_string(content)]


_string = json.JSONEncoder(ensure_ascii=False).encode


def canonical_bytes(content: object) -> bytes:
    """Write the canonical text in UTF-8: by orjson, but for what it refuses, as a whole number of more than 64 bits."""
    try:
        return orjson.dumps(content, default=_as_it_stands, option=orjson.OPT_SORT_KEYS)
    except TypeError:
        return canonical_text(content).encode("utf-8", "surrogatepass")


def _as_it_stands(value: object) -> object:
    if isinstance(value, Decimal):
        return orjson.Fragment(str(value))
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no canonical text")


def sha256_of(content: object) -> str:
    """Return the SHA-256 of the canonical text in hexadecimal."""
    return hashlib.sha256(canonical_bytes(content)).hexdigest()


def content_digest(resource: Mapping[str, Any]) -> str:
    """Digest a resource without id, versionId and lastUpdated: what a server may change is not content."""
    kept = {key: value for key, value in resource.items() if key not in ("id", "meta")}
    meta = resource.get("meta")
    if isinstance(meta, Mapping):
        meta = {key: value for key, value in meta.items() if key not in ("versionId", "lastUpdated")}
    return sha256_of({**kept, "meta": meta} if meta else kept)


def response_identity(resource: Mapping[str, Any], digest: str) -> str:
    """Name a response by the digest of its identifier, else of its content, which holds subject and authored."""
    identifier = resource.get("identifier", {})
    if "value" in identifier:
        return sha256_of({"system": identifier.get("system", ""), "value": identifier["value"]})
    return digest


def response_reference(resource: Mapping[str, Any], full_url: str, digest: str) -> dict[str, Any]:
    """Refer to a response by its fullUrl, else its type and id, else its identifier, else its digest."""
    if full_url:
        return {"reference": full_url, "type": "QuestionnaireResponse"}
    if "id" in resource:
        return {"reference": f"QuestionnaireResponse/{resource['id']}", "type": "QuestionnaireResponse"}
    identifier = resource.get("identifier", {})
    if "value" in identifier:
        return {"type": "QuestionnaireResponse", "identifier": dict(identifier)}
    return {"type": "QuestionnaireResponse", "identifier": {"system": DIGEST_SYSTEM, "value": digest}}


def uuid_of(*parts: str) -> uuid.UUID:
    """Make the UUIDv5 of named parts; the parts are kept apart, so that no two lists share a name."""
    # The JSON of the list of parts; to encode each text by itself is faster than to encode the list.
    return uuid.uuid5(NAMESPACE, f"[{', '.join(map(_string, parts))}]")
