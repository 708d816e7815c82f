"""What the judges are shown: every committed definition, outputs of the service, and the samples; it judges nothing."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import orjson

from service.mapping.canonical import BASE
from service.mapping.writing.bundle import collection
from service.mapping.writing.json_bytes import dump
from service.settings import Settings
from service.usecases.triage import Triage
from tests.example_cases import Example, read_examples
from tests.examples_builder import answer
from tests.mapping.responses import BOOK, ITEMS, Json, Said, filled, response
from tests.mapping.writing.patients import PATIENTS, RUN, entries, free_text, header, warning

PROFILES = Path(__file__).parents[2] / "fhir_profiles"
RESPONSE_PROFILE = f"{BASE}/StructureDefinition/triage-questionnaire-response"
AT = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)
SETTINGS = replace(
    Settings(), allow_request_policy=True, policy_signed_by="Sign-off of the judges", policy_signed_on=date(2026, 10, 1)
)
HEADERS = {
    "as-sent": header(),
    "bare": header(
        subject=None, encounter=None, authored="", free_texts=free_text("<b>&"), notices=(warning("no subject"),)
    ),
    "month": header(authored="2026-05"),
}
RESPONSES_MADE_UP = 40
STORED_EXAMPLE = "within-24h-breath-pain"
STORED_STATES = {
    "RiskAssessment": ("amended", "entered-in-error"),
    "CarePlan": ("draft", "revoked", "entered-in-error"),
    "ServiceRequest": ("draft", "revoked", "entered-in-error"),
}


def definitions() -> dict[str, bytes]:
    """Read every committed definition: compiled from FSH, and built from the rule book."""
    named = {path.name: path.read_bytes() for path in sorted(PROFILES.glob("*.json"))}
    return {name: content for name, content in named.items() if name not in ("package.json", ".index.json")}


def package_examples() -> dict[str, bytes]:
    """Read the examples of the package: responses and results as a server would store them."""
    return {path.name: path.read_bytes() for path in sorted(PROFILES.glob("example/*.json"))}


def stored() -> dict[str, bytes]:
    """Write what becomes of one example's results when its response is amended, and when it is withdrawn."""
    return {f"{kind}-{state}.json": dump(one) for kind, state, one in _stored_states()}


def outputs() -> dict[str, bytes]:
    """Write the answers to samples under each policy and to made-up responses, and the results of the test patients."""
    return {name: dump(bundle) for name, bundle in (*_of_samples(), *_of_made_up_responses(), *_of_patients())}


def samples() -> dict[str, bytes]:
    """Read the bodies of the samples; a lone response claims the profile, so that it is judged by it, too."""
    return {f"{one.name}.json": _claiming(one.body) for one in json_examples()}


def json_examples() -> list[Example]:
    """List the samples that are JSON at all, so that a judge can read them."""
    return [one for one in read_examples() if one.is_json]


def _stored_states() -> Iterator[tuple[str, str, Json]]:
    meta = {"versionId": "2", "lastUpdated": "2026-06-01T10:00:00.000Z"}
    for kind, states in STORED_STATES.items():
        example = json.loads(package_examples()[f"{kind}-{STORED_EXAMPLE}.json"], parse_float=Decimal)
        for state in states:
            changed = {**example, "meta": {**meta, **example["meta"]}, "status": state}
            if kind == "CarePlan" and state == "draft":
                changed["replaces"] = [{"reference": f"CarePlan/{STORED_EXAMPLE}"}]
            yield kind, state, changed


def _of_samples() -> Iterator[tuple[str, Json]]:
    for one in json_examples():
        for policy in ("strictest", "reconciled"):
            yield f"sample-{one.name}-{policy}.json", answer(BOOK, one, policy).resource


def _of_made_up_responses() -> Iterator[tuple[str, Json]]:
    """Answer responses with a few answers of any kind each, under every policy in turn."""
    random, policies = Random(40), list(BOOK.policies)  # noqa: S311  # cases, not secrets
    for number in range(RESPONSES_MADE_UP):
        policy = policies[number % len(policies)]
        body = _asking(filled(**_a_few_answers(random)), policy)
        yield f"made-up-{number}.json", Triage(BOOK, SETTINGS, lambda: AT)(dump(body)).resource
    yield "blank.json", Triage(BOOK, SETTINGS, lambda: AT)(dump(response({}))).resource


def _a_few_answers(random: Random) -> dict[str, Said]:
    said: dict[str, Said] = {"severity-now": random.randint(0, 10), "age": random.choice([3, 15, 40, 70])}
    for link_id in random.sample(sorted(ITEMS), 6):
        item = ITEMS[link_id]
        if item.kind in ("boolean", "yes-no-not-sure"):
            said[link_id] = True if item.kind == "boolean" else random.choice(["yes", "not-sure"])
        elif item.kind == "checklist":
            said[link_id] = random.choice([[random.choice(item.findings)], ["not-sure"], None])
    return {link_id.replace("-", "_"): one for link_id, one in said.items()}


def _asking(content: Json, policy: str) -> Json:
    parameters = [{"name": "response", "resource": content}, {"name": "policy", "valueCode": policy}]
    return {"resourceType": "Parameters", "parameter": parameters}


def _of_patients() -> Iterator[tuple[str, Json]]:
    for number, patient in enumerate(PATIENTS):
        for name, head in HEADERS.items():
            yield f"patient-{number}-{name}.json", collection(entries(patient, head, RUN))


def _claiming(body: bytes) -> bytes:
    """Add the profile to a lone response; other bodies stay as they are, and so do the digits of numbers."""
    content: Mapping[str, Any] = orjson.loads(body)
    if content.get("resourceType") != "QuestionnaireResponse" or b'"profile"' in body:
        return body
    text = body.decode()
    if "meta" in content:
        return text.replace('"meta": {', f'"meta": {{"profile": ["{RESPONSE_PROFILE}"], ', 1).encode()
    return text.replace("{", f'{{"meta": {{"profile": ["{RESPONSE_PROFILE}"]}}, ', 1).encode()
