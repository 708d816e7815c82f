"""Answers to questions that the form hides: danger counts, nothing else does, and both are said."""

from decimal import Decimal

import pytest

from service.errors import Issue
from service.knowledge.form import Item
from tests.mapping.reading import read, values
from tests.mapping.responses import BOOK, FORM, ITEMS, Json, Said, filled, place_of, saying

UNKNOWN = "unknown"
COUNTS = "what in it speaks for danger counts, nothing else"
UNUSED = "the answer is not used"

ENDED = filled(dyspnoea="yes")
"""The form ended with its first question."""

HIDDEN: list[tuple[str, Json, dict[str, Said], str, object, bool]] = [
    # comment, what is shown, what is answered all the same, finding, what is known of it, does the answer count
    ("a red flag's yes", ENDED, {"saddle_numb": "yes"}, "saddle-numb", True, True),
    ("a red flag's not sure", ENDED, {"saddle_numb": "not-sure"}, "saddle-numb", True, True),
    ("a red flag's no", ENDED, {"saddle_numb": "no"}, "saddle-numb", UNKNOWN, False),
    ("a red flag in a list", ENDED, {"list_danger_2": ["gi-bleeding"]}, "gi-bleeding", True, True),
    ("what is not chosen beside it", ENDED, {"list_danger_2": ["gi-bleeding"]}, "unsteady-gait", UNKNOWN, True),
    ("none of these", ENDED, {"list_danger_2": ["none-of-these"]}, "gi-bleeding", UNKNOWN, False),
    ("not sure of a list", ENDED, {"list_danger_2": ["not-sure"]}, "gi-bleeding", UNKNOWN, False),
    ("what reassures", ENDED, {"list_character_1": ["mechanical"]}, "mechanical", UNKNOWN, False),
    ("a yes that is no red flag", ENDED, {"list_character_3": ["dull"]}, "dull", UNKNOWN, False),
    ("a measure on the dangerous side", ENDED, {"severity_now": 8}, "severity-now", Decimal(8), True),
    ("a measure on the other side", ENDED, {"severity_now": 3}, "severity-now", UNKNOWN, False),
    ("a child's age", ENDED, {"age": 8}, "age", Decimal(8), True),
    ("an adult's age, from which a sweat can be the heart", ENDED, {"age": 40}, "age", Decimal(40), True),
    ("a temperature that is fever", ENDED, {"temperature": ("39", "Cel")}, "temperature", Decimal(39), True),
    ("a temperature that is too low", ENDED, {"temperature": ("35", "Cel")}, "temperature", Decimal(35), True),
    ("a temperature that is neither", ENDED, {"temperature": ("37", "Cel")}, "temperature", UNKNOWN, False),
    ("an option", ENDED, {"sex": "female"}, "sex", UNKNOWN, False),
    ("several options", ENDED, {"tried": ["heat"]}, "tried", UNKNOWN, False),
    ("a pregnant man", filled(), {"pregnant": True}, "pregnant", True, True),
    ("a man who is not pregnant", filled(), {"pregnant": False}, "pregnant", False, False),
    ("weeks of a pregnancy that is not", filled(), {"gestation_weeks": (12, "wk")}, "gestation-weeks", UNKNOWN, False),
    (
        "an effort pain that is not, and has changed",
        filled(),
        {"exertional_change": True},
        "exertional-change",
        True,
        True,
    ),
    ("more blood than none", filled(), {"haemoptysis_more": True}, "haemoptysis-more", True, True),
    (
        "long short of breath, and not short of breath",
        filled(),
        {"dyspnoea_longstanding": True},
        "dyspnoea-longstanding",
        False,
        False,
    ),
    (
        "dizzy only on standing, and not dizzy",
        filled(),
        {"dizziness_standing": True},
        "dizziness-standing",
        False,
        False,
    ),
]


def notice_of(content: Json, link_id: str) -> Issue:
    """Return the one warning of a hidden answer."""
    (notice,) = (one for one in read(content).notices if one.link_id == link_id)
    return notice


@pytest.mark.parametrize(
    ("shown", "said", "finding", "expected", "counts"), [pytest.param(*row[1:], id=row[0]) for row in HIDDEN]
)
def test_an_answer_that_the_form_hides(
    shown: Json, said: dict[str, Said], finding: str, expected: object, counts: bool
) -> None:
    content = saying(shown, **said)
    assert values(content).get(finding, UNKNOWN) == expected
    (link_id,) = (name.replace("_", "-") for name in said)
    notice = notice_of(content, link_id)
    assert notice.text.endswith(COUNTS if counts else UNUSED)
    assert (notice.severity, notice.code, notice.question) == ("warning", "business-rule", ITEMS[link_id].ask)
    assert notice.expression == f"{place_of(content, link_id)}.answer"


def test_the_warning_names_both_questions() -> None:
    hidden, hiding = ITEMS["pregnant"].ask, ITEMS["sex"].ask
    assert notice_of(saying(filled(), pregnant=True), "pregnant").text == (
        f"'{hidden}' is answered, but hidden by the answer, or the missing answer, to '{hiding}'; {COUNTS}"
    )


def test_only_what_hides_a_question_is_named() -> None:
    """At 70 both the age and the sex hide it, at 40 the sex alone."""
    sex, age = ITEMS["sex"].ask, ITEMS["age"].ask
    both = notice_of(saying(filled(sex="male", age=70), pregnant=True), "pregnant").text
    assert f"'{sex}', '{age}'" in both
    assert age not in notice_of(saying(filled(sex="male", age=40), pregnant=True), "pregnant").text
    assert sex not in notice_of(saying(filled(sex="female", age=70), pregnant=True), "pregnant").text


def test_a_list_that_hides_by_several_findings_is_named_once() -> None:
    text = notice_of(saying(filled(), list_nerves_2=["headache-severe"]), "list-nerves-2").text
    assert text.count(ITEMS["list-nerves-1"].ask) == 1


RED_FLAGS = [item for item in ITEMS.values() if item.link_id in BOOK.red_flags and item.link_id != "dyspnoea"]


@pytest.mark.parametrize("item", [one for one in RED_FLAGS if one.minimum is None], ids=lambda one: one.link_id)
def test_every_red_flag_of_its_own_counts_though_an_earlier_yes_ended_the_form(item: Item) -> None:
    yes: Said = True if item.kind == "boolean" else "yes"
    assert values(saying(ENDED, **{item.link_id: yes}))[item.link_id] is True


def test_a_hidden_yes_shows_no_further_question() -> None:
    """The form asks how much blood only where it asked for blood: the no stays unused, not absent."""
    content = saying(ENDED, list_danger_1=["haemoptysis"], haemoptysis_more=False)
    assert values(content)["haemoptysis"] is True
    assert "haemoptysis-more" not in values(content)
    assert notice_of(content, "haemoptysis-more").text.endswith(UNUSED)


def test_what_comes_of_a_hidden_yes_is_not_absent() -> None:
    """A man who says that he is pregnant: the questions about pregnancy are not shown, and stay open."""
    assert values(filled())["vaginal-bleeding"] is False
    assert "vaginal-bleeding" not in values(saying(filled(), pregnant=True))


def test_a_hidden_text_is_there_to_be_read_without_a_warning() -> None:
    content = saying(ENDED, note="It began at work.")
    assert values(content)["free-text"] is True
    assert read(content).notices == ()


def test_every_hidden_answer_has_its_own_warning() -> None:
    content = saying(filled(), dyspnoea="yes")
    later = [link_id for link_id in FORM.item_of.values() if link_id != "dyspnoea"]
    answered = {item["linkId"] for group in content["item"] for item in group["item"]}
    warned = [notice.link_id for notice in read(content).notices]
    assert warned == [link_id for link_id in dict.fromkeys(later) if link_id in answered]
