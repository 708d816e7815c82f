"""The witnesses: for each rule one patient for whom it fires, kept beside the book; nothing here evaluates them."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from service.knowledge.parse import BookError

WITNESSES = Path(__file__).parent / "witnesses.json"
Known = bool | Decimal | frozenset[str]


@dataclass(frozen=True, slots=True)
class Witness:
    """One patient for whom a rule fires, with no fact that the rule does not need.

    ``open_levels`` holds the level under each live policy where all else is unknown, ``denied_levels`` where every
    other question that is asked with yes or no is answered no.
    """

    rule: str
    facts: Mapping[str, Known]
    open_levels: Mapping[str, str]
    denied_levels: Mapping[str, str]


def read_witnesses(path: Path = WITNESSES) -> tuple[Witness, ...]:
    """Read the witnesses; raise BookError where the file is missing or not one that the proof has written."""
    try:
        rows = json.loads(path.read_text("utf-8"), parse_float=Decimal, parse_int=Decimal)
        if not isinstance(rows, list):
            raise TypeError("witnesses stand in a list")
        return tuple(
            Witness(
                row["rule"], {name: _known(value) for name, value in row["facts"].items()}, row["open"], row["denied"]
            )
            for row in rows
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BookError(
            f"{path.name}: not readable ({type(error).__name__}); 'triage rules prove' writes it"
        ) from error


def _known(value: object) -> Known:
    if isinstance(value, bool | Decimal):
        return value
    if isinstance(value, list):
        return frozenset(map(str, value))
    raise TypeError(value)


def written_witnesses(witnesses: Iterable[Witness]) -> str:
    """Write the witnesses as JSON, a line for each, in the order given."""
    return "[\n" + ",\n".join(_line(one) for one in witnesses) + "\n]\n"


def _line(witness: Witness) -> str:
    facts = ", ".join(f"{json.dumps(name)}: {_json(value)}" for name, value in sorted(witness.facts.items()))
    levels = f'"open": {json.dumps(dict(witness.open_levels))}, "denied": {json.dumps(dict(witness.denied_levels))}'
    return f'{{"rule": {json.dumps(witness.rule)}, "facts": {{{facts}}}, {levels}}}'


def _json(value: Known) -> str:
    if isinstance(value, bool):
        return json.dumps(value)
    return format(value, "f") if isinstance(value, Decimal) else json.dumps(sorted(value))
