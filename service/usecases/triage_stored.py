"""Puts a stored response and what is wished for its triage into one body for ``$triage``; it triages nothing itself."""

from collections.abc import Mapping

import orjson

from service.mapping.gate.json_text import parse
from service.mapping.operations.parameters import Wanted, read_parameters
from service.settings import Limits

WISHES = {"policy": Wanted("valueCode"), "at": Wanted("valueDateTime")}


def read_wishes(body: bytes, limits: Limits) -> dict[str, str]:
    """Read policy and moment from the Parameters of a request about a stored response; an empty body wishes nothing.

    Raises Refused: 400 for what is not R4, 422 for a parameter that has no place here, ``response`` among them.
    """
    if not body:
        return {}
    given = read_parameters(parse(body, limits), WISHES)
    return {name: str(value) for name, (value,) in given.items()}


def with_wishes(response: bytes, wishes: Mapping[str, str]) -> bytes:
    """Return the body of a ``$triage`` request; the response goes into it byte for byte."""
    if not wishes:
        return response
    named = [{"name": name, WISHES[name].key: value} for name, value in wishes.items()]
    parameters = [{"name": "response", "resource": orjson.Fragment(response)}, *named]
    return orjson.dumps({"resourceType": "Parameters", "parameter": parameters})
