"""The Provenance of one storing: which results came from which response, rules and software; no clinical content."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.mapping.canonical import BASE
from service.mapping.writing.canonicals import OPERATIONS, PARTICIPANTS, SOFTWARE, SOFTWARE_IDENTIFIER

RECEIVED_DIGEST = f"{BASE}/identifier/received-sha256"
RULE_BOOK_DIGEST = f"{BASE}/identifier/rule-book-sha256"
AGENT = f"{BASE}/identifier/agent"
WORDS = {"CREATE": "create", "UPDATE": "revise", "NULLIFY": "nullify"}


@dataclass(frozen=True, slots=True)
class Storing:
    """What a Provenance and an AuditEvent say of one storing.

    ``response``, ``results`` and ``revised`` (the versions that were replaced or voided) are versioned references;
    ``operation`` is CREATE, UPDATE or NULLIFY; ``received_sha256`` is of the bytes as received; ``recorded`` is an
    instant. ``subject`` is a Reference; ``agent``, ``address`` and ``base`` are those of the caller, empty if unknown.
    """

    response: str
    results: tuple[str, ...]
    revised: tuple[str, ...]
    operation: str
    received_sha256: str
    rule_book_version: str
    rule_book_sha256: str
    software_version: str
    recorded: str
    subject: Mapping[str, Any]
    agent: str
    request_id: str = ""
    address: str = ""
    base: str = ""


def provenance(storing: Storing) -> dict[str, Any]:
    """Write the Provenance (R4); where a response has no results it is about the response itself."""
    operation = {"system": OPERATIONS, "code": storing.operation, "display": WORDS[storing.operation]}
    return {
        "resourceType": "Provenance",
        "target": _references(storing.results or (storing.response,)),
        "recorded": storing.recorded,
        "activity": {"coding": [operation]},
        "agent": [
            {"type": _participant("assembler", "Assembler"), "who": software_device(storing.software_version)},
            {"type": _participant("enterer", "Enterer"), "who": sender(storing.agent)},
        ],
        "entity": [
            {"role": "source", "what": {"reference": storing.response, "type": "QuestionnaireResponse"}},
            {"role": "source", "what": _digest(RECEIVED_DIGEST, storing.received_sha256, "the bytes as received")},
            {"role": "source", "what": _rule_book(storing)},
            *({"role": "revision", "what": one} for one in _references(storing.revised)),
        ],
    }


def software_device(version: str) -> dict[str, Any]:
    """Refer to this software as a Device, with its version in words."""
    identifier = {"system": SOFTWARE_IDENTIFIER, "value": SOFTWARE}
    return {"type": "Device", "identifier": identifier, "display": f"{SOFTWARE} {version}"}


def sender(agent: str) -> dict[str, Any]:
    """Refer to whoever sent the response, as the token named it."""
    return {"identifier": {"system": AGENT, "value": agent}}


def _references(names: Sequence[str]) -> list[dict[str, str]]:
    return [{"reference": name, "type": name.partition("/")[0]} for name in names]


def _rule_book(storing: Storing) -> dict[str, Any]:
    return _digest(RULE_BOOK_DIGEST, storing.rule_book_sha256, f"rule book {storing.rule_book_version}")


def _digest(system: str, value: str, words: str) -> dict[str, Any]:
    return {"identifier": {"system": system, "value": value}, "display": words}


def _participant(code: str, display: str) -> dict[str, Any]:
    return {"coding": [{"system": PARTICIPANTS, "code": code, "display": display}]}
