"""How verdicts join to one result: level, what could still raise it, causes, disagreement; not what the plan holds."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from service.engine.assess import assess
from service.engine.assessment import Assessment, Traced
from service.engine.facts import Value
from service.engine.prepared import prepared
from service.knowledge.condition import Always, AtLeast, Not, UnlessAll
from tests.clinical.random_cases import random_case
from tests.engine.situations import BOOK, WELL, assessed, but, facts_of
from tests.engine.small_book import CALMING, EXEMPTING, OTHER, SIGN, Ruling, judged

YES, NO = True, False
Facts = dict[str, Value]
LEVELS = ("self-care", "appointment", "within-24h", "emergency", "ambulance")


def in_short(result: Assessment) -> tuple[str, str, bool]:
    return result.level, result.ceiling, result.final


# --- one rule: the level it gives, by its verdict ---

BY_VERDICT: list[tuple[str, Facts, tuple[str, str, bool], str]] = [
    # level of the rule, facts; level and ceiling of the result, and whether it is final
    ("ambulance", {"sign": YES}, ("ambulance", "ambulance", True), "fired: its own level"),
    ("ambulance", {"sign": NO}, ("self-care", "self-care", True), "not fired: nothing"),
    ("ambulance", {}, ("within-24h", "ambulance", False), "undecided: today, and it could be an ambulance"),
    ("emergency", {}, ("within-24h", "emergency", False), "undecided: today, and it could be an emergency"),
    ("within-24h", {}, ("appointment", "within-24h", False), "undecided: an appointment, and it could be today"),
    ("appointment", {}, ("appointment", "appointment", True), "undecided: an appointment, which no answer can raise"),
    ("self-care", {}, ("self-care", "self-care", True), "undecided: there is nothing to raise"),
    ("", {"sign": YES}, ("self-care", "self-care", True), "a rule without a level gives none"),
    ("", {}, ("self-care", "self-care", True), "nor does it while it is undecided"),
]


@pytest.mark.parametrize(("level", "known", "result", "comment"), BY_VERDICT, ids=[row[-1] for row in BY_VERDICT])
def test_what_one_rule_gives(level: str, known: Facts, result: tuple[str, str, bool], comment: str) -> None:
    assert in_short(judged(known, Ruling("only", level, SIGN))) == result, comment


# --- the rule "sign, unless it is calming", and "sign, unless exempting" ---

CALMED = AtLeast(2, (SIGN, Not(CALMING)))
EXEMPTED = UnlessAll(SIGN, (EXEMPTING, Not(OTHER)))
BY_REASSURANCE: list[tuple[str, object, Facts, tuple[str, str, bool], str]] = [
    ("ambulance", CALMED, {"sign": YES}, ("ambulance", "ambulance", True), "only reassurance is open: its own level"),
    ("emergency", CALMED, {"sign": YES}, ("emergency", "emergency", True), "only reassurance is open: its own level"),
    ("within-24h", CALMED, {"sign": YES}, ("within-24h", "within-24h", True), "and so below emergency"),
    ("emergency", CALMED, {"sign": YES, "calming": NO}, ("emergency", "emergency", True), "no reassurance"),
    ("emergency", CALMED, {"sign": YES, "calming": YES}, ("self-care", "self-care", True), "answered reassurance"),
    ("emergency", CALMED, {}, ("within-24h", "emergency", False), "more than reassurance is open"),
    ("emergency", EXEMPTED, {"sign": YES}, ("emergency", "emergency", True), "both exemptions are open"),
    ("emergency", EXEMPTED, {"sign": YES, "exempting": YES}, ("emergency", "emergency", True), "one is open"),
    ("emergency", EXEMPTED, {"sign": YES, "other": YES}, ("emergency", "emergency", True), "one is answered otherwise"),
    (
        "emergency",
        EXEMPTED,
        {"sign": YES, "exempting": YES, "other": NO},
        ("self-care", "self-care", True),
        "all are answered so",
    ),
    ("emergency", EXEMPTED, {"exempting": NO}, ("within-24h", "emergency", False), "the sign itself is open"),
]


@pytest.mark.parametrize(
    ("level", "when", "known", "result", "comment"), BY_REASSURANCE, ids=[row[-1] for row in BY_REASSURANCE]
)
def test_unknown_reassurance_is_no_reassurance(
    level: str, when: AtLeast | UnlessAll, known: Facts, result: tuple[str, str, bool], comment: str
) -> None:
    assert in_short(judged(known, Ruling("only", level, when))) == result, comment


# --- several rules ---


def test_the_gravest_rule_gives_the_level_and_is_named() -> None:
    result = judged(
        {"sign": YES, "other": YES},
        Ruling("mild", "appointment", SIGN),
        Ruling("grave", "emergency", OTHER),
        Ruling("grave-too", "emergency", SIGN),
    )
    assert (result.level, result.deciding) == ("emergency", ("grave", "grave-too"))


def test_an_open_rule_below_the_level_leaves_the_result_final_and_its_question_is_missing_but_not_asked_next() -> None:
    result = judged({"sign": YES}, Ruling("fired", "emergency", SIGN), Ruling("open", "within-24h", OTHER))
    assert in_short(result) == ("emergency", "emergency", True)
    assert (result.missing, result.ask_next) == (("other",), ())


def test_the_gravest_open_questions_are_asked_first_whatever_the_order_of_the_rules() -> None:
    result = judged(
        {},
        Ruling("mild", "appointment", CALMING),
        Ruling("grave", "emergency", SIGN),
        Ruling("gravest", "ambulance", AtLeast(2, (OTHER, EXEMPTING))),
    )
    assert result.ask_next == ("other", "exempting", "sign")
    assert result.missing == ("other", "exempting", "sign", "calming")


def test_what_gave_the_level_by_being_open_is_asked_next_though_it_cannot_raise_it() -> None:
    result = judged({"other": YES}, Ruling("calmed", "emergency", AtLeast(2, (OTHER, Not(CALMING)))))
    assert (in_short(result), result.ask_next) == (("emergency", "emergency", True), ("calming",))
    assert [(one.rule, one.verdict, one.lifts_to) for one in result.trace] == [("calmed", "undecided", "emergency")]


def test_the_trace_holds_each_fired_rule_and_each_open_one_that_could_raise_the_level() -> None:
    result = judged(
        {"sign": YES},
        Ruling("fired", "within-24h", SIGN),
        Ruling("not-fired", "emergency", Not(SIGN)),
        Ruling("open-below", "appointment", OTHER),
        Ruling("open-above", "emergency", AtLeast(2, (SIGN, OTHER, CALMING))),
    )
    assert result.trace == (
        Traced("fired", "fired", "within-24h", "within-24h", ("sign",)),
        Traced("open-above", "undecided", "emergency", "within-24h", ("other", "calming"), ("sign",)),
    )


# --- causes: what fits, what fits in part, and the dangerous ones that an open question does not exclude ---

CAUSES: list[tuple[Facts, list[tuple[str, str, tuple[str, ...]]], str]] = [
    ({"sign": YES, "other": NO}, [("angina", "fits", ("one",)), ("muscle-strain", "partly-fits", ("one",))], "fired"),
    ({"sign": NO, "other": NO}, [], "not fired: excluded"),
    ({"sign": NO}, [("angina", "not-excluded", ("two",))], "open: the dangerous cause is not excluded, the other is"),
    (
        {"sign": YES, "other": YES},
        [("muscle-strain", "fits", ("two",)), ("angina", "fits", ("one",))],
        "the better fit counts, with its own rule",
    ),
    (
        {"sign": YES},
        [("angina", "fits", ("one",)), ("muscle-strain", "partly-fits", ("one",))],
        "what is listed already is not listed again as not excluded",
    ),
]


@pytest.mark.parametrize(("known", "listed", "comment"), CAUSES, ids=[row[-1] for row in CAUSES])
def test_suspected_causes(known: Facts, listed: list[tuple[str, str, tuple[str, ...]]], comment: str) -> None:
    result = judged(
        known,
        Ruling("one", "emergency", SIGN, {"muscle-strain": "partly-fits", "angina": "fits"}),
        Ruling("two", "emergency", OTHER, {"muscle-strain": "fits", "angina": "partly-fits"}),
    )
    assert (BOOK.causes["angina"].dangerous, BOOK.causes["muscle-strain"].dangerous) == (True, False)
    assert [(one.cause, one.fit, one.rules) for one in result.causes] == listed, comment


def test_a_dangerous_cause_below_the_level_is_listed_only_where_an_answer_points_to_it() -> None:
    beyond = Ruling("beyond", "ambulance", EXEMPTING)
    pointed = Ruling("pointed", "emergency", AtLeast(2, (SIGN, OTHER)), {"angina": "fits"})
    silent = Ruling("silent", "emergency", AtLeast(2, (CALMING, OTHER)), {"aortic-dissection": "fits"})
    result = judged({"sign": YES, "exempting": YES}, beyond, pointed, silent)
    assert [(one.cause, one.fit) for one in result.causes] == [("angina", "not-excluded")]


# --- the real book ---


def test_a_healthy_adult_with_a_strain_may_care_for_herself_and_nothing_is_open() -> None:
    result = assessed(WELL)
    assert in_short(result) == ("self-care", "self-care", True)
    assert (result.ask_next, result.scope, result.conflicts) == ((), "in", ())


@pytest.mark.parametrize(
    ("policy", "ceiling"),
    [
        ("strictest", "ambulance"),
        ("reconciled", "ambulance"),
        ("source:GM", "emergency"),  # this article never sends an ambulance
        ("source:CC", "ambulance"),
        ("source:SP", "emergency"),  # nor does this one
    ],
)
def test_blank_answers_are_seen_today_and_could_still_be_the_worst(policy: str, ceiling: str) -> None:
    result = assessed({}, policy)
    assert in_short(result) == ("within-24h", ceiling, False)
    assert {traced.verdict for traced in result.trace} == {"undecided"}
    assert result.facts == {}


def test_blank_answers_are_asked_for_an_ambulance_first() -> None:
    asks = BOOK.rule_levels["strictest"]
    result = assessed({})
    ranks = [max(_ranks_asking_for(one, asks)) for one in result.ask_next]
    assert ranks[0] == BOOK.levels["ambulance"].rank
    assert ranks == sorted(ranks, reverse=True)


def _ranks_asking_for(finding: str, asks: object) -> list[int]:
    undecided = [one for one in assessed({}).trace if finding in one.findings]
    return [BOOK.levels[one.asks].rank for one in undecided]


BREATHLESS_FOR_YEARS = but({"dyspnoea": YES, "dyspnoea-longstanding": YES})


@pytest.mark.parametrize(
    ("policy", "level"),
    [
        ("strictest", "ambulance"),  # CC-911-breath
        ("reconciled", "within-24h"),  # the reconciled row: long-standing and unchanged
        ("source:GM", "emergency"),  # GM-er-breath
        ("source:CC", "ambulance"),  # CC-911-breath
        ("source:SP", "emergency"),  # SP-pe-breath
    ],
)
def test_each_policy_gives_the_level_of_whom_it_counts(policy: str, level: str) -> None:
    assert assessed(BREATHLESS_FOR_YEARS, policy).level == level


TOPICS: list[tuple[str, str, dict[str, str], bool, str]] = [
    # finding, topic; what each source asks for, whether the articles disagree
    ("dyspnoea", "breathless-faint", {"GM": "emergency", "CC": "ambulance", "SP": "emergency"}, True, "two levels"),
    ("weight-loss", "weight-loss", {"CC": "appointment"}, False, "one article alone"),
    ("interferes", "daily-life", {"GM": "appointment", "SP": "appointment"}, False, "two articles, one level"),
    ("urinary-retention", "bladder-bowel", {"CC": "emergency"}, False, "one article, the others are silent"),
]


@pytest.mark.parametrize(
    ("finding", "topic", "asked", "disagree", "comment"), TOPICS, ids=[f"{row[0]}: {row[-1]}" for row in TOPICS]
)
def test_what_each_article_asks_for_is_shown_by_topic(
    finding: str, topic: str, asked: dict[str, str], disagree: bool, comment: str
) -> None:
    (view,) = [one for one in assessed(but({finding: YES})).topics if one.topic == topic]
    by_articles = {source: level for source, level in view.levels.items() if BOOK.sources[source].origin == "article"}
    assert (by_articles, view.disagree) == (asked, disagree), comment


def test_topics_come_in_the_order_of_the_book_and_only_where_a_rule_fired() -> None:
    shown = [one.topic for one in assessed(but({"chest-pain": YES, "fever": YES, "weight-loss": YES})).topics]
    order = list(BOOK.topics)
    assert shown == sorted(shown, key=order.index)
    assert {"chest-pain", "fever", "weight-loss"} <= set(shown)
    assert "sickle" not in shown


def test_of_all_rules_of_a_topic_the_highest_level_of_each_source_is_shown() -> None:
    """Let every rule fire, so that of each source sentences of several levels stand side by side."""
    book = replace(BOOK, rules={name: replace(rule, when=Always()) for name, rule in BOOK.rules.items()})
    shown = {one.topic: dict(one.levels) for one in assess(book, {}, "strictest").topics}
    highest: dict[str, dict[str, str]] = {}
    for rule in BOOK.rules.values():
        for statement in (BOOK.statements[one] for one in rule.statements if BOOK.statements[one].level):
            levels = highest.setdefault(rule.topic, {})
            before = levels.get(statement.source, "self-care")
            levels[statement.source] = max(before, statement.level, key=LEVELS.index)
    assert shown == highest
    assert any(len(set(levels.values())) > 1 for levels in shown.values())


ELSEWHERE: Facts = {"upper-back-pain": NO, "other-site-only": YES}
SCOPES: list[tuple[Facts, str, str, str]] = [
    (ELSEWHERE, "out", "appointment", "the pain is somewhere else"),
    ({"upper-back-pain": NO}, "out", "appointment", "no pain in the upper back"),
    ({**ELSEWHERE, "trauma-minor": YES}, "in", "within-24h", "an injury is in scope wherever it hurts"),
    ({**ELSEWHERE, "chest-pain": YES}, "out", "ambulance", "a red flag counts all the same"),
]


@pytest.mark.parametrize(("changes", "scope", "level", "comment"), SCOPES, ids=[row[-1] for row in SCOPES])
def test_scope(changes: Facts, scope: str, level: str, comment: str) -> None:
    result = assessed(but(dict(changes)))
    assert (result.scope, result.level) == (scope, level), comment
    if scope == "out":
        assert result.causes == ()


ANSWERS: list[tuple[Facts, tuple[str, bool], str]] = [
    ({"answers-old": YES}, ("appointment", False), "old answers: never self-care, never final"),
    ({"answers-old": YES, "chest-pain": YES}, ("ambulance", False), "an old danger is still one"),
    ({"answers-old": NO}, ("self-care", True), "fresh answers"),
    ({"free-text": YES}, ("appointment", True), "unread text: never self-care"),
    ({"free-text": NO}, ("self-care", True), "no text"),
]


@pytest.mark.parametrize(("changes", "result", "comment"), ANSWERS, ids=[row[-1] for row in ANSWERS])
def test_old_answers_and_unread_text_are_never_self_care(
    changes: Facts, result: tuple[str, bool], comment: str
) -> None:
    found = assessed(but(dict(changes)))
    assert (found.level, found.final) == result, comment


def test_a_contradiction_is_told_and_the_dangerous_reading_gives_the_level() -> None:
    result = assessed(but({"improving": YES, "worsening": YES}))
    assert [one.finding for one in result.conflicts] == ["improving"]
    assert result.level == "appointment"


# --- the same facts, the same result ---


def test_the_order_of_the_facts_changes_nothing() -> None:
    rng = Random(7)  # noqa: S311 - cases, not secrets
    for _ in range(40):
        known = dict(random_case(rng).values)
        for finding in rng.sample(sorted(known), 12):
            del known[finding]
        shuffled = list(known)
        rng.shuffle(shuffled)
        policy = rng.choice(["strictest", "reconciled"])
        again = assess(BOOK, facts_of({finding: known[finding] for finding in shuffled}), policy)
        assert again == assess(BOOK, facts_of(known), policy)


PRINTS_RESULTS = """
from dataclasses import replace
from random import Random
from tests.clinical.random_cases import random_case
from tests.engine.situations import assessed
rng = Random(11)
for known in [{}, *(dict(random_case(rng).values) for _ in range(5))]:
    # A set's own repr follows the hash seed; how facts are written down is for the layer that writes them.
    result = assessed(known)
    print(repr(replace(result, facts={})), [(name, fact.origin, fact.where) for name, fact in result.facts.items()])
"""


def test_the_same_facts_give_the_same_bytes_whatever_the_hash_seed() -> None:
    root = Path(__file__).parents[2]
    outputs = {
        subprocess.run(
            [sys.executable, "-c", PRINTS_RESULTS],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=root,
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("0", "1", "4711")
    }
    assert len(outputs) == 1
    assert len(outputs.pop()) > 1000


def test_the_result_says_which_policy_it_is_by() -> None:
    assert replace(assessed(WELL), policy="reconciled") == assessed(WELL, "reconciled")


# --- what was worked out for one patient is found again for the next who answers alike ---


def test_what_was_said_once_is_said_again_with_the_same_words_in_memory() -> None:
    """Nothing depends on it but speed: a memory that finds nothing would go unnoticed otherwise."""
    known = but({"chest-pain": YES, "dyspnoea": None, "weight-loss": YES})
    once, again = assessed(known), assessed(known)
    assert once.trace
    assert once.causes
    assert once.topics
    assert all(one is other for one, other in zip(once.trace, again.trace, strict=True))
    assert (once.causes is again.causes, once.topics is again.topics, once.plan is again.plan) == (True, True, True)


def test_of_two_patients_who_differ_what_they_share_is_remembered() -> None:
    once = assessed(but({"chest-pain": YES, "weight-loss": YES}))
    other = assessed(but({"chest-pain": YES, "weight-loss": YES, "fever": YES}))
    causes = {one.cause: one for one in once.causes}
    shared = [one for one in other.causes if causes.get(one.cause) == one]
    topics = {one.topic: one for one in once.topics}
    assert shared
    assert all(causes[one.cause] is one for one in shared)
    assert [one for one in other.topics if topics.get(one.topic) is one]
    rules = {one.rule: one for one in once.trace}
    assert [one for one in other.trace if rules.get(one.rule) is one]


def test_every_policy_is_prepared_under_its_own_name_with_every_rule() -> None:
    ready = prepared(BOOK)
    assert [one.id for one in ready.policies.values()] == list(ready.policies) == list(BOOK.rule_levels)
    for policy in ready.policies.values():
        assert {one.rule.id: one.asks for one in policy.rules.of(ready.rules)} == BOOK.rule_levels[policy.id]
