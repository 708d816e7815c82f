"""Parts that were kept of one result never show in another: whatever differs is told as if it were written alone."""

from dataclasses import replace
from typing import Any

import pytest

from service.engine.assessment import Assessment, Forbidden, LeftOut, Suggested, SuspectedCause, TopicView
from service.engine.facts import Fact
from service.mapping.header import Run
from service.mapping.writing.json_bytes import dump
from service.mapping.writing.kept import Kept
from service.mapping.writing.results import Writing, write_results
from tests.mapping.writing.assessed import rash_and_open_questions
from tests.mapping.writing.patients import RUN, book, header


def _changed(**changes: Any) -> Assessment:
    return replace(rash_and_open_questions(), **changes)


def _planned(**changes: Any) -> Assessment:
    return _changed(plan=replace(rash_and_open_questions().plan, **changes))


def _known(**changes: Fact | None) -> Assessment:
    facts = {**rash_and_open_questions().facts, **{name.replace("_", "-"): fact for name, fact in changes.items()}}
    return _changed(facts={name: fact for name, fact in facts.items() if fact is not None})


def _traced(at: int, **changes: Any) -> Assessment:
    trace = list(rash_and_open_questions().trace)
    trace[at] = replace(trace[at], **changes)
    return _changed(trace=tuple(trace))


SIGNED = replace(RUN, policy_signed_by="the medical director", policy_signed_on="2026-04-01")
OTHERS: list[tuple[Assessment, Run, str]] = [
    (rash_and_open_questions(), RUN, "as it stands"),
    (_changed(level="emergency"), RUN, "another level"),
    (_changed(level="ambulance"), RUN, "nothing above it"),
    (_changed(ceiling="emergency"), RUN, "another ceiling"),
    (_changed(scope="out"), RUN, "out of scope"),
    (_changed(deciding=("rash-over-pain",)), RUN, "decided by what fired alone"),
    (_changed(deciding=("breathless", "chest-pain")), RUN, "by other open rules"),
    (_changed(ask_next=("gi-bleeding", "dyspnoea")), RUN, "asked in another order"),
    (_changed(ask_next=("dyspnoea",)), RUN, "one question less matters"),
    (_changed(missing=("age",)), RUN, "one thing is open"),
    (_known(rash=Fact(True, "record", ("Condition/rash",))), RUN, "the record knows it"),
    (_known(rash=Fact(True, "response", ("elsewhere",))), RUN, "answered elsewhere"),
    (_known(rash=Fact(False, "response", ("list-skin-shape",))), RUN, "answered otherwise"),
    (_known(rash=None), RUN, "not answered"),
    (_known(tried=Fact(frozenset({"nsaid"}), "response", ("tried",))), RUN, "something else was chosen"),
    (_known(posture_load=Fact(True, "response", ("list-injury-load",))), RUN, "one more yes"),
    (_traced(1, verdict="fired"), RUN, "fired, not open"),
    (_traced(2, asks="appointment"), RUN, "it asks for less"),
    (_traced(2, findings=("rash", "tingling")), RUN, "by more findings"),
    (_traced(2, rule="strain-after-load"), RUN, "another rule by the same findings"),
    (_traced(0, findings=("palpitations",)), RUN, "another finding would decide it"),
    (_traced(1, findings=("dyspnoea", "dyspnoea-longstanding")), RUN, "two findings would decide it"),
    (_changed(causes=(SuspectedCause("shingles", "partly-fits", ("rash-over-pain",)),)), RUN, "fits less"),
    (_changed(causes=(SuspectedCause("shingles", "fits", ("strain-after-load",)),)), RUN, "by another rule"),
    (_changed(topics=(TopicView("cancer", {"GM": "emergency"}, disagree=True),)), RUN, "a source asks for more"),
    (_changed(topics=(TopicView("cancer", {"SP": "appointment"}, disagree=True),)), RUN, "another source asks"),
    (_planned(watch_for=("chest-pain",)), RUN, "other signs to watch for"),
    (_planned(watch_for=()), RUN, "no signs"),
    (_planned(forbidden=(Forbidden("cold", "heat-cold-skin", "do-not", ("rash",)),)), RUN, "something else forbidden"),
    (_planned(forbidden=(Forbidden("heat", "heat-injury", "do-not", ("rash",)),)), RUN, "for another reason"),
    (_planned(forbidden=(Forbidden("heat", "heat-cold-skin", "ask-first", ("rash",)),)), RUN, "to be asked first"),
    (_planned(forbidden=(Forbidden("heat", "heat-cold-skin", "do-not", ()),)), RUN, "by no finding"),
    (_planned(left_out=(LeftOut("cold", "cold-circulation", ("hx-diabetes",)),)), RUN, "one question less"),
    (_planned(left_out=(LeftOut("heat", "cold-circulation", ("hx-diabetes",)),)), RUN, "something else left out"),
    (_planned(left_out=(LeftOut("heat", "heat-cold-diabetes", ("hx-diabetes",)),)), RUN, "for another reason"),
    (_planned(suggested=(Suggested("call-ambulance", ()), Suggested("heat", ("project",)))), RUN, "something else"),
    (
        _planned(suggested=(Suggested("call-ambulance", ()), Suggested("heat", ("CC-care-packs",)))),
        RUN,
        "by whose word",
    ),
    (rash_and_open_questions(), replace(RUN, emergency_number="4711"), "another emergency number"),
    (_changed(policy="reconciled"), RUN, "another policy"),
    (rash_and_open_questions(), SIGNED, "a signed policy"),
    (rash_and_open_questions(), replace(SIGNED, policy_signed_by="the head of triage"), "by another"),
    (rash_and_open_questions(), replace(SIGNED, policy_signed_on="2026-05-01"), "on another day"),
]


@pytest.mark.parametrize(("other", "run", "comment"), OTHERS, ids=[one[2] for one in OTHERS])
def test_nothing_that_was_kept_of_one_result_shows_in_another(other: Assessment, run: Run, comment: str) -> None:
    for first, last in (((rash_and_open_questions(), RUN), (other, run)), ((other, run), (OTHERS[0][0], RUN))):
        writing = Writing(Kept())
        write_results(book(), first[0], header(), first[1], writing)
        kept = write_results(book(), last[0], header(), last[1], writing)
        assert dump(kept) == dump(write_results(book(), last[0], header(), last[1])), comment
