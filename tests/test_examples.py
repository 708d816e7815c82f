"""Every sample body gets the answer that its case describes, in process and, for a share of them, through HTTP."""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from service.knowledge.model import RuleBook
from service.mapping.canonical import BASE
from service.mapping.gate.json_text import parse
from service.mapping.gate.structure import check
from service.mapping.writing.json_bytes import dump
from service.settings import Limits
from service.usecases.profiles import resources
from service.web.app import create_app
from tests.example_answers import (
    Resources,
    activities,
    code_of,
    extension,
    extensions,
    notice_of,
    part_of,
    parts_of,
    results_of,
    unmatched,
)
from tests.example_cases import FOLDER, POLICIES, Example, Expected, Refusal, read_examples
from tests.examples_builder import README, Answered, answer, settings_for, triage_of, written_answer, written_readme
from tests.real_book import proven_book

EXAMPLES = {example.name: example for example in read_examples()}
LEVELS = ("ambulance", "emergency", "within-24h", "appointment", "self-care")
DISAGREEMENTS = (
    # topic of guidance.md, and the case that stands for each level of its reconciled row
    ("no improvement", "row-no-improvement-not-better", "row-no-improvement-clearly-better"),
    ("sudden severe", "row-sudden-severe"),
    ("bladder, bowel", "row-bladder-cannot-hold", "row-bladder-cannot-go"),
    ("weakness", "row-weakness-leg", "row-weakness-arm-lost", "row-weakness-one-arm"),
    ("numbness, tingling", "row-numbness-saddle", "row-numbness-one-leg", "row-numbness-one-arm"),
    ("fever", "row-fever-with-cough", "row-fever-well-adult"),
    ("pain on a deep breath", "row-breath-pain-clot-risk", "within-24h-breath-pain", "row-breath-pain-explained"),
    ("breathless, faint", "row-breathless", "row-breathless-longstanding"),
    ("dizziness", "row-dizziness", "row-dizziness-on-standing"),
    ("chest pain", "row-chest-pain"),
    ("nausea", "row-nausea-new", "row-nausea-known-after-meals"),
    ("abdominal tenderness", "row-belly-tenderness"),
    ("weight loss", "row-weight-loss"),
    ("injury", "row-injury-serious-accident", "row-injury-fall", "row-injury-sharp-after-activity"),
    ("burning pain with rash", "row-burning-with-rash"),
    ("cough pain, lasting", "row-cough-pain-lasting-fever", "row-cough-pain-lasting"),
    ("worsening", "row-worsening-at-night", "row-worsening"),
    ("pregnancy, severe or lasting", "row-pregnancy-lasting"),
    (
        "sudden sharp between the blades",
        "row-between-blades-severe",
        "row-between-blades",
        "row-between-blades-explained",
    ),
)


@cache
def _answered(name: str, policy: str) -> Answered:
    return answer(_book(), EXAMPLES[name], policy)


@cache
def _book() -> RuleBook:
    return proven_book()


# --- what each response gets ------------------------------------------------------------------------------------------


def _pairs() -> Iterator[Any]:
    """List every response of every case under every policy, with its place in the body and what it must get."""
    for example in EXAMPLES.values():
        for policy in POLICIES:
            for index, expected in enumerate(example.expected[policy]):
                yield pytest.param(example, policy, index, expected, id=f"{example.name}-{policy}-{index}")


def _result(example: Example, policy: str, index: int) -> Resources:
    return results_of(_answered(example.name, policy))[index]


PAIRS = tuple(_pairs())
TRIAGED = tuple(pair for pair in PAIRS if isinstance(pair.values[3], Expected))
REFUSED = tuple(pair for pair in PAIRS if isinstance(pair.values[3], Refusal))


@pytest.mark.parametrize(("example", "policy", "index", "expected"), TRIAGED)
def test_a_response_gets_its_level_ceiling_status_and_scope(
    example: Example, policy: str, index: int, expected: Expected
) -> None:
    risk = _result(example, policy, index)["RiskAssessment"]
    assert {
        "level": code_of(risk, "triage-level"),
        "ceiling": code_of(risk, "triage-ceiling"),
        "status": risk["status"],
        "scope": extension(risk, "scope")["valueCode"],
        "policy": parts_of(extension(risk, "policy"), "code")[0],
    } == {
        "level": expected.level,
        "ceiling": expected.ceiling,
        "status": expected.risk_status,
        "scope": expected.scope,
        "policy": expected.policy,
    }


@pytest.mark.parametrize(("example", "policy", "index", "expected"), TRIAGED)
def test_every_named_rule_is_in_the_trace_with_its_verdict_and_its_questions(
    example: Example, policy: str, index: int, expected: Expected
) -> None:
    traces = list(extensions(_result(example, policy, index)["RiskAssessment"], "trace"))
    verdicts = {parts_of(one, "rule")[0]: parts_of(one, "verdict")[0] for one in traces}
    asked = {link for one in traces if parts_of(one, "verdict") == ["undecided"] for link in parts_of(one, "linkId")}
    wanted = {**dict.fromkeys(expected.fired, "fired"), **dict.fromkeys(expected.undecided, "undecided")}
    assert {rule: verdicts.get(rule) for rule in wanted} == wanted
    assert set(expected.asks) <= asked


@pytest.mark.parametrize(("example", "policy", "index", "expected"), TRIAGED)
def test_every_named_cause_is_listed_as_it_fits(example: Example, policy: str, index: int, expected: Expected) -> None:
    predictions = _result(example, policy, index)["RiskAssessment"].get("prediction", [])
    listed = {one["outcome"]["coding"][0]["code"]: one["qualitativeRisk"]["coding"][0]["code"] for one in predictions}
    wanted = expected.causes or {}
    assert {cause: listed.get(cause) for cause in wanted} == dict(wanted)
    assert not (expected.no_causes and listed)


@pytest.mark.parametrize(("example", "policy", "index", "expected"), TRIAGED)
def test_the_plan_suggests_forbids_and_leaves_out_what_it_must(
    example: Example, policy: str, index: int, expected: Expected
) -> None:
    suggested, forbidden = activities(_result(example, policy, index))
    assert set(expected.suggested) <= suggested
    assert set(expected.forbidden) <= forbidden
    assert not set(expected.absent) & (suggested | forbidden)
    assert not suggested & forbidden


@pytest.mark.parametrize(("example", "policy", "index", "expected"), TRIAGED)
def test_the_words_of_the_level_begin_with_what_is_open_and_say_what_is_old(
    example: Example, policy: str, index: int, expected: Expected
) -> None:
    words = _result(example, policy, index)["ServiceRequest"]["patientInstruction"]
    assert words.startswith(expected.begins)
    assert expected.says in words


@pytest.mark.parametrize(("example", "policy", "index", "expected"), TRIAGED)
def test_the_warnings_are_exactly_those_of_the_case(
    example: Example, policy: str, index: int, expected: Expected
) -> None:
    outcome = _result(example, policy, index).get("OperationOutcome", {"issue": []})
    warnings = [notice_of(issue) for issue in outcome["issue"] if issue["severity"] != "information"]
    assert unmatched(expected.warnings, warnings) == ([], [])


@pytest.mark.parametrize(("example", "policy", "index", "expected"), TRIAGED)
def test_a_fact_of_the_record_says_that_it_comes_from_there(
    example: Example, policy: str, index: int, expected: Expected
) -> None:
    used = extensions(_result(example, policy, index)["RiskAssessment"], "input-used")
    origins = {parts_of(one, "finding")[0]: parts_of(part_of(one, "from"), "origin")[0] for one in used}
    assert {finding for finding, origin in origins.items() if origin == "record"} == set(expected.from_record)


@pytest.mark.parametrize(("example", "policy", "index", "expected"), TRIAGED)
def test_a_result_says_whose_it_is_and_whether_it_is_test_data(
    example: Example, policy: str, index: int, expected: Expected
) -> None:
    results = _result(example, policy, index)
    for resource in (results["RiskAssessment"], results["CarePlan"], results["ServiceRequest"]):
        assert ("extension" in resource["subject"]) == (expected.subject == "unknown")
        assert ("security" in resource["meta"]) == expected.test_data


@pytest.mark.parametrize(("example", "policy", "index", "expected"), REFUSED)
def test_what_cannot_be_triaged_is_refused_with_its_place(
    example: Example, policy: str, index: int, expected: Refusal
) -> None:
    answered = _answered(example.name, policy)
    outcome = answered.resource if expected.status else results_of(answered)[index]["OperationOutcome"]
    issues = [notice_of(issue) for issue in outcome["issue"]]
    assert {issue["severity"] for issue in outcome["issue"]} == {"error"}
    assert unmatched(expected.issues, issues) == ([], [])
    assert answered.status == (expected.status or 200)


# --- the answers as a whole -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
@pytest.mark.parametrize("policy", POLICIES)
def test_a_body_gets_one_answer_per_response_in_its_order(example: Example, policy: str) -> None:
    answered = _answered(example.name, policy)
    if example.refusal:
        assert answered.resource["resourceType"] == "OperationOutcome"
    else:
        assert answered.status == 200
        assert len(results_of(answered)) == len(example.expected[policy])


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
def test_reconciled_is_never_above_strictest(example: Example) -> None:
    for strictest, reconciled in zip(example.expected["strictest"], example.expected["reconciled"], strict=True):
        if isinstance(strictest, Expected) and isinstance(reconciled, Expected):
            assert LEVELS.index(reconciled.level) >= LEVELS.index(strictest.level)


KEPT = [one for one in EXAMPLES.values() if one.http]
"""The cases that go through HTTP keep their whole answer; the others keep what must be true of it."""


@pytest.mark.parametrize("example", KEPT, ids=lambda one: one.name)
def test_the_committed_answer_is_the_answer_byte_for_byte(example: Example) -> None:
    committed = (example.folder / "answer.json").read_bytes()
    same = committed == written_answer(_answered(example.name, "strictest"))
    # Compared first and named in words: showing the difference of two such texts takes pytest minutes.
    assert same, "answer.json differs; look at the difference after: python -m tests.examples_builder --write"


@pytest.mark.parametrize("example", KEPT, ids=lambda one: one.name)
@pytest.mark.parametrize("policy", POLICIES)
def test_http_gives_the_very_bytes_of_the_same_answer(example: Example, policy: str) -> None:
    app = create_app(triage_of(_book(), example, policy), settings_for(policy), resources(_book()))
    response = app.test_client().post(
        "/fhir/QuestionnaireResponse/$triage", data=example.body, content_type="application/fhir+json"
    )
    answered = _answered(example.name, policy)
    assert (response.status_code, response.data) == (answered.status, dump(answered.resource))


# --- the collection of cases ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("example", [one for one in EXAMPLES.values() if not one.refusal], ids=lambda one: one.name)
def test_a_body_that_is_triaged_is_structurally_valid_r4(example: Example) -> None:
    body = parse(example.body, Limits())
    assert isinstance(body, dict)
    assert check(body, body["resourceType"]) == ()


@pytest.mark.parametrize("policy", POLICIES)
def test_every_level_is_shown_under_each_policy(policy: str) -> None:
    expected = [one for example in EXAMPLES.values() for one in example.expected[policy]]
    assert {one.level for one in expected if isinstance(one, Expected)} == set(LEVELS)


@pytest.mark.parametrize("row", DISAGREEMENTS, ids=lambda row: row[0])
def test_every_row_of_the_disagreement_table_has_its_cases(row: tuple[str, ...]) -> None:
    topic, *names = row
    for name in names:
        derivation = (FOLDER / name / "case.yaml").read_text(encoding="utf-8").replace("\n  ", " ")
        assert f'ow "{topic}"' in derivation


def test_a_case_for_a_row_says_which_row_it_is() -> None:
    named = {name for _, *names in DISAGREEMENTS for name in names}
    more = {"row-breath-pain-spike", "row-no-improvement-day-14", "row-numbness-arm-radiating"}
    assert {name for name in EXAMPLES if name.startswith("row-")} == (named | more) - {"within-24h-breath-pain"}


def test_the_sample_of_make_run_is_to_be_seen_within_24_hours_and_shows_a_disagreement() -> None:
    results = results_of(_answered("within-24h-breath-pain", "strictest"))[0]
    levels_by_source = {
        parts_of(part, "source")[0]: parts_of(part, "level")[0]
        for trace in extensions(results["RiskAssessment"], "trace")
        if parts_of(trace, "rule")[0] in {"injury", "sharp-pain-after-activity"}
        for part in trace["extension"]
        if part["url"] == "source-level"
    }
    assert levels_by_source["SP"] == "within-24h"
    assert levels_by_source["GM"] == "appointment"


def test_the_page_lists_every_case_with_its_levels() -> None:
    assert README.read_text(encoding="utf-8") == written_readme(tuple(EXAMPLES.values()))


def test_no_body_names_a_place_or_person_outside_the_made_up_ones() -> None:
    allowed = (BASE, "http://hl7.org/fhir/", "http://terminology.hl7.org/", "http://unitsofmeasure.org")
    systems = ("http://snomed.info/sct", "http://loinc.org", "http://www.nlm.nih.gov/", "http://www.w3.org/1999/xhtml")
    for example in EXAMPLES.values():
        found = re.findall(r"https?://[^\"\\ ]+", example.body.decode())
        assert [one for one in found if not one.startswith(allowed + systems)] == []
        assert "telecom" not in example.body.decode()


def test_an_expectation_that_is_misspelt_is_not_read_over(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "misspelt"
    folder.mkdir()
    (folder / "body.json").write_text(json.dumps({}))
    written = (FOLDER / "free-text" / "case.yaml").read_text(encoding="utf-8")
    (folder / "case.yaml").write_text(written.replace("fired:", "fierd:"), encoding="utf-8")
    monkeypatch.setattr("tests.example_cases.FOLDER", tmp_path)
    with pytest.raises(ValueError, match="unknown key 'fierd'"):
        read_examples()
