"""Where response and record differ on a number: the gravest reading stands, with the most careful plan of all."""

from dataclasses import replace
from decimal import Decimal

import pytest

from service.engine.assess import assess
from service.engine.assessment import Assessment, Forbidden, LeftOut, Plan, Suggested, Traced
from service.engine.facts import Fact, Facts
from service.engine.gravest import gravest
from tests.mapping.reading import facts_of
from tests.mapping.responses import BOOK, filled

MILD_STRAIN = facts_of(filled(list_injury_load=["strain-event"], list_character_1=["mechanical"]))


def aged(years: int, facts: Facts = MILD_STRAIN) -> Assessment:
    known = {**facts, "age": Fact(Decimal(years), "record"), "answers-old": Fact(value=False, origin="service")}
    return assess(BOOK, known, "strictest")


def suggested(assessment: Assessment) -> set[str]:
    return {one.activity for one in assessment.plan.suggested}


def test_a_single_reading_stands_as_it_is() -> None:
    assert gravest(BOOK, [aged(40)]) == aged(40)


def test_the_higher_level_stands_whichever_comes_first() -> None:
    assert [aged(40).level, aged(8).level] == ["self-care", "within-24h"]
    assert gravest(BOOK, [aged(40), aged(8)]).level == gravest(BOOK, [aged(8), aged(40)]).level == "within-24h"


def test_of_two_readings_of_one_level_the_plan_forbids_what_either_forbids() -> None:
    """An anti-inflammatory is not for somebody of 66 (GL-w-nsaid2), and one of the two ages is 66."""
    lasting = facts_of(filled(duration_days=(20, "d")))
    younger, older = aged(40, lasting), aged(66, lasting)
    assert "nsaid" in suggested(younger)
    assert "nsaid" not in suggested(older)
    for readings in ([younger, older], [older, younger]):
        joined = gravest(BOOK, readings)
        assert "nsaid" not in suggested(joined)
        withheld = {one.activity for one in joined.plan.forbidden} | {one.activity for one in joined.plan.left_out}
        assert "nsaid" in withheld


def test_nothing_stands_twice_in_a_joined_plan() -> None:
    joined = gravest(BOOK, [aged(40), aged(66), aged(15)])
    named = [one.activity for part in (joined.plan.suggested, joined.plan.forbidden) for one in part]
    left_out = {one.activity for one in joined.plan.left_out}
    assert len(named) == len(set(named))
    assert not left_out & set(named)


def read_as(level: str, ceiling: str, verdicts: str) -> Assessment:
    """Make a reading; each letter of the verdicts is a rule that fired, or is undecided."""
    trace = tuple(
        Traced(f"rule-{at}", "fired" if one == "f" else "undecided", level, level, ())
        for at, one in enumerate(verdicts)
    )
    return replace(aged(40), level=level, ceiling=ceiling, trace=trace)


GRAVER: list[tuple[Assessment, Assessment, str]] = [
    (read_as("emergency", "emergency", ""), read_as("within-24h", "ambulance", "ff"), "the level comes first"),
    (read_as("within-24h", "ambulance", ""), read_as("within-24h", "emergency", "ff"), "then what it could come to"),
    (read_as("within-24h", "emergency", "ff"), read_as("within-24h", "emergency", "fu"), "then how many rules fired"),
    (
        read_as("within-24h", "emergency", "fuu"),
        read_as("within-24h", "emergency", "uuuu"),
        "and not how many are open",
    ),
]


@pytest.mark.parametrize(("graver", "milder", "comment"), GRAVER, ids=[row[-1] for row in GRAVER])
def test_the_graver_of_two_readings_stands(graver: Assessment, milder: Assessment, comment: str) -> None:
    for readings in ([graver, milder], [milder, graver]):
        assert replace(gravest(BOOK, readings), plan=graver.plan) == graver, comment


def test_the_joined_plan_takes_from_the_graver_what_the_other_forbids_or_leaves_out_and_says_so_in_its_words() -> None:
    graver = Plan(
        suggested=(Suggested("heat", ("a",)), Suggested("cold", ("a",)), Suggested("nsaid", ("a",))),
        forbidden=(Forbidden("stretching", "by-the-graver", "do-not", ("hx-spine",)),),
        left_out=(LeftOut("massage", "by-the-graver", ("hx-vte",)), LeftOut("bed-rest", "by-the-graver", ())),
        watch_for=("chest-pain",),
    )
    milder = Plan(
        suggested=(Suggested("heat", ("b",)), Suggested("walking", ("b",))),
        forbidden=(
            Forbidden("nsaid", "by-the-other", "ask-first", ("age",)),
            Forbidden("massage", "by-the-other", "do-not", ("hx-vte",)),
            Forbidden("stretching", "by-the-other", "do-not", ("age",)),
        ),
        left_out=(LeftOut("cold", "by-the-other", ("age",)), LeftOut("foam-roller", "by-the-other", ("age",))),
        watch_for=("fever",),
    )
    joined = Plan(
        suggested=(Suggested("heat", ("a",)),),
        forbidden=(graver.forbidden[0], milder.forbidden[0], milder.forbidden[1]),
        left_out=(LeftOut("bed-rest", "by-the-graver", ()), LeftOut("cold", "by-the-other", ("age",))),
        watch_for=("chest-pain",),
    )
    readings = [
        replace(read_as("emergency", "emergency", "f"), plan=graver),
        replace(read_as("appointment", "emergency", "f"), plan=milder),
    ]
    assert gravest(BOOK, readings).plan == joined
    assert gravest(BOOK, readings[::-1]).plan == joined
