"""What is remembered of the form's questions never changes what the next patient's answers say."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from service.engine.facts import Fact, Value
from service.knowledge.condition import AtLeast, Holds, Not
from service.mapping.answered_facts import AnsweredFacts, facts_of_answers
from service.mapping.answers import Answered, read_answers
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


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    """Begin with questions that remember nothing, and leave nothing behind that a test made up."""
    questions_of.cache_clear()
    yield
    questions_of.cache_clear()


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


def test_what_each_kind_of_answer_decides() -> None:
    fever = _question("list-general").item.findings
    no_fever = dict.fromkeys(fever, False)
    told: list[tuple[str, Answered, dict[str, Value], str]] = [
        ("dyspnoea", "yes", {"dyspnoea": True}, "yes"),
        ("dyspnoea", "no", {"dyspnoea": False}, "no"),
        ("dyspnoea", "not-sure", {"dyspnoea": True}, "not sure of a danger"),
        ("sweating", False, {"sweating": False}, "a boolean"),
        ("sex", "female", {"sex": frozenset({"female"})}, "one of several"),
        ("tried", frozenset({"heat", "cold"}), {"tried": frozenset({"heat", "cold"})}, "some of several"),
        ("age", Decimal(40), {"age": Decimal(40)}, "a number"),
        ("list-general", frozenset({"fever"}), {**no_fever, "fever": True}, "one of a list, and none of the others"),
        ("list-general", frozenset({"none-of-these"}), no_fever, "none of a list"),
        ("list-general", frozenset({"fever", "not-sure"}), {"fever": True}, "one of a list, not sure of the others"),
        ("list-general", frozenset({"not-sure"}), {}, "not sure of a whole list"),
    ]
    for link_id, answer, values, comment in told:
        facts = _question(link_id).told(answer).facts
        assert facts == {name: Fact(value, "response", (link_id,)) for name, value in values.items()}, comment


def test_a_hidden_question_is_absent_by_the_answer_that_hides_it_and_only_where_the_book_says_so() -> None:
    no_breathlessness, nothing = Seen(), Seen()
    no_breathlessness.take(_question("dyspnoea").told("no"))
    absent = Fact(False, "not-shown", ("dyspnoea",))
    longstanding, hydrated = _question("dyspnoea-longstanding"), _question("hydrated")
    assert longstanding.absent(no_breathlessness, ("dyspnoea",)).facts == {"dyspnoea-longstanding": absent}
    assert longstanding.absent(nothing, ("dyspnoea",)).facts == {}, "nobody answered what would hide it"
    no_retention = Seen()
    no_retention.take(_question("urinary-retention").told("no"))
    assert hydrated.item.not_shown_means == "unknown"
    assert hydrated.absent(no_retention, ("urinary-retention",)).facts == {}
    assert _question("chest-pain").absent(no_breathlessness, ("dyspnoea",)).facts == {}, "it is always shown"


def test_what_hides_a_question_is_named_in_the_order_of_the_form_what_ended_it_first() -> None:
    breathless, well = Seen(), Seen()
    breathless.take(_question("dyspnoea").told("yes"))
    well.take(_question("dyspnoea").told("no"))
    assert _question("chest-pain").hidden_by(breathless) == ("dyspnoea",)
    assert _question("chest-pain").hidden_by(well) == ()
    assert _question("haemoptysis-more").hidden_by(well) == ("haemoptysis",)
    assert _question("hydrated").hidden_by(breathless) == ("dyspnoea", "urinary-retention")
    assert _question("trauma-days").hidden_by(well) == ("trauma-major", "trauma-minor")
    assert _question("rash-days").hidden_by(breathless)[0] == "dyspnoea"


def _hiding(link_id: str, **said: Answered) -> tuple[str, ...]:
    """Name once what hides a question from who answered so; underscores stand for hyphens."""
    seen = Seen()
    for name, answer in said.items():
        seen.take(_question(name.replace("_", "-")).told(answer))
    return tuple(dict.fromkeys(_question(link_id).hidden_by(seen)))


SHOWN: list[tuple[str, dict[str, Answered], tuple[str, ...], str]] = [
    # question, answers, what hides it
    ("dyspnoea", {}, (), "always shown"),
    ("dyspnoea-longstanding", {"dyspnoea": "yes"}, (), "shown by a yes"),
    ("dyspnoea-longstanding", {}, ("dyspnoea",), "and by nothing else"),
    ("other-site-only", {"upper_back_pain": False}, (), "shown by a no"),
    ("other-site-only", {}, (), "and while nobody has answered, for no comparison holds then"),
    ("other-site-only", {"upper_back_pain": True}, ("upper-back-pain",), "hidden by a yes"),
    ("trauma-days", {"trauma_minor": True}, (), "shown by one of two"),
    ("trauma-days", {"trauma_minor": False}, ("trauma-major", "trauma-minor"), "hidden by both"),
    ("pregnant", {"sex": "female", "age": Decimal(30)}, (), "all of three hold"),
    ("pregnant", {"sex": "male", "age": Decimal(30)}, ("sex",), "the first does not"),
    ("pregnant", {"sex": "female", "age": Decimal(9)}, ("age",), "the second does not"),
    ("pregnant", {"age": Decimal(30)}, (), "a sex that nobody gave is not male"),
    ("pregnant", {"sex": "female"}, ("age",), "an age that nobody gave is not ten"),
]


@pytest.mark.parametrize(("link_id", "said", "hiding", "comment"), SHOWN, ids=[f"{r[0]}: {r[-1]}" for r in SHOWN])
def test_what_the_form_shows(link_id: str, said: dict[str, Answered], hiding: tuple[str, ...], comment: str) -> None:
    assert _hiding(link_id, **said) == hiding, comment


def test_what_speaks_for_danger_is_worked_out_once() -> None:
    asked = _question("temperature")
    asked.dangers(Decimal("39.1"))
    (key,) = asked.endangering
    asked.endangering[key] = False
    assert asked.dangers(Decimal("39.2")).facts == {}, "what is remembered is believed"


def test_one_of_several_is_enough_to_show_a_question_also_a_no_that_nobody_has_said() -> None:
    asked = _question("dyspnoea-longstanding")
    item = replace(asked.item, shown_when=AtLeast(1, (Not(Holds("chest-pain")), Holds("dyspnoea"))))
    denied = Seen({"dyspnoea": Fact(False, "response", ("dyspnoea",))})
    assert replace(asked, item=item, hiding={}).hidden_by(denied) == ()
    denied.facts["chest-pain"] = Fact(True, "response", ("chest-pain",))
    assert replace(asked, item=item, hiding={}).hidden_by(denied) == ("chest-pain", "dyspnoea")
