"""The conditions as FHIRPath, run by fhirpathpy: what is answered, open, derived, contradicted, hidden and measured.

That every rule means the same as in the engine is judged in tests/judges/test_fhirpath.py.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal
from itertools import product

import fhirpathpy
import pytest
from fhirpathpy.models import models

from service.engine.verdict import View, evaluate
from service.knowledge.condition import AtLeast, Chosen, Compares, Condition, Holds, LevelAtLeast, Not, UnlessAll
from service.knowledge.model import Contradiction, Derivation
from service.mapping.artefacts.fhirpath import fhirpath
from service.mapping.artefacts.fhirpath_facts import Findings, Known, doubting, findings_of, verdict
from service.mapping.artefacts.fhirpath_formula import (
    FALSE,
    TRUE,
    AllOf,
    AnyOf,
    Denied,
    Formula,
    Given,
    Measured,
    Opposite,
    all_of,
    any_of,
    opposite,
)
from tests.mapping.responses import BOOK, FORM, Json, Said, as_bytes, filled, item_in, response, saying

FINDINGS = findings_of(BOOK)
PRESENT, ABSENT, OPEN = "present", "absent", "open"


def said_of(condition: Condition, content: Json, findings: Findings = FINDINGS) -> str:
    """Run the two expressions of a condition on a response: it holds, does not hold, or is open; never both."""
    known = verdict(condition, findings)
    holds, fails = (is_true(one, content) for one in (known.true, known.false))
    assert not (holds and fails)
    assert is_true(known.open, content) is (not holds and not fails)
    return PRESENT if holds else ABSENT if fails else OPEN


def is_true(formula: Formula, content: Json) -> bool:
    """Run one expression, which must give one boolean."""
    read = json.loads(as_bytes(content))
    (result,) = fhirpathpy.evaluate(read, fhirpath(FORM, formula), {"response": read}, models["r4"])
    assert isinstance(result, bool)
    return result


BLANK = response({})
WELL = filled()
CASES: list[tuple[str, Json, str, str]] = [
    # finding, response, verdict, why
    ("confusion", WELL, ABSENT, "answered no"),
    ("confusion", filled(confusion=True), PRESENT, "answered yes"),
    ("confusion", BLANK, OPEN, "a blank is no answer"),
    ("dyspnoea", WELL, ABSENT, "answered no"),
    ("dyspnoea", filled(dyspnoea="yes"), PRESENT, "answered yes"),
    ("dyspnoea", filled(dyspnoea="not-sure"), PRESENT, "not sure of a red flag counts as yes"),
    ("dyspnoea", BLANK, OPEN, "a blank is no answer"),
    ("chest-pain", filled(dyspnoea="yes"), OPEN, "the form ended before it: nobody asked"),
    ("rigors", WELL, ABSENT, "none of these"),
    ("rigors", filled(list_general=["rigors"]), PRESENT, "chosen"),
    ("rigors", filled(list_general=["weight-loss"]), ABSENT, "another was chosen"),
    ("rigors", filled(list_general=["weight-loss", "not-sure"]), OPEN, "not sure of the others"),
    ("rigors", filled(list_general=["rigors", "not-sure"]), PRESENT, "chosen, though not sure of the others"),
    ("rigors", filled(list_general=["not-sure"]), OPEN, "not sure of any"),
    ("rigors", filled(list_general=None), OPEN, "the list was left blank"),
    ("arm-weak", WELL, ABSENT, "denied, and so is what it follows from"),
    ("arm-weak", filled(list_danger_2=["arm-weak-severe"]), PRESENT, "an arm too weak to use is weak"),
    ("arm-weak", saying(WELL, list_danger_2=["arm-weak-severe"]), PRESENT, "the derived, more dangerous fact counts"),
    ("one-sided", filled(list_location_1=["left-side"]), PRESENT, "the left is one side"),
    ("one-sided", WELL, ABSENT, "neither side"),
    ("one-sided", filled(list_location_1=["not-sure"]), OPEN, "either side may be"),
    ("fever", filled(list_general=None, temperature=("38.0", "Cel")), PRESENT, "38.0 is fever"),
    ("fever", filled(list_general=None, temperature=("37.9", "Cel")), OPEN, "a pill may hide it: nobody said"),
    ("fever", filled(temperature=("37.9", "Cel")), ABSENT, "denied"),
    ("fever", filled(temperature=("100.4", "[degF]")), PRESENT, "100.4 degrees Fahrenheit are 38.0 Celsius"),
    ("fever", filled(temperature=("100.3", "[degF]")), ABSENT, "below 38.0, and denied"),
    ("improving", filled(list_course_1=["improving"]), PRESENT, "chosen alone"),
    ("improving", filled(list_course_1=["improving", "worsening"]), ABSENT, "two answers that cannot both be right"),
    ("dyspnoea-longstanding", WELL, ABSENT, "not shown, because there is no breathlessness"),
    ("dyspnoea-longstanding", BLANK, OPEN, "nobody knows whether there is any breathlessness"),
    ("dyspnoea-longstanding", filled(dyspnoea="yes", dyspnoea_longstanding=None), OPEN, "shown and not answered"),
    ("pregnant", filled(sex="male"), ABSENT, "not asked of men"),
    ("pregnant", filled(sex="female", age=61), ABSENT, "not asked above 60"),
    ("pregnant", filled(sex="female", age=60, pregnant=None), OPEN, "asked at 60, and not answered"),
    ("pregnant", filled(sex=None, age=None), OPEN, "age and sex are not known"),
    ("free-text", WELL, ABSENT, "there is no text"),
    ("free-text", filled(note="It began at work."), PRESENT, "there is text"),
    ("answers-old", WELL, OPEN, "only a service with a clock knows"),
]


@pytest.mark.parametrize(("finding", "content", "expected", "why"), CASES, ids=[f"{one[0]}: {one[3]}" for one in CASES])
def test_a_finding_is_present_absent_or_open(finding: str, content: Json, expected: str, why: str) -> None:
    assert said_of(Holds(finding), content) == expected, why


ANSWERED: list[tuple[str, str, str, set[str], set[str]]] = [
    # finding, its question, answers that say it is present, answers that leave it open or present, kind of question
    ("confusion", "confusion", "boolean", {"true"}, {"true"}),
    ("dyspnoea", "dyspnoea", "yes-no-not-sure", {"yes", "not-sure"}, {"yes", "not-sure"}),
    ("rigors", "list-general", "checklist", {"rigors"}, {"rigors", "not-sure"}),
]


@pytest.mark.parametrize(("finding", "item", "kind", "present", "not_absent"), ANSWERED)
def test_a_finding_that_is_asked_is_present_by_its_answers_and_absent_by_any_other(
    finding: str, item: str, kind: str, present: set[str], not_absent: set[str]
) -> None:
    assert FORM.item(item).kind == kind
    assert findings_of(BOOK)[finding] == Known(Given(item, frozenset(present)), Denied(item, frozenset(not_absent)))


FOLLOWS: list[tuple[bool, bool, bool | None, str, str]] = [
    # where it follows, confusion is present or absent, only where unknown; answered; verdict, why
    (True, True, None, PRESENT, "it follows"),
    (True, True, True, PRESENT, "answered, too"),
    (True, True, False, ABSENT, "an answer counts more"),
    (True, False, None, PRESENT, "it follows"),
    (True, False, False, PRESENT, "the derived fact counts more"),
    (False, True, None, ABSENT, "it follows"),
    (False, True, True, PRESENT, "an answer counts more"),
    (False, True, False, ABSENT, "answered, too"),
    (False, False, None, ABSENT, "it follows"),
    (False, False, True, ABSENT, "the derived fact counts more"),
]


@pytest.mark.parametrize(("present", "only_where_unknown", "answered", "expected", "why"), FOLLOWS)
def test_what_follows_overrides_an_answer_only_where_it_may(
    present: bool, only_where_unknown: bool, answered: bool | None, expected: str, why: str
) -> None:
    rule = Derivation("made", Holds("sweating"), "confusion", present, only_where_unknown, "")
    findings = findings_of(replace(BOOK, derivations=(rule,), contradictions=()))
    itself = OPEN if answered is None else PRESENT if answered else ABSENT
    for sweating, verdict_then in ((True, expected), (False, itself), (None, itself)):
        said: dict[str, Said] = {"sweating": sweating, "confusion": answered}
        assert said_of(Holds("confusion"), response(said), findings) == verdict_then, why


@pytest.mark.parametrize("present", [True, False])
def test_answers_that_contradict_each_other_are_read_as_the_contradiction_says(present: bool) -> None:
    one = Contradiction("made", Holds("sweating"), "confusion", present, "")
    findings = findings_of(replace(BOOK, derivations=(), contradictions=(one,)))
    both = response({"sweating": True, "confusion": not present})
    assert said_of(Holds("confusion"), both, findings) == (PRESENT if present else ABSENT)


def left_blank(link_id: str, answer: list[Json] | None) -> Json:
    """Return a response in which one question stands without a value, as systems write what was left blank."""
    content = filled(sex="female", note="a text")
    item = item_in(content, link_id)
    del item["answer"]
    item |= {} if answer is None else {"answer": answer}
    return content


DECLINED = [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "asked-declined"}]
BLANKS: list[tuple[str, str, list[Json] | None, str]] = [
    # finding, its question, what stands there, verdict
    ("rigors", "list-general", None, OPEN),
    ("rigors", "list-general", [{"extension": DECLINED}], OPEN),
    ("rigors", "list-general", [{"valueCoding": {"extension": DECLINED}}], OPEN),
    ("dyspnoea", "dyspnoea", None, OPEN),
    ("dyspnoea", "dyspnoea", [{"valueCoding": {"extension": DECLINED}}], OPEN),
    ("confusion", "confusion", None, OPEN),
    ("confusion", "confusion", [{"_valueBoolean": {"extension": DECLINED}}], OPEN),
    ("free-text", "note", None, ABSENT),
]


@pytest.mark.parametrize(("finding", "link_id", "answer", "expected"), BLANKS)
def test_a_question_without_a_value_is_not_answered(
    finding: str, link_id: str, answer: list[Json] | None, expected: str
) -> None:
    assert said_of(Holds(finding), left_blank(link_id, answer)) == expected


MEASURES: list[tuple[str, str, str, Said, str]] = [
    # measure, operator, threshold, answer, verdict
    ("severity-now", "at-least", "7", 6, ABSENT),
    ("severity-now", "at-least", "7", 7, PRESENT),
    ("severity-now", "at-least", "7", None, OPEN),
    ("duration-days", "at-least", "7", ("6.9", "d"), ABSENT),
    ("duration-days", "at-least", "7", ("7", "d"), PRESENT),
    ("duration-days", "at-least", "7", ("0.9", "wk"), ABSENT),
    ("duration-days", "at-least", "7", ("1", "wk"), PRESENT),
    ("duration-days", "at-least", "7", ("0.2", "mo"), ABSENT),  # 6 days
    ("duration-days", "at-least", "7", ("0.3", "mo"), PRESENT),  # 9 days
    ("duration-days", "above", "14", ("2", "wk"), ABSENT),  # exactly 14
    ("duration-days", "above", "14", ("2.1", "wk"), PRESENT),
    ("duration-days", "at-least", "365", ("0.9", "a"), ABSENT),
    ("duration-days", "at-least", "365", ("1", "a"), PRESENT),
    ("duration-days", "at-least", "7", None, OPEN),
    ("temperature", "below", "36", ("36.0", "Cel"), ABSENT),
    ("temperature", "below", "36", ("35.9", "Cel"), PRESENT),
    ("temperature", "below", "36", ("96.8", "[degF]"), ABSENT),  # exactly 36
    ("temperature", "below", "36", ("96.7", "[degF]"), PRESENT),
]


@pytest.mark.parametrize(("measure", "operator", "threshold", "answer", "expected"), MEASURES)
def test_a_number_is_compared_in_the_unit_it_was_given_in(
    measure: str, operator: str, threshold: str, answer: Said, expected: str
) -> None:
    condition = Compares(measure, operator, Decimal(threshold))  # type: ignore[arg-type]  # a word of the table
    assert said_of(condition, filled(**{measure.replace("-", "_"): answer})) == expected


def test_a_unit_that_does_not_divide_evenly_is_compared_without_rounding() -> None:
    """20 weeks are 140 days, and 30 days a month: 4.6 months are 138 days, 4.7 are 141."""
    late = Compares("gestation-weeks", "at-least", Decimal(20))
    carrying = filled(sex="female", pregnant=True)
    assert "value * 30 >= 140" in fhirpath(FORM, verdict(late, FINDINGS).true)
    assert said_of(late, saying(carrying, gestation_weeks=("4.6", "mo"))) == ABSENT
    assert said_of(late, saying(carrying, gestation_weeks=("4.7", "mo"))) == PRESENT


A, B, C = Holds("confusion"), Holds("sweating"), Holds("max-at-onset")
JOINED: list[tuple[Condition, dict[str, Said], str]] = [
    # condition, answers to confusion, sweating and max-at-onset, verdict
    (AtLeast(2, (A, B)), {"confusion": True, "sweating": True}, PRESENT),
    (AtLeast(2, (A, B)), {"confusion": True}, OPEN),
    (AtLeast(2, (A, B)), {"confusion": False}, ABSENT),
    (AtLeast(1, (A, B)), {"confusion": True}, PRESENT),
    (AtLeast(1, (A, B)), {"confusion": False}, OPEN),
    (AtLeast(1, (A, B)), {"confusion": False, "sweating": False}, ABSENT),
    (AtLeast(2, (A, B, C)), {"confusion": True, "max-at-onset": True}, PRESENT),
    (AtLeast(2, (A, B, C)), {"confusion": True, "max-at-onset": False}, OPEN),
    (AtLeast(2, (A, B, C)), {"confusion": False, "max-at-onset": False}, ABSENT),
    (Not(A), {"confusion": True}, ABSENT),
    (Not(A), {}, OPEN),
    (UnlessAll(A, (B, C)), {"confusion": True, "sweating": True, "max-at-onset": True}, ABSENT),
    (UnlessAll(A, (B, C)), {"confusion": True, "sweating": True}, OPEN),
    (UnlessAll(A, (B, C)), {"confusion": True, "sweating": False}, PRESENT),
    (UnlessAll(A, (B, C)), {"confusion": False}, ABSENT),
    (Chosen("sex", "male"), {"sex": "male"}, PRESENT),
    (Chosen("sex", "male"), {"sex": "unknown"}, ABSENT),
    (Chosen("sex", "male"), {}, OPEN),
    (Chosen("tried", "rest"), {"tried": ["heat"], "relieved-by": ["rest"]}, ABSENT),
    (Chosen("tried", "rest"), {"tried": ["heat", "rest"]}, PRESENT),
    (AtLeast(1, (Chosen("tried", "heat"), Chosen("relieved-by", "rest"))), {"tried": ["rest"]}, OPEN),
    (AtLeast(2, (Not(Chosen("tried", "heat")), Not(Chosen("relieved-by", "rest")))), {"tried": ["rest"]}, OPEN),
]


@pytest.mark.parametrize(("condition", "said", "expected"), JOINED)
def test_conditions_join_in_three_values(condition: Condition, said: dict[str, Said], expected: str) -> None:
    assert said_of(condition, response(said)) == expected


def test_each_choice_keeps_a_path_of_its_own() -> None:
    """Two choices may offer the same option: on one path an answer to either would count for both."""
    paths = [
        f"%response.item.where(linkId = 'group-person').item.where(linkId = '{item}')"
        f".answer.value.where(code = '{option}').exists()"
        for item, option in (("sex", "female"), ("answered-by", "carer"))
    ]
    either = any_of([Given("sex", frozenset({"female"})), Given("answered-by", frozenset({"carer"}))])
    assert fhirpath(FORM, either) == " or ".join(paths)


def test_in_doubt_an_open_reassurance_is_absent_and_an_open_exemption_does_not_exempt() -> None:
    doubted = doubting(BOOK, FINDINGS)
    unless = UnlessAll(A, (B,))
    assert is_true(verdict(unless, doubted, doubt=True).true, response({"confusion": True}))
    assert not is_true(verdict(unless, doubted, doubt=True).true, response({"confusion": True, "sweating": True}))
    assert BOOK.findings["mechanical"].reassuring
    assert is_true(verdict(Not(Holds("mechanical")), doubted).true, BLANK)
    assert not is_true(verdict(Not(Holds("sweating")), doubted).true, BLANK)


DEEP = [
    UnlessAll(A, (B,)),
    Not(UnlessAll(A, (B,))),
    Not(Not(UnlessAll(A, (B,)))),
    UnlessAll(UnlessAll(A, (B,)), (C,)),
    UnlessAll(A, (UnlessAll(B, (C,)),)),
    AtLeast(2, (UnlessAll(A, (B,)), C)),
]


@pytest.mark.parametrize("condition", DEEP, ids=str)
def test_doubt_reaches_an_exemption_at_any_depth_as_it_does_in_the_engine(condition: Condition) -> None:
    doubted = doubting(BOOK, findings_of(BOOK))
    reassuring = frozenset(one.id for one in BOOK.findings.values() if one.reassuring)
    would_fire = verdict(condition, doubted, doubt=True).true
    for said in product((True, False, None), repeat=3):
        known = dict(zip(("confusion", "sweating", "max-at-onset"), said, strict=True))
        view = View({finding: value for finding, value in known.items() if value is not None}, reassuring)
        assert is_true(would_fire, response(known)) is (evaluate(condition, view) is True), said


def test_what_only_activities_ask_is_refused() -> None:
    with pytest.raises(TypeError, match="LevelAtLeast"):
        verdict(LevelAtLeast("emergency"), FINDINGS)


def test_what_always_or_never_holds_is_said_so() -> None:
    assert fhirpath(FORM, TRUE) == "true"
    assert fhirpath(FORM, FALSE) == "false"


X, Y = Given("confusion", frozenset({"true"})), Given("sweating", frozenset({"true"}))


def given(*answers: str) -> Given:
    return Given("list-general", frozenset(answers))


def denied(*answers: str) -> Denied:
    return Denied("list-general", frozenset(answers))


AT_LEAST_7, BELOW_7 = (Measured("severity-now", one, Decimal(7)) for one in ("at-least", "below"))
SHORTENED: list[tuple[Callable[[], Formula], Formula, str]] = [
    # what is put together, what comes out, why
    (lambda: all_of([]), TRUE, "nothing is asked"),
    (lambda: any_of([]), FALSE, "nothing can hold"),
    (lambda: all_of([X, FALSE]), FALSE, "one part never holds"),
    (lambda: any_of([X, TRUE]), TRUE, "one part always holds"),
    (lambda: all_of([X, opposite(X)]), FALSE, "a part and its opposite"),
    (lambda: any_of([X, opposite(X)]), TRUE, "a part or its opposite"),
    (lambda: all_of([X, X]), X, "the same twice"),
    (lambda: all_of([X, any_of([X, Y])]), X, "the wider part is idle"),
    (lambda: any_of([X, all_of([X, Y])]), X, "the narrower part is idle"),
    (lambda: any_of([given("fever"), given("rigors")]), given("fever", "rigors"), "either answer of one question"),
    (
        lambda: all_of([given("fever"), given("rigors")]),
        AllOf((given("fever"), given("rigors"))),
        "both answers stay apart",
    ),
    (lambda: all_of([denied("fever"), denied("rigors")]), denied("fever", "rigors"), "neither answer of one question"),
    (lambda: any_of([denied("fever"), denied("rigors")]), AnyOf((denied("fever"), denied("rigors"))), "either denial"),
    (
        lambda: all_of([denied("fever"), opposite(given("rigors"))]),
        denied("fever", "rigors"),
        "answered, and not with it",
    ),
    (
        lambda: all_of([X, opposite(given("rigors"))]),
        AllOf((X, Opposite(given("rigors")))),
        "perhaps not answered at all",
    ),
    (lambda: all_of([BELOW_7, opposite(AT_LEAST_7)]), BELOW_7, "below says not at least"),
    (lambda: opposite(opposite(X)), X, "twice the opposite"),
    (lambda: opposite(TRUE), FALSE, "never"),
    (lambda: opposite(FALSE), TRUE, "always"),
]


@pytest.mark.parametrize(("found", "expected", "why"), SHORTENED, ids=[one[2] for one in SHORTENED])
def test_formulas_are_kept_short_without_a_change_of_meaning(
    found: Callable[[], Formula], expected: Formula, why: str
) -> None:
    assert found() == expected, why


def test_every_condition_names_only_questions_of_the_form() -> None:
    texts = [fhirpath(FORM, verdict(rule.when, FINDINGS).true) for rule in BOOK.rules.values()]
    named = {part.split("'")[1] for text in texts for part in text.split("linkId = ")[1:]}
    assert named <= {item.link_id for item in FORM.items()} | {group.link_id for group in FORM.groups}
    assert _codes(texts) <= set(FORM.words) | {code for item in FORM.items() for code in _unit_codes(item.units)}


def _codes(texts: Iterable[str]) -> set[str]:
    return {part.split("'")[1] for text in texts for part in text.replace("code != ", "code = ").split("code = ")[1:]}


def _unit_codes(units: Iterable[object]) -> set[str]:
    return {unit.code for unit in units}  # type: ignore[attr-defined]  # units of the form
