"""The form as clinical guidance wants it: the gravest questions first, an early end, few questions, plain words."""

import re
from collections.abc import Iterator
from dataclasses import fields
from decimal import Decimal
from functools import cache

import pytest

from service.engine.assess import assess
from service.engine.facts import Fact, Value
from service.engine.verdict import View, evaluate
from service.knowledge.condition import Compares, findings_in, walk
from service.knowledge.form import Group, Item
from service.knowledge.load import checked_book
from service.knowledge.read_form import GroupRow, ItemRow
from tests.knowledge.reading_grade import grade, syllables

BOOK = checked_book()
FORM = BOOK.form
ITEMS: list[tuple[Group, Item]] = [(group, item) for group in FORM.groups for item in group.items]

MOST_TO_THE_END, MOST_IN_ALL, MOST_OPTIONS, HIGHEST_GRADE = 16, 56, 8, 8.0

WELL: dict[str, Value] = {
    **{one.id: False for one in BOOK.findings.values() if one.kind == "boolean" and one.asked},
    "upper-back-pain": True,
    "free-text": False,
    "answers-old": False,
    "age": Decimal(40),
    "severity-now": Decimal(3),
    "severity-onset": Decimal(3),
    "duration-days": Decimal(1),
    "tried": frozenset({"none"}),
    "relieved-by": frozenset({"rest"}),
    "sex": frozenset({"female"}),
}
"""A pain of 3 of 10 since yesterday in an adult, and a no to everything else."""
REASSURED = {**WELL, **{one.id: True for one in BOOK.findings.values() if one.reassuring}}
"""The same with everything that can reassure."""


# --- which findings are the gravest, asked of the engine ---


def lowest_level_with(finding: str, others: dict[str, Value]) -> int:
    """Return the rank that a single yes gives under both live policies, the lower of the two."""
    facts = {name: Fact(value, "response") for name, value in {**others, finding: True}.items()}
    live = [policy.id for policy in BOOK.policies.values() if policy.live]
    return min(BOOK.levels[assess(BOOK, facts, policy).level].rank for policy in live)


@cache
def gravest() -> dict[str, str]:
    """Name the findings whose yes alone gives ambulance, and those whose yes gives emergency whatever reassures."""
    found: dict[str, str] = {}
    for finding in (one.id for one in BOOK.findings.values() if one.kind == "boolean" and one.asked):
        alone = lowest_level_with(finding, WELL)
        if alone >= BOOK.levels["ambulance"].rank:
            found[finding] = "ambulance"
        elif min(alone, lowest_level_with(finding, REASSURED)) >= BOOK.levels["emergency"].rank:
            found[finding] = "emergency"
    return found


def place_of(finding: str) -> int:
    return next(index for index, (_, item) in enumerate(ITEMS) if finding in item.findings)


def test_the_gravest_findings_are_those_that_the_guidance_names() -> None:
    named = "dyspnoea chest-pain sweating syncope confusion cannot-walk"
    assert {finding for finding in named.split() if gravest()[finding] == "ambulance"} == set(named.split())
    named = "leg-weak saddle-numb urinary-retention bladder-incontinence bowel-incontinence trauma-major"
    assert {finding for finding in named.split() if gravest()[finding] == "emergency"} == set(named.split())


def test_what_alone_gives_ambulance_is_asked_before_everything_else() -> None:
    ambulance = {finding for finding, level in gravest().items() if level == "ambulance"}
    last = max(place_of(finding) for finding in ambulance)
    before = {finding for _, item in ITEMS[: last + 1] for finding in item.findings}
    beside = {finding for finding in before if gravest().get(finding) == "emergency"}
    assert {FORM.item_of[finding] for finding in beside} == {"list-danger-1"}, "in the last question about ambulance"
    assert before - ambulance - beside == {"dyspnoea-longstanding"}, "nothing else, but what belongs to one of them"


def test_then_comes_what_alone_gives_emergency() -> None:
    emergency = {finding for finding, level in gravest().items() if level == "emergency"}
    last = max(place_of(finding) for finding in emergency)
    before = {finding for _, item in ITEMS[: last + 1] for finding in item.findings}
    assert before - set(gravest()) == {"dyspnoea-longstanding", "hydrated", "max-at-onset"}


def test_a_yes_to_a_grave_finding_ends_the_form_and_no_other_yes_does() -> None:
    ending = {finding for group, item in ITEMS for finding in (*group.ended_by, *item.ended_by)}
    # More than streaks of blood is asked of those who cough up blood, which has ended the form already.
    assert ending == set(gravest()) - {"haemoptysis-more"}


def test_a_yes_that_gives_emergency_ends_the_form_only_after_every_question_that_alone_gives_ambulance() -> None:
    ending = set(gravest()) - {"haemoptysis-more"}
    last = max(place_of(finding) for finding in ending if gravest()[finding] == "ambulance")
    first = min(place_of(finding) for finding in ending if gravest()[finding] == "emergency")
    assert last <= first, "at the earliest in the last of those questions"


def test_the_questions_that_end_the_form_are_required() -> None:
    required = {item.link_id for _, item in ITEMS if item.required}
    ending = {finding for group, item in ITEMS for finding in (*group.ended_by, *item.ended_by)}
    assert {FORM.item_of[finding] for finding in ending} <= required
    assert {"upper-back-pain", "age", "severity-now", "duration-days"} <= required


def test_no_question_that_is_only_sometimes_shown_is_required() -> None:
    assert [item.link_id for _, item in ITEMS if item.required and item.shown_when is not None] == []


# --- how many questions: every way through the form ---


def answers_to(item: Item, mattering: frozenset[str]) -> Iterator[dict[str, Value]]:
    """Name the answers that later conditions tell apart: none, each and all of a list, both sides of each threshold."""
    asked = [finding for finding in item.findings if finding in mattering]
    if not asked:
        yield {}
    elif item.kind in ("integer", "quantity"):
        for value in values_beside_thresholds(item.link_id):
            yield {item.link_id: value}
    elif item.kind in ("choice", "choices"):
        for option in item.options:
            yield {item.link_id: frozenset([option])}
    else:
        nothing: dict[str, Value] = dict.fromkeys(asked, False)
        yield nothing
        yield from ({**nothing, finding: True} for finding in asked)
        yield dict.fromkeys(asked, True)


def values_beside_thresholds(measure: str) -> list[Decimal]:
    conditions = (item.shown_when for _, item in ITEMS if item.shown_when is not None)
    nodes = (node for condition in conditions for node in walk(condition))
    thresholds = {node.threshold for node in nodes if isinstance(node, Compares) and node.measure == measure}
    return sorted({threshold + step for threshold in thresholds for step in (-1, 0, 1)})


Known = frozenset[tuple[str, Value]]


@cache
def most_shown(start: int, known: Known, *, must_end: bool) -> int:
    """Return the most questions shown from one on, given what later conditions ask of earlier answers.

    With `must_end` only the ways count on which a yes ends the form; -1000 where there is none.
    """
    if start == len(ITEMS):
        return -1000 if must_end else 0
    group, item = ITEMS[start]
    facts = dict(known)
    ended = any(facts.get(finding) is True for finding in (*group.ended_by, *item.ended_by))
    shown = not ended and (item.shown_when is None or evaluate(item.shown_when, View(facts)) is True)
    later = mattering_after(start)
    if not shown:
        kept = frozenset(one for one in facts.items() if one[0] in later)
        return most_shown(start + 1, kept, must_end=must_end)
    counts = []
    for answer in answers_to(item, later):
        kept = frozenset(one for one in {**facts, **answer}.items() if one[0] in later)
        ends = any(value is True and finding in enders() for finding, value in answer.items())
        counts.append(1 + most_shown(start + 1, kept, must_end=must_end and not ends))
    return max(counts)


@cache
def enders() -> frozenset[str]:
    return frozenset(finding for group, item in ITEMS for finding in (*group.ended_by, *item.ended_by))


@cache
def mattering_after(place: int) -> frozenset[str]:
    names: set[str] = set()
    for group, item in ITEMS[place + 1 :]:
        names.update(group.ended_by, item.ended_by)
        if item.shown_when is not None:
            names.update(findings_in(item.shown_when))
    return frozenset(names)


def test_from_the_first_question_to_an_early_end_there_are_at_most_16() -> None:
    longest = most_shown(0, frozenset(), must_end=True)
    print(f"the longest way to an early end: {longest} questions, of {MOST_TO_THE_END} allowed")
    assert 1 < longest <= MOST_TO_THE_END


def test_the_longest_way_over_all_ages_and_sexes_has_at_most_56_questions() -> None:
    longest = most_shown(0, frozenset(), must_end=False)
    print(f"the longest way through the form: {longest} questions, of {MOST_IN_ALL} allowed, of {len(ITEMS)} in all")
    assert 1 < longest <= MOST_IN_ALL
    assert longest < len(ITEMS), "nobody is asked everything"


def test_a_checklist_has_at_most_8_options() -> None:
    lists = {item.link_id: len(item.findings) for _, item in ITEMS if item.kind == "checklist"}
    assert lists
    assert {link_id: count for link_id, count in lists.items() if count > MOST_OPTIONS} == {}


def test_no_question_has_an_answer_before_it_is_asked() -> None:
    written = {*ItemRow().fields, *GroupRow().fields, *(field.name for field in fields(Item))}
    assert {name for name in written if re.search("initial|default|prefill|selected", name)} == set()


def test_every_finding_that_is_asked_is_asked_once_and_no_other_is() -> None:
    asked = [finding for _, item in ITEMS for finding in item.findings]
    assert sorted(asked) == sorted(one.id for one in BOOK.findings.values() if one.asked)


def test_a_finding_of_which_not_sure_counts_as_a_yes_is_asked_as_yes_no_not_sure() -> None:
    asked = {item.link_id for _, item in ITEMS if item.kind == "yes-no-not-sure"}
    assert asked == {one.id for one in BOOK.findings.values() if one.unsure_means_present and one.asked}


def test_a_question_is_found_by_its_link_id_and_a_stranger_is_not() -> None:
    assert FORM.item("dyspnoea").ask == "Are you short of breath?"
    with pytest.raises(KeyError):
        FORM.item("breath")


def test_an_answer_in_another_unit_becomes_the_unit_that_rules_compare_in() -> None:
    units = {unit.code: unit for unit in (*FORM.item("temperature").units, *FORM.item("duration-days").units)}
    assert units["[degF]"].convert(Decimal("100.4")) == 38
    assert [units[code].convert(Decimal(1)) for code in ("d", "wk", "mo", "a")] == [1, 7, 30, 365]


# --- plain words ---


def sentences_of(item: Item) -> list[str]:
    """Take the question, its help and each option as sentences of one text.

    A single option such as 'Heartburn' is too short for a grade of its own: it is scored with the question it answers.
    """
    options = item.findings if item.kind == "checklist" else item.options
    texts = (item.ask, item.help, *(FORM.words[option] for option in options))
    return [sentence for text in texts for sentence in re.split(r"(?<=[.?])\s+", text) if sentence]


def test_no_question_needs_more_than_8_years_of_school() -> None:
    graded = sorted(((grade(sentences_of(item)), item) for _, item in ITEMS), key=lambda one: -one[0])
    for hardness, item in graded[:5]:
        print(f"{hardness:5.1f}  {item.link_id}: {' / '.join(sentences_of(item))}")
    assert [item.link_id for hardness, item in graded if hardness > HIGHEST_GRADE] == []


def test_no_question_by_itself_needs_more_than_8_years_of_school() -> None:
    assert [item.ask for _, item in ITEMS if grade([item.ask]) > HIGHEST_GRADE] == []


SYLLABLES = """
    pain 1 area 3 back 1 breathe 1 breathing 2 shoulder 2 blades 1 heartburn 2 headache 2 ibuprofen 4 acetaminophen 6
    paracetamol 5 diabetes 4 swallowed 2 fainted 2 move 1 moves 1 moved 1 table 2 muscle 2 tingles 2 urine 2 genitals 3
    question 2 palpitations 4 medicine 3 osteoporosis 6 naproxen 3 bowels 2 vagina 3 weakness 2 dialysis 4 asthma 2
    colitis 3 ulcerative 4 methotrexate 4 lithium 3 syndrome 2 reaction 3 carer 2 disease 2 changed 1 minutes 2 sleepy 2
    usual 3 period 3 birth 1 stroke 1 speech 1 surgery 3 buttocks 2 used 1 coughing 2 hours 1 estrogen 3 sneezes 2
"""


def test_syllables_are_counted_as_they_are_spoken() -> None:
    spoken = SYLLABLES.split()
    words = dict(zip(spoken[::2], map(int, spoken[1::2]), strict=True))
    assert {word: syllables(word) for word in words} == words


def test_the_grade_is_the_published_formula() -> None:
    # 5 words in 1 sentence, 5 syllables: 0.39 * 5 + 11.8 * 1 - 15.59
    assert grade(["Does your back hurt now?"]) == pytest.approx(0.39 * 5 + 11.8 * 1 - 15.59)
    # 9 words in 2 sentences, 10 syllables
    assert grade(["Does your back hurt now?", "Say yes or never."]) == pytest.approx(0.39 * 4.5 + 11.8 * 10 / 9 - 15.59)
