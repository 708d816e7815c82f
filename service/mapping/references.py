"""Gives references between the entries of a Bundle the addresses that their resources are stored under."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

ADDRESSES = frozenset({"reference", "valueUri", "valueUrl", "valueUuid", "valueOid"})
"""Where R4 wants addresses renamed: references and values of the types uri, url, oid and uuid; never a canonical."""

IN_NARRATIVE = re.compile(r"""(?P<before>\b(?:href|src)\s*=\s*["'])(?P<address>[^"']*)(?=["'])""")
OF_THIS_BUNDLE = ("urn:uuid:", "urn:oid:")
CONDITION = re.compile(r"(?P<kind>[A-Z][A-Za-z]+)\?(?P<query>.+)")


def renamed(node: Any, names: Mapping[str, str]) -> Any:  # noqa: ANN401 - JSON of any type
    """Return JSON in which every address of ``names`` is the one it maps to; all else stays as it is."""
    if isinstance(node, Mapping):
        return {key: _value(key, value, names) for key, value in node.items()}
    return [renamed(one, names) for one in node] if isinstance(node, list) else node


def _value(key: str, value: Any, names: Mapping[str, str]) -> Any:  # noqa: ANN401 - JSON of any type
    if isinstance(value, str):
        if key in ADDRESSES:
            return names.get(value, value)
        if key == "div":
            return IN_NARRATIVE.sub(lambda met: met["before"] + names.get(met["address"], met["address"]), value)
        return value
    return renamed(value, names)


def references_in(node: Any, place: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - JSON of any type
    """Visit every Reference.reference with its place."""
    if isinstance(node, Mapping):
        for key, value in node.items():
            if key == "reference" and isinstance(value, str):
                yield value, f"{place}.reference"
            else:
                yield from references_in(value, f"{place}.{key}")
    elif isinstance(node, list):
        for index, one in enumerate(node):
            yield from references_in(one, f"{place}[{index}]")


def is_of_this_bundle(address: str) -> bool:
    """Tell whether an address means something only inside its Bundle."""
    return address.startswith(OF_THIS_BUNDLE)


def condition_of(address: str) -> tuple[str, str] | None:
    """Split a conditional reference, ``Type?query``, into both; None for any other."""
    met = CONDITION.fullmatch(address)
    return (met["kind"], met["query"]) if met else None
