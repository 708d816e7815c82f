"""Every result carries what US and UK guidance asks of decision support, whatever was sent.

Inputs used and where from, inputs missing, rule ids, rule book digest, citations, intended use: as
fhir_profiles/safety/intended-use.yaml lists them. A quick share runs always; RANDOM_CASES sets a larger one.
"""

import os
import re
from collections import Counter
from random import Random

from service.mapping.canonical import NOT_SURE
from tests.mapping.responses import ITEMS, Json
from tests.mapping.writing.patients import extensions, parts, texts
from tests.safety.answered import BOOK, entries_of
from tests.safety.random_bodies import random_body

CASES = int(os.environ.get("RANDOM_CASES", "300"))
SOURCES = {statement.id: statement.source for statement in BOOK.statements.values()}


def test_every_result_carries_what_guidance_asks_for() -> None:
    counts: Counter[str] = Counter()
    rng = Random(20)  # noqa: S311 - the same bodies every time
    for index in range(CASES):
        body = random_body(rng)
        assert _faults(_response_in(body), entries_of(body), counts) == [], f"body {index} of the seed"
    print(dict(counts))
    assert counts["RiskAssessment"] == CASES
    assert counts["CarePlan"] > CASES / 3, "all but those of one source alone, which are three in seven"
    for what in ("input used", "input missing", "rule fired", "rule undecided", "citation", "prediction"):
        assert counts[what] > CASES, what
    assert counts["self-care"] > CASES / 100, "results without a danger are among them"


def _response_in(body: Json) -> Json:
    if body["resourceType"] == "Parameters":
        body = body["parameter"][0]["resource"]
    return body["entry"][0]["resource"] if body["resourceType"] == "Bundle" else body


def _faults(response: Json, entries: dict[str, Json], counts: Counter[str]) -> list[str]:
    risk = entries["RiskAssessment"]["resource"]
    outcome = entries.get("OperationOutcome", {}).get("resource", {})
    counts["RiskAssessment"] += 1
    counts[str(extensions(risk, "triage-level")[0]["valueCodeableConcept"]["coding"][0]["code"])] += 1
    faults = [
        *_inputs(response, risk, outcome, counts),
        *_rules(risk, counts),
        *_book(risk),
        *_intended_use(risk),
        *_predictions(risk, counts),
    ]
    if "CarePlan" in entries:
        counts["CarePlan"] += 1
        faults += _plan(entries)
    return faults


def _inputs(response: Json, risk: Json, outcome: Json, counts: Counter[str]) -> list[str]:
    """Each answer is used, or a warning names its question; what is used has an origin, what is open is not used."""
    used = [(parts(one, "finding")[0], parts(one, "from")[0]) for one in extensions(risk, "input-used")]
    missing = [one["valueCode"] for one in extensions(risk, "input-missing")]
    counts["input used"] += len(used)
    counts["input missing"] += len(missing)
    origins = [next(part for part in said if part["url"] == "origin").get("valueCode") for _, said in used]
    links = {part["valueString"] for _, said in used for part in said if part["url"] == "linkId"}
    told = " ".join(issue["details"]["text"] for issue in outcome.get("issue", ()))
    unheard = [link for link in _decided(response) - links if ITEMS[link].ask not in told]
    names = [finding for finding, _ in used]
    return [
        *(f"answered, neither used nor told: {link}" for link in unheard),
        *(f"used without an origin: {names[i]}" for i, origin in enumerate(origins) if not origin),
        *(f"used and missing: {one}" for one in {*names} & {*missing}),
        *(f"not a finding: {one}" for one in {*names, *missing} - {*BOOK.findings}),
        *(["a finding stands twice"] if len({*names}) < len(names) or len({*missing}) < len(missing) else []),
        *([] if risk["basis"] else ["no basis"]),
    ]


def _decided(response: Json) -> set[str]:
    """Name the questions whose answer decides something: not sure of a list decides nothing."""
    answered = {}
    for group in response.get("item", ()):
        for item in group["item"]:
            answered[item["linkId"]] = [one.get("valueCoding", {}).get("code") for one in item["answer"]]
    return {link for link, codes in answered.items() if codes != [NOT_SURE] or ITEMS[link].kind != "checklist"}


def _rules(risk: Json, counts: Counter[str]) -> list[str]:
    """Each rule in the trace has id, verdict, findings and citations; a level above the least has such a rule."""
    faults = []
    traces = extensions(risk, "trace")
    used = {parts(one, "finding")[0] for one in extensions(risk, "input-used")}
    for trace in traces:
        (rule,), (verdict,) = parts(trace, "rule"), parts(trace, "verdict")
        statements, findings = parts(trace, "statement"), parts(trace, "finding")
        counts[f"rule {verdict}"] += 1
        counts["citation"] += len(statements)
        if rule not in BOOK.rules or verdict not in ("fired", "undecided"):
            faults.append(f"no rule or no verdict: {rule}")
        if not statements or not {*statements} <= SOURCES.keys():
            faults.append(f"no citation: {rule}")
        if verdict == "fired" and not {*findings} <= used:
            faults.append(f"fired by what was not used: {rule}")
        if verdict == "undecided" and (not findings or {*findings} & used):
            faults.append(f"open for what is known, or for nothing: {rule}")
    level = extensions(risk, "triage-level")[0]["valueCodeableConcept"]["coding"][0]["code"]
    ceiling = extensions(risk, "triage-ceiling")[0]["valueCodeableConcept"]["coding"][0]["code"]
    if level != "self-care" and not traces:
        faults.append("a level without a rule")
    if ceiling != level and (risk["status"] != "preliminary" or not extensions(risk, "input-missing")):
        faults.append("could be higher, and does not say what is missing")
    return faults


def _book(risk: Json) -> list[str]:
    (book,) = extensions(risk, "rule-book")
    named = (parts(book, "version"), parts(book, "sha256"))
    (policy,) = extensions(risk, "policy")
    right = named == ([BOOK.version], [BOOK.digest]) and re.fullmatch("[0-9a-f]{64}", BOOK.digest)
    return [*([] if right else ["another rule book"]), *([] if parts(policy, "code") else ["no policy"])]


def _intended_use(resource: Json) -> list[str]:
    """The sentence stands in a note, for programs, and in the narrative, for people."""
    noted = BOOK.intended_use in [note["text"] for note in resource["note"]]
    told = BOOK.intended_use in resource["text"]["div"]
    return [] if noted and told else [f"{resource['resourceType']}: no intended use"]


def _predictions(risk: Json, counts: Counter[str]) -> list[str]:
    predictions = risk.get("prediction", ())
    counts["prediction"] += len(predictions)
    unfounded = [one for one in predictions if not extensions(one, "rests-on") or "Named by" not in one["rationale"]]
    return ["a cause without a citation"] if unfounded else []


def _plan(entries: dict[str, Json]) -> list[str]:
    """A plan names the assessment beside it, its rules and their digest; each activity rests on somebody's word."""
    plan, risk = entries["CarePlan"]["resource"], entries["RiskAssessment"]
    based = risk["fullUrl"] in [one.get("reference") for one in plan["supportingInfo"]]
    rules = plan["instantiatesCanonical"][0].endswith(f"|{BOOK.version}")
    unfounded = [one for one in plan["activity"] if not extensions(one, "rests-on")]
    return [
        *_intended_use(plan),
        *([] if based and rules else ["a plan without its assessment or its rules"]),
        *([] if BOOK.digest in " ".join(texts(plan)) else ["a plan without the digest of its rules"]),
        *(["an activity that rests on nothing"] if unfounded else []),
    ]
