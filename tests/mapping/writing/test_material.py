"""What follows at once from an assessment, a response and a run: names, ranks, and what is worked out only once."""

from dataclasses import replace

import pytest

from service.mapping.identity import uuid_of
from service.mapping.writing.json_bytes import Written
from service.mapping.writing.kept import Parts
from service.mapping.writing.material import RESULTS, Material, names_of_results
from tests.mapping.writing.patients import RUN, Patient, book, entries, header, patient


def material(who: Patient, kept: Parts | None = None) -> Material:
    return Material(book(), who.assessment(), header(), RUN, {}, {}, {}, kept)


@pytest.mark.parametrize(("old", "counts_as_old"), [(False, "false"), (True, "true")])
def test_a_result_is_named_by_all_that_went_into_it(old: bool, counts_as_old: str) -> None:
    """As the contract has it: who sent which response; its content, its record, the rules, the policy, old answers."""
    who = replace(patient("ambulance"), old=old)
    made_of = ("content", "context", book().digest, "strictest", counts_as_old)
    expected = {kind: f"urn:uuid:{uuid_of(str(uuid_of('a tenant', 'identity', kind)), *made_of)}" for kind in RESULTS}
    assert names_of_results(book(), who.assessment(), header(), "a tenant", RESULTS) == expected
    written = entries(who, run=replace(RUN, tenant="a tenant"))
    assert [one["fullUrl"] for one in written] == list(expected.values())


def test_no_level_ranks_below_every_level() -> None:
    ranks = [material(patient("ambulance")).rank(one) for one in ("", "self-care", "appointment", "ambulance")]
    assert ranks == [0, *sorted(ranks[1:])]
    assert ranks[1] > 0


@pytest.mark.parametrize(
    ("says", "activity"),
    [("ambulance", "call-ambulance"), ("appointment", "make-appointment"), ("self-care: a sore", "self-care-at-home")],
)
def test_each_level_has_a_first_step_of_its_own_also_where_another_was_kept(says: str, activity: str) -> None:
    kept = Parts()
    assert material(patient("within a day"), kept).level_activity.level == "within-24h"
    for parts in (None, kept):
        assert material(patient(says), parts).level_activity.id == activity


def test_a_rule_asks_for_what_the_policy_of_the_result_gives_it() -> None:
    levels = book().rule_levels
    differs = next(rule for rule in levels["strictest"] if levels["strictest"][rule] != levels["source:GM"][rule])
    for policy in ("strictest", "source:GM"):
        assert material(replace(patient("ambulance"), policy=policy)).asks(differs) == levels[policy][differs]


def test_with_a_memory_parts_of_resources_are_json_already_and_written_once() -> None:
    kept, plain = material(patient("ambulance"), Parts()), material(patient("ambulance"))
    numbers = iter(range(1, 9))
    assert [kept.json_once(("key",), lambda: {"a": next(numbers)}) for _ in range(2)] == [Written(b'{"a":1}')] * 2
    assert [kept.once(("words",), lambda: next(numbers)) for _ in range(2)] == [2, 2]
    assert kept.listed(iter([Written(b"{}"), {"b": True}])) == Written(b'[{},{"b":true}]')
    assert [plain.json_once(("key",), lambda: {"a": next(numbers)}) for _ in range(2)] == [{"a": 3}, {"a": 4}]
    assert [plain.once(("words",), lambda: next(numbers)) for _ in range(2)] == [5, 6]
    assert plain.listed(iter([{"b": True}])) == [{"b": True}]


def test_what_is_said_in_several_places_is_worked_out_once_for_each_result() -> None:
    one, other = material(patient("ambulance")), material(patient("ambulance"))
    worked_out: list[str] = []

    def words() -> str:
        worked_out.append("words")
        return f"words {len(worked_out)}"

    assert [one.again("words", words), one.again("words", words), one.again("others", words)] == [
        "words 1", "words 1", "words 2",
    ]  # fmt: skip
    assert other.again("words", words) == "words 3"
