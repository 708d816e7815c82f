"""Two rule books are compared by what they say of the responses that are stored."""

from dataclasses import replace
from datetime import UTC, datetime

from service.edges.store.store import Store
from service.knowledge.model import RuleBook
from service.settings import Settings
from service.usecases.caller import Caller
from service.usecases.compare_books import Comparison, compare
from service.usecases.responses import Responses
from tests.mapping.responses import BOOK, Json, filled

WHO = Caller()
NOW = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)


def milder() -> RuleBook:
    """Return a book whose every rule means an appointment, to be read as another hospital's."""
    levels = {policy: dict.fromkeys(rules, "appointment") for policy, rules in BOOK.rule_levels.items()}
    return replace(BOOK, rule_levels=levels, digest="of another book")


def stored(store: Store, content: Json) -> str:
    return Responses(BOOK, Settings(), store, lambda: NOW).create(WHO, content).record.reference


def test_a_book_does_not_differ_from_itself(store: Store) -> None:
    stored(store, filled())
    stored(store, filled(dyspnoea="yes"))
    assert compare(store, "default", BOOK, BOOK, Settings()) == Comparison(2, ())


def test_a_response_whose_level_changes_is_named_with_both_levels(store: Store) -> None:
    urgent = stored(store, filled(dyspnoea="yes"))
    (changed,) = compare(store, "default", BOOK, milder(), Settings()).differences
    assert (changed.response, changed.second) == (urgent, "appointment")
    assert changed.first in ("emergency", "ambulance")


def test_responses_of_other_tenants_and_withdrawn_ones_are_not_judged(store: Store) -> None:
    stored(store, {**filled(), "identifier": {"value": "1"}, "status": "entered-in-error"})
    assert compare(store, "default", BOOK, BOOK, Settings()).count == 0
    stored(store, filled())
    assert compare(store, "other", BOOK, BOOK, Settings()).count == 0
