"""A suspected cause is never shown as a diagnosis."""

from tests.mapping.writing.patients import PATIENTS, results


def test_every_cause_says_that_it_is_not_confirmed() -> None:
    predictions = [one for who in PATIENTS for one in results(who)["RiskAssessment"].get("prediction", ())]
    assert len(predictions) > len(PATIENTS)
    assert all(one["rationale"].startswith("Not confirmed. ") for one in predictions)
    assert not any("probabilityDecimal" in one or "probabilityRange" in one for one in predictions)
