"""What the judges of conditions share: which actions must apply, by the engine, and how they are told apart."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from service.mapping.artefacts.plan_definition import DOUBTED, UNDECIDED, plan_definition
from tests.judges.fhirpath_responses import fired, only_reassurance_is_open, undecided
from tests.mapping.responses import BOOK, Json, as_bytes

BUILD = Path(__file__).parents[2] / "build"
PLAN: Json = plan_definition(BOOK)


def actions_of(plan: Mapping[str, Any]) -> list[Json]:
    """List the actions that have a condition."""
    actions: list[Json] = plan["action"][0]["action"]
    return actions


def expected(content: Json) -> frozenset[str]:
    """Name the actions of our PlanDefinition that must apply to a response, by the verdicts of the engine."""
    told = (("", fired), (UNDECIDED, undecided), (DOUBTED, only_reassurance_is_open))
    named = {f"{rule}{kind}" for kind, rules in told for rule in rules(content)}
    return frozenset(action["id"] for action in actions_of(PLAN) if action["id"] in named)


def differences(responses: Sequence[Json], applied: Iterable[Iterable[str]]) -> dict[str, int]:
    """Count per action on how many responses a judge and the engine differ; raise where one was not judged."""
    found: dict[str, int] = {}
    for content, actions in zip(responses, applied, strict=True):
        for action in expected(content) ^ frozenset(actions):
            found[action] = found.get(action, 0) + 1
    return found


def with_condition(action: str, change: tuple[str, str]) -> Json:
    """Return our PlanDefinition with one condition broken: a piece of its text in place of another."""
    broken = [_broken(one, change) if one["id"] == action else one for one in actions_of(PLAN)]
    assert broken != actions_of(PLAN), "nothing was changed"
    return {**PLAN, "action": [{**PLAN["action"][0], "action": broken}]}


def _broken(action: Json, change: tuple[str, str]) -> Json:
    (condition,) = action["condition"]
    expression = condition["expression"]
    text = expression["expression"].replace(*change, 1)
    return {**action, "condition": [{**condition, "expression": {**expression, "expression": text}}]}


def one_per_line(responses: Sequence[Json]) -> bytes:
    """Write responses as NDJSON."""
    return b"".join(as_bytes(content) + b"\n" for content in responses)
