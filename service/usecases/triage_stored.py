"""Puts a stored response and what is wished for its triage into one body for ``$triage``; it triages nothing itself."""

from collections.abc import Mapping

import orjson

from service.errors import Refused, refuse
from service.mapping.gate.json_text import parse
from service.mapping.gate.structure import check
from service.settings import Limits

TYPES = {"policy": "valueCode", "at": "valueDateTime"}


def read_wishes(body: bytes, limits: Limits) -> dict[str, str]:
    """Read policy and moment from the Parameters of a request about a stored response; an empty body wishes nothing.

    Raises Refused: 400 for what is not R4, 422 for a parameter that has no place here, ``response`` among them.
    """
    if not body:
        return {}
    content = parse(body, limits)
    if not isinstance(content, Mapping) or content.get("resourceType") != "Parameters":
        raise refuse(422, "not-supported", "met something else than Parameters; the response is the stored one")
    faults = check(content, "Parameters", is_envelope=True)
    if faults:
        raise Refused(400, faults)
    wishes: dict[str, str] = {}
    for index, parameter in enumerate(content.get("parameter", ())):
        place = f"Parameters.parameter[{index}]"
        name = parameter.get("name", "")
        if name not in TYPES or TYPES[name] not in parameter or name in wishes:
            allowed = ", ".join(f"{each} ({kind})" for each, kind in TYPES.items())
            raise refuse(422, "not-supported", f"met a parameter that is not read here; allowed once: {allowed}", place)
        wishes[name] = str(parameter[TYPES[name]])
    return wishes


def with_wishes(response: bytes, wishes: Mapping[str, str]) -> bytes:
    """Return the body of a ``$triage`` request; the response goes into it byte for byte."""
    if not wishes:
        return response
    named = [{"name": name, TYPES[name]: value} for name, value in wishes.items()]
    parameters = [{"name": "response", "resource": orjson.Fragment(response)}, *named]
    return orjson.dumps({"resourceType": "Parameters", "parameter": parameters})
