"""Answers whose time cannot be relied on are doubted: preliminary, never self-care, and asked again first."""

from datetime import timedelta

import pytest

from tests.mapping.responses import Json, filled
from tests.safety.answered import entries_of
from tests.usecases.test_triage import NOW, level

STRAIN = filled(list_injury_load=["strain-event"], list_character_1=["mechanical"])
"""Self-care where the answers are of now."""


def authored(**ago: float) -> Json:
    return STRAIN | {"authored": (NOW - timedelta(**ago)).isoformat()}


TIMES = [
    # response, level, status, comment
    (authored(minutes=1), "self-care", "final", "a minute ago"),
    (authored(hours=24), "self-care", "final", "at the limit of 24 hours"),
    (authored(hours=24, seconds=1), "appointment", "preliminary", "a second beyond the limit"),
    (authored(seconds=-1), "appointment", "preliminary", "a second ahead"),
    (authored(days=-2), "appointment", "preliminary", "the day after tomorrow"),
    ({key: value for key, value in STRAIN.items() if key != "authored"}, "appointment", "preliminary", "no time"),
    (
        STRAIN | {"authored": "2026-11-21"},
        "appointment",
        "preliminary",
        "a date: where the day begins first, 24.5 hours",
    ),
    (STRAIN | {"authored": "2026-11"}, "appointment", "preliminary", "this month may be three weeks ago"),
]


@pytest.mark.parametrize(("body", "expected", "status", "comment"), TIMES, ids=[row[-1] for row in TIMES])
def test_answers_from_the_future_or_without_a_time_are_doubted(
    body: Json, expected: str, status: str, comment: str
) -> None:
    entries = entries_of(body)
    assessment, request = (entries[kind]["resource"] for kind in ("RiskAssessment", "ServiceRequest"))
    assert (level(assessment), assessment["status"]) == (expected, status), comment
    assert ("Ask the questions again now" in request["patientInstruction"]) == (status == "preliminary")
