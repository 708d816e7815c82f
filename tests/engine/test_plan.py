"""What a plan may hold, sentence by sentence as the clinical guidance says it; not how it is put into FHIR."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.engine.assess import assess
from service.engine.assessment import Forbidden, Suggested
from service.engine.facts import Value
from service.engine.verdict import evaluate
from service.knowledge.condition import Always, AtLeast, CauseListed, Condition, LevelAtLeast, Not, RuleVerdict
from service.knowledge.model import Fit, RuleBook
from tests.clinical.case import LEVELS
from tests.clinical.random_cases import random_case
from tests.clinical.withholds import WITHHOLDS
from tests.engine.situations import BOOK, WELL, answers, assessed, but, facts_of, plan_at, suggested, view_of
from tests.engine.small_book import CALMING, OTHER, SIGN, Ruling, book_of

URGENT = {
    "ambulance": [
        "call-ambulance",
        "answer-open-questions",
        "do-not-move",
        "do-not-drive-yourself",
        "keep-medicine-list",
    ],
    "emergency": [
        "go-to-emergency-department",
        "answer-open-questions",
        "do-not-move",
        "do-not-drive-yourself",
        "safety-net",
        "keep-medicine-list",
    ],
}
"""All that a plan may hold at the two highest levels, in its order."""


def test_a_healthy_adult_with_a_strain_gets_the_whole_of_self_care() -> None:
    result = assessed(WELL)
    assert result.level == "self-care"
    offered = {one.id for one in BOOK.activities.values() if one.section in ("self-care", "prevention")}
    assert offered - {"supportive-pillows"} <= set(suggested(result.plan))


@pytest.mark.parametrize("level", ["ambulance", "emergency"])
@settings(max_examples=150, deadline=None)
@given(known=answers())
def test_at_ambulance_and_emergency_the_plan_holds_only_what_is_listed(level: str, known: dict[str, Value]) -> None:
    plan = plan_at(level, known)
    assert suggested(plan) == [one for one in URGENT[level] if one in suggested(plan)]
    assert suggested(plan)[0] == URGENT[level][0]
    assert {"do-not-drive-yourself", "keep-medicine-list"} <= set(suggested(plan))
    assert (plan.forbidden, plan.left_out) == ((), ())


@settings(max_examples=300, deadline=None)
@given(known=answers(), policy=st.sampled_from(["strictest", "reconciled"]))
def test_nothing_withheld_is_ever_suggested(known: dict[str, Value], policy: str) -> None:
    result = assessed(known, policy)
    view = view_of(known, result.level)
    for activity in suggested(result.plan):
        holding = [one for one in BOOK.withholdings.values() if activity in one.items]
        assert {one.id: evaluate(one.when, view) for one in holding} == {one.id: False for one in holding}


@settings(max_examples=300, deadline=None)
@given(random=st.randoms(use_true_random=False))
def test_nothing_is_suggested_that_a_second_reading_of_the_guidelines_withholds(random: Random) -> None:
    case = random_case(random)
    result = assessed(case.values)
    level = next(one for one in LEVELS if one == result.level)
    held = {item for row in WITHHOLDS if row.holds(case, level) for item in row.items}
    assert held.isdisjoint(suggested(result.plan))


@settings(max_examples=150, deadline=None)
@given(known=answers(), level=st.sampled_from(LEVELS))
def test_aspirin_bed_rest_and_driving_are_never_suggested(known: dict[str, Value], level: str) -> None:
    assert {"aspirin", "bed-rest", "drive-yourself"}.isdisjoint(suggested(plan_at(level, known)))


@pytest.mark.parametrize("level", ["self-care", "appointment", "within-24h"])
def test_aspirin_and_bed_rest_are_named_once_as_never_suggested(level: str) -> None:
    named = [one.activity for one in plan_at(level, WELL).left_out]
    assert [named.count(one) for one in ("aspirin", "bed-rest", "drive-yourself")] == [1, 1, 0]


NEVER_AN_ANTI_INFLAMMATORY = [
    (but({"pregnant": True, "gestation-weeks": Decimal(8)}), "early in a pregnancy"),
    (but({"pregnant": True, "gestation-weeks": Decimal(20)}), "in week 20"),
    (but({"pregnant": True}), "pregnant, week unknown"),
    (but({"possibly-pregnant": True}), "perhaps pregnant"),
    (but({"age": Decimal(15)}), "15 years: under 16"),
    (but({"age": Decimal(65)}), "65 years: the limit itself"),
    (but({"hx-ulcer": True}), "had an ulcer"),
    (but({"hx-ulcer": None}), "nobody answered whether there was an ulcer"),
    (but({"pregnant": None}), "nobody answered whether she is pregnant"),
    (but({"age": None}), "no age"),
    (but({"tried": None}), "nobody answered what was taken already"),
]


@pytest.mark.parametrize(
    ("known", "because"), NEVER_AN_ANTI_INFLAMMATORY, ids=[why for _, why in NEVER_AN_ANTI_INFLAMMATORY]
)
@pytest.mark.parametrize("level", LEVELS)
def test_an_anti_inflammatory_is_never_suggested(known: Mapping[str, Value], because: str, level: str) -> None:
    assert "nsaid" not in suggested(plan_at(level, known)), because


@pytest.mark.parametrize(
    ("age", "offered"),
    [
        (15, False),  # under 16
        (16, True),  # from 16
        (64, True),  # under 65
        (65, False),  # from 65
    ],
)
def test_an_anti_inflammatory_may_be_suggested_from_16_to_64_years(age: int, offered: bool) -> None:
    plan = plan_at("appointment", but({"age": Decimal(age)}))
    assert ("nsaid" in suggested(plan)) is offered


def test_within_24_hours_comforts_stay_and_what_could_harm_until_somebody_has_looked_is_left_out() -> None:
    plan = plan_at("within-24h", WELL)
    items = [one for one in suggested(plan) if BOOK.activities[one].section in ("self-care", "prevention")]
    assert items == ["relative-rest", "heat", "cold", "acetaminophen"]
    left_out = {one.activity for one in plan.left_out}
    assert left_out >= {"nsaid", "stretching", "forward-fold", "massage", "foam-roller", "stay-active", "safe-lifting"}


FORBIDDING = [  # known fact, activity, how it is told, a finding that is named
    ({"hx-ulcer": True}, "nsaid", "do-not", "hx-ulcer"),
    ({"age": Decimal(65)}, "nsaid", "do-not", "age"),
    ({"hx-nsaid-interaction": True}, "nsaid", "ask-first", "hx-nsaid-interaction"),
    ({"tried": frozenset({"nsaid"})}, "nsaid", "ask-first", "tried"),
    ({"tried": frozenset({"acetaminophen"})}, "acetaminophen", "ask-first", "tried"),
    ({"hx-acetaminophen-caution": True}, "acetaminophen", "do-not", "hx-acetaminophen-caution"),
    ({"hx-liver": True}, "acetaminophen", "do-not", "hx-liver"),
    ({"hx-osteoporosis": True}, "stretching", "do-not", "hx-osteoporosis"),
    ({"hx-vte": True}, "massage", "do-not", "hx-vte"),
    ({"hx-spine": True}, "forward-fold", "do-not", "hx-spine"),
    ({"pregnant": True}, "foam-roller", "do-not", "pregnant"),
    ({"rash": True}, "heat", "do-not", "rash"),
    ({"hx-poor-circulation": True}, "cold", "do-not", "hx-poor-circulation"),
    ({"trauma-minor": True, "trauma-days": Decimal(2)}, "heat", "do-not", "trauma-days"),
    ({"hx-anticoagulant": True}, "info-complementary", "do-not", "hx-anticoagulant"),
    ({"weight-loss": True, "age": Decimal(60)}, "stay-active", "do-not", "weight-loss"),  # by the rule GL-cancer-age
]


@pytest.mark.parametrize(("fact", "activity", "told", "finding"), FORBIDDING)
def test_what_a_known_fact_forbids_is_told_with_the_fact(
    fact: dict[str, Value], activity: str, told: str, finding: str
) -> None:
    forbidden = {one.activity: one for one in plan_at("appointment", but(fact)).forbidden}
    assert forbidden[activity].shown == told
    assert finding in forbidden[activity].findings


def test_a_known_fact_forbids_while_the_level_withholds_and_questions_are_open() -> None:
    plan = plan_at("within-24h", but({"hx-kidney": None, "tried": None, "hx-ulcer": True}))
    assert [(one.shown, one.findings) for one in plan.forbidden if one.activity == "nsaid"] == [
        ("do-not", ("hx-ulcer",))
    ]
    assert "nsaid" not in {one.activity for one in plan.left_out}


def test_one_who_takes_it_already_is_told_to_ask_and_not_that_it_must_not_be_started() -> None:
    plan = plan_at("appointment", but({"tried": frozenset({"nsaid"}), "hx-ulcer": True}))
    (told,) = [one for one in plan.forbidden if one.activity == "nsaid"]
    assert (told.shown, set(told.findings)) == ("ask-first", {"tried", "hx-ulcer"})


OPEN = [
    ("hx-ulcer", "nsaid"),
    ("hx-alcohol", "acetaminophen"),
    ("hx-osteoporosis", "stretching"),
    ("calf-swelling", "massage"),
    ("hx-spine", "forward-fold"),
    ("age", "foam-roller"),
    ("skin-itch", "heat"),
    ("hx-poor-circulation", "cold"),
    ("trauma-minor", "heat"),
    ("hx-cancer", "safe-lifting"),  # the cancer rule is undecided
    ("hx-immunosuppressed", "info-complementary"),
]


@pytest.mark.parametrize(("finding", "activity"), OPEN)
def test_an_open_question_leaves_out_and_is_named(finding: str, activity: str) -> None:
    plan = plan_at("appointment", but({finding: None}))
    assert activity not in suggested(plan)
    (left_out,) = [one for one in plan.left_out if one.activity == activity]
    assert finding in left_out.findings
    assert activity not in {one.activity for one in plan.forbidden}


def test_every_open_question_behind_an_item_is_named_not_only_the_first() -> None:
    plan = plan_at("appointment", but({"hx-ulcer": None, "vomiting": None}))
    (left_out,) = [one for one in plan.left_out if one.activity == "nsaid"]
    assert set(left_out.findings) == {"hx-ulcer", "vomiting"}


@settings(max_examples=150, deadline=None)
@given(known=answers())
def test_the_level_comes_first_and_the_open_questions_second(known: dict[str, Value]) -> None:
    result = assessed(known)
    first, second, *_ = suggested(result.plan)
    assert BOOK.activities[first].level == result.level
    assert (second == "answer-open-questions") is (result.ceiling != result.level)


@pytest.mark.parametrize(
    ("level", "lowest"),
    [("self-care", "emergency"), ("appointment", "emergency"), ("within-24h", "emergency"), ("emergency", "ambulance")],
)
def test_the_safety_net_names_the_signs_of_a_higher_level_that_have_not_fired(level: str, lowest: str) -> None:
    known = but({"chest-pain": True})
    plan = plan_at(level, known)
    fired = {rule.id for rule in BOOK.rules.values() if evaluate(rule.when, view_of(known, level))}
    ranks = [BOOK.levels[BOOK.rule_levels["strictest"][rule]].rank for rule in plan.watch_for]
    assert "safety-net" in suggested(plan)
    assert min(ranks) == BOOK.levels[lowest].rank
    assert fired
    assert fired.isdisjoint(plan.watch_for)


def test_there_is_no_safety_net_beside_an_ambulance() -> None:
    plan = plan_at("ambulance", WELL)
    assert ("safety-net" in suggested(plan), plan.watch_for) == (False, ())


@pytest.mark.parametrize(("fact", "named"), [({"pregnant": True}, True), ({"pregnant": None}, True), ({}, False)])
def test_the_signs_of_pregnancy_are_named_where_she_is_pregnant_or_nobody_knows(
    fact: dict[str, bool | None], named: bool
) -> None:
    topics = {BOOK.rules[rule].topic for rule in plan_at("self-care", but(fact)).watch_for}
    assert ("pregnancy" in topics) is named


@pytest.mark.parametrize("fact", ["leg-weak", "arm-weak", "syncope", "dizziness", "visual-disturbance"])
@pytest.mark.parametrize("level", LEVELS)
def test_who_could_lose_control_at_the_wheel_must_not_drive_at_any_level(fact: str, level: str) -> None:
    assert "do-not-drive-yourself" in suggested(plan_at(level, but({fact: True})))
    assert ("do-not-drive-yourself" in suggested(plan_at(level, WELL))) is (level in URGENT)


def test_pillows_are_for_pregnancy() -> None:
    assert "supportive-pillows" in suggested(plan_at("appointment", but({"pregnant": True})))
    assert "supportive-pillows" not in suggested(plan_at("appointment", WELL))
    assert "supportive-pillows" not in suggested(plan_at("appointment", but({"pregnant": None})))


def test_surgery_is_told_only_where_a_pinched_nerve_is_listed() -> None:
    listed = plan_at("within-24h", WELL, causes=frozenset({"nerve-compression"}))
    assert "info-surgery" in suggested(listed)
    assert "info-surgery" not in suggested(plan_at("within-24h", WELL, causes=frozenset({"disc-herniation"})))


def test_lying_still_is_for_a_serious_accident_that_calls_for_an_ambulance() -> None:
    accident = but({"trauma-major": True, "trauma-days": Decimal(1), "midline-bony": True})
    assert "do-not-move" in suggested(assessed(accident).plan)
    assert "do-not-move" not in suggested(assessed(accident | {"trauma-days": Decimal(10)}).plan)


def test_what_is_out_of_scope_gets_no_self_care_prevention_or_information() -> None:
    plan = assessed(but({"upper-back-pain": False, "other-site-only": True})).plan
    sections = {BOOK.activities[one].section for one in suggested(plan)}
    assert sections.isdisjoint({"self-care", "prevention", "information"})


def test_what_two_plans_share_is_remembered_and_not_made_again() -> None:
    """Nothing depends on it but speed: a memory that finds nothing would go unnoticed otherwise."""
    one = plan_at("appointment", but({"hx-ulcer": True}))
    other = plan_at("appointment", but({"hx-ulcer": True, "hx-kidney": True}))
    assert plan_at("appointment", but({"hx-ulcer": True})) is one
    assert one != other
    assert one.suggested is other.suggested
    assert one.watch_for
    assert one.watch_for is other.watch_for
    left_out = {left.activity: left for left in one.left_out}
    assert left_out
    assert all(left is left_out[left.activity] for left in other.left_out)


def told_of(cause: str, fit: Fit, known: Mapping[str, Value], level: str = "emergency") -> bool:
    """Tell whether an activity that asks for a cause is suggested, where one rule about the sign speaks for it."""
    activity = replace(
        BOOK.activities["info-surgery"], when=CauseListed(cause), levels=tuple(BOOK.levels), section="clinician"
    )
    book = replace(book_of(Ruling("one", level, SIGN, {cause: fit})), activities={activity.id: activity})
    return activity.id in suggested(assess(book, facts_of(known), "strictest").plan)


LISTED: list[tuple[str, Fit, Mapping[str, Value], bool, str]] = [
    ("muscle-strain", "fits", {"sign": True}, True, "it fits"),
    ("muscle-strain", "partly-fits", {"sign": True}, True, "it fits in part"),
    ("muscle-strain", "fits", {"sign": False}, False, "nothing speaks for it"),
    ("muscle-strain", "fits", {}, False, "nobody knows, and it is not dangerous"),
    ("angina", "fits", {}, True, "nobody knows, and it is dangerous: not excluded"),
    ("muscle-strain", "fits", {"sign": True, "in-scope": False}, False, "out of scope no cause is listed"),
]


@pytest.mark.parametrize(("cause", "fit", "known", "told", "comment"), LISTED, ids=[row[-1] for row in LISTED])
def test_what_asks_for_a_cause_is_suggested_where_the_result_lists_it(
    cause: str, fit: Fit, known: Mapping[str, Value], told: bool, comment: str
) -> None:
    assert told_of(cause, fit, known) is told, comment


def with_rules_that_add(*rulings: tuple[Ruling, str]) -> RuleBook:
    """Make a book whose rules add one activity that nothing else asks for, each with one statement."""
    book = book_of(*(ruling for ruling, _ in rulings))
    activity = replace(BOOK.activities["info-surgery"], id="added", when=Not(Always()), levels=tuple(BOOK.levels))
    rules = {
        ruling.id: replace(book.rules[ruling.id], plan=("added",), statements=(statement,))
        for ruling, statement in rulings
    }
    return replace(book, rules=rules, activities={"added": activity})


def added(book: RuleBook, known: Mapping[str, Value]) -> list[Suggested]:
    return [one for one in assess(book, facts_of(known), "strictest").plan.suggested if one.activity == "added"]


ONE, OTHER_STATEMENT = sorted(BOOK.statements)[:2]


def test_what_a_rule_adds_rests_on_the_statements_of_the_rules_that_fired() -> None:
    book = with_rules_that_add((Ruling("one", "emergency", SIGN), ONE), (Ruling("two", "", OTHER), OTHER_STATEMENT))
    own = BOOK.activities["info-surgery"].rests_on
    for known, statements in (
        ({"sign": True, "other": False}, (ONE,)),
        ({"sign": False, "other": True}, (OTHER_STATEMENT,)),
        ({"sign": True, "other": True}, (ONE, OTHER_STATEMENT)),
    ):
        assert added(book, known) == [Suggested("added", (*own, *statements))]
    assert added(book, {"sign": False, "other": False}) == []


def test_the_plan_of_one_for_whom_a_rule_is_open_never_reaches_one_for_whom_it_fired() -> None:
    """Both get the level of the rule, for where only reassurance is open it stands; it adds where it has fired."""
    book = with_rules_that_add((Ruling("calmed", "emergency", AtLeast(2, (SIGN, Not(CALMING)))), ONE))
    for _ in range(2):
        assert added(book, {"sign": True}) == []
        assert len(added(book, {"sign": True, "calming": False})) == 1


WITHHELD: list[tuple[Condition, Mapping[str, Value], tuple[str, ...], str]] = [
    # what withholds, what is known, the findings that are told
    (SIGN, {"sign": True}, ("sign",), "a finding"),
    (AtLeast(2, (LevelAtLeast("emergency"), SIGN)), {"sign": True}, ("sign",), "a level and a finding"),
    (AtLeast(2, (RuleVerdict("one"), OTHER)), {"sign": True, "other": True}, ("other", "sign"), "a rule and a finding"),
    (RuleVerdict("one"), {"sign": True}, ("sign",), "a rule alone"),
]


@pytest.mark.parametrize(("when", "known", "findings", "comment"), WITHHELD, ids=[row[-1] for row in WITHHELD])
def test_what_is_forbidden_is_told_with_every_finding_behind_it(
    when: Condition, known: Mapping[str, Value], findings: tuple[str, ...], comment: str
) -> None:
    book = with_rules_that_add((Ruling("one", "emergency", SIGN), ONE))
    some = next(one for one in BOOK.withholdings.values() if one.shown == "do-not")
    withholding = replace(some, id="held", when=when, items=("added",))
    plan = assess(replace(book, withholdings={"held": withholding}), facts_of(known), "strictest").plan
    assert plan.forbidden == (Forbidden("added", "held", "do-not", findings),), comment
    assert plan.left_out == ()
