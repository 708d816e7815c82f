"""What an answer makes of a finding: present, absent or unknown; blank, not sure and not shown are never a no."""

from dataclasses import replace
from decimal import Decimal

import pytest

from service.engine.facts import Fact
from service.knowledge.form import Item
from service.mapping.answered_facts import facts_of_answers
from service.mapping.answers import read_answers
from tests.mapping.damage import NO_ANSWER
from tests.mapping.reading import read, values
from tests.mapping.responses import BOOK, FORM, ITEMS, Json, Said, filled, response, saying, with_answers

UNKNOWN = "unknown"
UNSURE_MEANS_PRESENT = [finding.id for finding in BOOK.findings.values() if finding.unsure_means_present]
LISTS = [item for item in ITEMS.values() if item.kind == "checklist"]


def known(content: Json, finding: str) -> object:
    """Return the value of a finding, or that it is unknown."""
    return values(content).get(finding, UNKNOWN)


def origin(content: Json, finding: str) -> tuple[str, tuple[str, ...]]:
    """Return who gave the finding, and where it stands."""
    fact = read(content).facts[finding]
    return fact.origin, fact.where


def alone(**said: Said) -> Json:
    """Return a response that says this and nothing else."""
    return response({name.replace("_", "-"): one for name, one in said.items()})


ANSWERS: list[tuple[str, Json, str, object]] = [
    # comment, response, finding, what is known
    ("yes", alone(sweating=True), "sweating", True),
    ("no", alone(sweating=False), "sweating", False),
    ("nothing said", alone(), "sweating", UNKNOWN),
    ("yes where not sure could be said", alone(dyspnoea="yes"), "dyspnoea", True),
    ("no where not sure could be said", alone(dyspnoea="no"), "dyspnoea", False),
    ("not sure counts as yes there", alone(dyspnoea="not-sure"), "dyspnoea", True),
    ("nothing said there", alone(), "dyspnoea", UNKNOWN),
    ("chosen in a list", alone(list_general=["fever"]), "fever", True),
    ("not chosen in an answered list", alone(list_general=["fever"]), "rigors", False),
    ("none of these", alone(list_general=["none-of-these"]), "fever", False),
    ("not sure of the list", alone(list_general=["not-sure"]), "fever", UNKNOWN),
    ("chosen, and not sure of the others", alone(list_general=["fever", "not-sure"]), "fever", True),
    ("not chosen, and not sure of the others", alone(list_general=["fever", "not-sure"]), "rigors", UNKNOWN),
    ("a list left blank", alone(), "fever", UNKNOWN),
    ("a whole number", alone(age=40), "age", Decimal(40)),
    ("no whole number", alone(), "age", UNKNOWN),
    ("a measure", alone(duration_days=(2, "wk")), "duration-days", Decimal(14)),
    ("an option", alone(sex="female"), "sex", frozenset({"female"})),
    ("an option that says it is not known", alone(sex="unknown"), "sex", frozenset({"unknown"})),
    ("no option", alone(), "sex", UNKNOWN),
    ("several options", alone(tried=["heat", "nsaid"]), "tried", frozenset({"heat", "nsaid"})),
    ("tried nothing", alone(tried=["none"]), "tried", frozenset({"none"})),
    ("a text is no finding", alone(note="fever"), "fever", UNKNOWN),
    ("a text is not kept among the findings", alone(note="fever"), "note", UNKNOWN),
    ("a text is there to be read", alone(note="fever"), "free-text", True),
    ("there is no text to be read", alone(), "free-text", False),
]


@pytest.mark.parametrize(("content", "finding", "expected"), [pytest.param(*row[1:], id=row[0]) for row in ANSWERS])
def test_an_answer_says_of_a_finding(content: Json, finding: str, expected: object) -> None:
    assert known(content, finding) == expected


def test_an_answer_is_told_with_the_question_it_was_given_to() -> None:
    content = alone(list_general=["fever"], sweating=False, note="a")
    assert origin(content, "fever") == ("response", ("list-general",))
    assert origin(content, "sweating") == ("response", ("sweating",))
    assert origin(content, "free-text") == ("service", ("note",))
    assert origin(alone(), "free-text") == ("service", ())


@pytest.mark.parametrize("link_id", UNSURE_MEANS_PRESENT)
def test_not_sure_is_a_yes_for_every_finding_that_says_so(link_id: str) -> None:
    assert ITEMS[link_id].kind == "yes-no-not-sure"
    assert known(saying(alone(), **{link_id: "not-sure"}), link_id) is True


@pytest.mark.parametrize("item", LISTS, ids=lambda item: item.link_id)
def test_not_sure_leaves_every_finding_of_every_list_unknown(item: Item) -> None:
    everything_shown = filled(
        sex="female", age=30, pregnant=True, list_pregnancy_1=["postpartum"], list_nerves_1=["headache"]
    )
    content = saying(everything_shown, **{item.link_id: ["not-sure"]})
    assert {known(content, finding) for finding in item.findings} == {UNKNOWN}
    content = saying(everything_shown, **{item.link_id: ["none-of-these"]})
    assert {known(content, finding) for finding in item.findings} == {False}


@pytest.mark.parametrize("item", ITEMS.values(), ids=ITEMS)
def test_a_question_that_was_left_blank_says_nothing(item: Item) -> None:
    content = filled(sex="female", age=30, pregnant=True)
    for blank in (None, [{"extension": [NO_ANSWER]}]):
        facts = read(with_answers(content, item.link_id, blank)).facts
        assert all(item.link_id not in facts[one].where for one in item.findings if one in facts)
        assert all(facts[one].origin == "not-shown" for one in item.findings if one in facts)


# Questions that were not shown

NOT_SHOWN: list[tuple[str, Json, str, object]] = [
    # comment, response, finding, what is known of it
    ("its parent is no: absent", filled(), "exertional-change", False),
    ("its parent is no, in a list: absent", filled(), "headache-severe", False),
    ("its parent is no: how long ago stays unknown", filled(), "trauma-days", UNKNOWN),
    ("its parent was not answered", saying(filled(), list_character_2=None), "exertional-change", UNKNOWN),
    ("its parent is not sure", saying(filled(), list_character_2=["not-sure"]), "exertional-change", UNKNOWN),
    ("one of two parents was not answered", saying(filled(), list_general=None), "headache-severe", False),
    ("all of its parents were not answered", saying(filled(), list_nerves_1=None), "headache-severe", UNKNOWN),
    ("a man", filled(sex="male"), "pregnant", False),
    ("a man: nothing that comes of pregnancy", filled(sex="male"), "vaginal-bleeding", False),
    ("a man: not in a list either", filled(sex="male"), "postpartum", False),
    ("a man: weeks of pregnancy stay unknown", filled(sex="male"), "gestation-weeks", UNKNOWN),
    ("a girl of nine", filled(sex="female", age=9), "pregnant", False),
    ("a woman of sixty-one", filled(sex="female", age=61), "pregnant", False),
    ("a girl of ten is asked, and says no", filled(sex="female", age=10), "pregnant", False),
    ("a woman of sixty is asked, and says nothing", filled(sex="female", age=60, pregnant=None), "pregnant", UNKNOWN),
    ("a man of unknown age", filled(sex="male", age=None), "pregnant", False),
    ("a woman of unknown age", filled(sex="female", age=None), "pregnant", UNKNOWN),
    ("nobody said which sex, and she is of an age to be asked", filled(sex=None, pregnant=None), "pregnant", UNKNOWN),
    ("nobody said which sex, at sixty-one", filled(sex=None, age=61), "pregnant", False),
    ("nobody said which sex, nor the age", filled(sex=None, age=None), "pregnant", UNKNOWN),
    ("sex given as unknown", filled(sex="unknown", pregnant=None), "pregnant", UNKNOWN),
    ("pain in the upper back is not only elsewhere", filled(), "other-site-only", False),
    ("the form ended before the question", filled(dyspnoea="yes"), "saddle-numb", UNKNOWN),
    ("the form ended before a list", filled(dyspnoea="yes"), "fever", UNKNOWN),
    ("the form ended with not sure", filled(dyspnoea="not-sure"), "saddle-numb", UNKNOWN),
    ("the form ended in the same group", filled(dyspnoea="yes"), "chest-pain", UNKNOWN),
    ("the form ended before its parent", filled(dyspnoea="yes"), "exertional-change", UNKNOWN),
    ("the form ended before sex and age", filled(dyspnoea="yes"), "pregnant", UNKNOWN),
    ("asked before the end", filled(saddle_numb="yes"), "dyspnoea", False),
    ("asked after a yes of its own", filled(dyspnoea="yes", dyspnoea_longstanding=True), "dyspnoea-longstanding", True),
    ("not asked after a no of its own", filled(), "dyspnoea-longstanding", False),
    ("not asked after a blank of its own", filled(dyspnoea=None), "dyspnoea-longstanding", UNKNOWN),
]


@pytest.mark.parametrize(("content", "finding", "expected"), [pytest.param(*row[1:], id=row[0]) for row in NOT_SHOWN])
def test_a_question_that_was_not_shown_says_of_its_finding(content: Json, finding: str, expected: object) -> None:
    assert known(content, finding) == expected


def test_a_measure_that_was_not_shown_is_never_absent_whatever_the_form_says() -> None:
    """Absent is an answer to yes or no; a number that nobody asked for is unknown."""
    groups = tuple(
        replace(group, items=tuple(replace(item, not_shown_means="absent") for item in group.items))
        for group in FORM.groups
    )
    book = replace(BOOK, form=replace(FORM, groups=groups))
    answers = read_answers(book.form, filled(), "QuestionnaireResponse")
    facts = facts_of_answers(book, answers, "completed", "QuestionnaireResponse").facts
    assert "trauma-days" not in facts
    assert facts["hydrated"].value is False


def test_what_was_not_shown_is_told_with_the_questions_that_hid_it() -> None:
    assert origin(filled(), "exertional-change") == ("not-shown", ("list-character-2",))
    assert origin(filled(sex="male"), "pregnant") == ("not-shown", ("sex",))
    assert origin(filled(sex="male", age=70), "pregnant") == ("not-shown", ("sex", "age"))
    assert origin(filled(sex="female", age=9), "pregnant") == ("not-shown", ("age",))


@pytest.mark.parametrize("ender", sorted({one for group in FORM.groups for one in group.ended_by}))
def test_nothing_that_comes_after_an_early_end_is_known(ender: str) -> None:
    asked = ITEMS[FORM.item_of[ender]]
    said: Said = {"boolean": True, "yes-no-not-sure": "yes"}.get(asked.kind, [ender])  # type: ignore[assignment]
    content = filled(**{asked.link_id: said})
    after = [item for group in FORM.groups for item in group.items if ender in (*group.ended_by, *item.ended_by)]
    facts: dict[str, Fact] = dict(read(content).facts)
    assert after
    assert not [one for item in after for one in item.findings if one in facts]


# Required questions that were left blank

REQUIRED = {item.link_id for item in ITEMS.values() if item.required}
STATUSES = [("completed", True), ("amended", True), ("in-progress", False), ("stopped", False)]


@pytest.mark.parametrize(("status", "warns"), STATUSES)
def test_each_required_question_left_blank_is_warned_of_once_where_the_response_is_complete(
    status: str, warns: bool
) -> None:
    notices = read(response({}, status=status)).notices
    blank = [(notice.link_id, notice.question) for notice in notices if notice.code == "required"]
    expected = [(link_id, ITEMS[link_id].ask) for link_id in ITEMS if link_id in REQUIRED]
    assert blank == (expected if warns else [])
    assert all(one.severity == "warning" for one in notices)
    assert all(one.expression == "QuestionnaireResponse.item" for one in notices if one.code == "required")


@pytest.mark.parametrize("link_id", sorted(REQUIRED))
def test_one_required_question_left_blank_is_one_warning(link_id: str) -> None:
    (notice,) = read(saying(filled(), **{link_id: None})).notices
    assert (notice.code, notice.link_id) == ("required", link_id)
    assert notice.text == "a required question is not answered; it counts as unknown, never as no"


@pytest.mark.parametrize("link_id", sorted(ITEMS.keys() - REQUIRED))
def test_a_question_that_is_not_required_may_be_left_blank(link_id: str) -> None:
    assert read(saying(filled(sex="female", age=30), **{link_id: None})).notices == ()


def test_a_required_question_that_an_early_end_hides_is_no_blank() -> None:
    assert read(filled(dyspnoea="yes")).notices == ()


def test_not_sure_answers_a_required_list() -> None:
    assert read(filled(list_danger_1=["not-sure"])).notices == ()
