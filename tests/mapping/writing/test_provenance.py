"""The Provenance of a storing names what was made, from what, by which rules and software, and who sent it."""

from dataclasses import replace
from typing import Any

import pytest

from service.mapping.gate.json_text import parse
from service.mapping.gate.structure import check
from service.mapping.writing.json_bytes import dump
from service.mapping.writing.provenance import Storing, provenance
from service.settings import Limits

BASE = "https://w3id.org/upper-back-triage"
OPERATIONS = "http://terminology.hl7.org/CodeSystem/v3-DataOperation"
PARTICIPANTS = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"

STORING = Storing(
    response="QuestionnaireResponse/q1/_history/2",
    results=("RiskAssessment/r1/_history/2", "CarePlan/c2/_history/1"),
    revised=("CarePlan/c1/_history/2",),
    operation="UPDATE",
    received_sha256="ab" * 32,
    rule_book_version="1.2.3",
    rule_book_sha256="cd" * 32,
    software_version="9.8.7",
    recorded="2026-11-21T10:30:00.123Z",
    subject={"reference": "Patient/1"},
    agent="ward-7",
)


def test_an_amendment_names_its_results_its_sources_and_what_it_replaced() -> None:
    assert provenance(STORING) == {
        "resourceType": "Provenance",
        "target": [
            {"reference": "RiskAssessment/r1/_history/2", "type": "RiskAssessment"},
            {"reference": "CarePlan/c2/_history/1", "type": "CarePlan"},
        ],
        "recorded": "2026-11-21T10:30:00.123Z",
        "activity": {"coding": [{"system": OPERATIONS, "code": "UPDATE", "display": "revise"}]},
        "agent": [
            {
                "type": {"coding": [{"system": PARTICIPANTS, "code": "assembler", "display": "Assembler"}]},
                "who": {
                    "type": "Device",
                    "identifier": {"system": f"{BASE}/identifier/software", "value": "upper-back-triage"},
                    "display": "upper-back-triage 9.8.7",
                },
            },
            {
                "type": {"coding": [{"system": PARTICIPANTS, "code": "enterer", "display": "Enterer"}]},
                "who": {"identifier": {"system": f"{BASE}/identifier/agent", "value": "ward-7"}},
            },
        ],
        "entity": [
            _source({"reference": "QuestionnaireResponse/q1/_history/2", "type": "QuestionnaireResponse"}),
            _source(
                {
                    "identifier": {"system": f"{BASE}/identifier/received-sha256", "value": "ab" * 32},
                    "display": "the bytes as received",
                }
            ),
            _source(
                {
                    "identifier": {"system": f"{BASE}/identifier/rule-book-sha256", "value": "cd" * 32},
                    "display": "rule book 1.2.3",
                }
            ),
            {"role": "revision", "what": {"reference": "CarePlan/c1/_history/2", "type": "CarePlan"}},
        ],
    }


OPERATION_WORDS = [
    # operation, HL7's display of it in v3-DataOperation, comment
    ("CREATE", "create", "a response that was never seen"),
    ("UPDATE", "revise", "an amended one"),
    ("NULLIFY", "nullify", "one that was entered in error"),
]


@pytest.mark.parametrize(("operation", "display", "comment"), OPERATION_WORDS)
def test_the_operation_is_said_in_the_words_of_hl7(operation: str, display: str, comment: str) -> None:
    written = provenance(replace(STORING, operation=operation))
    assert written["activity"]["coding"] == [{"system": OPERATIONS, "code": operation, "display": display}], comment
    assert check(parse(dump(written), Limits()), "Provenance") == ()


def test_a_storing_without_results_is_about_the_response_itself() -> None:
    written = provenance(replace(STORING, results=(), revised=()))
    assert written["target"] == [{"reference": "QuestionnaireResponse/q1/_history/2", "type": "QuestionnaireResponse"}]
    assert [one["role"] for one in written["entity"]] == ["source"] * 3


def _source(what: dict[str, Any]) -> dict[str, Any]:
    return {"role": "source", "what": what}
