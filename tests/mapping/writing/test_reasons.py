"""The sections that say why: which rules are named, and what the policy took where the sources disagree."""

from dataclasses import replace

import pytest

from service.engine.assessment import SuspectedCause, TopicView, Traced
from tests.mapping.writing.assessed import CALL, GO, stories
from tests.mapping.writing.patients import book, patient

MANY = ("breathless", "chest-pain", "faint", "black-stools", "any-fever", "any-nausea", "any-dizziness")
"""Rules that ask for emergency or above; the first and the third are of one topic."""


def test_up_to_six_open_rules_are_named_by_their_titles_and_more_by_their_topics() -> None:
    changed = dict.fromkeys(MANY, "emergency")
    levels = {**book().rule_levels, "strictest": {**book().rule_levels["strictest"], **changed}}
    told = []
    for many in (MANY[:6], MANY):
        trace = tuple(Traced(one, "undecided", "emergency", "within-24h", ()) for one in many)
        assessed = replace(patient("within a day").assessment(), trace=trace, deciding=many)
        (_, points) = stories(assessed, rule_levels=levels)["ServiceRequest"][1]
        told.append(points)
    titles, topics = (
        "; ".join(dict.fromkeys(one.title for one in named))
        for named in (
            [book().rules[one] for one in MANY[:6]],
            [one for one in book().topics.values() if one.id in {book().rules[rule].topic for rule in MANY}],
        )
    )
    begin = f"Not ruled out, because questions are open ({GO}): "
    assert [[point.partition(" Asked for by ")[0] for point in points] for points in told] == [
        [f"{begin}{titles}."],
        [f"{begin}{topics}."],
    ]


@pytest.mark.parametrize("order", [("breathless", "faint"), ("faint", "breathless")])
def test_what_the_policy_took_on_a_topic_is_the_highest_that_its_fired_rules_ask_for(order: tuple[str, ...]) -> None:
    who = patient("ambulance")
    assert [book().rule_levels["strictest"][one] for one in ("breathless", "faint")] == ["ambulance", "emergency"]
    fired = tuple(Traced(one, "fired", book().rule_levels["strictest"][one], "", ()) for one in order)
    topic = TopicView("breathless-faint", {"CC": "ambulance", "GM": "emergency"}, disagree=True)
    (shown,) = dict(stories(replace(who.assessment(), trace=fired, topics=(topic,)))["RiskAssessment"])[
        "Where the sources disagree"
    ]
    assert shown.endswith(f"Taken here: {CALL} (policy strictest).")


@pytest.mark.parametrize(
    ("asked", "comment"), [("ambulance", "the policy takes all that a source asks for"), ("emergency", "or more")]
)
def test_a_source_that_asks_for_no_more_than_was_taken_does_not_disagree(asked: str, comment: str) -> None:
    topic = TopicView("breathless-faint", {"CC": asked}, disagree=False)
    told = stories(replace(patient("ambulance").assessment(), topics=(topic,)))["RiskAssessment"]
    assert "Where the sources disagree" not in dict(told), comment


def test_a_cause_names_every_rule_that_points_to_it() -> None:
    causes = (SuspectedCause("heart-attack", "partly-fits", ("breathless", "chest-pain")),)
    told = dict(stories(replace(patient("ambulance").assessment(), causes=causes))["RiskAssessment"])
    (heart,) = told["Causes to think of, none of them confirmed"]
    assert heart.startswith(
        "Heart attack: fits the answers in part. Points to it: Shortness of breath; Chest pain or discomfort. "
    )
