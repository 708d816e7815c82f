"""The generated Questionnaire: valid R4, with the invariants of R4 that no schema holds, and no answer given before."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from fhir.resources.R4B.questionnaire import Questionnaire

from service.knowledge.condition import Always, AtLeast, Chosen, Compares, Condition, Holds, Not
from service.knowledge.form import Form
from service.knowledge.parse import BookError
from service.mapping.artefacts.questionnaire import questionnaire
from service.mapping.canonical import ANSWER, FINDING, QUESTIONNAIRE, options_of
from service.mapping.gate.structure import check
from service.mapping.writing.json_bytes import dump
from tests.mapping.form_oracle import items_of
from tests.mapping.responses import BOOK, FORM, GENERATED, ITEMS, Json

EVERY = list(items_of(GENERATED))
SHOWN_WHEN = [item for item in EVERY if "enableWhen" in item]
BY_LINK = {item["linkId"]: item for item in EVERY}


def keys_in(node: object) -> Iterator[str]:
    """Visit every key of the JSON."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield key
            yield from keys_in(value)
    elif isinstance(node, list):
        for entry in node:
            yield from keys_in(entry)


def extension(item: Mapping[str, Any], name: str) -> list[Any]:
    """Return the values of the extensions with this name."""
    found = [one for one in item.get("extension", []) if one["url"].rpartition("/")[2] == name]
    return [value for one in found for key, value in one.items() if key.startswith("value")]


def test_it_is_valid_r4() -> None:
    assert check(GENERATED, "Questionnaire") == ()
    Questionnaire.model_validate_json(dump(GENERATED))


def test_its_name_and_version_are_those_that_responses_answer() -> None:
    assert GENERATED["url"] == QUESTIONNAIRE
    assert GENERATED["version"] == FORM.version
    assert GENERATED["subjectType"] == ["Patient"]
    assert re.fullmatch(r"[A-Z]([A-Za-z0-9_]){0,254}", GENERATED["name"])  # que-0


def test_no_answer_is_given_in_advance() -> None:
    """Neither as `initial`, nor by a selected option, nor by an expression that computes one."""
    keys = set(keys_in(GENERATED))
    assert not keys & {"initial", "initialSelected"}
    assert not [one for item in EVERY for one in item.get("extension", []) if "nitial" in one["url"]]


def test_every_question_of_the_form_is_there_in_order() -> None:
    assert [group["linkId"] for group in GENERATED["item"]] == [group.link_id for group in FORM.groups]
    for written, group in zip(GENERATED["item"], FORM.groups, strict=True):
        assert [item["linkId"] for item in written["item"]] == [item.link_id for item in group.items]
        assert (written["text"], written["type"]) == (group.text, "group")


def test_every_question_says_what_the_reader_asks_of_its_answers() -> None:
    for item in ITEMS.values():
        written = BY_LINK[item.link_id]
        assert (written["text"], written["required"]) == (item.ask, item.required)
        assert written.get("repeats", False) == (item.kind in ("checklist", "choices"))
        offered = [one["valueCoding"] for one in written.get("answerOption", [])]
        assert [(one["system"], one["code"]) for one in offered] == list(options_of(item))
        assert [one["display"] for one in offered] == [FORM.words[code] for _, code in options_of(item)]
        assert [one["code"] for one in extension(written, "questionnaire-unitOption")] == [u.code for u in item.units]
        helps = [inner["text"] for inner in written.get("item", [])]
        assert helps == ([item.help] if item.help else [])


def test_every_question_of_one_finding_carries_its_code() -> None:
    for item in ITEMS.values():
        expected = [{"system": FINDING, "code": item.findings[0]}] if len(item.findings) == 1 else None
        assert BY_LINK[item.link_id].get("code") == expected


def test_the_bounds_of_the_reader_stand_in_the_form() -> None:
    whole = {item.link_id: item for item in ITEMS.values() if item.kind == "integer"}
    measures = {item.link_id: item for item in ITEMS.values() if item.kind == "quantity"}
    assert whole
    assert measures
    for link_id, item in whole.items():
        assert extension(BY_LINK[link_id], "minValue") == [item.minimum]
        assert extension(BY_LINK[link_id], "maxValue") == [item.maximum]
    for link_id, item in measures.items():
        (least,) = extension(BY_LINK[link_id], "sdc-questionnaire-minQuantity")
        (most,) = extension(BY_LINK[link_id], "sdc-questionnaire-maxQuantity")
        assert (least["value"], least["code"]) == (item.minimum, item.unit)
        assert (most["value"], most["code"]) == (item.maximum, item.unit)


@pytest.mark.parametrize("bound", ["minimum", "maximum"])
def test_a_number_may_have_one_bound_alone(bound: str) -> None:
    bounds: dict[str, Decimal | None] = {"minimum": None, "maximum": None, bound: Decimal(7)}
    alone = replace(ITEMS["age"], **bounds)  # type: ignore[arg-type]  # these two names alone
    group_alone = replace(FORM.groups[0], items=(alone,))
    form: Form = replace(FORM, groups=(group_alone,))
    (group,) = questionnaire(replace(BOOK, form=form))["item"]
    (written,) = group["item"][0]["extension"]
    assert written == {"url": f"http://hl7.org/fhir/StructureDefinition/{bound[:3]}Value", "valueInteger": 7}


def test_only_options_that_deny_all_others_are_exclusive() -> None:
    exclusive = {
        (item["linkId"], option["valueCoding"]["code"])
        for item in EVERY
        for option in item.get("answerOption", [])
        if extension(option, "questionnaire-optionExclusive") == [True]
    }
    lists = {(item.link_id, "none-of-these") for item in ITEMS.values() if item.kind == "checklist"}
    assert exclusive == lists | {("tried", "none"), ("relieved-by", "nothing")}


# The invariants of R4


def test_que_1_groups_have_items_and_displays_have_none() -> None:
    assert all(item.get("item") for item in EVERY if item["type"] == "group")
    assert not any(item.get("item") for item in EVERY if item["type"] == "display")


def test_que_2_link_ids_are_unique() -> None:
    assert len(BY_LINK) == len(EVERY)


def test_que_3_and_6_displays_have_neither_code_nor_required_nor_repeats() -> None:
    for item in EVERY:
        if item["type"] == "display":
            assert not item.keys() & {"code", "required", "repeats", "readOnly", "answerOption"}


def test_que_4_and_5_options_stand_with_choices_alone_and_without_a_value_set() -> None:
    for item in EVERY:
        assert "answerValueSet" not in item
        assert ("answerOption" in item) == (item["type"] == "choice")


def test_que_7_only_a_boolean_says_whether_an_answer_exists() -> None:
    assert all(condition["operator"] != "exists" for item in SHOWN_WHEN for condition in item["enableWhen"])


def test_que_12_several_conditions_say_how_they_are_joined() -> None:
    for item in SHOWN_WHEN:
        assert ("enableBehavior" in item) == (len(item["enableWhen"]) > 1)


def test_every_condition_asks_of_an_earlier_question_with_an_answer_that_it_can_have() -> None:
    order = {item["linkId"]: index for index, item in enumerate(EVERY)}
    for item in SHOWN_WHEN:
        for condition in item["enableWhen"]:
            asked = BY_LINK[condition["question"]]
            assert order[asked["linkId"]] < order[item["linkId"]]
            (answer,) = (condition[key] for key in condition if key.startswith("answer"))
            if asked["type"] == "choice":
                options = [option["valueCoding"] for option in asked["answerOption"]]
                assert answer in [{"system": one["system"], "code": one["code"]} for one in options]
            else:
                assert type(answer) is {"boolean": bool, "integer": int}[asked["type"]]


def test_no_question_has_both_an_own_condition_and_an_early_end() -> None:
    """R4 has one list of conditions, joined in one way: two kinds of them would not fit."""
    assert not [item for item in ITEMS.values() if item.shown_when is not None and item.ended_by]


# Conditions in enableWhen

CHEST = {"question": "chest-pain", "operator": "=", "answerCoding": {"system": ANSWER, "code": "yes"}}
CHEST_UNSURE = {**CHEST, "answerCoding": {"system": ANSWER, "code": "not-sure"}}
SWEATS = {"question": "sweating", "operator": "=", "answerBoolean": True}
FEVER = {"question": "list-general", "operator": "=", "answerCoding": {"system": FINDING, "code": "fever"}}
PARENT: dict[str, Any] = {
    "question": "answered-by",
    "operator": "=",
    "answerCoding": {"system": "https://w3id.org/upper-back-triage/CodeSystem/finding-option", "code": "parent"},
}
IS_MALE: dict[str, Any] = {
    "question": "sex",
    "operator": "=",
    "answerCoding": {"system": "http://hl7.org/fhir/administrative-gender", "code": "male"},
}


def unless(condition: Json) -> Json:
    """Return the opposite comparison."""
    return {**condition, "operator": "!="}


def age(operator: Any, threshold: int) -> Compares:
    """Compare the age."""
    return Compares("age", operator, Decimal(threshold))


CONDITIONS: list[tuple[str, Condition, list[Json], str]] = [
    # comment, condition, enableWhen, enableBehavior
    ("a yes", Holds("sweating"), [SWEATS], ""),
    ("a yes or not sure", Holds("chest-pain"), [CHEST, CHEST_UNSURE], "any"),
    ("a choice in a list", Holds("fever"), [FEVER], ""),
    ("no yes", Not(Holds("sweating")), [unless(SWEATS)], ""),
    ("neither yes nor not sure", Not(Holds("chest-pain")), [unless(CHEST), unless(CHEST_UNSURE)], "all"),
    ("an option", Chosen("answered-by", "parent"), [PARENT], ""),
    ("an option of FHIR's own", Chosen("sex", "male"), [IS_MALE], ""),
    ("another option", Not(Chosen("answered-by", "parent")), [unless(PARENT)], ""),
    ("another option of FHIR's own", Not(Chosen("sex", "male")), [unless(IS_MALE)], ""),
    ("below", age("below", 5), [{"question": "age", "operator": "<", "answerInteger": 5}], ""),
    ("at most", age("at-most", 5), [{"question": "age", "operator": "<=", "answerInteger": 5}], ""),
    ("at least", age("at-least", 5), [{"question": "age", "operator": ">=", "answerInteger": 5}], ""),
    ("above", age("above", 5), [{"question": "age", "operator": ">", "answerInteger": 5}], ""),
    ("any of two", AtLeast(1, (Holds("sweating"), Holds("chest-pain"))), [SWEATS, CHEST, CHEST_UNSURE], "any"),
    ("all of two", AtLeast(2, (Holds("sweating"), Holds("fever"))), [SWEATS, FEVER], "all"),
    (
        "all of two, one of them denied",
        AtLeast(2, (Holds("sweating"), Not(Holds("chest-pain")))),
        [SWEATS, unless(CHEST), unless(CHEST_UNSURE)],
        "all",
    ),
]
NOT_IN_R4: list[tuple[str, Condition, str]] = [
    # comment, condition, what is said of it
    ("two of three", AtLeast(2, (Holds("sweating"), Holds("fever"), Holds("rigors"))),
     "AtLeast has no form in enableWhen of R4"),
    ("any inside all", AtLeast(2, (Holds("sweating"), AtLeast(1, (Holds("fever"), Holds("rigors"))))),
     "AtLeast has no form in enableWhen of R4"),
    ("all of two, one of which two answers make present", AtLeast(2, (Holds("sweating"), Holds("chest-pain"))),
     "'chest-pain' has two answers; in R4 they fit 'any' alone"),
    ("any of two, one of which two answers deny", AtLeast(1, (Holds("sweating"), Not(Holds("chest-pain")))),
     "'chest-pain' has two answers; in R4 they fit 'all' alone"),
    ("not both", Not(AtLeast(2, (Holds("sweating"), Holds("fever")))), "Not has no form in enableWhen of R4"),
    ("a quantity, which may come in another unit", Compares("temperature", "at-least", Decimal(38)),
     "Compares has no form in enableWhen of R4"),
    ("always", Always(), "Always has no form in enableWhen of R4"),
]  # fmt: skip


def shown_when(condition: Condition) -> Mapping[str, Any]:
    """Generate a form whose last question has this condition, and return that question."""
    *earlier, last = FORM.groups
    note = replace(last.items[-1], shown_when=condition)
    form: Form = replace(FORM, groups=(*earlier, replace(last, items=(*last.items[:-1], note))))
    return list(items_of(questionnaire(replace(BOOK, form=form))))[-2]


@pytest.mark.parametrize(
    ("condition", "expected", "behaviour"), [pytest.param(*row[1:], id=row[0]) for row in CONDITIONS]
)
def test_a_condition_is_written_as_enable_when(condition: Condition, expected: list[Json], behaviour: str) -> None:
    item = shown_when(condition)
    assert item["enableWhen"] == expected
    assert item.get("enableBehavior", "") == behaviour


@pytest.mark.parametrize(("condition", "says"), [pytest.param(*row[1:], id=row[0]) for row in NOT_IN_R4])
def test_a_condition_that_r4_cannot_say_is_refused(condition: Condition, says: str) -> None:
    with pytest.raises(BookError) as refused:
        shown_when(condition)
    assert str(refused.value) == f"questionnaire.yaml: shown-when: {says}"
