"""What an answer may be: types, options, bounds and units; each reason to refuse one, each with a valid twin."""

from decimal import Decimal

import pytest

from service.knowledge.form import Item
from service.mapping.answers import VALUE_OF, read_answers
from service.mapping.canonical import ADMINISTRATIVE_GENDER, ANSWER, FINDING, FINDING_OPTION, UCUM, options_of
from tests.mapping.damage import NO_ANSWER, VALUES
from tests.mapping.reading import refusal
from tests.mapping.responses import BOOK, FORM, ITEMS, Json, Said, answer_of, response

AT = "QuestionnaireResponse.item[0].item[0].answer"
KINDS = {kind: next(item for item in ITEMS.values() if item.kind == kind) for kind in VALUE_OF}


def answering(link_id: str, *answers: Json) -> Json:
    """Return a response that answers one question."""
    group = next(group for group in FORM.groups if ITEMS[link_id] in group.items)
    items = [{"linkId": link_id, "answer": list(answers)}]
    return response({}, item=[{"linkId": group.link_id, "item": items}])


def met(link_id: str, *answers: Json) -> list[tuple[str, str]]:
    """Return code and place of every issue; each names the question in words."""
    issues = refusal(answering(link_id, *answers))
    assert all((one.link_id, one.question) == (link_id, ITEMS[link_id].ask) for one in issues)
    return [(one.code, one.expression) for one in issues]


def heard(link_id: str, *answers: Json) -> object:
    """Return what is read from valid answers to one question; None where it is blank."""
    answers_read = read_answers(FORM, answering(link_id, *answers), "QuestionnaireResponse")
    assert answers_read.issues == ()
    assert answers_read.places.keys() == answers_read.by_link.keys()
    return answers_read.by_link.get(link_id)


def coded(system: str | None, code: str | None, **more: object) -> Json:
    """Return an answer with a Coding."""
    return {
        "valueCoding": {key: one for key, one in {"system": system, "code": code, **more}.items() if one is not None}
    }


def measured(value: object, code: str | None, system: str | None = UCUM, **more: object) -> Json:
    """Return an answer with a Quantity."""
    written = {"value": value, "code": code, "system": system, **more}
    return {"valueQuantity": {key: one for key, one in written.items() if one is not None}}


# Types


@pytest.mark.parametrize("item", ITEMS.values(), ids=ITEMS)
def test_every_question_refuses_every_type_but_its_own(item: Item) -> None:
    for key, value in VALUES.items():
        if key != VALUE_OF[item.kind]:
            assert met(item.link_id, {key: value}) == [("value", f"{AT}[0].value")], key


TYPES: list[tuple[str, str, Json, object]] = [
    # comment, question, answer, what is heard
    ("a boolean", "sweating", {"valueBoolean": True}, True),
    ("yes", "dyspnoea", coded(ANSWER, "yes"), "yes"),
    ("no", "dyspnoea", coded(ANSWER, "no"), "no"),
    ("not sure", "dyspnoea", coded(ANSWER, "not-sure"), "not-sure"),
    ("an option of a choice", "answered-by", coded(FINDING_OPTION, "parent"), "parent"),
    ("FHIR's own code for sex", "sex", coded(ADMINISTRATIVE_GENDER, "female"), "female"),
    ("a list of one", "tried", coded(FINDING_OPTION, "heat"), frozenset({"heat"})),
    ("a whole number", "age", {"valueInteger": 40}, Decimal(40)),
    ("a measure", "temperature", measured(Decimal("36.8"), "Cel"), Decimal("36.8")),
    ("a text", "note", {"valueString": "It began at work."}, "It began at work."),
    ("an extension beside the value", "sweating", {"valueBoolean": False, "extension": [NO_ANSWER]}, False),
    ("a companion beside the value", "sweating", {"valueBoolean": False, "_valueBoolean": {"id": "a"}}, False),
]


@pytest.mark.parametrize(("link_id", "answer", "expected"), [pytest.param(*row[1:], id=row[0]) for row in TYPES])
def test_an_answer_of_the_right_type_is_heard(link_id: str, answer: Json, expected: object) -> None:
    assert heard(link_id, answer) == expected
    assert type(heard(link_id, answer)) is type(expected)


# Options


@pytest.mark.parametrize("item", [item for item in ITEMS.values() if options_of(item)], ids=lambda item: item.link_id)
def test_every_option_of_every_question_is_heard_with_its_own_system_alone(item: Item) -> None:
    refused = [("code-invalid", f"{AT}[0].value")]
    for system, code in options_of(item):
        assert met(item.link_id, coded(system, code)) == []
        for other in {ANSWER, FINDING, FINDING_OPTION, ADMINISTRATIVE_GENDER, "http://example.org"} - {system}:
            assert met(item.link_id, coded(other, code)) == refused
        assert met(item.link_id, coded(None, code)) == refused
    assert met(item.link_id, coded(FINDING, "something-else")) == refused


OPTIONS: list[tuple[str, str, Json, Json]] = [
    # what is wrong, question, answer, its valid twin
    ("a finding of another list", "list-general", coded(FINDING, "cough"), coded(FINDING, "fever")),
    ("a finding that no question asks", "list-general", coded(FINDING, "one-sided"), coded(FINDING, "rigors")),
    ("yes to a list", "list-general", coded(ANSWER, "yes"), coded(ANSWER, "none-of-these")),
    ("none of these to a yes or no", "dyspnoea", coded(ANSWER, "none-of-these"), coded(ANSWER, "no")),
    ("a code in other letters", "dyspnoea", coded(ANSWER, "No"), coded(ANSWER, "no")),
    ("a display without a code", "dyspnoea", coded(ANSWER, None, display="No"), coded(ANSWER, "no", display="No")),
    (
        "a code in place of its extension",
        "sex",
        coded(ADMINISTRATIVE_GENDER, None, _code={"extension": [NO_ANSWER]}),
        coded(ADMINISTRATIVE_GENDER, "other"),
    ),
    ("not sure of a choice without it", "sex", coded(ANSWER, "not-sure"), coded(ADMINISTRATIVE_GENDER, "unknown")),
    ("the none of a list of findings", "list-general", coded(ANSWER, "none"), coded(ANSWER, "none-of-these")),
    ("the nothing of another choice", "tried", coded(FINDING_OPTION, "nothing"), coded(FINDING_OPTION, "none")),
]


@pytest.mark.parametrize(("link_id", "wrong", "right"), [pytest.param(*row[1:], id=row[0]) for row in OPTIONS])
def test_a_code_that_is_not_an_option_is_refused(link_id: str, wrong: Json, right: Json) -> None:
    assert met(link_id, wrong) == [("code-invalid", f"{AT}[0].value")]
    assert met(link_id, right) == []


def test_what_the_options_are_is_said_but_not_what_was_met() -> None:
    (issue,) = refusal(answering("dyspnoea", coded(ANSWER, "canary")))
    assert issue.text.endswith("allowed are yes, no, not-sure")
    assert "canary" not in issue.text


# How many


@pytest.mark.parametrize("item", ITEMS.values(), ids=ITEMS)
def test_two_answers_are_allowed_where_the_question_repeats_and_nowhere_else(item: Item) -> None:
    match item.kind:
        case "checklist":
            assert met(item.link_id, *answer_of(item, list(item.findings))) == []
        case "choices":
            assert met(item.link_id, *answer_of(item, list(item.options[:2]))) == []
        case _:
            answer = _valid(item)
            assert met(item.link_id, answer) == []
            assert met(item.link_id, answer, answer) == [("structure", AT)]


def _valid(item: Item) -> Json:
    if item.kind == "quantity":
        return measured(30 if item.link_id == "temperature" else 2, item.unit)
    said: dict[str, Said] = {"boolean": True, "integer": 5, "text": "a", "yes-no-not-sure": "no"}
    return answer_of(item, said[item.kind] if item.kind in said else item.options[0])[0]


SETS: list[tuple[str, str, tuple[str, ...], str]] = [
    # comment, question, options, the code of the issue; empty where they are heard
    ("none of these alone", "list-general", ("none-of-these",), ""),
    ("none of these beside a finding", "list-general", ("none-of-these", "fever"), "business-rule"),
    ("a finding beside none of these", "list-general", ("fever", "none-of-these"), "business-rule"),
    ("none of these beside not sure", "list-general", ("not-sure", "none-of-these"), "business-rule"),
    ("not sure alone", "list-general", ("not-sure",), ""),
    ("not sure beside a finding: sure of that one", "list-general", ("fever", "not-sure"), ""),
    ("none alone", "tried", ("none",), ""),
    ("none beside heat", "tried", ("heat", "none"), "business-rule"),
    ("nothing alone", "relieved-by", ("nothing",), ""),
    ("nothing beside rest", "relieved-by", ("rest", "nothing"), "business-rule"),
    ("two findings", "list-general", ("fever", "rigors"), ""),
    ("a finding twice", "list-general", ("fever", "fever"), "duplicate"),
    ("a finding twice, apart", "list-general", ("fever", "rigors", "fever"), "duplicate"),
    ("none of these twice", "list-general", ("none-of-these", "none-of-these"), "duplicate"),
    ("not sure twice", "list-general", ("not-sure", "not-sure"), "duplicate"),
    ("an option of a choice twice", "tried", ("heat", "heat"), "duplicate"),
    ("two options of a choice", "tried", ("heat", "cold"), ""),
]


@pytest.mark.parametrize(("link_id", "codes", "code"), [pytest.param(*row[1:], id=row[0]) for row in SETS])
def test_options_that_exclude_each_other_are_refused(link_id: str, codes: tuple[str, ...], code: str) -> None:
    answers = answer_of(ITEMS[link_id], list(codes))
    assert met(link_id, *answers) == ([(code, AT)] if code else [])
    if not code:
        assert heard(link_id, *answers) == frozenset(codes)


def test_every_list_refuses_none_of_these_beside_each_of_its_findings() -> None:
    for item in ITEMS.values():
        for finding in item.findings if item.kind == "checklist" else ():
            answers = answer_of(item, [finding, "none-of-these"])
            assert met(item.link_id, *answers) == [("business-rule", AT)]


# Bounds

BOUNDS: list[tuple[str, str, str, str, str, str]] = [
    # question, unit, refused below, least accepted, most accepted, refused above
    ("duration-days", "d", "-0.1", "0", "36500", "36500.1"),
    ("duration-days", "wk", "-0.1", "0", "5214", "5215"),  # 36,500 / 7 = 5214.3
    ("duration-days", "mo", "-0.1", "0", "1216", "1217"),  # 36,500 / 30 = 1216.7
    ("duration-days", "a", "-0.1", "0", "100", "100.1"),  # 36,500 / 365 = 100
    ("trauma-days", "d", "-1", "0", "42", "43"),
    ("trauma-days", "wk", "-1", "0", "6", "6.1"),  # 42 / 7 = 6
    ("trauma-days", "mo", "-1", "0", "1.4", "1.5"),  # 42 / 30 = 1.4
    ("trauma-days", "a", "-1", "0", "0.11", "0.12"),  # 42 / 365 = 0.115
    ("rash-days", "d", "-1", "0", "365", "366"),
    ("rash-days", "wk", "-1", "0", "52", "53"),  # 365 / 7 = 52.1
    ("rash-days", "mo", "-1", "0", "12", "13"),  # 365 / 30 = 12.2
    ("rash-days", "a", "-1", "0", "1", "1.1"),
    ("gestation-weeks", "wk", "-0.1", "0", "44", "44.1"),
    ("gestation-weeks", "d", "-1", "0", "308", "309"),  # 44 * 7 = 308
    ("gestation-weeks", "mo", "-1", "0", "10.2", "10.3"),  # 308 / 30 = 10.27
    ("postpartum-weeks", "wk", "-0.1", "0", "27", "27.1"),
    ("postpartum-weeks", "d", "-1", "0", "189", "190"),  # 27 * 7 = 189
    ("postpartum-weeks", "mo", "-1", "0", "6.3", "6.4"),  # 189 / 30 = 6.3
    ("temperature", "Cel", "24.9", "25", "45", "45.1"),
    ("temperature", "[degF]", "76.9", "77", "113", "113.1"),  # 25 * 9 / 5 + 32 = 77; 45 * 9 / 5 + 32 = 113
]


@pytest.mark.parametrize(("link_id", "unit", "below", "least", "most", "above"), BOUNDS)
def test_a_measure_is_refused_beyond_its_bounds_in_every_unit(
    link_id: str, unit: str, below: str, least: str, most: str, above: str
) -> None:
    for outside in (below, above):
        assert met(link_id, measured(Decimal(outside), unit)) == [("value", f"{AT}[0].value")], outside
    for inside in (least, most):
        assert met(link_id, measured(Decimal(inside), unit)) == [], inside


def test_the_bounds_are_tried_in_every_unit_of_every_measure() -> None:
    units = {(item.link_id, unit.code) for item in ITEMS.values() for unit in item.units}
    assert {row[:2] for row in BOUNDS} == units


@pytest.mark.parametrize(
    ("link_id", "least", "most"), [("age", 0, 120), ("severity-now", 0, 10), ("severity-onset", 0, 10)]
)
def test_a_whole_number_is_refused_beyond_its_bounds(link_id: str, least: int, most: int) -> None:
    for outside in (least - 1, most + 1, 2**31 - 1, -(2**31)):
        assert met(link_id, {"valueInteger": outside}) == [("value", f"{AT}[0].value")]
    for inside in (least, most):
        assert heard(link_id, {"valueInteger": inside}) == Decimal(inside)


def test_the_bounds_are_said_but_not_what_was_met() -> None:
    (issue,) = refusal(answering("temperature", measured(98, "Cel")))
    assert issue.text == "met a number out of range; allowed is 25 to 45 Cel"
    (issue,) = refusal(answering("severity-now", {"valueInteger": 77}))
    assert issue.text == "met a number out of range; allowed is 0 to 10"


# Units

CONVERSIONS: list[tuple[str, str, str, str]] = [
    # question, value, unit, value in the unit of the rules
    ("duration-days", "3", "d", "3"),
    ("duration-days", "2", "wk", "14"),
    ("duration-days", "3", "mo", "90"),
    ("duration-days", "2", "a", "730"),
    ("duration-days", "0.5", "wk", "3.5"),
    ("gestation-weeks", "140", "d", "20"),
    ("gestation-weeks", "7", "mo", "30"),  # 7 * 30 / 7
    ("postpartum-weeks", "42", "d", "6"),
    ("temperature", "100.4", "[degF]", "38.0"),  # (100.4 - 32) * 5 / 9
    ("temperature", "96.8", "[degF]", "36.0"),
    ("temperature", "38.0", "Cel", "38.0"),
]


@pytest.mark.parametrize(("link_id", "value", "unit", "expected"), CONVERSIONS)
def test_an_answer_becomes_the_unit_that_rules_compare_in(link_id: str, value: str, unit: str, expected: str) -> None:
    assert heard(link_id, measured(Decimal(value), unit)) == Decimal(expected)


@pytest.mark.parametrize("digits", ["38.0", "38.00", "37.10", "37.123456789012345678", f"35.{'9' * 40}"])
def test_a_decimal_keeps_its_digits(digits: str) -> None:
    assert str(heard("temperature", measured(Decimal(digits), "Cel"))) == digits


UNITS: list[tuple[str, Json, str, str]] = [
    # what is wrong with three weeks, answer, code, place below the value
    ("no code", measured(3, None), "code-invalid", ".code"),
    ("a unit in words alone", measured(3, None, None, unit="weeks"), "code-invalid", ".code"),
    ("a number alone", measured(3, None, None), "code-invalid", ".code"),
    ("a code without its system", measured(3, "wk", None), "code-invalid", ".code"),
    ("another system", measured(3, "wk", "http://example.org/units"), "code-invalid", ".code"),
    ("a unit of another measure", measured(3, "Cel"), "code-invalid", ".code"),
    ("a unit in words as code", measured(3, "weeks"), "code-invalid", ".code"),
    ("a unit in other letters", measured(3, "WK"), "code-invalid", ".code"),
    ("hours", measured(3, "h"), "code-invalid", ".code"),
    ("less than", measured(3, "wk", comparator="<"), "value", ".comparator"),
    ("at least", measured(3, "wk", comparator=">="), "value", ".comparator"),
    ("no value", measured(None, "wk"), "required", ".value"),
    ("extensions in place of the value", measured(None, "wk", _value={"extension": [NO_ANSWER]}), "required", ".value"),
]


@pytest.mark.parametrize(("answer", "code", "place"), [pytest.param(*row[1:], id=row[0]) for row in UNITS])
def test_a_quantity_whose_unit_or_value_is_not_certain_is_refused(answer: Json, code: str, place: str) -> None:
    assert met("duration-days", answer) == [(code, f"{AT}[0].value{place}")]
    assert met("duration-days", measured(3, "wk", unit="whatever is shown")) == []


@pytest.mark.parametrize(
    "item", [item for item in ITEMS.values() if item.kind == "quantity"], ids=lambda one: one.link_id
)
def test_every_measure_refuses_the_units_of_the_others(item: Item) -> None:
    every = {unit.code for other in ITEMS.values() for unit in other.units} | {"h", "min", "s", "K", "1"}
    for code in every - {unit.code for unit in item.units}:
        assert met(item.link_id, measured(30, code)) == [("code-invalid", f"{AT}[0].value.code")]


# Blank


@pytest.mark.parametrize("item", ITEMS.values(), ids=ITEMS)
def test_an_answer_of_extensions_alone_is_blank(item: Item) -> None:
    value = VALUE_OF[item.kind]
    companion = value if value in ("valueCoding", "valueQuantity") else f"_{value}"
    assert heard(item.link_id, {"extension": [NO_ANSWER]}) is None
    assert heard(item.link_id, {companion: {"extension": [NO_ANSWER]}}) is None
    assert heard(item.link_id, {companion: {"id": "a", "extension": [NO_ANSWER]}}) is None


def test_a_blank_beside_an_option_is_neither_blank_nor_a_whole_answer() -> None:
    fever, blank = coded(FINDING, "fever"), {"extension": [NO_ANSWER]}
    assert met("list-general", fever, blank) == [("structure", AT)]
    assert met("list-general", blank, fever) == [("structure", AT)]
    assert heard("list-general", blank, blank) is None
    assert heard("list-general", fever) == frozenset({"fever"})


def test_two_blanks_are_still_two_answers() -> None:
    assert met("dyspnoea", {"extension": [NO_ANSWER]}, {"extension": [NO_ANSWER]}) == [("structure", AT)]


def test_one_wrong_option_leaves_the_whole_list_unread() -> None:
    content = answering("list-general", coded(FINDING, "fever"), coded(FINDING, "x"), coded(FINDING, "y"))
    answers = read_answers(FORM, content, "QuestionnaireResponse")
    assert answers.by_link == {}
    assert [issue.expression for issue in answers.issues] == [f"{AT}[1].value", f"{AT}[2].value"]


# What is met is never repeated


@pytest.mark.parametrize("kind", KINDS)
def test_no_refusal_repeats_what_was_sent(kind: str) -> None:
    item = KINDS[kind]
    for answer in (
        {"valueString": "canary"},
        {"valueUri": "urn:canary"},
        coded("urn:canary", "canary", display="canary"),
        measured(4711, "canary", "urn:canary", unit="canary"),
        {"valueInteger": 4711},
    ):
        for issue in refusal(answering(item.link_id, answer)):
            assert "canary" not in issue.text
            assert "4711" not in issue.text


def test_a_finding_that_not_sure_makes_present_is_never_in_a_list() -> None:
    """In a list not-sure means unknown for all of it, so such a finding needs a question of its own."""
    in_lists = {finding for item in ITEMS.values() if item.kind == "checklist" for finding in item.findings}
    assert not {finding for finding in in_lists if BOOK.findings[finding].unsure_means_present}
