"""What follows from the answers, sentence by sentence, and which reading counts where two answers contradict."""

from decimal import Decimal

import pytest

from service.engine.derive import complete, conditions_of
from service.engine.facts import Fact, Value
from service.engine.leaves import number_leaves
from tests.engine.situations import BOOK, facts_of

YES, NO, OPEN = True, False, None
Facts = dict[str, Value]


def value_of(known: Facts, finding: str) -> Value | None:
    fact = complete(BOOK, facts_of(known)).facts.get(finding)
    return None if fact is None else fact.value


FOLLOWS: list[tuple[str, Facts, str, bool, str]] = [
    # derivation, what is answered, what follows
    ("arm-weak", {"arm-weak-severe": YES}, "arm-weak", YES, "an arm that cannot be used is weak"),
    ("breath-spike", {"breath-spike": YES}, "worse-deep-breath", YES, "a spike on a breath is pain on a breath"),
    ("one-sided", {"left-side": YES}, "one-sided", YES, "the left is one side"),
    ("one-sided", {"right-side": YES}, "one-sided", YES, "the right is one side"),
    ("not-one-sided", {"left-side": NO, "right-side": NO}, "one-sided", NO, "neither left nor right"),
    ("burning", {"burning-strip": YES}, "burning", YES, "a burning strip burns"),
    ("sudden-onset", {"max-at-onset": YES}, "sudden-onset", YES, "worst at once began suddenly"),
    ("sudden-activity", {"after-activity": YES}, "sudden-onset", YES, "at once with sport or work began suddenly"),
    ("sleep-disrupted", {"night-waking": YES}, "sleep-disrupted", YES, "pain that wakes disturbs sleep"),
    ("hx-aortic-family", {"hx-connective": YES}, "hx-aortic-family", YES, "Marfan weakens the aorta"),
    ("leg-weak", {"cannot-walk": YES}, "leg-weak", YES, "legs that do not carry are weak"),
    ("haemoptysis", {"haemoptysis-more": YES}, "haemoptysis", YES, "more than streaks of blood is blood"),
    ("vomiting-repeated", {"repeated-vomiting": YES}, "vomiting", YES, "again and again is vomiting"),
    ("vomiting-blood", {"vomiting-blood": YES}, "vomiting", YES, "vomiting blood is vomiting"),
    ("nausea", {"vomiting": YES}, "nausea", YES, "vomiting is more than nausea"),
    ("nausea", {"vomiting-blood": YES}, "nausea", YES, "through vomiting, which follows first"),
    ("dysphagia", {"dysphagia-total": YES}, "dysphagia", YES, "nothing goes down, so swallowing is hard"),
    ("rash", {"rash-blisters": YES}, "rash", YES, "blisters are a rash"),
    ("rash", {"rash-nonblanching": YES}, "rash", YES, "a rash that does not fade is a rash"),
    ("headache-severe", {"headache-sudden": YES}, "headache-severe", YES, "a headache like a blow is severe"),
    ("headache", {"headache-severe": YES}, "headache", YES, "a severe headache is a headache"),
    ("headache", {"headache-sudden": YES}, "headache", YES, "through severe, which follows first"),
    ("worsening", {"worsening-rapidly": YES}, "worsening", YES, "getting worse fast is getting worse"),
    ("fever-measured", {"temperature": Decimal(38)}, "fever", YES, "38.0 Cel is fever"),
    ("fever-felt", {"fever-felt": YES}, "fever", YES, "feeling feverish counts"),
    (
        "no-fever",
        {"temperature": Decimal("37.9"), "masked-fever": NO, "fever-felt": NO},
        "fever",
        NO,
        "37.9 Cel, and nothing that hides a fever",
    ),
    ("low-temperature", {"temperature": Decimal("35.9")}, "low-temperature", YES, "below 36.0 Cel"),
    ("not-low", {"temperature": Decimal(36)}, "low-temperature", NO, "36.0 Cel is not below"),
    ("not-low-no-fever", {"fever": NO}, "low-temperature", NO, "a no to fever stands for the temperature, too"),
]


@pytest.mark.parametrize(
    ("derivation", "known", "finding", "value", "sentence"), FOLLOWS, ids=[f"{row[0]}: {row[-1]}" for row in FOLLOWS]
)
def test_what_follows(derivation: str, known: Facts, finding: str, value: bool, sentence: str) -> None:
    assert value_of(known, finding) is value, sentence
    assert finding not in known
    assert derivation in {one.id for one in BOOK.derivations if one.finding == finding}


def test_every_derivation_has_its_sentence_above() -> None:
    assert {row[0] for row in FOLLOWS} == {one.id for one in BOOK.derivations}


def test_nothing_follows_from_nothing() -> None:
    assert complete(BOOK, {}).facts == {}


@pytest.mark.parametrize(("known", "finding"), [(row[1], row[2]) for row in FOLLOWS], ids=[row[-1] for row in FOLLOWS])
def test_what_follows_says_from_which_findings(known: Facts, finding: str) -> None:
    facts = complete(BOOK, facts_of(known)).facts
    assert facts[finding].origin == "derived"
    assert facts[finding].where
    assert set(facts[finding].where) <= set(facts)


CONTRADICTIONS: list[tuple[str, Facts, str, bool, str]] = [
    # contradiction, the answers that cannot both be right, which one counts as what
    ("improving-worsening", {"improving": YES, "worsening": YES}, "improving", NO, "better, and worse: not better"),
    ("improving-worsening", {"improving": YES, "worsening-rapidly": YES}, "improving", NO, "and worse fast"),
    ("easing-worsening", {"easing": YES, "worsening-rapidly": YES}, "easing", NO, "eased, and worse fast: not eased"),
    ("mechanical-constant", {"mechanical": YES, "constant-at-rest": YES}, "mechanical", NO, "eased by no position"),
    ("standing-only-faint", {"dizziness-standing": YES, "syncope": YES}, "dizziness-standing", NO, "fainted, so more"),
]


@pytest.mark.parametrize(
    ("contradiction", "known", "finding", "value", "sentence"),
    CONTRADICTIONS,
    ids=[f"{row[0]}: {row[-1]}" for row in CONTRADICTIONS],
)
def test_of_two_answers_that_cannot_both_be_right_the_dangerous_one_counts(
    contradiction: str, known: Facts, finding: str, value: bool, sentence: str
) -> None:
    completed = complete(BOOK, facts_of(known))
    assert completed.facts[finding].value is value, sentence
    assert completed.facts[finding].origin == "contradiction"
    (conflict,) = completed.conflicts
    assert (conflict.finding, conflict.present) == (finding, value)
    assert set(known) <= set(conflict.against), "the warning names both answers"
    assert completed.facts[finding].where == conflict.against
    assert conflict.says == next(one.says for one in BOOK.contradictions if one.id == contradiction)


def test_every_contradiction_has_its_sentence_above() -> None:
    assert {row[0] for row in CONTRADICTIONS} == {one.id for one in BOOK.contradictions}


@pytest.mark.parametrize(
    "known",
    [
        {"improving": YES, "worsening": NO, "worsening-rapidly": NO},
        {"improving": YES},  # nobody asked whether it gets worse
        {"easing": YES, "worsening": YES},  # eased since it began, and slowly worse again
        {"mechanical": YES, "constant-at-rest": NO},
    ],
)
def test_answers_that_can_both_be_right_are_left_as_they_are(known: Facts) -> None:
    completed = complete(BOOK, facts_of(known))
    assert completed.conflicts == ()
    assert {finding: completed.facts[finding].value for finding in known} == known


OVERRIDDEN: list[tuple[Facts, str, set[str], str]] = [
    # answers, the no that is overridden, the answers that the warning names
    ({"fever": NO, "temperature": Decimal(38)}, "fever", {"fever", "temperature"}, "38.0 Cel whatever was felt"),
    ({"fever": NO, "fever-felt": YES}, "fever", {"fever", "fever-felt"}, "feels feverish"),
    ({"arm-weak": NO, "arm-weak-severe": YES}, "arm-weak", {"arm-weak", "arm-weak-severe"}, "cannot use the arm"),
    ({"sudden-onset": NO, "max-at-onset": YES}, "sudden-onset", {"sudden-onset", "max-at-onset"}, "worst at once"),
    ({"leg-weak": NO, "cannot-walk": YES}, "leg-weak", {"leg-weak", "cannot-walk"}, "legs do not carry"),
]


@pytest.mark.parametrize(("known", "finding", "named", "comment"), OVERRIDDEN, ids=[row[-1] for row in OVERRIDDEN])
def test_a_no_gives_way_to_a_danger_that_follows_and_the_warning_names_both(
    known: Facts, finding: str, named: set[str], comment: str
) -> None:
    completed = complete(BOOK, facts_of(known))
    assert completed.facts[finding].value is True, comment
    assert [(one.finding, one.present, set(one.against)) for one in completed.conflicts] == [(finding, True, named)]
    says = {one.says for one in BOOK.derivations if one.finding == finding and one.present}
    assert completed.conflicts[0].says in says


NOT_OVERRIDDEN: list[tuple[Facts, str, bool, str]] = [
    (
        {"fever": YES, "temperature": Decimal(37), "masked-fever": NO, "fever-felt": NO},
        "fever",
        YES,
        "a yes to fever stands, whatever was measured",
    ),
    ({"one-sided": YES, "left-side": NO, "right-side": NO}, "one-sided", YES, "one side, though neither is named"),
    ({"arm-weak": YES, "arm-weak-severe": NO}, "arm-weak", YES, "weak, if not useless"),
    ({"low-temperature": YES, "temperature": Decimal(36)}, "low-temperature", YES, "known to be low from elsewhere"),
]


@pytest.mark.parametrize(
    ("known", "finding", "value", "comment"), NOT_OVERRIDDEN, ids=[row[-1] for row in NOT_OVERRIDDEN]
)
def test_a_yes_never_gives_way_to_what_reassures(known: Facts, finding: str, value: bool, comment: str) -> None:
    completed = complete(BOOK, facts_of(known))
    assert completed.facts[finding].value is value, comment
    assert completed.conflicts == ()


def test_answers_are_overridden_toward_danger_alone() -> None:
    overriding = [one for one in BOOK.derivations if not one.only_where_unknown]
    changes = [(one.finding, one.present) for one in overriding]
    changes += [(one.finding, one.present) for one in BOOK.contradictions]
    assert [(one, present) for one, present in changes if present is BOOK.findings[one].reassuring] == []


Answered = tuple[bool | None, str | None, bool | None, bool | None]
FEVER: list[tuple[Answered, tuple[bool | None, bool | None], str]] = [
    # answered: fever, temperature, took what hides it, felt; then: fever, below 36
    ((OPEN, None, OPEN, OPEN), (OPEN, OPEN), "nothing is known"),
    ((NO, None, OPEN, OPEN), (NO, NO), "no thermometer does not leave a no open"),
    ((NO, None, YES, OPEN), (NO, NO), "a no stands though a medicine could hide a fever"),
    ((YES, None, OPEN, OPEN), (YES, OPEN), "fever, not measured"),
    ((OPEN, "38.0", OPEN, OPEN), (YES, NO), "measured, at the limit"),
    ((OPEN, "37.9", NO, NO), (NO, NO), "measured just below, and nothing hides a fever"),
    ((OPEN, "37.9", YES, NO), (OPEN, NO), "a medicine may have lowered it"),
    ((OPEN, "37.9", OPEN, NO), (OPEN, NO), "nobody asked about such a medicine"),
    ((OPEN, "37.9", NO, OPEN), (OPEN, NO), "nobody asked whether it is felt"),
    ((OPEN, "37.9", NO, YES), (YES, NO), "felt counts whatever was measured"),
    ((OPEN, None, NO, YES), (YES, OPEN), "felt, not measured"),
    ((NO, "37.9", YES, NO), (NO, NO), "answered no, and measured below"),
    ((NO, "38.0", NO, NO), (YES, NO), "measured counts whatever was answered"),
    ((NO, None, NO, YES), (YES, OPEN), "felt counts whatever was answered"),
    ((YES, "36.5", NO, NO), (YES, NO), "answered yes counts whatever was measured"),
    ((OPEN, "36.0", NO, NO), (NO, NO), "not below 36"),
    ((OPEN, "35.9", NO, NO), (NO, YES), "below 36"),
    ((NO, "35.9", OPEN, OPEN), (NO, YES), "no fever, and below 36 all the same"),
]


@pytest.mark.parametrize(("answered", "follows", "comment"), FEVER, ids=[row[-1] for row in FEVER])
def test_fever_and_temperature_are_one_fact(
    answered: Answered, follows: tuple[bool | None, bool | None], comment: str
) -> None:
    fever, temperature, masked, felt = answered
    given = {"fever": fever, "masked-fever": masked, "fever-felt": felt}
    known: Facts = {finding: value for finding, value in given.items() if value is not None}
    if temperature is not None:
        known["temperature"] = Decimal(temperature)
    assert (value_of(known, "fever"), value_of(known, "low-temperature")) == follows, comment


def test_what_was_answered_stays_an_answer_where_the_same_follows_from_another() -> None:
    completed = complete(BOOK, facts_of({"arm-weak": YES, "arm-weak-severe": YES}))
    assert completed.facts["arm-weak"] == Fact(True, "response", ("arm-weak",))
    assert completed.conflicts == ()


def test_the_given_facts_are_left_as_they_were() -> None:
    given = {"vomiting-blood": Fact(True, "response", ("list-danger-1",))}
    completed = complete(BOOK, given)
    assert set(given) == {"vomiting-blood"}
    assert completed.facts["vomiting-blood"] is given["vomiting-blood"]
    assert completed.facts["nausea"] == Fact(True, "derived", ("vomiting",))


KNOWN = [row[1] for row in (*FOLLOWS, *CONTRADICTIONS)] + [row[0] for row in (*OVERRIDDEN, *NOT_OVERRIDDEN)]


@pytest.mark.parametrize("known", KNOWN, ids=", ".join)
def test_what_conditions_can_ask_is_known_of_the_facts_as_they_then_are(known: Facts) -> None:
    leaves = number_leaves(conditions_of(BOOK))
    completed = complete(BOOK, facts_of(known))
    assert completed.known == leaves.known(completed.facts)


def test_what_followed_once_is_found_again_for_the_next_who_answers_so() -> None:
    """Nothing depends on it but speed: a memory that finds nothing would go unnoticed otherwise."""
    known = facts_of({"headache-sudden": YES, "improving": YES, "worsening": YES})
    once, again = complete(BOOK, known), complete(BOOK, known)
    assert once.facts["headache"] is again.facts["headache"]
    assert once.conflicts
    assert once.conflicts is again.conflicts
