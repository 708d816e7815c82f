"""The sound bodies that each route of the service takes, made of realistic responses; nothing is sent from here."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from service.mapping.canonical import BASE, FINDING, UCUM
from tests.mapping.damage import BASES
from tests.mapping.responses import BOOK

Json = dict[str, Any]
SYSTEM = f"{BASE}/example/recorded"
FORM, PLAN = "upper-back-pain", "upper-back-pain"
VALUE_SET = "finding"
WORDS = {unit.code: unit.name for item in BOOK.form.items() for unit in item.units}
PATIENT = {"resourceType": "Patient", "id": "1", "gender": "female", "birthDate": "1980-01-01"}
NOW = datetime.now(UTC).isoformat(timespec="seconds")
"""When the answers were given: answers of today are not old ones."""


def response(number: int, **changes: Any) -> Json:
    """Return a response of its own identity; the same number makes the same, and the bases come in turn."""
    content = _in_words(list(BASES.values())[number % len(BASES)])
    identity = {"system": SYSTEM, "value": f"answers-{number}"}
    subject = {"reference": f"Patient/recorded-{number % 7}"}
    return {**content, "identifier": identity, "subject": subject, "authored": NOW, **changes}


def parameters(**given: Mapping[str, Any]) -> Json:
    """Return Parameters, each by its name with its value or resource."""
    named = [{"name": name.replace("_", "-"), **value} for name, value in given.items()]
    return {"resourceType": "Parameters", "parameter": named}


def bundle(kind: str, *entries: Json) -> Json:
    return {"resourceType": "Bundle", "type": kind, **({"entry": list(entries)} if entries else {})}


def posted(resource: Json, **request: str) -> Json:
    """Return an entry that creates a response."""
    asked = {"method": "POST", "url": "QuestionnaireResponse", **request}
    return {"fullUrl": _urn(resource["identifier"]["value"]), "resource": resource, "request": asked}


def asked_for(url: str, method: str = "GET", **request: str) -> Json:
    """Return an entry that asks for something."""
    return {"request": {"method": method, "url": url, **request}}


def batch(number: int) -> Json:
    """Return a batch whose entries are answered with 200, 201, 400, 404 and 405."""
    faulty = {**response(number + 1), "status": "done"}
    return bundle(
        "batch",
        posted(response(number)),
        posted(faulty),
        asked_for("ValueSet/answers-answered-by"),
        asked_for("RiskAssessment?_count=1&_include=RiskAssessment:response"),
        asked_for("CarePlan/none"),
        asked_for("RiskAssessment/1", "DELETE"),
        {**posted(response(number)), "request": {"method": "POST", "url": "QuestionnaireResponse/$triage"}},
    )


def transaction(number: int) -> Json:
    """Return a transaction that stores two responses, the first of which names the second."""
    second = response(number + 1)
    follows = {"reference": _urn(second["identifier"]["value"])}
    first = response(number, extension=[{"url": f"{SYSTEM}/follows", "valueReference": follows}])
    return bundle("transaction", posted(first), posted(second))


def message(number: int, **changes: Any) -> Json:
    """Return a message with one response."""
    content = response(number, **changes)
    focus = _urn(content["identifier"]["value"])
    header = {
        "resourceType": "MessageHeader",
        "id": f"message-{number}",
        "eventCoding": {"system": f"{SYSTEM}/event", "code": "answers"},
        "source": {"name": "HIS", "endpoint": "urn:his:out"},
        "focus": [{"reference": focus}],
    }
    entries = [
        {"fullUrl": _urn(f"header-{number}"), "resource": header},
        {"fullUrl": focus, "resource": content},
    ]
    return {**bundle("message", *entries), "id": f"bundle-{number}", "timestamp": NOW}


def with_record(number: int) -> Json:
    """Return a collection: a response, and the patient's record."""
    content = response(number, subject={"reference": "Patient/1"})
    focus = _urn(content["identifier"]["value"])
    entries = [{"fullUrl": focus, "resource": content}, {"fullUrl": _urn("patient"), "resource": PATIENT}]
    entries[0]["resource"]["subject"] = {"reference": _urn("patient")}
    return bundle("collection", *entries)


def to_triage(number: int) -> Json:
    moment = {"valueDateTime": NOW}
    return parameters(response={"resource": response(number)}, at=moment)


def to_populate() -> Json:
    subject = {"valueReference": {"reference": "Patient/1"}}
    parts = [{"name": "name", "valueString": "patient"}, {"name": "content", "resource": PATIENT}]
    return parameters(subject=subject, context={"part": parts})


def to_apply(number: int) -> Json:
    content = response(number)
    return parameters(subject={"valueString": content["subject"]["reference"]}, data={"resource": content})


def to_expand(value_set: str = VALUE_SET) -> Json:
    return parameters(url={"valueUri": f"{BASE}/ValueSet/{value_set}"}, count={"valueInteger": 3})


def to_validate_code(code: str = "") -> Json:
    url = {"valueUri": f"{BASE}/ValueSet/{VALUE_SET}"}
    return parameters(url=url, coding={"valueCoding": {"system": FINDING, "code": code or a_finding()}})


def a_finding() -> str:
    """Name a code that is in the value set of findings."""
    return next(code for item in BOOK.form.items() for code in item.findings)


def _in_words(node: Any) -> Any:
    """Return the content with the unit of each quantity in the words of its question, as a form writes it."""
    if isinstance(node, list):
        return [_in_words(one) for one in node]
    if not isinstance(node, Mapping):
        return node
    if node.get("system") == UCUM:
        return {**node, "unit": WORDS[node["code"]]}
    return {key: _in_words(one) for key, one in node.items()}


def _urn(name: str) -> str:
    """Return a urn:uuid that is always the same for a name."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, name)}"
