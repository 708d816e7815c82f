"""Where in a resource something can stand: each place builds a whole resource around a fragment of JSON."""

from collections.abc import Callable
from dataclasses import dataclass

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Place:
    """Name a place, the FHIRPath of the object that stands there, and the resource that has it."""

    name: str
    path: str
    resource_with: Callable[[Json], Json]


def response(**elements: object) -> Json:
    """Return the smallest valid QuestionnaireResponse with more elements."""
    return {"resourceType": "QuestionnaireResponse", "status": "completed", **elements}


def answered(answer: Json) -> Json:
    """Return a response whose only answer is the given one."""
    return response(item=[{"linkId": "a", "answer": [answer]}])


def patient(**elements: object) -> Json:
    """Return a valid Patient with more elements."""
    return {"resourceType": "Patient", "id": "a", **elements}


def bundle(*entries: Json) -> Json:
    """Return a Bundle of type collection with the given entries."""
    return {"resourceType": "Bundle", "type": "collection", "entry": list(entries)}


def parameters(*entries: Json) -> Json:
    """Return Parameters with the given entries."""
    return {"resourceType": "Parameters", "parameter": list(entries)}


COMPLEX_EXTENSION = "urn:example:complex"
RESPONSE = "QuestionnaireResponse"

PLACES = (
    Place("resource", RESPONSE, lambda f: response(**f)),
    Place("meta", f"{RESPONSE}.meta", lambda f: response(meta={"versionId": "1"} | f)),
    Place(
        "narrative",
        f"{RESPONSE}.text",
        lambda f: response(
            text={"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml">a</div>'} | f
        ),
    ),
    Place("identifier", f"{RESPONSE}.identifier", lambda f: response(identifier={"value": "a"} | f)),
    Place("reference", f"{RESPONSE}.subject", lambda f: response(subject={"reference": "Patient/a"} | f)),
    Place("companion of a primitive", f"{RESPONSE}.authored", lambda f: response(authored="2026", _authored=f)),
    Place("companion without a primitive", f"{RESPONSE}.authored", lambda f: response(_authored=f)),
    Place("companion in an array", "Patient.name[0].given[1]", lambda f: patient(name=[given_with(f)])),
    Place("item", f"{RESPONSE}.item[0]", lambda f: response(item=[{"linkId": "a"} | f])),
    Place(
        "nested item",
        f"{RESPONSE}.item[1].item[0]",
        lambda f: response(item=[{"linkId": "a"}, {"linkId": "b", "item": [{"linkId": "c"} | f]}]),
    ),
    Place("answer", f"{RESPONSE}.item[0].answer[0]", lambda f: answered({"valueInteger": 1} | f)),
    Place(
        "item of an answer",
        f"{RESPONSE}.item[0].answer[0].item[0]",
        lambda f: answered({"valueInteger": 1, "item": [{"linkId": "b"} | f]}),
    ),
    Place(
        "value of an answer",
        f"{RESPONSE}.item[0].answer[0].value",
        lambda f: answered({"valueCoding": {"code": "a"} | f}),
    ),
    Place("extension", f"{RESPONSE}.extension[0]", lambda f: response(extension=[{"url": COMPLEX_EXTENSION} | f])),
    Place("contained resource", f"{RESPONSE}.contained[0]", lambda f: response(contained=[patient(**f)])),
    Place("Bundle entry", "Bundle.entry[1]", lambda f: bundle({"fullUrl": "urn:a"}, {"fullUrl": "urn:b"} | f)),
    Place(
        "resource of a Bundle entry",
        "Bundle.entry[1].resource",
        lambda f: bundle({"resource": patient()}, {"resource": response(**f)}),
    ),
    Place("parameter", "Parameters.parameter[0]", lambda f: parameters({"name": "a", "valueInteger": 1} | f)),
    Place(
        "resource of a parameter",
        "Parameters.parameter[0].resource",
        lambda f: parameters({"name": "a", "resource": response(**f)}),
    ),
    Place(
        "resource of a part",
        "Parameters.parameter[0].part[0].resource",
        lambda f: parameters({"name": "a", "part": [{"name": "b", "resource": patient(**f)}]}),
    ),
)


def given_with(companion: Json) -> Json:
    """Return a name whose second given name has the companion."""
    return {"given": ["a", "b"], "_given": [None, companion]}
