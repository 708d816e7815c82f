"""The grammar of conditions as a table, and the refusal of all else: where, what was met, and what is allowed."""

from decimal import Decimal

import pytest

from service.knowledge.condition import (
    Always,
    AtLeast,
    CauseListed,
    Chosen,
    Compares,
    Condition,
    Holds,
    LevelAtLeast,
    Not,
    QuestionsOpen,
    RuleVerdict,
    Term,
    UnlessAll,
    Withheld,
)
from service.knowledge.model import Finding
from service.knowledge.parse import BookError, Vocabulary, condition_from, exempting, number

NAMES = Vocabulary(
    findings={
        "fever": Finding("fever", "any", "boolean", "fever"),
        "cough": Finding("cough", "any", "boolean", "cough"),
        "age": Finding("age", "any", "integer", "age", unit="a"),
        "severity-now": Finding("severity-now", "any", "integer", "pain now"),
        "temperature": Finding("temperature", "any", "quantity", "temperature", unit="Cel"),
        "pattern": Finding("pattern", "any", "choice", "pattern", options=("constant", "comes-and-goes")),
        "note": Finding("note", "any", "text", "note"),
    },
    terms={"child": Compares("age", "below", Decimal(18))},
)
WHERE = "rules/x.yaml"
FEVER, COUGH, CHILD = Holds("fever"), Holds("cough"), Term("child", Compares("age", "below", Decimal(18)))

GRAMMAR: list[tuple[object, Condition, str]] = [
    ("fever", FEVER, "a finding"),
    ("child", CHILD, "a term, with its own condition"),
    ("always", Always(), "always"),
    ("never", Not(Always()), "never"),
    ("questions-open", QuestionsOpen(), "for activities: a question is open"),
    ({"all": ["fever", "cough"]}, AtLeast(2, (FEVER, COUGH)), "all is every part"),
    ({"any": ["fever", "cough"]}, AtLeast(1, (FEVER, COUGH)), "any is one part"),
    ({"at-least-n-of": {"n": 1, "of": ["fever", "cough"]}}, AtLeast(1, (FEVER, COUGH)), "the least n"),
    ({"at-least-n-of": {"n": 2, "of": ["fever", "cough"]}}, AtLeast(2, (FEVER, COUGH)), "the greatest n"),
    ({"not": "fever"}, Not(FEVER), "not"),
    ({"not": {"any": ["fever", "child"]}}, Not(AtLeast(1, (FEVER, CHILD))), "nested"),
    ({"measure": "severity-now", "at-least": 7}, Compares("severity-now", "at-least", Decimal(7)), "without a unit"),
    (
        {"measure": "temperature", "below": 38.1, "unit": "Cel"},
        Compares("temperature", "below", Decimal("38.1")),
        "with its unit, and its digits kept",
    ),
    ({"measure": "age", "above": 64, "unit": "a"}, Compares("age", "above", Decimal(64)), "above"),
    ({"measure": "age", "at-most": 64, "unit": "a"}, Compares("age", "at-most", Decimal(64)), "at most"),
    ({"choice": "pattern", "is": "constant"}, Chosen("pattern", "constant"), "an option of a choice"),
    ({"level-at-least": "emergency"}, LevelAtLeast("emergency"), "for withholdings: the level"),
    ({"rule": "any-fever"}, RuleVerdict("any-fever"), "for withholdings: a rule"),
    ({"cause-listed": "shingles"}, CauseListed("shingles"), "for activities: a cause"),
    ({"withholding": "nsaid-age"}, Withheld("nsaid-age"), "for activities: a withholding"),
]


@pytest.mark.parametrize(("written", "condition", "comment"), GRAMMAR, ids=[row[-1] for row in GRAMMAR])
def test_what_may_be_written(written: object, condition: Condition, comment: str) -> None:
    assert condition_from(written, NAMES, WHERE) == condition, comment


BLOCKS = "allowed are all, any, not, at-least-n-of, measure, choice"
OPERATORS = "below, at-most, at-least, above"
REFUSED: list[tuple[object, str]] = [
    # written; the whole text of the refusal after the file
    ("chills", ": met the unknown name 'chills'; allowed is a finding, or a term that stands above"),
    ("age", ": met 'age', of kind integer; allowed is a 'measure' or 'choice' block"),
    ("note", ": met 'note', of kind text; allowed is a 'measure' or 'choice' block"),
    (True, ": met a boolean; allowed is the name of a finding or term, or a block like 'all'"),
    (7, ": met a number; allowed is the name of a finding or term, or a block like 'all'"),
    (["fever"], ": met a list; allowed is the name of a finding or term, or a block like 'all'"),
    (None, ": met nothing; allowed is the name of a finding or term, or a block like 'all'"),
    ({}, f": met a block of ''; {BLOCKS}"),
    ({"none": ["fever"]}, f": met a block of 'none'; {BLOCKS}"),
    ({"all": ["fever"], "any": ["cough"]}, f": met a block of 'all, any'; {BLOCKS}"),
    ({"not": "fever", "of": "cough"}, f": met a block of 'not, of'; {BLOCKS}"),
    ({"rule": 3}, f": met a block of 'rule'; {BLOCKS}"),
    ({"all": "fever"}, ".all: met a text; allowed is a list of at least one"),
    ({"any": []}, ".any: met a list; allowed is a list of at least one"),
    (
        {"any": ["fever", "chills"]},
        ".any[1]: met the unknown name 'chills'; allowed is a finding, or a term that stands above",
    ),
    (
        {"not": {"all": [None]}},
        ".not.all[0]: met nothing; allowed is the name of a finding or term, or a block like 'all'",
    ),
    ({"at-least-n-of": ["fever"]}, ".at-least-n-of: met a list; allowed is a block of a number 'n' and a list 'of'"),
    (
        {"at-least-n-of": {"n": True, "of": ["fever"]}},
        ".at-least-n-of: met a block; allowed is a block of a number 'n' and a list 'of'",
    ),
    (
        {"at-least-n-of": {"n": 3, "of": ["fever", "cough"]}},
        ".at-least-n-of: met n 3; allowed are 1 to 2, as many as 'of'",
    ),
    ({"at-least-n-of": {"n": 0, "of": ["fever"]}}, ".at-least-n-of: met n 0; allowed are 1 to 1, as many as 'of'"),
    ({"measure": "fever", "above": 1}, ": met 'fever'; allowed is a measure of findings.yaml"),
    ({"measure": "weight", "above": 1}, ": met 'weight'; allowed is a measure of findings.yaml"),
    ({"measure": "age", "below": 18}, ": 'age' is compared in ''; allowed is its own unit 'a'"),
    ({"measure": "age", "below": 18, "unit": "mo"}, ": 'age' is compared in 'mo'; allowed is its own unit 'a'"),
    ({"measure": "age", "unit": "a"}, f": met 0 comparisons; allowed is one of {OPERATORS}"),
    ({"measure": "age", "unit": "a", "below": 18, "above": 4}, f": met 2 comparisons; allowed is one of {OPERATORS}"),
    ({"measure": "age", "unit": "a", "under": 18}, f": met 'under'; allowed are {OPERATORS}"),
    ({"measure": "age", "unit": "a", "below": "18"}, ".below: met a text; allowed is a number"),
    ({"measure": "age", "unit": "a", "below": True}, ".below: met a boolean; allowed is a number"),
    ({"choice": "fever", "is": "high"}, ": met 'fever'; allowed is a choice of findings.yaml"),
    ({"choice": "colour", "is": "red"}, ": met 'colour'; allowed is a choice of findings.yaml"),
    ({"choice": "pattern", "is": "odd"}, ": met 'odd'; allowed for 'pattern' are constant, comes-and-goes"),
]


@pytest.mark.parametrize(("written", "text"), REFUSED, ids=[str(row[0]) for row in REFUSED])
def test_what_is_refused_says_where_what_was_met_and_what_is_allowed(written: object, text: str) -> None:
    with pytest.raises(BookError) as refusal:
        condition_from(written, NAMES, WHERE)
    assert str(refusal.value) == WHERE + text


def test_a_term_cannot_use_a_term_that_stands_below_it() -> None:
    with pytest.raises(BookError, match=r"x: met the unknown name 'elder'; allowed is .* a term that stands above"):
        condition_from("elder", NAMES, "terms.yaml: x")


EXEMPTIONS: list[tuple[object, Condition, str]] = [
    (None, FEVER, "without a block the condition is itself"),
    ([{"cough": "absent"}], UnlessAll(FEVER, (Not(COUGH),)), "exempts where absent"),
    ([{"cough": "present"}, {"child": "present"}], UnlessAll(FEVER, (COUGH, CHILD)), "exempts where all are present"),
    (
        [{"temperature": {"below": 38, "unit": "Cel"}}],
        UnlessAll(FEVER, (Compares("temperature", "below", Decimal(38)),)),
        "exempts on one side of a threshold",
    ),
]


@pytest.mark.parametrize(("written", "condition", "comment"), EXEMPTIONS, ids=[row[-1] for row in EXEMPTIONS])
def test_exemptions_that_may_stand_beside_a_condition(written: object, condition: Condition, comment: str) -> None:
    assert exempting("fever", written, NAMES, WHERE) == condition, comment


ONE_EACH = "allowed is one finding or term with the answer that exempts"
REFUSED_EXEMPTIONS: list[tuple[object, str]] = [
    ([], ": met a list; allowed is a list of at least one"),
    ({"cough": "absent"}, ": met a block; allowed is a list of at least one"),
    (["cough"], f"[0]: met a text; {ONE_EACH}"),
    ([{"cough": "absent", "child": "absent"}], f"[0]: met a block; {ONE_EACH}"),
    ([{"cough": True}], "[0]: 'cough' is a boolean; allowed are present, absent and a comparison"),
    ([{"cough": "no"}], "[0]: 'cough' is a text; allowed are present, absent and a comparison"),
    ([{"chills": "absent"}], "[0]: met the unknown name 'chills'; allowed is a finding, or a term that stands above"),
    ([{"age": {"below": 18}}], "[0]: 'age' is compared in ''; allowed is its own unit 'a'"),
]


@pytest.mark.parametrize(("written", "text"), REFUSED_EXEMPTIONS, ids=[str(row[0]) for row in REFUSED_EXEMPTIONS])
def test_refused_exemptions(written: object, text: str) -> None:
    with pytest.raises(BookError) as refusal:
        exempting("fever", written, NAMES, WHERE)
    assert str(refusal.value) == f"{WHERE}.unless-all{text}"


@pytest.mark.parametrize(("written", "read"), [(7, "7"), (38.0, "38.0"), (0.1, "0.1"), (Decimal("35.9"), "35.9")])
def test_a_number_keeps_its_digits(written: object, read: str) -> None:
    assert str(number(written, WHERE)) == read
