"""Which answers are read at a glance, each as the full reader reads it, and which are left to the full reader."""

from decimal import Decimal
from typing import Any

import pytest

from service.mapping.answers import Answered, Answers, read_answers
from service.mapping.canonical import UCUM, options_of
from service.mapping.quick_answers import quick_reader
from tests.mapping.responses import FORM, ITEMS, Json, response
from tests.mapping.test_answer_faults import FAULTS

ROOT = "QuestionnaireResponse"
FIRST = "group-danger-now"
YES: Json = {"valueBoolean": True}


def at_a_glance(content: Json) -> Answers | None:
    return quick_reader(FORM)(content, ROOT)


def with_items(*items: Any) -> Json:
    return response({}, item=list(items))


def group(*items: Any, **more: Any) -> Json:
    return {"linkId": FIRST, **({"item": list(items)} if items else {}), **more}


def answering(link_id: str, *answers: Any) -> Json:
    (own,) = [one.link_id for one in FORM.groups if ITEMS[link_id] in one.items]
    return with_items({"linkId": own, "item": [{"linkId": link_id, "answer": list(answers)}]})


def coded(link_id: str, code: str, **more: Any) -> Json:
    (system,) = [system for system, offered in options_of(ITEMS[link_id]) if offered == code]
    return {"valueCoding": {"system": system, "code": code, **more}}


def measured(**quantity: Any) -> Json:
    return answering("temperature", {"valueQuantity": {"value": 37, "system": UCUM, "code": "Cel", **quantity}})


LIST = "list-general"
LONG = Decimal("36." + "8" * 40)
READ: list[tuple[str, Json, Answered, str]] = [
    ("sweating", answering("sweating", YES), True, "yes"),
    ("sweating", answering("sweating", {"valueBoolean": False}), False, "no"),
    ("dyspnoea", answering("dyspnoea", coded("dyspnoea", "not-sure")), "not-sure", "not sure"),
    ("dyspnoea", answering("dyspnoea", coded("dyspnoea", "no", display="No")), "no", "a code with its display"),
    ("note", answering("note", {"valueString": "It began at work."}), "It began at work.", "a text"),
    ("age", answering("age", {"valueInteger": 40}), Decimal(40), "a whole number"),
    ("age", answering("age", {"valueInteger": int(ITEMS["age"].minimum or 0)}), ITEMS["age"].minimum, "the least"),
    ("age", answering("age", {"valueInteger": int(ITEMS["age"].maximum or 0)}), ITEMS["age"].maximum, "the greatest"),
    ("temperature", measured(), Decimal(37), "a measure"),
    ("temperature", measured(value=Decimal("36.80")), Decimal("36.80"), "a measure with its digits"),
    ("temperature", measured(value=LONG), LONG, "a measure with more digits than arithmetic keeps"),
    ("temperature", measured(unit="degrees"), Decimal(37), "a measure with a unit in words"),
    ("temperature", measured(value=Decimal("100.4"), code="[degF]"), Decimal(38), "a measure in another unit"),
    ("sex", answering("sex", coded("sex", "female")), "female", "one of several"),
    (LIST, answering(LIST, coded(LIST, "fever")), frozenset({"fever"}), "one of a list"),
    (LIST, answering(LIST, coded(LIST, "fever"), coded(LIST, "rigors")), frozenset({"fever", "rigors"}), "two of it"),
    (LIST, answering(LIST, coded(LIST, "none-of-these")), frozenset({"none-of-these"}), "none of it"),
]


@pytest.mark.parametrize(("link_id", "content", "value", "comment"), READ, ids=[row[-1] for row in READ])
def test_a_plain_answer_is_read_as_the_full_reader_reads_it(
    link_id: str, content: Json, value: Answered, comment: str
) -> None:
    answers = at_a_glance(content)
    assert answers == Answers({link_id: value}, {link_id: f"{ROOT}.item[0].item[0].answer"}, ()), comment
    assert answers == read_answers(FORM, content, ROOT)
    assert str(answers.by_link[link_id]) == str(read_answers(FORM, content, ROOT).by_link[link_id]), "with its digits"


NOTHING = Answers({}, {}, ())
BLANK: list[tuple[Json, str]] = [
    (response({}), "no items at all"),
    (with_items(group()), "a group without questions"),
    (with_items(group(text="In danger now")), "a group with its text"),
    (with_items(group({"linkId": "sweating"})), "a question without an answer"),
    (with_items(group({"linkId": "sweating", "text": "Sweating?"})), "a question with its text"),
]


@pytest.mark.parametrize(("content", "comment"), BLANK, ids=[row[-1] for row in BLANK])
def test_what_is_blank_is_read_as_blank(content: Json, comment: str) -> None:
    content = {key: value for key, value in content.items() if key != "item" or value}
    assert at_a_glance(content) == read_answers(FORM, content, ROOT) == NOTHING, comment


def test_several_questions_of_several_groups_are_read_each_at_its_place() -> None:
    content = with_items(
        group(
            {"linkId": "sweating"},
            {"linkId": "confusion", "text": "Confused?", "answer": [YES]},
            {"linkId": "cannot-walk"},
            text="In danger now",
        ),
        {"linkId": FORM.groups[1].link_id},
        answering("age", {"valueInteger": 40})["item"][0],
    )
    places = {"confusion": f"{ROOT}.item[0].item[1].answer", "age": f"{ROOT}.item[2].item[0].answer"}
    assert at_a_glance(content) == Answers({"confusion": True, "age": Decimal(40)}, places, ())
    assert at_a_glance(content) == read_answers(FORM, content, ROOT)


LEFT: list[tuple[Json, str]] = [
    *((with_items(row[0]), row[-1]) for row in FAULTS),
    ({**response({}), "status": "done"}, "a fault beside the items"),
    ({**response({}), "item": []}, "an empty array of groups"),
    ({**response({}), "item": group()}, "a group that is no array"),
    ({**response({}), "item": None}, "null for groups"),
    (with_items("a"), "a string for a group"),
    (with_items({"linkId": ["a"]}), "an array for a linkId"),
    (with_items({**group(), "id": "a"}), "a group with an id"),
    (with_items(group(text=" ")), "a group with a blank text"),
    (with_items(group(text=1)), "a group with a number as text"),
    (with_items(group(item=[])), "a group with an empty array"),
    (with_items(group(item={"linkId": "sweating"})), "a question that is no array"),
    (with_items(group(item=None)), "null for questions"),
    (with_items(group("a")), "a string for a question"),
    (with_items(group({"linkId": "sweating", "id": "a"})), "a question with an id"),
    (with_items(group({"linkId": "sweating", "text": ""})), "a question with an empty text"),
    (with_items(group({"linkId": "sweating", "answer": []})), "an empty array of answers"),
    (with_items(group({"linkId": "sweating", "answer": YES})), "an answer that is no array"),
    (with_items(group({"linkId": "sweating", "answer": None})), "null for answers"),
    (with_items(group({"linkId": "sweating"}, {"linkId": "sweating"})), "a question twice"),
    (with_items(group(), group()), "a group twice"),
    (answering("sweating", "a"), "a string for an answer"),
    (answering("sweating", {**YES, "id": "a"}), "an answer with an id"),
    (answering("sweating", {"valueBoolean": 1}), "a number for a yes"),
    (answering("age", {"valueInteger": True}), "a yes for a number"),
    (answering("age", {"valueInteger": Decimal(40)}), "a number with a point"),
    (answering("age", {"valueInteger": int(ITEMS["age"].minimum or 0) - 1}), "less than the least"),
    (answering("age", {"valueInteger": int(ITEMS["age"].maximum or 0) + 1}), "more than the greatest"),
    (answering("age", {"valueInteger": 40}, {"valueInteger": 40}), "two numbers"),
    (answering("note", {"valueString": " "}), "a blank text"),
    (answering("note", {"valueString": 1}), "a number for a text"),
    (answering("note", {"valueString": "a"}, {"valueString": "b"}), "two texts"),
    (measured(id="a"), "a measure with an id"),
    (measured(system="http://example.org"), "a unit of another system"),
    (measured(code="K"), "another unit"),
    (measured(code=["Cel"]), "an array for a unit"),
    (measured(unit=" "), "a blank unit in words"),
    (measured(unit=1), "a number for a unit in words"),
    (measured(value="37"), "a string for a measure"),
    (measured(value=True), "a yes for a measure"),
    (measured(value=ITEMS["temperature"].minimum and ITEMS["temperature"].minimum - 1), "too low to be"),
    (measured(value=ITEMS["temperature"].maximum and ITEMS["temperature"].maximum + 1), "too high to be"),
    (answering("temperature", {"valueQuantity": 37}), "a number for a measure with a unit"),
    (answering("dyspnoea", coded("dyspnoea", "no", version="1")), "a code with a version"),
    (answering("dyspnoea", coded("dyspnoea", "no", display=" ")), "a code with a blank display"),
    (answering("dyspnoea", {**coded("dyspnoea", "no"), "id": "a"}), "a code beside an id"),
    (answering("dyspnoea", {"valueCoding": "no"}), "a string for a code"),
    (answering("dyspnoea", {"valueCoding": {"code": ["no"]}}), "an array for a code"),
    (answering("dyspnoea", {"valueCoding": {}}), "no code"),
    (answering("dyspnoea", {"valueCoding": {"code": "of another list"}}), "a code without a system that no list has"),
    (answering("dyspnoea", {"valueCoding": {"system": 0, "code": "maybe"}}), "no option, and 0 for its system"),
    (answering("dyspnoea", {"valueCoding": {"system": False, "code": "maybe"}}), "no option, and false for its system"),
    (answering("dyspnoea", {"valueCoding": {"system": 1, "code": "maybe"}}), "no option, and 1 for its system"),
    (answering("dyspnoea", {"valueCoding": {"system": None, "code": "maybe"}}), "no option, and null for its system"),
    (answering("dyspnoea", {"valueCoding": {"system": 0, "code": "no"}}), "an option, and 0 for its system"),
    (answering(LIST, {"valueCoding": {"system": 0, "code": "maybe"}}), "no option of a list, and 0 for its system"),
    (answering("dyspnoea", coded("dyspnoea", "no"), coded("dyspnoea", "yes")), "two answers to one question"),
    (answering(LIST, coded(LIST, "fever"), {"valueCoding": {}}), "an option beside a blank one"),
    (answering(LIST, coded(LIST, "fever"), coded(LIST, "fever")), "an option twice"),
    (answering(LIST, coded(LIST, "fever"), coded(LIST, "none-of-these")), "an option beside none of these"),
]


@pytest.mark.parametrize(("content", "comment"), LEFT, ids=[row[-1] for row in LEFT])
def test_what_is_not_plain_is_left_to_the_full_reader(content: Json, comment: str) -> None:
    assert at_a_glance(content) is None, comment
