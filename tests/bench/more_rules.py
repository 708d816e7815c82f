"""Measures ``$triage`` with ten times the rules beside one times the rules, in interleaved rounds."""

from contextlib import ExitStack
from itertools import cycle

from tests.bench.bodies import mix
from tests.bench.figures import AT_MOST, Figure, Goal, Row, ratio
from tests.bench.load import as_fast_as_it_goes, request
from tests.bench.moment import authored_now
from tests.bench.plan import Plan
from tests.bench.servers import TRIAGE, beside
from tests.bench.serving import rates

NAME = "ten times the rules"


SERVERS = ("rules", "ten times the rules", "ten times, silent")


def measure(plan: Plan) -> Row:
    """Run each with ``$triage`` alone: once with copies that fire with their rule, once with copies that never do."""
    requests = cycle([request(TRIAGE, body) for body in authored_now(mix())])
    with ExitStack() as stack:
        servers = [stack.enter_context(beside(name)) for name in SERVERS]
        for server in servers:
            as_fast_as_it_goes(server.port, requests, min(1.0, plan.seconds))
        rounds = [
            [as_fast_as_it_goes(server.port, requests, plan.seconds) for server in servers] for _ in range(plan.rounds)
        ]
    if any(one.refused for each in rounds for one in each):
        raise RuntimeError("the service refused what it was measured with")
    once, ten, silent = (rates([each[place] for each in rounds]) for place in range(len(SERVERS)))
    figures = (
        ratio("time of a request by that with the rules as they are", once, ten, Goal(AT_MOST, 2.0)),
        ratio("the same, where the copies do not apply and are not told of", once, silent),
        Figure("with the rules as they are", tuple(once), "/s"),
        Figure("with each rule ten times", tuple(ten), "/s"),
        Figure("with each rule ten times, nine of which do not apply", tuple(silent), "/s"),
    )
    return Row(NAME, f"{plan.conditions}; copies under other ids, so that results are longer, too", figures)
