"""Every result of rules that are not proven is marked, whoever the patient is; no result of proven ones is."""

from dataclasses import replace
from typing import Any

import pytest

from service.engine.assess import assess
from service.mapping.gate.json_text import parse
from service.mapping.gate.structure import check
from service.mapping.writing.json_bytes import dump
from service.mapping.writing.results import write_results
from service.settings import Limits
from tests.mapping.writing.marks import UNPROVEN, marked, marks
from tests.mapping.writing.patients import PATIENTS, RUN, Patient, book, header, texts, warning

everyone = pytest.mark.parametrize("who", PATIENTS, ids=[one.says for one in PATIENTS])


def written(who: Patient, *, proven: bool, **changes: Any) -> list[Any]:
    rules = replace(book(), proven=proven)
    entries = write_results(rules, assess(rules, who.facts(), who.policy), header(**changes), RUN)
    return [one["resource"] for one in entries]


@everyone
def test_every_result_of_unproven_rules_is_marked(who: Patient) -> None:
    resources = written(who, proven=False)
    assert marked(resources)
    live = book().policies[who.policy].live
    kinds = ["RiskAssessment", *(["CarePlan"] if live else []), "ServiceRequest", "OperationOutcome"]
    assert [one["resourceType"] for one in resources] == kinds
    for one in resources:
        assert check(parse(dump(one), Limits()), one["resourceType"]) == ()


@everyone
def test_no_result_of_proven_rules_says_that_they_are_not(who: Patient) -> None:
    for one in written(who, proven=True, notices=(warning("no subject"),)):
        assert set(marks(one)) <= {"HTEST"}
        assert not any("nproven" in text for text in texts(one))


def test_the_warning_stands_before_those_of_the_response() -> None:
    *_, outcome = written(PATIENTS[0], proven=False, notices=(warning("no subject"),))
    assert [one["details"]["text"] for one in outcome["issue"]] == [UNPROVEN, "no subject"]


def test_but_for_its_marks_a_result_is_the_same() -> None:
    """The marks stand beside what is found: nobody debugs another result than the one that will be proven."""
    for proven, unproven in zip(written(PATIENTS[3], proven=True), written(PATIENTS[3], proven=False)[:3], strict=True):
        for key in proven.keys() - {"meta", "text", "note"}:
            assert proven[key] == unproven[key]
