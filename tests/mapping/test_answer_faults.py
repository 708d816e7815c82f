"""What is said of items and answers that do not fit, word for word: kinds and what is allowed, never what was sent."""

from typing import Any

import pytest

from service.errors import Issue
from service.mapping.answers import read_answers
from service.mapping.canonical import options_of
from tests.mapping.responses import FORM, ITEMS, Json, response

ROOT = "QuestionnaireResponse"
FIRST = "group-danger-now"
GROUPS = {group.link_id: group.text for group in FORM.groups}
HELP_LINK = "dyspnoea-help"
YES: Json = {"valueBoolean": True}


def issues_of(*items: Json) -> tuple[Issue, ...]:
    return read_answers(FORM, response({}, item=list(items)), ROOT).issues


def group(link_id: str, *items: Json, **more: Any) -> Json:
    return {"linkId": link_id, "item": list(items), **more}


def answering(link_id: str, *answers: Json) -> Json:
    (own,) = [one.link_id for one in FORM.groups if ITEMS[link_id] in one.items]
    return group(own, {"linkId": link_id, "answer": list(answers)})


def coded(code: str) -> Json:
    return {"valueCoding": {"system": "http://example.org", "code": code}}


def option(link_id: str, code: str) -> Json:
    (system,) = [system for system, offered in options_of_item(link_id) if offered == code]
    return {"valueCoding": {"system": system, "code": code}}


def options_of_item(link_id: str) -> list[tuple[str, str]]:

    return list(options_of(ITEMS[link_id]))


def bounds(link_id: str) -> str:
    return f"{ITEMS[link_id].minimum} to {ITEMS[link_id].maximum}"


def measured(link_id: str, **quantity: Any) -> Json:
    return answering(link_id, {"valueQuantity": quantity})


AGE_UNIT = f" {ITEMS['age'].unit}" if ITEMS["age"].unit else ""
UCUM = "http://unitsofmeasure.org"
AT = f"{ROOT}.item[0]"
ANSWER_AT = f"{AT}.item[0].answer"
FAULTS: list[tuple[Json, tuple[str, str, str, str], str]] = [
    # an item at the top; code, text, place, linkId; what is wrong
    (
        {"text": "no linkId"},
        ("required", "an item has no linkId; it may have extensions, but not in place of its value", AT, ""),
        "no linkId",
    ),
    (
        {"linkId": "of-another-form"},
        ("not-found", "met a linkId that the Questionnaire does not have", f"{AT}.linkId", ""),
        "a linkId of another form",
    ),
    (
        {"linkId": "sweating"},
        ("structure", "the item 'sweating' is not at the top of the form; the form has it elsewhere", AT, "sweating"),
        "a question outside its group",
    ),
    (
        group(FIRST, {"linkId": "leg-weak"}),
        (
            "structure",
            f"the item 'leg-weak' is not in the group '{FIRST}'; the form has it elsewhere",
            f"{AT}.item[0]",
            "leg-weak",
        ),
        "a question in another group",
    ),
    (
        group(FIRST, answer=[YES]),
        ("structure", "met an answer; a group holds questions, never an answer", f"{AT}.answer", FIRST),
        "an answer to a group",
    ),
    (
        answering("sweating", YES, YES, YES),
        ("structure", "met 3 answers; allowed is one", ANSWER_AT, "sweating"),
        "several answers to a question that takes one",
    ),
    (
        answering("list-general", option("list-general", "fever"), {"extension": []}),
        (
            "structure",
            "met an answer without a value beside answers that have one; allowed is a value in each, or in none",
            ANSWER_AT,
            "list-general",
        ),
        "an answer without a value beside one with",
    ),
    (
        group(FIRST, {"linkId": "dyspnoea", "item": [{"linkId": "sweating"}]}),
        (
            "structure",
            "met an item inside a question; allowed is the question's own help text alone",
            f"{AT}.item[0].item[0]",
            "dyspnoea",
        ),
        "a question inside a question",
    ),
    (
        group(FIRST, {"linkId": "dyspnoea", "item": [{"linkId": HELP_LINK, "answer": [YES]}]}),
        (
            "structure",
            "met an answer to a help text; it is shown, never answered",
            f"{AT}.item[0].item[0]",
            "dyspnoea",
        ),
        "an answer to a help text",
    ),
    (
        answering("list-general", option("list-general", "none-of-these"), option("list-general", "fever")),
        (
            "business-rule",
            "'none-of-these' stands beside another option; it is allowed only alone",
            ANSWER_AT,
            "list-general",
        ),
        "none of these, and one of these",
    ),
    (
        answering("list-general", option("list-general", "none-of-these"), option("list-general", "not-sure")),
        (
            "business-rule",
            "'none-of-these' stands beside another option; it is allowed only alone",
            ANSWER_AT,
            "list-general",
        ),
        "none of these, and not sure: the first by the alphabet is named",
    ),
    (
        answering("list-general", option("list-general", "fever"), option("list-general", "fever")),
        ("duplicate", "the same option stands twice", ANSWER_AT, "list-general"),
        "an option twice",
    ),
    (
        answering("age", YES),
        ("value", "met valueBoolean; allowed is valueInteger", f"{ANSWER_AT}[0].value", "age"),
        "a yes for a number",
    ),
    (
        answering("dyspnoea", coded("yes")),
        (
            "code-invalid",
            "met a code that is not an option (its system counts too); allowed are yes, no, not-sure",
            f"{ANSWER_AT}[0].value",
            "dyspnoea",
        ),
        "a code of another system",
    ),
    (
        measured("temperature", value=37, system=UCUM, code="Cel", comparator="<"),
        (
            "value",
            "met a quantity with a comparator; allowed is an exact value",
            f"{ANSWER_AT}[0].value.comparator",
            "temperature",
        ),
        "less than 37",
    ),
    (
        measured("temperature", value=310, system=UCUM, code="K"),
        (
            "code-invalid",
            "met a unit that is not one of the question; allowed are the UCUM codes Cel, [degF] with their system",
            f"{ANSWER_AT}[0].value.code",
            "temperature",
        ),
        "another unit",
    ),
    (
        measured("temperature", system=UCUM, code="Cel"),
        ("required", "met a quantity without its value", f"{ANSWER_AT}[0].value.value", "temperature"),
        "a unit without a value",
    ),
    (
        measured("temperature", value=50, system=UCUM, code="Cel"),
        (
            "value",
            f"met a number out of range; allowed is {bounds('temperature')} Cel",
            f"{ANSWER_AT}[0].value",
            "temperature",
        ),
        "a number out of range, with a unit",
    ),
    (
        answering("age", {"valueInteger": 200}),
        (
            "value",
            f"met a number out of range; allowed is {bounds('age')}{AGE_UNIT}",
            f"{ANSWER_AT}[0].value",
            "age",
        ),
        "a number out of range",
    ),
]


@pytest.mark.parametrize(("item", "issue", "comment"), FAULTS, ids=[row[-1] for row in FAULTS])
def test_what_does_not_fit_is_said_in_words_with_its_place(
    item: Json, issue: tuple[str, str, str, str], comment: str
) -> None:
    code, text, place, link_id = issue
    shown = {**GROUPS, **{one.link_id: one.ask for one in ITEMS.values()}}.get(link_id, "")
    assert issues_of(item) == (Issue("error", code, text, place, link_id, shown),), comment


def test_a_linkid_that_stands_twice_is_said_with_the_place_of_the_first() -> None:
    text = f"the linkId 'sweating' stands twice; the first is at {AT}.item[0]"
    issue = Issue("error", "duplicate", text, f"{AT}.item[1].linkId", "sweating", ITEMS["sweating"].ask)
    assert issues_of(group(FIRST, {"linkId": "sweating"}, {"linkId": "sweating"})) == (issue,)


def test_every_answer_is_kept_with_its_place() -> None:
    items = [answering("sweating", YES), answering("list-general", option("list-general", "fever"))]
    answers = read_answers(FORM, response({}, item=items), ROOT)
    assert answers.by_link == {"sweating": True, "list-general": frozenset({"fever"})}
    places = {"sweating": f"{ROOT}.item[0].item[0].answer", "list-general": f"{ROOT}.item[1].item[0].answer"}
    assert answers.places == places


def test_what_follows_a_fault_is_read_all_the_same() -> None:
    """One fault refuses the response, and all of them are said at once."""
    faulty = [
        {"linkId": "of-another-form"},
        group(FIRST, {"linkId": "leg-weak"}, {"linkId": "sweating", "answer": [YES]}),
    ]
    answers = read_answers(FORM, response({}, item=faulty), ROOT)
    assert [one.code for one in answers.issues] == ["not-found", "structure"]
    assert answers.by_link == {"sweating": True}
    assert answers.places == {"sweating": f"{ROOT}.item[1].item[1].answer"}
