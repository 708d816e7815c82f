"""A defect made in a copy of the book is found: each check and each refusal of the loader, with file and key."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from service.knowledge.checks import CHECKS, problems
from service.knowledge.checks.rules import exceptions
from service.knowledge.checks.statements import coverage
from service.knowledge.files import BOOK
from service.knowledge.load import checked_book, read_book
from service.knowledge.model import RuleBook
from service.knowledge.parse import BookError

RULE, CASES = "rules/breathless.yaml", "cases/breathless.yaml"


@dataclass(frozen=True, slots=True)
class Defect:
    """One change of one file of the book; an empty `old` writes the whole file."""

    file: str
    old: str
    new: str

    def make(self, book: Path) -> None:
        path = book / self.file
        text = path.read_text("utf-8") if self.old else ""
        assert self.old in text, f"{self.file} no longer holds '{self.old}'"
        path.write_text(text.replace(self.old, self.new, 1) if self.old else self.new, "utf-8")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(BOOK, tmp_path / "book"))


@pytest.fixture(scope="module")
def book() -> RuleBook:
    return checked_book()


def name_of(check: Callable[..., object]) -> str:
    return f"{check.__module__.rpartition('.')[2]}.{check.__name__}"


WHEN = "when: dyspnoea"
AGE_17 = "{measure: age, below: 18, unit: a}"
AGE_18 = "{measure: age, at-least: 18, unit: a}"
BREATHLESS_TOO = """\
id: breathless-too
title: Shortness of breath, written twice
topic: breathless-faint
when: dyspnoea
statements: [GM-er-breath]
limits: none
sign: shortness of breath
status: draft
"""

FOUND: list[tuple[str, Defect, str]] = [
    # check, defect, what the problem says
    (
        "statements.unknown_statements",
        Defect(RULE, "[GM-er-breath", "[GM-er-breth"),
        "rules/breathless.yaml: unknown statement 'GM-er-breth'",
    ),
    (
        "statements.unknown_statements",
        Defect(RULE, "[GM-er-breath", "[GL-cancer"),
        "rules/breathless.yaml: statements: 'GL-cancer' is no statement, or is split into parts",
    ),
    (
        "statements.uncovered_statements",
        Defect("background.yaml", "- {statement: GM-keymsg,", "- {statement: GM-er-breath,"),
        "GM-keymsg: cited by nothing, and not listed in background.yaml with a reason",
    ),
    (
        "statements.levels_without_a_rule",
        Defect(RULE, "SP-pe-breath, ", ""),
        "SP-pe-breath: asks for emergency, and no rule has it among its statements",
    ),
    (
        "statements.levels_without_a_rule",
        Defect("statements.yaml", "level: emergency, when: shortness of breath", "level: soon, when: short of breath"),
        "GM-er-breath: unknown level 'soon'",
    ),
    (
        "rules.unknown_names",
        Defect(RULE, "topic: breathless-faint", "topic: breathless"),
        "rules/breathless.yaml: topic: unknown 'breathless'",
    ),
    (
        "rules.unknown_names",
        Defect(RULE, "pulmonary-embolism: fits", "embolism: fits"),
        "rules/breathless.yaml: causes: unknown 'embolism'",
    ),
    (
        "rules.unknown_names",
        Defect(RULE, WHEN, f"{WHEN}\nplan: [lie-down]"),
        "rules/breathless.yaml: plan: unknown 'lie-down'",
    ),
    (
        "rules.duplicate_conditions",
        Defect("rules/breathless-too.yaml", "", BREATHLESS_TOO),
        "rules/breathless.yaml: the same condition and topic as rules/breathless-too.yaml",
    ),
    (
        "rules.contradictory_conditions",
        Defect(RULE, WHEN, "when: {all: [dyspnoea, {not: dyspnoea}]}"),
        "rules/breathless.yaml: when: needs 'dyspnoea' present and absent: it can never fire",
    ),
    (
        "rules.contradictory_conditions",
        Defect(RULE, WHEN, f"when: {{all: [child, {AGE_18}]}}"),
        "rules/breathless.yaml: when: no value of 'age' meets it: it can never fire",
    ),
    (
        "rules.contradictory_conditions",
        Defect(RULE, WHEN, "when: {all: [{measure: age, above: 18, unit: a}, {measure: age, at-most: 18, unit: a}]}"),
        "rules/breathless.yaml: when: no value of 'age' meets it: it can never fire",
    ),
    (
        "rules.findings_that_may_not_reassure",
        Defect(RULE, WHEN, "when: {all: [dyspnoea, {not: cough}]}"),
        "rules/breathless.yaml: 'cough' keeps it from firing and is not marked reassuring",
    ),
    (
        "rules.findings_that_may_not_reassure",
        Defect(RULE, WHEN, f"{WHEN}\nunless-all: [{{cough: present}}]"),
        "rules/breathless.yaml: 'cough' keeps it from firing and is not marked reassuring",
    ),
    (
        "rules.danger_without_a_sign",
        Defect(RULE, "sign: shortness of breath\n", ""),
        "rules/breathless.yaml: sign: missing; a rule of ambulance needs the words of its sign",
    ),
    (
        "rules.causes_without_a_rule",
        Defect("causes.yaml", "causes:\n", "causes:\n- {id: curse, label: a curse, dangerous: true, rests-on: []}\n"),
        "causes.yaml: curse: no rule suggests it",
    ),
    (
        "rules.conditions_out_of_place",
        Defect(RULE, WHEN, "when: {any: [dyspnoea, {rule: chest-pain}]}"),
        "rules/breathless.yaml: when: a rule asks for findings only",
    ),
    (
        "rules.conditions_out_of_place",
        Defect(RULE, WHEN, "when: {any: [dyspnoea, {measure: temperature, above: 38, unit: Cel}]}"),
        "rules/breathless.yaml: when: 'temperature' is read by derivations",
    ),
    (
        "rules.derivations_out_of_order",
        Defect("derivations.yaml", "when: arm-weak-severe,", "when: vomiting,"),
        "derivations.yaml: arm-weak: uses 'vomiting', which a later derivation makes",
    ),
    (
        "rules.made_findings_unknown",
        Defect("derivations.yaml", "makes: {arm-weak: present}", "makes: {arm-limp: present}"),
        "derivations.yaml: arm-weak: makes 'arm-limp', which is no yes/no finding of findings.yaml",
    ),
    (
        "rules.made_findings_unknown",
        Defect("contradictions.yaml", "counts: {improving: absent}", "counts: {age: absent}"),
        "contradictions.yaml: improving-worsening: makes 'age', which is no yes/no finding of findings.yaml",
    ),
    (
        "cases.unreadable_facts",
        Defect(CASES, "facts: {dyspnoea: present}", "facts: {dyspnoea: yes}"),
        "'Has been short of breath for an hour.': facts: dyspnoea: met 'True'; allowed: present, absent",
    ),
    (
        "cases.unreadable_facts",
        Defect(CASES, "facts: {dyspnoea: present}", "facts: {dyspnea: present}"),
        "cases/breathless.yaml: 'Has been short of breath for an hour.': facts: facts: met 'dyspnea'; allowed: one of ",
    ),
    (
        "cases.unreadable_facts",
        Defect(CASES, "facts: {dyspnoea: present}", "facts: {pattern: [constant, odd]}"),
        "facts: pattern: met 'odd'; allowed: constant, comes-and-goes, only-on-movement, rest-or-night",
    ),
    (
        "cases.unreadable_facts",
        Defect(CASES, "facts: {dyspnoea: present}", "facts: {note: present}"),
        "facts: note: met a text's finding; allowed are findings that a rule can ask for",
    ),
    (
        "cases.unreadable_facts",
        Defect(CASES, "facts: {dyspnoea: present}", "facts: {age: present}"),
        "facts: age: met a text; allowed is a number",
    ),
    (
        "cases.unreadable_facts",
        Defect("withholdings/nsaid-age.yaml", "facts: {age: 15}", "facts: {level: urgent}"),
        "withholdings/nsaid-age.yaml: 'A girl of 15.': facts: level: met 'urgent'; allowed: ambulance, emergency,",
    ),
    (
        "cases.unreadable_facts",
        Defect("withholdings/nsaid-age.yaml", "facts: {age: 15}", "facts: {'rule:any-fever': present}"),
        "facts: rule:any-fever: met 'present'; allowed: fired, not-fired, undecided",
    ),
    (
        "cases.missing_verdicts",
        Defect(CASES, "verdict: undecided", "verdict: fired"),
        "cases/breathless.yaml: no case with the verdict undecided",
    ),
    (
        "cases.missing_verdicts",
        Defect("rules/breathless-too.yaml", "", BREATHLESS_TOO),
        "cases/breathless-too.yaml: no case with the verdict fired",
    ),
    (
        "cases.missing_threshold_cases",
        Defect(
            "terms.yaml", "{says: Seven now., facts: {severity-now: 7}", "{says: Eight now., facts: {severity-now: 8}"
        ),
        "terms.yaml: severe-now: no case with 'severity-now' at 7",
    ),
    (
        "cases.missing_threshold_cases",
        Defect("terms.yaml", "{says: Six now., facts: {severity-now: 6}", "{says: Two now., facts: {severity-now: 2}"),
        "terms.yaml: severe-now: no case with 'severity-now' one step beyond 7",
    ),
    (
        "cases.missing_threshold_cases",
        Defect("terms.yaml", "{says: Not rated., facts: {}", "{says: None., facts: {severity-now: 0}"),
        "terms.yaml: severe-now: no case with 'severity-now' not measured, beside 7",
    ),
    (
        "plan.unknown_names",
        Defect("withholdings/nsaid-age.yaml", "items: [nsaid]", "items: [nsaids]"),
        "withholdings/nsaid-age.yaml: items: unknown activity 'nsaids'",
    ),
    (
        "plan.unknown_names",
        Defect("activities.yaml", "levels: [ambulance, emergency]", "levels: [ambulance, urgent]"),
        "activities.yaml: do-not-move: unknown level 'urgent'",
    ),
    (
        "plan.unknown_outcomes",
        Defect("activities.yaml", "when: {withholding: driving}", "when: {withholding: drive}"),
        "activities.yaml: do-not-drive-yourself: when: unknown withholding 'drive'",
    ),
    (
        "plan.unknown_outcomes",
        Defect("activities.yaml", "when: {cause-listed: nerve-compression}", "when: {cause-listed: nerves}"),
        "activities.yaml: info-surgery: when: unknown cause 'nerves'",
    ),
    (
        "plan.unknown_outcomes",
        Defect("withholdings/activity-until-seen.yaml", "{rule: serious-accident}", "{rule: accident}"),
        "withholdings/activity-until-seen.yaml: when: unknown rule 'accident'",
    ),
    (
        "plan.unknown_outcomes",
        Defect(
            "withholdings/acetaminophen-while-emergency.yaml", "level-at-least: emergency", "level-at-least: urgent"
        ),
        "withholdings/acetaminophen-while-emergency.yaml: when: unknown level 'urgent'",
    ),
    (
        "plan.unknown_code_keys",
        Defect("activities.yaml", "code-key: self-care", "code-key: self care"),
        "activities.yaml: self-care-at-home: code-key: 'self care' is not a key of codes.yaml",
    ),
    (
        "plan.unknown_code_keys",
        Defect("causes.yaml", "code-key: 'muscle strain upper back/thorax'", "code-key: muscles"),
        "causes.yaml: muscle-strain: code-key: 'muscles' is not a key of codes.yaml",
    ),
    (
        "plan.unknown_codes",
        Defect("causes.yaml", "code: '66540002'", "code: '66540003'"),
        "causes.yaml: muscle-strain: code: '66540003' is not a code of the key 'muscle strain upper back/thorax'",
    ),
    (
        "plan.activities_without_a_withholding_review",
        Defect(
            "activities.yaml",
            "  no-withholding-because: to ask does no harm, and an open question is never read as a no\n",
            "",
        ),
        "activities.yaml: answer-open-questions: no withholding names it, and no-withholding-because is empty",
    ),
    (
        "plan.levels_without_an_activity",
        Defect("activities.yaml", "  level: emergency\n", "  level: ambulance\n"),
        "activities.yaml: the level 'emergency' has 0 activities; allowed is one",
    ),
]


def test_the_book_has_no_problem(book: RuleBook) -> None:
    assert problems(book) == ()


@pytest.mark.parametrize(("check", "defect", "text"), FOUND, ids=[f"{row[0]}: {row[2]}" for row in FOUND])
def test_a_defect_is_found_by_its_check(copy: Path, check: str, defect: Defect, text: str) -> None:
    defect.make(copy)
    (checking,) = [one for one in CHECKS if name_of(one) == check]
    assert any(text in problem for problem in checking(read_book(copy)))


def test_every_check_has_a_defect_above() -> None:
    assert {row[0] for row in FOUND} == {name_of(check) for check in CHECKS}


def test_a_book_with_problems_does_not_load_and_all_of_them_are_told(copy: Path) -> None:
    Defect(RULE, "topic: breathless-faint", "topic: breathless").make(copy)
    Defect("background.yaml", "- {statement: GM-keymsg,", "- {statement: GM-er-breath,").make(copy)
    with pytest.raises(BookError) as refusal:
        checked_book(copy)
    told = str(refusal.value).splitlines()
    assert told == [
        "GM-keymsg: cited by nothing, and not listed in background.yaml with a reason",
        "rules/breathless.yaml: topic: unknown 'breathless'",
    ]


def test_a_condition_that_needs_a_number_which_exists_is_not_contradictory(copy: Path) -> None:
    between = "when: {all: [dyspnoea, {measure: age, at-least: 18, unit: a}, {measure: age, at-most: 18, unit: a}]}"
    Defect(RULE, WHEN, between).make(copy)
    assert [one for one in problems(read_book(copy)) if "can never fire" in one] == []


def test_an_exception_with_a_reason_is_allowed(copy: Path) -> None:
    Defect(RULE, WHEN, "when: {all: [dyspnoea, {not: cough}]}").make(copy)
    Defect(
        RULE, "status: draft", "status: draft\nallowed: [{check: not-reassuring, about: cough, reason: a test}]"
    ).make(copy)
    assert [one for one in problems(read_book(copy)) if "reassuring" in one] == []


def test_the_deliberate_exceptions_are_few_and_each_says_why(book: RuleBook) -> None:
    listed = exceptions(book)
    assert {rule.id for rule, _, _ in listed} == {rule.id for rule in book.rules.values() if rule.allowed}
    assert 0 < len(listed) < 10
    assert all(len(reason.split()) > 3 for _, _, reason in listed)


def test_every_row_of_the_sources_is_accounted_for(book: RuleBook) -> None:
    covered = coverage(book)
    assert (covered.statements, covered.additions) == (covered.of_statements, covered.of_additions)
    assert covered.missing == ()
    assert covered.of_statements == len({one.row for one in book.statements.values() if one.origin == "article"})


# --- what is not even read ---

REFUSED: list[tuple[Defect, str, str]] = [
    # defect, what the refusal says, and why
    (Defect(RULE, WHEN, f"{WHEN}\n{WHEN}"), "rules/breathless.yaml: line 5: the key 'when' stands twice", "twice"),
    (
        Defect(CASES, "facts: {dyspnoea: present}", "facts: {dyspnoea: present, dyspnoea: absent}"),
        "cases/breathless.yaml: line 3: the key 'dyspnoea' stands twice",
        "a key twice in a short block",
    ),
    (Defect(RULE, WHEN, f"{WHEN}\nurgent: true"), "rules/breathless.yaml breathless: urgent: Unknown field", "a key"),
    (Defect(RULE, "status: draft\n", ""), "rules/breathless.yaml breathless: status: Missing data", "a missing key"),
    (
        Defect(RULE, "status: draft", "status: final"),
        "rules/breathless.yaml breathless: status: met 'final'; allowed are draft, reviewed",
        "a word that is not one of a few",
    ),
    (
        Defect(RULE, "title: Shortness of breath", "title: yes"),
        "rules/breathless.yaml breathless: title: met bool; allowed is a text (quote it)",
        "yes is a boolean",
    ),
    (Defect(RULE, "title: Shortness of breath", "title: ''"), "title: met str; allowed is a text", "an empty text"),
    (
        Defect("findings.yaml", "kind: boolean, reassuring: true", "kind: boolean, reassuring: 'yes'"),
        "findings.yaml: findings[12] mechanical: reassuring: met str; allowed are true and false",
        "a text where a boolean stands",
    ),
    (
        Defect("terms.yaml", "{measure: severity-now, at-least: 7}", "{measure: severity-now, at-least: 1:30}"),
        "terms.yaml: line 6: met '1:30'; allowed is a plain number",
        "YAML reads 1:30 as 90",
    ),
    (Defect("levels.yaml", "rank: 5", "rank: 05"), "levels.yaml: line 4: met '05'; allowed is a plain", "octal"),
    (Defect("levels.yaml", "rank: 5", "rank: .inf"), "levels.yaml: line 4: met '.inf'; allowed is a plain", "infinite"),
    (Defect("levels.yaml", "rank: 5", "rank: yes"), "levels.yaml: levels[0] ambulance: rank: ", "a boolean rank"),
    (Defect("book.yaml", "version: 0.1.0", "version: 0.1"), "book.yaml: version: met float; allowed is a text", "0.1"),
    (Defect("scope.yaml", "out-when:", "outside:"), "scope.yaml: out-when: Missing data", "scope without a condition"),
    (
        Defect(RULE, "statements: [GM", "statements: [7, GM"),
        "rules/breathless.yaml breathless: statements.0: met int; allowed is a text",
        "a number in a list of ids",
    ),
    (
        Defect(RULE, "pulmonary-embolism: fits", "pulmonary-embolism: maybe"),
        "rules/breathless.yaml breathless: causes.pulmonary-embolism.value: met 'maybe'; allowed are fits, partly-fits",
        "a value in a block",
    ),
    (Defect(RULE, "id: breathless", "id: 'short breath'"), "id: met 'short breath'; allowed are letters, digits", "id"),
    (Defect(RULE, WHEN, "when: short-of-breath"), "rules/breathless.yaml.when: met the unknown name", "finding"),
    (
        Defect(RULE, "id: breathless", "id: breath"),
        "rules/breathless.yaml: id is 'breath'; allowed is the file's name 'breathless'",
        "a file that is not named after its id",
    ),
    (
        Defect(CASES, "rule: breathless", "rule: faint"),
        "cases/breathless.yaml: rule is 'faint'; allowed is the file's name 'breathless'",
        "cases that are not named after their rule",
    ),
    (
        Defect("cases/nobody.yaml", "", "rule: nobody\ncases:\n" + "- {says: a, facts: {}, verdict: fired}\n" * 3),
        "cases/nobody.yaml: there is no rule of this name",
        "cases without a rule",
    ),
    (
        Defect("cases/breathless.yaml", "", "rule: breathless\ncases: [{says: a, facts: {}, verdict: fired}]\n"),
        "cases/breathless.yaml: cases: Shorter than minimum length 3",
        "too few cases",
    ),
    (
        Defect("topics.yaml", "{id: chest-pain,", "{id: breathless-faint,"),
        "topics.yaml: the id 'breathless-faint' stands twice",
        "an id twice",
    ),
    (
        Defect("terms.yaml", "- id: severe\n", "- id: dyspnoea\n"),
        "terms.yaml: 'dyspnoea' is the name of a finding already",
        "a term with a finding's name",
    ),
    (
        Defect("statements.yaml", "{id: GM-er-chest,", "{id: GM-er-breath,"),
        "statements.yaml: the id 'GM-er-breath' stands twice",
        "a statement twice in a file",
    ),
    (
        Defect("project.yaml", "{id: PJ-scope,", "{id: GM-er-breath,"),
        "project.yaml: the statement 'GM-er-breath' stands twice",
        "a statement twice in two files",
    ),
    (
        Defect("statements.yaml", "{id: GM-er-chest,", "{id: XX-er-chest,"),
        "statements.yaml: XX-er-chest: no article has the id 'XX'",
        "an article that is not there",
    ),
    (
        Defect("guidelines.yaml", "source: AFP-PL", "source: AFP-X"),
        "guidelines.yaml: GL-pe-risk: unknown source 'AFP-X'",
        "a guideline that is not there",
    ),
    (Defect("topics.yaml", "topics:\n", "subjects:\n"), "topics.yaml: allowed is a list under 'topics'", "another key"),
    (Defect("topics.yaml", "", "- a list\n"), "topics.yaml: allowed is a list under 'topics'", "a list as a file"),
    (Defect(RULE, "", "id: [breathless\n"), "rules/breathless.yaml: while parsing a flow sequence", "no YAML"),
    (Defect(RULE, "", "- breathless\n"), "rules/breathless.yaml: Invalid input type", "a list where a block stands"),
    (Defect(RULE, "", "? [a, b]\n: c\n"), "rules/breathless.yaml: while constructing a mapping", "a list as a key"),
    (Defect("project.yaml", "", "date: 2025-02-30\n"), "project.yaml: day is out of range for month", "no date"),
    (
        Defect("codes.yaml", "key: 'after-meals'", "key: 'abdominal-pain'"),
        "codes.yaml: the id 'findings/abdominal-pain' stands twice",
        "two rows of codes for one finding",
    ),
    (
        Defect("questionnaire.yaml", "- {finding: note,", "- {finding: notes,"),
        "questionnaire.yaml: notes: unknown finding 'notes'",
        "a question about nothing",
    ),
    (
        Defect("questionnaire.yaml", "options: [dizziness, cough,", "options: [dizziness, cough, cough,"),
        "questionnaire.yaml: the id 'cough' stands twice",
        "a finding asked twice",
    ),
    (
        Defect("questionnaire.yaml", "options: [dizziness, cough,", "options: [dizziness,"),
        "questionnaire.yaml: 'cough' has no question; findings.yaml says asked: True",
        "a finding that nobody asks for",
    ),
    (
        Defect("questionnaire.yaml", "options: [dizziness, cough,", "options: [one-sided, dizziness, cough,"),
        "questionnaire.yaml: 'one-sided' has a question; findings.yaml says asked: False",
        "a derived finding that is asked",
    ),
    (
        Defect("questionnaire.yaml", "options: [hx-cancer,", "options: [hx-heart, hx-cancer,"),
        "questionnaire.yaml: list-history-1: met 9 options; allowed are 8 at most",
        "nine options",
    ),
    (
        Defect("questionnaire.yaml", "- list: list-heart-lungs\n", "- list: list-abdomen-1\n"),
        "questionnaire.yaml: the id 'list-abdomen-1' stands twice",
        "a linkId twice",
    ),
    (
        Defect("questionnaire.yaml", "  calf-swelling: ", "  calf: "),
        "questionnaire.yaml: no plain words for calf-swelling",
        "an option without words",
    ),
    (
        Defect("questionnaire.yaml", "not-shown-means: absent", "not-shown-means: no-matter"),
        "not-shown-means: met 'no-matter'; allowed are absent, unknown",
        "what a hidden question says",
    ),
    (
        Defect("questionnaire.yaml", "shown-when: dyspnoea", "shown-when: breath"),
        "questionnaire.yaml: dyspnoea-longstanding.shown-when: met the unknown name 'breath'",
        "a question shown after nothing",
    ),
    (
        Defect("units.yaml", ", Cel: degrees Celsius", ""),
        "units.yaml: names: no name for the unit 'Cel'",
        "a unit without a name",
    ),
    (
        Defect("units.yaml", "  d: {d: {}, wk", "  day: {d: {}, wk"),
        "questionnaire.yaml: trauma-days: unit 'd'; allowed are those of units.yaml: day, wk, Cel",
        "a unit that nobody can answer in",
    ),
    (
        Defect("withholdings/nsaid-age.yaml", "shown: do-not", "shown: never"),
        "shown: met 'never'; allowed are do-not, ask-first, left-out, never-suggested",
        "how a withholding is shown",
    ),
]


@pytest.mark.parametrize(("defect", "text", "comment"), REFUSED, ids=[f"{row[0].file}: {row[2]}" for row in REFUSED])
def test_what_cannot_be_read_is_refused_by_file_and_key(copy: Path, defect: Defect, text: str, comment: str) -> None:
    defect.make(copy)
    with pytest.raises(BookError) as refusal:
        read_book(copy)
    assert text in str(refusal.value), comment
    assert Path(defect.file).name.partition(".")[0] in str(refusal.value), "the file is named"


def test_a_file_that_is_no_text_or_is_missing_is_refused_by_name(copy: Path) -> None:
    (copy / "levels.yaml").write_bytes(b"levels: \xff")
    with pytest.raises(BookError, match=r"^levels\.yaml: 'utf-8' codec can't decode"):
        read_book(copy)
    (copy / "levels.yaml").unlink()
    with pytest.raises(BookError, match=r"^levels\.yaml: .*No such file"):
        read_book(copy)


def test_the_digest_follows_every_byte_and_every_name(copy: Path, book: RuleBook) -> None:
    assert read_book(copy).digest == book.digest
    (copy / RULE).write_text((copy / RULE).read_text("utf-8") + "# a comment\n", "utf-8")
    changed = read_book(copy).digest
    assert changed != book.digest
    (copy / "note.yaml").write_text("", "utf-8")
    assert read_book(copy).digest not in (changed, book.digest)
