"""Two FHIRPath engines from elsewhere find true what the engine says: fired, undecided, only a reassurance open.

fhirpathpy runs with Python alone, on a share of the actions. HL7's fhirpath.js runs every action; it needs Node, npm:
`make judges`. FHIRPATH_RESPONSES sets on how many responses; with it both run every action, each on the questions that
its condition names.
"""

import os
from collections.abc import Collection, Iterator, Sequence

import pytest

from tests.judges.conditions import PLAN, actions_of, differences, expected, with_condition
from tests.judges.fhirpath_engines import (
    ByWhatItReads,
    applied_by_fhirpath_js,
    applied_by_fhirpathpy,
    missing_part,
)
from tests.judges.fhirpath_responses import responses
from tests.judges.maven import PartMissingError
from tests.mapping.responses import Json, filled

ASKED = os.environ.get("FHIRPATH_RESPONSES")
EVERY = [action["id"] for action in actions_of(PLAN)]
SHARE = EVERY[::16]
BATCH = 1000

BOUNDARY = [
    filled(severity_now=7, severity_onset=6, list_course_1=["sudden-onset"]),
    filled(severity_now=6, severity_onset=6, list_course_1=["sudden-onset"]),
    filled(severity_now=None, severity_onset=6, list_course_1=["sudden-onset"]),
    filled(severity_now=7, severity_onset=6, max_at_onset=None),
    filled(severity_now=7, severity_onset=6, max_at_onset=False),
]
BROKEN: list[tuple[str, tuple[str, str], str]] = [
    # action, a piece of its condition and what stands in its place, why it must be found
    ("sudden-severe", ("value >= 7", "value > 7"), "a threshold off by one"),
    ("sudden-severe", ("severity-now", "severity-onset"), "another question"),
    ("sudden-severe-undecided", (".not()", ""), "an unknown that is dropped"),
    ("sudden-severe-undecided", ("value = false", "value = true"), "a yes that is taken for a no"),
]


def batches(count: int) -> Iterator[list[Json]]:
    """Make responses batch by batch, so that few are held at once."""
    for number in range(0, count, BATCH):
        yield list(responses(min(BATCH, count - number), seed=number))


def only(content: Json, actions: Collection[str]) -> frozenset[str]:
    """Name those of these actions that must apply."""
    return expected(content) & frozenset(actions)


def test_fhirpathpy_agrees_with_the_engine(capsys: pytest.CaptureFixture[str]) -> None:
    count, met, apart = int(ASKED or 30), set(), ByWhatItReads(PLAN, () if ASKED else SHARE)
    for made in batches(count):
        for content in made:
            actions = frozenset(apart.applied(content))
            assert actions == only(content, apart.conditions)
            met |= actions
    assert len(met) > len(apart.conditions) / 2, "the responses are too much alike to judge by"
    with capsys.disabled():
        told = (
            f"{count} responses, {len(apart.conditions)} conditions, {len(apart.judged)} judged, {len(met)} true once"
        )
        print(f"\nfhirpathpy: {told}: 0 differences")


def test_a_condition_reads_only_the_questions_that_it_names() -> None:
    apart = ByWhatItReads(PLAN, SHARE)
    made = list(responses(15, seed=7))
    assert [apart.applied(content) for content in made] == list(applied_by_fhirpathpy(PLAN, made, SHARE))


@pytest.mark.parametrize(("action", "change", "why"), BROKEN)
def test_fhirpathpy_finds_a_broken_condition(action: str, change: tuple[str, str], why: str) -> None:
    whole, broken = (
        list(applied_by_fhirpathpy(plan, BOUNDARY, [action])) for plan in (PLAN, with_condition(action, change))
    )
    assert [frozenset(one) for one in whole] == [only(content, [action]) for content in BOUNDARY]
    assert broken != whole, why


needs_node = [pytest.mark.needs("node"), pytest.mark.skipif(bool(missing_part()), reason=missing_part() or "there")]


class TestFhirpathJs:
    """HL7's own engine, on every action."""

    pytestmark = needs_node

    def test_it_agrees_with_the_engine(self, capsys: pytest.CaptureFixture[str]) -> None:
        count, met = int(ASKED or 60), set()
        for made in batches(count):
            applied = said_by_js(PLAN, made, apart=bool(ASKED))
            assert differences(made, applied) == {}
            met |= {action for actions in applied for action in actions}
        with capsys.disabled():
            print(f"\nfhirpath.js: {count} responses, {len(EVERY)} conditions, {len(met)} true at least once")

    def test_a_condition_reads_only_the_questions_that_it_names(self) -> None:
        made = list(responses(15, seed=7))
        assert said_by_js(PLAN, made, apart=True) == said_by_js(PLAN, made)

    @pytest.mark.parametrize(("action", "change", "why"), BROKEN)
    def test_it_finds_a_broken_condition(self, action: str, change: tuple[str, str], why: str) -> None:
        assert action in differences(BOUNDARY, said_by_js(with_condition(action, change), BOUNDARY)), why


def said_by_js(plan: Json, made: Sequence[Json], *, apart: bool = False) -> list[list[str]]:
    """Let fhirpath.js judge; where npm does not give it, it was not run."""
    try:
        return applied_by_fhirpath_js(plan, made, apart=apart)
    except PartMissingError as reason:
        pytest.skip(f"NOT RUN: {reason}")
