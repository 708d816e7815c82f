"""Turns a resource, as plain data, into the bytes that are sent; it knows JSON and no FHIR."""

from dataclasses import dataclass
from decimal import Decimal

import orjson


@dataclass(frozen=True, slots=True)
class Written:
    """JSON that ``dump`` wrote before: a type of its own, so that no other bytes pass for it."""

    json: bytes


PLAIN = frozenset({str, int, bool, Written})
"""Types that may stand in JSON as they are, and hold nothing that may not."""


def dump(resource: object, *, pretty: bool = False) -> bytes:
    """Write plain data as JSON: UTF-8, keys in the order they were put in, the same bytes for the same data.

    A Decimal keeps its digits: ``Decimal("72.50")`` is written as 72.50. Raises TypeError for whatever FHIR JSON has
    no place for, among it float (it does not keep digits) and None, and ValueError for a Decimal that is no number.
    What is ``Written`` is taken as it is.
    """
    _refuse_what_fhir_lacks(resource)
    option = orjson.OPT_PASSTHROUGH_DATACLASS | (orjson.OPT_INDENT_2 if pretty else 0)
    return orjson.dumps(resource, default=_as_it_is, option=option)


def _as_it_is(value: object) -> orjson.Fragment:
    """Hand orjson what is written, and the digits of a Decimal; it asks for no other type: the rest is refused."""
    return orjson.Fragment(value.json if isinstance(value, Written) else str(value))


def _refuse_what_fhir_lacks(value: object) -> None:
    """Refuse types that orjson would write in silence: NaN as null, 72.50 as 72.5, dates in a form of its own."""
    if isinstance(value, (dict, list, tuple)):
        for part in value.values() if isinstance(value, dict) else value:
            if type(part) not in PLAIN:
                _refuse_what_fhir_lacks(part)
    elif isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError("a Decimal that is not a number has no place in FHIR JSON")
    elif not isinstance(value, (str, int, Written)):
        raise TypeError(f"{type(value).__name__} has no place in FHIR JSON")
