"""Where the age can be two, neither the plan of the one nor that of the other stands alone."""

import pytest

from service.engine.gravest import gravest
from tests.engine.test_gravest import BOOK, aged, suggested

PAINKILLERS = {"nsaid", "acetaminophen"}


@pytest.mark.parametrize("order", [(15, 17), (17, 15)])
def test_what_one_of_two_possible_ages_forbids_is_forbidden(order: tuple[int, int]) -> None:
    """At 17 a painkiller may be suggested, under 16 it may not; the reading at 17 is kept, as it has the same level."""
    assert suggested(aged(17)) >= PAINKILLERS
    assert not suggested(aged(15)) & PAINKILLERS
    joined = gravest(BOOK, [aged(age) for age in order])
    assert not suggested(joined) & PAINKILLERS
    assert {one.activity for one in joined.plan.forbidden} >= PAINKILLERS
