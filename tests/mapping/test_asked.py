"""What is remembered of the form's questions never changes what the next patient's answers say."""

from collections.abc import Mapping
from decimal import Decimal
from random import Random
from typing import Any

from service.engine.facts import Fact
from service.mapping.answered_facts import AnsweredFacts, facts_of_answers
from service.mapping.answers import read_answers
from service.mapping.asked import Asked, Seen, questions_of
from tests.mapping.mutations import as_an_ehr_sends_it
from tests.mapping.responses import BOOK, FORM, Json

PATIENTS = 150


def _read(content: Json) -> AnsweredFacts:
    answers = read_answers(FORM, content, "QuestionnaireResponse")
    return facts_of_answers(BOOK, answers, content["status"], "QuestionnaireResponse")


def _read_with_nothing_remembered(content: Json) -> AnsweredFacts:
    questions_of.cache_clear()
    return _read(content)


def test_a_patient_who_answers_after_others_is_read_as_one_who_answers_first() -> None:
    random = Random(5)  # noqa: S311 - a seed, so that every run reads the same patients
    patients = [as_an_ehr_sends_it(random) for _ in range(PATIENTS)]
    first = [_read_with_nothing_remembered(one) for one in patients]
    questions_of.cache_clear()
    assert [_read(one) for one in patients] == first
    assert [_read(one) for one in reversed(patients)] == first[::-1]


def test_a_number_keeps_its_own_digits_after_an_equal_number_with_others() -> None:
    question = next(one for one in questions_of(BOOK) if one.item.link_id == "temperature")
    for written in ("38.0", "38.00", "38"):
        assert str(question.told(Decimal(written)).facts["temperature"].value) == written


def test_what_is_known_later_of_a_finding_takes_the_place_of_what_was_known_before() -> None:
    question = next(one for one in questions_of(BOOK) if one.item.link_id == "dyspnoea")
    seen = Seen()
    seen.take(question.told("no"))
    denied = seen.bits
    seen.take(question.told("yes"))
    assert seen.facts == {"dyspnoea": Fact(value=True, origin="response", where=("dyspnoea",))}
    assert seen.bits & denied == 0
    assert seen.bits


def _question(link_id: str) -> Asked:
    return next(one for one in questions_of(BOOK) if one.item.link_id == link_id)


def test_what_was_worked_out_for_one_answer_is_found_again() -> None:
    """Nothing depends on it but speed: a memory that finds nothing would go unnoticed otherwise."""
    questions_of.cache_clear()
    asked = _question("dyspnoea-longstanding")
    shown = Seen()
    shown.take(_question("dyspnoea").told("no"))
    hiding = asked.hidden_by(shown)
    assert hiding == ("dyspnoea",)
    assert asked.hidden_by(shown) is hiding
    assert asked.told(True) is asked.told(True)
    assert asked.absent(shown, hiding) is asked.absent(shown, hiding)
    assert once_known(asked.hiding, asked.answered, asked.ruled_out)


def once_known(*memories: Mapping[Any, object]) -> bool:
    return all(len(memory) == 1 for memory in memories)


def test_of_a_number_it_is_remembered_what_the_rules_ask_of_it_and_never_the_number() -> None:
    questions_of.cache_clear()
    asked = _question("temperature")
    for written, value in (("39.1", Decimal("39.1")), ("39.2", Decimal("39.2")), ("36.6", None)):
        dangers = asked.dangers(Decimal(written)).facts
        assert [fact.value for fact in dangers.values()] == ([] if value is None else [value])
    assert asked.answered == {}
    assert sorted(asked.endangering.values()) == [False, True], "39.1 is fever as 39.2 is"


def test_a_no_speaks_for_no_danger_and_needs_no_memory() -> None:
    questions_of.cache_clear()
    asked = _question("chest-pain")
    assert asked.dangers("no").facts == {}
    assert asked.endangering == {}
    assert list(asked.dangers("yes").facts) == ["chest-pain"]
