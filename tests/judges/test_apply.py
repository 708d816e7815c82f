"""HAPI's clinical reasoning executes the PlanDefinition on responses, and applies the very actions the engine would.

It needs Java 17 and Maven: `make judges`. APPLY_RESPONSES sets on how many responses.
"""

import os

import pytest

from tests.judges.apply_judge import applied_by_hapi
from tests.judges.conditions import PLAN, actions_of, differences, with_condition
from tests.judges.fhirpath_responses import responses
from tests.judges.hapi_judge import missing_part
from tests.judges.maven import PartMissingError
from tests.mapping.responses import Json, filled

MADE = list(responses(int(os.environ.get("APPLY_RESPONSES", "20")), seed=200))
BOUNDARY = filled(severity_now=7, severity_onset=6, list_course_1=["sudden-onset"])

pytestmark = [pytest.mark.needs("java"), pytest.mark.skipif(bool(missing_part()), reason=missing_part() or "there")]


def said_by_hapi(plan: Json, made: list[Json]) -> list[list[str]]:
    """Let HAPI apply the plan; where Maven does not give it, it was not run."""
    try:
        return applied_by_hapi(plan, made)
    except PartMissingError as reason:
        pytest.skip(f"NOT RUN: {reason}")


def test_the_same_actions_apply_as_by_the_engine(capsys: pytest.CaptureFixture[str]) -> None:
    applied = said_by_hapi(PLAN, MADE)
    assert differences(MADE, applied) == {}
    with capsys.disabled():
        print(f"\n$apply: {len(MADE)} responses, {sum(map(len, applied))} actions applied")


def test_a_broken_condition_is_found() -> None:
    broken = with_condition("sudden-severe", ("value >= 7", "value > 7"))
    assert said_by_hapi(alone(PLAN, "sudden-severe"), [BOUNDARY]) == [["sudden-severe"]]
    assert said_by_hapi(alone(broken, "sudden-severe"), [BOUNDARY]) == [[]]


def alone(plan: Json, action: str) -> Json:
    """Return the plan with one action: each condition takes its time to compile."""
    kept = [one for one in actions_of(plan) if one["id"] == action]
    return {**plan, "action": [{**plan["action"][0], "action": kept}]}
