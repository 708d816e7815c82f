"""SMART scopes, old and new, as a table: what each allows, and that nothing else does."""

import pytest

from service.web.scopes import allows, needed


@pytest.mark.parametrize(
    ("scope", "kind", "allowed", "comment"),
    [
        ("system/QuestionnaireResponse.c", "QuestionnaireResponse", "c", "one letter"),
        ("system/QuestionnaireResponse.cruds", "QuestionnaireResponse", "cruds", "all letters"),
        ("system/*.rs", "CarePlan", "rs", "every type"),
        ("user/CarePlan.r", "CarePlan", "r", "a user's scope counts as well"),
        ("system/CarePlan.read", "CarePlan", "rs", "SMART 1: read"),
        ("system/CarePlan.write", "CarePlan", "cud", "SMART 1: write"),
        ("system/CarePlan.*", "CarePlan", "cruds", "SMART 1: all"),
        ("system/CarePlan.r", "RiskAssessment", "", "another type"),
        ("patient/CarePlan.r", "CarePlan", "", "a patient's scope is for one record alone"),
        ("system/CarePlan.sr", "CarePlan", "", "letters out of order are no scope"),
        ("system/CarePlan.r?status=draft", "CarePlan", "", "a condition cannot be kept, so nothing is allowed"),
        ("system/CarePlan.", "CarePlan", "", "no letter"),
        ("openid", "CarePlan", "", "another kind of scope"),
        ("System/CarePlan.r", "CarePlan", "", "case counts"),
    ],
)
def test_what_a_scope_allows(scope: str, kind: str, allowed: str, comment: str) -> None:
    assert "".join(letter for letter in "cruds" if allows([scope], kind, letter)) == allowed, comment


def test_one_of_several_is_enough_and_none_allows_nothing() -> None:
    assert allows(["openid", "system/CarePlan.r"], "CarePlan", "r")
    assert not allows([], "CarePlan", "r")
    assert allows([needed("CarePlan", "s")], "CarePlan", "s")
