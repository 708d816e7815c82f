"""Where an item may stand in a response: each reason to refuse it by its place, each with a valid twin."""

import pytest

from service.knowledge.form import Group
from tests.mapping.reading import refusal
from tests.mapping.responses import FORM, ITEMS, Json, filled, item_in, response

ROOT = "QuestionnaireResponse"
HELP: Json = {"linkId": "dyspnoea-help", "text": ITEMS["dyspnoea"].help}
EXTENSION: list[Json] = [{"url": "urn:example:note", "valueString": "a"}]


def group(link_id: str, *items: Json, **more: object) -> Json:
    """Return a group of a response."""
    return {"linkId": link_id, **({"item": list(items)} if items else {}), **more}


def question(link_id: str, **more: object) -> Json:
    """Return a question that is not answered."""
    return {"linkId": link_id, **more}


def with_items(*items: Json) -> Json:
    """Return a response with these items at its top."""
    return response({}, item=list(items))


def met(content: Json) -> list[tuple[str, str, str]]:
    """Return code, place below the response, and linkId of every issue."""
    return [(one.code, one.expression.removeprefix(f"{ROOT}."), one.link_id) for one in refusal(content)]


FIRST = "group-danger-now"
NEXT = "group-danger-next"
IN_GROUP = group(FIRST, question("dyspnoea"))
ANSWERED: Json = {"valueBoolean": True}

MISPLACED: list[tuple[str, Json, Json, tuple[str, str, str]]] = [
    # what is wrong, the response, its valid twin, the issue
    (
        "a linkId that the form does not have, at the top",
        with_items(group("group-of-another-form")),
        with_items(group(FIRST)),
        ("not-found", "item[0].linkId", ""),
    ),
    (
        "a linkId that the form does not have, in a group",
        with_items(group(FIRST, question("dyspnea"))),
        with_items(IN_GROUP),
        ("not-found", "item[0].item[0].linkId", ""),
    ),
    (
        "a linkId in other letters",
        with_items(group(FIRST, question("Dyspnoea"))),
        with_items(IN_GROUP),
        ("not-found", "item[0].item[0].linkId", ""),
    ),
    (
        "a question outside its group",
        with_items(question("dyspnoea")),
        with_items(IN_GROUP),
        ("structure", "item[0]", "dyspnoea"),
    ),
    (
        "a question in another group",
        with_items(group(NEXT, question("dyspnoea"))),
        with_items(IN_GROUP),
        ("structure", "item[0].item[0]", "dyspnoea"),
    ),
    (
        "a group inside a group",
        with_items(group(FIRST, group(NEXT))),
        with_items(group(FIRST), group(NEXT)),
        ("structure", "item[0].item[0]", NEXT),
    ),
    (
        "an answer to a group",
        with_items(group(FIRST, answer=[ANSWERED])),
        with_items(group(FIRST)),
        ("structure", "item[0].answer", FIRST),
    ),
    (
        "a question inside a question",
        with_items(group(FIRST, question("dyspnoea", item=[question("chest-pain")]))),
        with_items(group(FIRST, question("dyspnoea"), question("chest-pain"))),
        ("structure", "item[0].item[0].item[0]", "dyspnoea"),
    ),
    (
        "a question inside an answer",
        with_items(
            group(FIRST, question("dyspnoea-longstanding", answer=[{**ANSWERED, "item": [question("sweating")]}]))
        ),
        with_items(group(FIRST, question("dyspnoea-longstanding", answer=[ANSWERED]), question("sweating"))),
        ("structure", "item[0].item[0].answer[0].item[0]", "dyspnoea-longstanding"),
    ),
    (
        "an answer to a help text",
        with_items(group(FIRST, question("dyspnoea", item=[{**HELP, "answer": [ANSWERED]}]))),
        with_items(group(FIRST, question("dyspnoea", item=[HELP]))),
        ("structure", "item[0].item[0].item[0]", "dyspnoea"),
    ),
    (
        "a question inside a help text",
        with_items(group(FIRST, question("dyspnoea", item=[{**HELP, "item": [question("sweating")]}]))),
        with_items(group(FIRST, question("dyspnoea", item=[HELP]), question("sweating"))),
        ("structure", "item[0].item[0].item[0]", "dyspnoea"),
    ),
    (
        "the help text of another question",
        with_items(group(FIRST, question("chest-pain", item=[HELP]))),
        with_items(group(FIRST, question("dyspnoea", item=[HELP]))),
        ("structure", "item[0].item[0].item[0]", "chest-pain"),
    ),
    (
        "a help text of a question that has none",
        with_items(group(FIRST, question("sweating", item=[question("sweating-help")]))),
        with_items(group(FIRST, question("sweating"))),
        ("structure", "item[0].item[0].item[0]", "sweating"),
    ),
    (
        "a help text beside its question",
        with_items(group(FIRST, question("dyspnoea"), HELP)),
        with_items(group(FIRST, question("dyspnoea", item=[HELP]))),
        ("structure", "item[0].item[1]", "dyspnoea-help"),
    ),
    (
        "a help text at the top",
        with_items(HELP),
        with_items(IN_GROUP),
        ("structure", "item[0]", "dyspnoea-help"),
    ),
    (
        "extensions in place of a group's linkId",
        with_items({"_linkId": {"extension": EXTENSION}}),
        with_items({"linkId": FIRST, "_linkId": {"extension": EXTENSION}}),
        ("required", "item[0]", ""),
    ),
    (
        "extensions in place of a question's linkId",
        with_items(group(FIRST, {"_linkId": {"extension": EXTENSION}})),
        with_items(group(FIRST, {"linkId": "sweating", "_linkId": {"extension": EXTENSION}})),
        ("required", "item[0].item[0]", ""),
    ),
    (
        "a question twice in its group",
        with_items(group(FIRST, question("sweating"), question("syncope"), question("sweating"))),
        with_items(group(FIRST, question("sweating"), question("syncope"))),
        ("duplicate", "item[0].item[2].linkId", "sweating"),
    ),
    (
        "a question again in another group",
        with_items(group(FIRST, question("sweating")), group(NEXT, question("sweating"))),
        with_items(group(FIRST, question("sweating")), group(NEXT, question("leg-weak"))),
        ("duplicate", "item[1].item[0].linkId", "sweating"),
    ),
    (
        "a group twice",
        with_items(group(FIRST, question("sweating")), group(FIRST, question("syncope"))),
        with_items(group(FIRST, question("sweating"), question("syncope"))),
        ("duplicate", "item[1].linkId", FIRST),
    ),
]


@pytest.mark.parametrize(("wrong", "issue"), [pytest.param(row[1], row[3], id=row[0]) for row in MISPLACED])
def test_an_item_in_a_wrong_place_is_refused_by_name(wrong: Json, issue: tuple[str, str, str]) -> None:
    assert met(wrong) == [issue]


@pytest.mark.parametrize("right", [pytest.param(row[2], id=row[0]) for row in MISPLACED])
def test_its_twin_is_read(right: Json) -> None:
    assert met(right) == []


@pytest.mark.parametrize("link_id", ITEMS)
def test_every_question_is_refused_in_every_place_but_its_own(link_id: str) -> None:
    for other in FORM.groups:
        is_own = link_id in {item.link_id for item in other.items}
        expected = [] if is_own else [("structure", "item[0].item[0]", link_id)]
        assert met(with_items(group(other.link_id, question(link_id)))) == expected
    assert met(with_items(question(link_id))) == [("structure", "item[0]", link_id)]


@pytest.mark.parametrize("one", FORM.groups, ids=lambda one: one.link_id)
def test_every_group_is_refused_inside_every_other(one: Group) -> None:
    for other in FORM.groups:
        if other != one:
            met_inside = met(with_items(group(other.link_id, group(one.link_id))))
            assert met_inside == [("structure", "item[0].item[0]", one.link_id)]


@pytest.mark.parametrize("link_id", [item.link_id for item in ITEMS.values() if item.help])
def test_the_help_text_of_every_question_may_be_sent_along(link_id: str) -> None:
    own_group = next(one for one in FORM.groups if ITEMS[link_id] in one.items)
    shown_along = question(link_id, item=[question(f"{link_id}-help")])
    assert refusal(with_items(group(own_group.link_id, shown_along))) == ()


def test_a_help_text_may_also_stand_inside_the_answer() -> None:
    content = filled()
    item_in(content, "dyspnoea")["answer"][0]["item"] = [HELP]
    assert refusal(content) == ()


def test_all_that_is_wrong_is_said_at_once() -> None:
    content = with_items(question("sweating"), group("group-x"), group(NEXT, question("syncope"), question("y")))
    assert [code for code, _, _ in met(content)] == ["structure", "not-found", "structure", "not-found"]


def test_a_second_place_is_told_where_the_first_one_is() -> None:
    (issue,) = refusal(with_items(group(FIRST, question("sweating"), question("sweating"))))
    assert issue.text == f"the linkId 'sweating' stands twice; the first is at {ROOT}.item[0].item[0]"
    assert issue.question == ITEMS["sweating"].ask
