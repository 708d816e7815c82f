"""Measures a Bundle of 500 responses beside 500 single runs, in this process and without HTTP."""

import json
from collections.abc import Sequence
from time import perf_counter

from service.mapping.body import open_body
from service.mapping.writing.json_bytes import dump
from service.mapping.writing.kept import Kept
from service.settings import Settings
from service.usecases.triage import Triage
from tests.bench.bodies import bare
from tests.bench.figures import AT_MOST, Figure, Goal, Row, ratio
from tests.bench.moment import authored_now
from tests.bench.plan import Plan
from tests.real_book import proven_book

NAME, COUNT = "a Bundle of 500", 500


def measure(plan: Plan) -> Row:
    """Time the Bundle, and the same responses one by one; what they take to be read is told apart."""
    triage = Triage(proven_book(), Settings(), kept=Kept())
    alone = authored_now(bare(of_each=COUNT))
    together = bundled(alone)
    _answer(triage, [together, *alone])
    wholes, parts = [], []
    for _ in range(plan.rounds):
        wholes.append(_answer(triage, [together]))
        parts.append(_read(triage, [together]) + _answer(triage, alone) - _read(triage, alone))
    goal = Goal(AT_MOST, 1.0)
    figures = (
        ratio("time of the Bundle by that of reading it and 500 single runs", wholes, parts, goal),
        Figure("a Bundle of 500", tuple(one * 1000 for one in wholes), "ms"),
    )
    conditions = f"{plan.rounds} rounds, without HTTP; a single run is everything but reading the body"
    return Row(NAME, conditions, figures)


def bundled(responses: Sequence[bytes]) -> bytes:
    """Put responses into one Bundle, each another patient's."""
    base = "https://ehr.invalid/fhir/QuestionnaireResponse"
    entries = []
    for number, body in enumerate(responses):
        resource = {**json.loads(body), "id": f"answers-{number}", "subject": {"reference": f"Patient/{number}"}}
        entries.append({"fullUrl": f"{base}/answers-{number}", "resource": resource})
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode()


def _answer(triage: Triage, bodies: Sequence[bytes]) -> float:
    begin = perf_counter()
    for body in bodies:
        dump(triage(body).resource)
    return perf_counter() - begin


def _read(triage: Triage, bodies: Sequence[bytes]) -> float:
    begin = perf_counter()
    for body in bodies:
        open_body(body, triage.settings.limits, triage.read_quickly)
    return perf_counter() - begin
