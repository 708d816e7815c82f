"""Turns a response and its results into examples with ids that refer to each other, as a server would store them."""

from collections.abc import Iterator, Mapping
from typing import Any

from service import __version__
from service.mapping.canonical import BASE

RESPONSE_PROFILE = f"{BASE}/StructureDefinition/triage-questionnaire-response|{__version__}"
RESULTS = ("RiskAssessment", "CarePlan", "ServiceRequest")

Resource = dict[str, Any]


def example_resources(name: str, response: Mapping[str, Any], answer: Mapping[str, Any]) -> Iterator[Resource]:
    """Yield a lone response and each of its results, all with this id; ``answer`` is the Bundle that ``$triage`` gave.

    They refer to each other by type and id. What was said of the request, as an OperationOutcome, is no example.
    """
    profiles = response.get("meta", {}).get("profile", [])
    head = {"resourceType": "QuestionnaireResponse", "id": name}
    meta = {**response.get("meta", {}), "profile": [*profiles, RESPONSE_PROFILE]}
    yield {**head, "meta": meta, **{key: value for key, value in response.items() if key not in ("meta", *head)}}
    entries = [entry for entry in answer["entry"] if entry["resource"]["resourceType"] in RESULTS]
    places = {entry["fullUrl"]: f"{entry['resource']['resourceType']}/{name}" for entry in entries}
    places[f"QuestionnaireResponse/{response.get('id', name)}"] = f"QuestionnaireResponse/{name}"
    for entry in entries:
        resource = entry["resource"]
        named = {"resourceType": resource["resourceType"], "id": name, **resource}
        yield _referring(named, places, response.get("identifier"), f"QuestionnaireResponse/{name}")


def _referring(content: Any, places: Mapping[str, str], identifier: object, response: str) -> Any:  # noqa: ANN401 - JSON of any shape
    """Write references by type and id, whether they named a result by its URN, or the response by id or identifier."""
    match content:
        case {"reference": str(place), **others} if place in places:
            return {"reference": places[place], **others}
        case {"type": "QuestionnaireResponse", "identifier": met, **others} if met == identifier:
            return {"reference": response, "type": "QuestionnaireResponse", "identifier": met, **others}
        case dict():
            return {key: _referring(part, places, identifier, response) for key, part in content.items()}
        case list():
            return [_referring(part, places, identifier, response) for part in content]
        case _:
            return content
