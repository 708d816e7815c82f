"""Where response and record differ on a number: the gravest reading stands, with the most careful plan of all."""

from decimal import Decimal

from service.engine.assess import assess
from service.engine.assessment import Assessment
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
