"""Reads what an operation is asked with: a Parameters resource, the one resource that stands for it, or a query."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.errors import Refused, refuse
from service.mapping.gate.definitions import r4
from service.mapping.gate.structure import check


@dataclass(frozen=True, slots=True)
class Wanted:
    """Describe one parameter: its JSON key (valueCode, resource, part ...), and whether it may come more than once.

    ``resource_type`` is the only type of resource that is read; empty for any. One that is not ``checked`` is judged by
    whoever reads it.
    """

    key: str
    repeats: bool = False
    resource_type: str = ""
    checked: bool = True


Given = Mapping[str, tuple[Any, ...]]
"""The values of each parameter that came, by name, in order."""


def read_parameters(content: object, wanted: Mapping[str, Wanted], alone: str = "") -> Given:
    """Read the parameters of an operation; a bare resource stands for the parameter named ``alone``.

    The resources inside are structurally valid R4, where they are checked. Raises Refused: 400 for what is not R4, 422
    for a parameter that the operation does not have, that came too often, or that has another type.
    """
    kind = content.get("resourceType") if isinstance(content, Mapping) else None
    if not isinstance(content, Mapping) or not isinstance(kind, str) or kind not in r4().resources:
        raise refuse(400, "structure", "met something else than a resource of R4")
    if content["resourceType"] != "Parameters":
        return _alone(content, wanted, alone)
    faults = check(content, "Parameters", is_envelope=True)
    if faults:
        raise Refused(400, faults)
    given: dict[str, list[Any]] = {}
    for index, parameter in enumerate(content.get("parameter", ())):
        place = f"Parameters.parameter[{index}]"
        name = parameter.get("name", "")
        given.setdefault(name, []).append(_value(parameter, name, wanted, place))
        if len(given[name]) > 1 and not wanted[name].repeats:
            raise refuse(422, "duplicate", f"the parameter '{name}' stands twice; allowed once", place)
    return {name: tuple(values) for name, values in given.items()}


def read_query(query: Mapping[str, Sequence[str]], wanted: Mapping[str, Wanted]) -> Given:
    """Read the primitive parameters of a GET; names that begin with an underscore belong to the answer's form."""
    named = {name: tuple(values) for name, values in query.items() if not name.startswith("_")}
    allowed = [name for name, one in wanted.items() if one.key.startswith("value")]
    for name, values in named.items():
        if name not in allowed:
            raise refuse(400, "not-supported", f"met a parameter that is not read; allowed are {', '.join(allowed)}")
        if len(values) > 1 and not wanted[name].repeats:
            raise refuse(400, "duplicate", f"the parameter '{name}' came more than once; allowed once")
    return named


def one(given: Given, name: str) -> Any:  # noqa: ANN401 - JSON of the type that was wanted
    """Return the value of a parameter that may come once; None where it did not come."""
    values = given.get(name, ())
    return values[0] if values else None


def place_of(content: Mapping[str, Any], name: str) -> str:
    """Return the FHIRPath of the first parameter of a name, which must be there."""
    names = [parameter.get("name") for parameter in content["parameter"]]
    return f"Parameters.parameter[{names.index(name)}]"


def _alone(content: Mapping[str, Any], wanted: Mapping[str, Wanted], alone: str) -> Given:
    described = wanted.get(alone)
    if described is None or content["resourceType"] != (described.resource_type or content["resourceType"]):
        allowed = f"Parameters, or a {described.resource_type} alone" if described else "Parameters"
        raise refuse(422, "not-supported", f"met a resource of another type; allowed are {allowed}")
    faults = check(content, content["resourceType"])
    if faults:
        raise Refused(400, faults)
    return {alone: (content,)}


def _value(parameter: Mapping[str, Any], name: str, wanted: Mapping[str, Wanted], place: str) -> Any:  # noqa: ANN401
    if name not in wanted:
        text = f"met a parameter that the operation does not have; allowed are {', '.join(wanted)}"
        raise refuse(422, "not-supported", text, f"{place}.name")
    described = wanted[name]
    if described.key not in parameter:
        text = f"the parameter '{name}' has another type; allowed is {described.key}"
        raise refuse(422, "value", text, f"{place}.{'value' if described.key.startswith('value') else described.key}")
    value = parameter[described.key]
    if described.key == "resource" and described.checked:
        _check_resource(value, described, f"{place}.resource")
    return value


def _check_resource(resource: Any, described: Wanted, place: str) -> None:  # noqa: ANN401 - JSON of any type
    faults = check(
        resource, place, is_envelope=isinstance(resource, Mapping) and resource.get("resourceType") == "Bundle"
    )
    if faults:
        raise Refused(400, faults)
    if described.resource_type and resource["resourceType"] != described.resource_type:
        raise refuse(422, "value", f"met a resource of another type; allowed is {described.resource_type}", place)
