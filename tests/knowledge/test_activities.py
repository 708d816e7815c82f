"""What the rows of activities and withholdings must say whatever the patient: words, grounds, reviews."""

import re

from service.knowledge.condition import Always, LevelAtLeast, RuleVerdict, walk
from service.knowledge.load import checked_book

BOOK = checked_book()

MEDICINE_TEXTS = [
    text
    for one in BOOK.activities.values()
    for text in (one.title, one.detail, one.do_not)
    if one.kind == "MedicationRequest" or one.id in ("aspirin", "keep-medicine-list")
] + [one.because for one in BOOK.withholdings.values()]


def test_nothing_tells_anyone_to_stop_a_medicine() -> None:
    forbidden = re.compile(r"\b(stop|quit|discontinue|leave off|no longer take|do not take)\b", re.IGNORECASE)
    assert [text for text in MEDICINE_TEXTS if forbidden.search(text)] == []


def test_what_can_be_forbidden_has_the_sentence_that_forbids_it() -> None:
    told = {item for one in BOOK.withholdings.values() if one.shown in ("do-not", "ask-first") for item in one.items}
    assert sorted(one for one in told if not BOOK.activities[one].do_not.startswith("Do not ")) == []
    medicines = [one.do_not for one in BOOK.activities.values() if one.kind == "MedicationRequest"]
    assert all("Do not start" in one and "without asking a pharmacist or clinician" in one for one in medicines)


def test_every_activity_is_named_by_a_withholding_or_says_why_by_none() -> None:
    named = {item for one in BOOK.withholdings.values() for item in one.items}
    reasoned = {one.id for one in BOOK.activities.values() if one.no_withholding_because}
    assert named | reasoned == set(BOOK.activities)
    assert named & reasoned == set()


def test_every_statement_that_advises_is_the_ground_of_an_activity() -> None:
    grounds = {statement for one in BOOK.activities.values() for statement in one.rests_on}
    advising = ("advice", "treatment", "prevention", "education")
    assert {one.id for one in BOOK.statements.values() if one.kind in advising} - grounds == set()
    assert grounds - set(BOOK.statements) == {"project"}


def test_every_row_that_withholds_is_in_force_and_every_rule_it_names_exists() -> None:
    rows = {one.id for one in BOOK.statements.values() if one.kind == "withhold"}
    assert {one.statement for one in BOOK.withholdings.values()} == rows
    nodes = (node for one in BOOK.withholdings.values() for node in walk(one.when))
    assert {node.rule for node in nodes if isinstance(node, RuleVerdict)} <= set(BOOK.rules)


def test_every_withholding_has_a_case_of_each_verdict_it_can_come_to() -> None:
    for one in BOOK.withholdings.values():
        verdicts = {case.verdict for case in one.cases}
        match one.when:
            case Always():
                possible = {"fired"}
            case LevelAtLeast():
                possible = {"fired", "not-fired"}
            case _:
                possible = {"fired", "not-fired", "undecided"}
        assert verdicts == possible, one.id
