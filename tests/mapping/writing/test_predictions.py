"""Suspected causes are predictions that are never confirmed, never probable, and never play a danger down."""

from typing import Any

import pytest

from service.mapping.canonical import BASE
from service.mapping.writing.codings import cause_concept, external_codings
from tests.mapping.writing.patients import PATIENTS, Patient, book, codes, extensions, patient, results

everyone = pytest.mark.parametrize("who", PATIENTS, ids=[one.says for one in PATIENTS])


def risk(who: Patient) -> dict[str, Any]:
    return results(who)["RiskAssessment"]


@everyone
def test_every_suspected_cause_is_a_prediction_and_none_has_a_probability(who: Patient) -> None:
    predictions = risk(who).get("prediction", [])
    assert [codes(one["outcome"])[0] for one in predictions] == [one.cause for one in who.assessment().causes]
    for one, suspected in zip(predictions, who.assessment().causes, strict=True):
        cause = book().causes[suspected.cause]
        assert not {"probabilityDecimal", "probabilityRange", "relativeRisk"} & one.keys()
        assert one["outcome"]["text"] == f"{cause.label} (not confirmed)"
        likelihood = "moderate" if cause.dangerous or suspected.fit == "fits" else "low"
        assert codes(one["qualitativeRisk"]) == [suspected.fit, likelihood]
        assert bool(extensions(one, "not-excluded")) == cause.dangerous
        assert extensions(one, "rests-on")
        assert "(" in one["rationale"] or "awaiting clinical review" in one["rationale"], "by whose word"


def test_the_first_code_of_a_risk_is_the_pattern_fit_then_the_probability_of_hl7() -> None:
    (first, *_) = risk(patient("ambulance"))["prediction"]
    assert [one["system"] for one in first["qualitativeRisk"]["coding"]] == [
        f"{BASE}/CodeSystem/pattern-fit",
        "http://terminology.hl7.org/CodeSystem/risk-probability",
    ]


def test_a_cause_has_the_one_external_code_of_its_own_meaning_and_a_bare_display() -> None:
    outcomes = [one["outcome"] for who in PATIENTS for one in risk(who).get("prediction", [])]
    embolism = next(one for one in outcomes if codes(one)[0] == "pulmonary-embolism")
    assert embolism["coding"][1:] == [
        {"system": "http://snomed.info/sct", "code": "59282003", "display": "Pulmonary embolism"},
    ]
    assert all(len(one["coding"]) <= 2 for one in outcomes)


def test_a_cause_whose_codes_are_all_narrower_or_wider_has_the_projects_code_alone() -> None:
    cause = book().causes["connective-tissue"]
    assert [coding["code"] for coding in cause_concept(book(), cause)["coding"]] == ["connective-tissue"]


def test_a_code_that_says_something_is_absent_is_never_sent() -> None:
    sent = {(c["system"], c["code"]) for key in book().codes for c in external_codings(book(), key)}
    denying = {coding.code for codings in book().codes.values() for coding in codings if coding.polarity}
    affirming = {coding.code for codings in book().codes.values() for coding in codings if not coding.polarity}
    assert denying, "the book holds such codes"
    assert not {code for _, code in sent} & (denying - affirming)
