"""No hazard without a control, no control without a test and a mutant; and each of them is really there."""

import ast
import re
import shutil
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from service.cli.safety_page import PART_TITLES, safety_page
from service.knowledge.parse import BookError
from service.knowledge.safety import PARTS, controls_of, read_safety_file
from tests.real_book import proven_book

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "fhir_profiles/safety"
FILE = read_safety_file(FOLDER)
CONTROLS = {name: control for name, _, control in controls_of(FILE)}
HAZARD = "hazards/stale-answers.yaml"
Json = dict[str, Any]

NAMED = """
another-patients-data stale-answers default-answer-accepted lost-absent not-sure-read-as-no failure-to-branch
test-content-in-live-use wrong-code-read-in wrong-option-read-in withheld-item-shown unanswered-read-as-no unit-mix-up
answer-stands-twice truncated-body-taken-as-whole hidden-answer-used contradicting-answers undecided-red-flag-dropped
level-lowered-by-policy cause-taken-as-diagnosis reassured-out-of-scope child-judged-as-adult pregnancy-overlooked
free-text-unread health-data-in-logs damaged-rule-book-loaded unproven-rules-served same-input-other-result
resent-response-doubled
"""


def test_every_hazard_that_must_be_thought_of_is_there() -> None:
    assert set(NAMED.split()) <= {one.id for one in FILE.hazards}


@pytest.mark.parametrize("name", CONTROLS)
def test_the_text_that_a_mutant_replaces_stands_just_once(name: str) -> None:
    mutant = CONTROLS[name].mutant
    assert (ROOT / mutant.file).read_text("utf-8").count(mutant.find) == 1, mutant.file
    assert mutant.put != mutant.find


@pytest.mark.parametrize("test", sorted({one.test for one in CONTROLS.values()}))
def test_every_test_of_a_control_is_there(test: str) -> None:
    """Its file holds a function of this name that pytest collects; that it passes, the runner sees."""
    file, _, name = test.partition("::")
    written = ast.parse((ROOT / file).read_text("utf-8"))
    assert [one.name for one in written.body if isinstance(one, ast.FunctionDef)].count(name) == 1


def test_no_risk_that_is_left_is_unacceptable_and_each_that_is_undesirable_says_what_remains() -> None:
    assert max(one.after.risk for one in FILE.hazards) <= 3
    assert all(one.remains != "None that is known." for one in FILE.hazards if one.after.risk == 3)


def test_the_scheme_rates_more_harm_and_more_likelihood_never_lower() -> None:
    lines = [list(risks.values()) for risks in FILE.scheme.matrix.values()]
    for line, next_line in pairwise(lines):
        assert all(low <= high for low, high in zip(line, next_line, strict=True))
    assert all(line == sorted(line) for line in lines)


def _control(row: Json) -> Json:
    first: Json = row["controls"][0]
    return first


REFUSED: list[tuple[str, Callable[[Json], object], str, str]] = [
    # file, change, what the error says, comment
    (HAZARD, lambda row: row.update(controls=[]), "controls: allowed is at least one", "a hazard without a control"),
    (HAZARD, lambda row: row.pop("controls"), "controls: Missing data", "a hazard that forgets its controls"),
    (HAZARD, lambda row: row.update(causes=[]), "causes: allowed is at least one", "a hazard without a cause"),
    (HAZARD, lambda row: row.pop("remains"), "remains: Missing data", "nothing said of what remains"),
    (HAZARD, lambda row: _control(row).pop("test"), "controls.0.test: Missing data", "a control without a test"),
    (HAZARD, lambda row: _control(row).pop("mutant"), "controls.0.mutant: Missing", "a control without a mutant"),
    (HAZARD, lambda row: _control(row).update(test="by hand"), "controls.0.test", "a test that is no node id"),
    (HAZARD, lambda row: _control(row)["mutant"].update(file="../x"), "mutant.file", "a mutant of another place"),
    (HAZARD, lambda row: row["controls"].append(_control(row)), "stands twice", "two controls of one name"),
    (HAZARD, lambda row: row["after"].update(severity="catastrophic", likelihood="high"), "above the one before", "up"),
    (HAZARD, lambda row: row["before"].update(likelihood="often"), "does not have", "a likelihood of its own"),
    (HAZARD, lambda row: row.update(part="elsewhere"), "part: met 'elsewhere'", "a part that there is not"),
    (HAZARD, lambda row: row.update(signed="yes"), "signed: Unknown field", "a key that is not declared"),
    (HAZARD, lambda row: row.update(id="other"), "allowed is the file's name", "another name than the file's"),
    ("scheme.yaml", lambda row: row["matrix"].pop("low"), "matrix", "a likelihood without its line"),
    ("scheme.yaml", lambda row: row["matrix"]["low"].pop(), "matrix", "a line that is too short"),
    ("intended-use.yaml", lambda row: row.update(limits=[]), "limits", "no limits"),
    ("intended-use.yaml", lambda row: row.pop("review"), "review: Missing data", "nothing said of a review"),
]


@pytest.mark.parametrize(("file", "change", "says", "comment"), REFUSED, ids=[row[-1] for row in REFUSED])
def test_what_is_refused(file: str, change: Callable[[Json], object], says: str, comment: str, tmp_path: Path) -> None:
    folder = tmp_path / "safety"
    shutil.copytree(FOLDER, folder)
    row = yaml.safe_load((folder / file).read_text("utf-8"))
    change(row)
    (folder / file).write_text(yaml.safe_dump(row), "utf-8")
    with pytest.raises(BookError, match=file.rpartition("/")[2]) as refused:
        read_safety_file(folder)
    assert says in str(refused.value)


def test_a_folder_without_hazards_is_refused(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "safety", ignore=shutil.ignore_patterns("hazards"))
    with pytest.raises(BookError, match="no hazard"):
        read_safety_file(tmp_path / "safety")


PAGE = safety_page(proven_book(), FILE)


def test_the_page_says_first_that_nobody_has_signed_it_off() -> None:
    before_everything = PAGE.partition("<h2")[0]
    assert "No clinician has reviewed" in before_everything
    assert "No Clinical Safety Officer has been appointed" in before_everything
    assert "developers' proposal" in before_everything.replace("&#39;", "'")


def test_the_page_holds_every_hazard_with_its_controls_their_tests_and_mutants() -> None:
    assert set(PART_TITLES) == set(PARTS)
    ids = re.findall(r'id="([^"]+)"', PAGE)
    assert len(ids) == len(set(ids))
    assert {*(one.id for one in FILE.hazards), *CONTROLS} <= set(ids)
    assert {one[1:] for one in re.findall(r'href="([^"]+)"', PAGE)} <= set(ids)
    assert [name for name, one in CONTROLS.items() if one.test not in PAGE or one.mutant.file not in PAGE] == []


def test_the_page_needs_nothing_beside_it() -> None:
    assert not re.search(r"<(script|link|img|iframe)|src=|@import|url\(", PAGE)
    assert set(re.findall(r"https?://[^\s\"<]+", PAGE)) == set()


def test_the_page_gives_the_sentence_that_every_result_says() -> None:
    assert proven_book().intended_use in PAGE
