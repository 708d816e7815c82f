"""Answers the sample bodies through the whole service, in one process with its hash seed, time zone and locale.

    python -m tests.soak.answers ROUNDS ORDER EVERY

Run by `replays.py`, which compares what comes out; prints one JSON object. The order of the requests is shuffled anew
for each round, so that an answer which depended on the requests before it would differ.
"""

import hashlib
import io
import json
import locale
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

from flask.testing import FlaskClient

from service.usecases.profiles import resources
from service.usecases.triage import Triage
from service.web.app import create_app
from service.web.logs import json_log
from tests.example_cases import POLICIES, Example, read_examples
from tests.examples_builder import settings_for
from tests.real_book import proven_book

TRIAGE = "/fhir/QuestionnaireResponse/$triage"


@dataclass(slots=True)
class Clock:
    """A clock that stands still at the moment of the request that is being answered."""

    moment: datetime = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment


def servers(clock: Clock) -> dict[str, FlaskClient]:
    """Build the service once for each policy."""
    book = proven_book()
    made = {}
    for policy in POLICIES:
        settings = settings_for(policy)
        log = json_log(io.StringIO(), "error")
        made[policy] = create_app(Triage(book, settings, clock), settings, resources(book), log).test_client()
    return made


def requests_to(every: int) -> Iterator[tuple[str, Callable[[], str]]]:
    """Name each request, and how its answer is had as a digest."""
    clock = Clock()
    clients = servers(clock)
    for example in read_examples()[::every]:
        for policy in POLICIES:
            yield f"{example.name} under {policy}", _asking(clients[policy], clock, example)


def _asking(client: FlaskClient, clock: Clock, example: Example) -> Callable[[], str]:
    def ask() -> str:
        clock.moment = example.at
        answer = client.post(TRIAGE, data=example.body, content_type="application/fhir+json")
        whole = f"{answer.status_code}\n{answer.content_type}\n".encode() + answer.data
        return hashlib.sha256(whole).hexdigest()

    return ask


def answers(rounds: int, order: int, every: int) -> dict[str, dict[str, int]]:
    """Ask every request so many times; count the answers by digest."""
    asked = dict(requests_to(every))
    shuffled = Random(order)  # noqa: S311 - an order, nothing secret
    counted: dict[str, dict[str, int]] = {name: {} for name in asked}
    for _ in range(rounds):
        for name in shuffled.sample(sorted(asked), len(asked)):
            digest = asked[name]()
            counted[name][digest] = counted[name].get(digest, 0) + 1
    return counted


def main() -> None:
    """Answer in the locale of the environment, as a program would that cares for it."""
    rounds, order, every = map(int, sys.argv[1:])
    world = {
        "locale": locale.setlocale(locale.LC_ALL, ""),
        "offset": time.timezone,
        "hash": hash("triage"),
    }
    print(json.dumps({"world": world, "answers": answers(rounds, order, every)}))


if __name__ == "__main__":
    main()
