"""Measures ``$triage`` with ten times the rules beside one times the rules, in interleaved rounds."""

from itertools import cycle

from tests.bench.bodies import mix
from tests.bench.figures import AT_MOST, Figure, Goal, Row, ratio
from tests.bench.load import as_fast_as_it_goes, request
from tests.bench.moment import authored_now
from tests.bench.plan import Plan
from tests.bench.servers import TRIAGE, beside
from tests.bench.serving import rates

NAME = "ten times the rules"


def measure(plan: Plan) -> Row:
    """Run both, each with ``$triage`` alone; every rule that fires, fires ten times in the other."""
    requests = cycle([request(TRIAGE, body) for body in authored_now(mix())])
    with beside("rules") as once, beside("ten times the rules") as tenfold:
        for server in (once, tenfold):
            as_fast_as_it_goes(server.port, requests, min(1.0, plan.seconds))
        rounds = [
            [as_fast_as_it_goes(server.port, requests, plan.seconds) for server in (once, tenfold)]
            for _ in range(plan.rounds)
        ]
    if any(one.refused for both in rounds for one in both):
        raise RuntimeError("the service refused what it was measured with")
    each, ten = (rates([both[place] for both in rounds]) for place in (0, 1))
    figures = (
        ratio("time of a request by that with the rules as they are", each, ten, Goal(AT_MOST, 2.0)),
        Figure("with the rules as they are", tuple(each), "/s"),
        Figure("with each rule ten times", tuple(ten), "/s"),
    )
    return Row(NAME, f"{plan.conditions}; copies under other ids, so that results are longer, too", figures)
