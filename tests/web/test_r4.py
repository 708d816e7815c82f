"""Whatever is answered is R4: by the same table of HL7's definitions that bodies are held to."""

import pytest

from service.mapping.gate.structure import check
from service.web.replies import plain

from .stored_service import RESPONSES, Stored, path_of, response

ANSWERS = [
    "/fhir/metadata",
    "/fhir/metadata?_summary=true",
    "/fhir/Questionnaire?_elements=url",
    f"{RESPONSES}?_revinclude=RiskAssessment:response&_revinclude=CarePlan:response&_count=1",
    f"{RESPONSES}?_summary=true",
    f"{RESPONSES}?_summary=text",
    f"{RESPONSES}?_summary=data",
    f"{RESPONSES}?patient=none",
    f"{RESPONSES}/_history?_count=1",
    "/fhir/RiskAssessment?_summary=true",
    "/fhir/CarePlan?_elements=title&_include=CarePlan:activity-reference",
    "/fhir/ServiceRequest?_sort=-authored",
    "/fhir/Provenance/_history",
    "/fhir/AuditEvent",
    "/fhir/nothing",
    f"{RESPONSES}?nonsense=1",
    "PATH",
    "PATH?_summary=true",
    "PATH/_history",
    "PATH/$triage",
]


@pytest.mark.parametrize("address", ANSWERS)
def test_an_answer_is_r4(stored: Stored, address: str) -> None:
    path = path_of(stored.post(response(1)))
    stored.post(response(2))
    answer = plain(stored.get(address.replace("PATH", path)).data)
    assert check(answer, answer["resourceType"]) == ()


def test_lenient_searches_and_outcomes_are_r4(stored: Stored) -> None:
    stored.post(response())
    lenient = plain(stored.get(f"{RESPONSES}?nonsense=1", Prefer="handling=lenient").data)
    outcome = plain(stored.post(response(2), Prefer="return=OperationOutcome").data)
    assert (check(lenient, "Bundle"), check(outcome, "OperationOutcome")) == ((), ())
