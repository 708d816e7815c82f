"""Random bodies that are triaged, from a seed: any answers, shown or not, any status, a record beside them or none."""

from decimal import Decimal
from random import Random

from service.knowledge.form import Item
from service.mapping.canonical import NONE_OF_THESE, NOT_SURE
from tests.mapping.responses import ITEMS, Json, Said, filled, response
from tests.usecases.test_triage import bundle, parameters

STATUSES = ("completed", "completed", "completed", "amended", "in-progress", "stopped")
TIMES = ("2026-11-21T10:00:00Z", "2026-11-21T10:00:00Z", "2026-11-19T10:00:00Z", "2027-01-01", None)
POLICIES = ("strictest", "strictest", "strictest", "reconciled", "source:GM", "source:CC", "source:SP")
SNOMED = "http://snomed.info/sct"
CONDITIONS = ("711150003", "266987004", "64859006", "77386006")
"""Of a record: a blood thinner, cancer in the history, weak bones, a pregnancy."""


def random_body(rng: Random) -> Json:
    """Draw a request: a response alone or beside a record, under any policy."""
    content = _response(rng)
    if rng.random() < 0.3:
        content = bundle(content, *_record(rng))
    policy = rng.choice(POLICIES)
    return content if policy == "strictest" else parameters(content, policy=policy)


def _response(rng: Random) -> Json:
    """Draw answers: mostly a healthy adult with a few of them changed, at times anything to any question."""
    elements: Json = {"status": rng.choice(STATUSES), "authored": rng.choice(TIMES)}
    if rng.random() < 0.1:
        elements["subject"] = None
    if rng.random() < 0.6:
        changed = rng.sample(list(ITEMS), rng.choice((0, 1, 2, 4)))
        said = {link_id.replace("-", "_"): _said(rng, ITEMS[link_id], 0.8) for link_id in changed}
        content = filled(**said) | elements
    else:
        danger = rng.choice((0.02, 0.1, 0.5))
        content = response({link_id: _said(rng, item, danger) for link_id, item in ITEMS.items()}, **elements)
    return {key: value for key, value in content.items() if value is not None}


def _said(rng: Random, item: Item, danger: float) -> Said:  # noqa: PLR0911 - one return for each kind of question
    if rng.random() < 0.15:
        return None
    yes = rng.random() < danger
    match item.kind:
        case "boolean":
            return yes or item.link_id == "upper-back-pain"
        case "yes-no-not-sure":
            return rng.choice(("yes", NOT_SURE)) if yes else "no"
        case "checklist":
            return rng.sample([*item.findings, NOT_SURE], rng.choice((1, 2))) if yes else [NONE_OF_THESE]
        case "choice":
            return rng.choice(item.options)
        case "choices":
            return rng.sample(item.options[:-1], rng.choice((1, 2))) if yes else [item.options[-1]]
        case "integer":
            return rng.randint(int(item.minimum or 0), int(item.maximum or 0))
        case "quantity":
            low, high = float(item.minimum or 0), float(item.maximum or 0)
            return Decimal(f"{rng.uniform(low, high):.1f}"), item.unit
        case _:
            return "It began at work." if yes else None


def _record(rng: Random) -> list[Json]:
    own = {"subject": {"reference": "Patient/1"}}
    codes = rng.sample(CONDITIONS, rng.choice((0, 1, 2)))
    conditions = [
        {"resourceType": "Condition", **own, "code": {"coding": [{"system": SNOMED, "code": code}]}} for code in codes
    ]
    birth = f"{rng.randint(1930, 2025)}-{rng.randint(1, 12):02}"
    return [*conditions, {"resourceType": "Patient", "id": "1", "birthDate": birth}]
