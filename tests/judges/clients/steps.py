"""What every client does with the service, step by step, and what it must have seen; it knows no client and no HTTP.

A client tells what it saw as plain data, by its own means: what it does not hand to its user is not seen.
"""

import json
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from service.mapping.canonical import BASE, QUESTIONNAIRE
from tests.mapping.responses import as_bytes, filled

Json = dict[str, Any]
Seen = Mapping[str, Any]
SYSTEM = f"{BASE}/example/clients"
PAGES = [2, 2, 1]
RESULTS = ["RiskAssessment", "CarePlan", "ServiceRequest"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what the service must offer for it, and the check of what was seen.

    The check reads what the step saw, and all that was seen before it.
    """

    name: str
    needs: str
    check: Callable[[Seen, Mapping[str, Seen]], None]


def material() -> Json:
    """Make what a client sends: every response its own identifier, so that no run meets another's."""
    run = uuid4().hex[:12]
    triaged = _response(f"{run}-triaged", "Patient/1")
    foreign = {**deepcopy(triaged), "questionnaire": f"{BASE}/Questionnaire/another-form"}
    nobody = {name: content for name, content in _response(f"{run}-nobody", "").items() if name != "subject"}
    return {
        "form": "upper-back-pain",
        "level": f"{BASE}/StructureDefinition/triage-level",
        "system": SYSTEM,
        "triaged": triaged,
        "parameters": _parameters(triaged),
        "foreign": foreign,
        "foreign parameters": _parameters(foreign),
        "created": _response(f"{run}-created", f"Patient/created-{run}"),
        "conditional": _same_name_twice(_response(f"{run}-conditional", f"Patient/conditional-{run}")),
        "nobody": nobody,
        "paged": [_response(f"{run}-page-{number}", f"Patient/paged-{run}") for number in range(sum(PAGES))],
        "page": PAGES[0],
        "transaction": _transaction([_response(f"{run}-together-{number}", "Patient/together") for number in range(2)]),
    }


def _response(name: str, subject: str) -> Json:
    """Write a response of now: short of breath is for the ambulance, whoever it is."""
    content = filled(dyspnoea="yes") | {"authored": datetime.now(UTC).isoformat(timespec="seconds")}
    content |= {"identifier": {"system": SYSTEM, "value": name}, "subject": {"reference": subject}}
    plain: Json = json.loads(as_bytes(content))
    return plain


def _same_name_twice(content: Json) -> list[Json]:
    """Give a response, and another one of the same identifier that only the condition keeps from being a conflict."""
    return [content, {**content, "authored": "2026-01-01T08:00:00Z"}]


def _parameters(content: Json) -> Json:
    parameters = [{"name": "response", "resource": content}, {"name": "policy", "valueCode": "strictest"}]
    return {"resourceType": "Parameters", "parameter": parameters}


def _transaction(responses: list[Json]) -> Json:
    request = {"method": "POST", "url": "QuestionnaireResponse"}
    entries = [{"fullUrl": f"urn:uuid:{uuid4()}", "resource": one, "request": request} for one in responses]
    return {"resourceType": "Bundle", "type": "transaction", "entry": entries}


def _is_the_statement(seen: Seen, _: Mapping[str, Seen]) -> None:
    assert seen == {"kind": "CapabilityStatement", "fhirVersion": "4.0.1"}


def _is_the_form(seen: Seen, _: Mapping[str, Seen]) -> None:
    assert seen == {"kind": "Questionnaire", "url": QUESTIONNAIRE}


def _is_a_triage(seen: Seen, _: Mapping[str, Seen]) -> None:
    assert seen["kinds"][:3] == RESULTS
    assert seen["level"] == "ambulance"


def _is_not_found(seen: Seen, _: Mapping[str, Seen]) -> None:
    assert seen["status"] in (404, None)
    assert seen["says"].startswith("There is no ")


def _is_not_our_form(seen: Seen, _: Mapping[str, Seen]) -> None:
    assert seen["status"] in (422, None)
    assert "uestionnaire" in seen["says"]


def _has_no_subject(seen: Seen, _: Mapping[str, Seen]) -> None:
    assert seen["status"] in (422, None)
    assert "subject" in seen["says"]


def _is_created(seen: Seen, _: Mapping[str, Seen]) -> None:
    assert seen["kind"] == "QuestionnaireResponse"
    assert seen["id"]
    assert seen["version"] == "1"


def _is_created_once(seen: Seen, _: Mapping[str, Seen]) -> None:
    first, second = seen["ids"]
    assert first == second != ""


def _is_what_was_created(seen: Seen, before: Mapping[str, Seen]) -> None:
    assert seen["id"] == before["create"]["id"]
    assert seen["subject"].startswith("Patient/created-")


def _is_every_page(seen: Seen, _: Mapping[str, Seen]) -> None:
    assert seen["pages"]
    assert seen["pages"] == PAGES[: len(seen["pages"])]
    assert len(set(seen["ids"])) == sum(PAGES)


def _are_both_created(seen: Seen, _: Mapping[str, Seen]) -> None:
    assert [status[:3] for status in seen["statuses"]] == ["201", "201"]
    assert all("QuestionnaireResponse/" in location for location in seen["locations"])


RESPONSE = "QuestionnaireResponse"
NOT_YET: frozenset[str] = frozenset()
"""What the service is still allowed not to offer: the steps that need it are then not run. To become empty."""
STEPS = (
    # What needs no store.
    Step("metadata", "", _is_the_statement),
    Step("read the form", "", _is_the_form),
    Step("triage a response", "", _is_a_triage),
    Step("triage parameters", "", _is_a_triage),
    Step("read what is not there", "", _is_not_found),
    Step("triage another form", "", _is_not_our_form),
    # What is stored.
    Step("create", f"{RESPONSE}.create", _is_created),
    Step("read", f"{RESPONSE}.read", _is_what_was_created),
    Step("create on a condition, twice", f"{RESPONSE}.conditional-create", _is_created_once),
    Step("search with paging", f"{RESPONSE}.search-type", _is_every_page),
    Step("triage what is stored", f"{RESPONSE}.create", _is_a_triage),
    Step("transaction", "system.transaction", _are_both_created),
    Step("read a response that is not there", f"{RESPONSE}.read", _is_not_found),
    Step("create without a subject", f"{RESPONSE}.create", _has_no_subject),
)
