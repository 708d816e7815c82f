"""What `triage rules` says of the book: its checks, one rule for a clinician, and the page of all rules."""

import re
import shutil
from dataclasses import replace
from html import escape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from service.cli import start
from service.cli.rules_page import rules_page
from service.knowledge.files import BOOK as FOLDER
from service.knowledge.load import checked_book, load, read_book
from service.knowledge.not_adopted import read_not_adopted
from tests.real_book import proven_book

from .bench import flowing, ran, ran_alone

BOOK = proven_book()
NOT_ADOPTED = read_not_adopted()
PAGE = rules_page(BOOK, NOT_ADOPTED)


def test_the_check_accounts_for_every_row_of_the_sources() -> None:
    result = ran("rules", "check")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0] == "statements 131 of 131, additions 60 of 60"
    assert re.search(r"^deliberate exceptions: \d+$", result.stdout, re.MULTILINE)
    for rule in BOOK.rules.values():
        for allowed in rule.allowed:
            assert f"rules/{rule.id}.yaml: '{allowed.about}': {allowed.reason}" in result.stdout


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Copy the book to a folder where a test may break it, and let the commands read it from there."""
    folder = tmp_path / "book"
    shutil.copytree(FOLDER, folder)
    monkeypatch.setattr(start, "read_book", lambda: read_book(folder))
    return folder


def test_the_check_fails_with_a_line_per_problem_where_a_statement_is_lost(copied: Path) -> None:
    background = copied / "background.yaml"
    kept = [line for line in background.read_text("utf-8").splitlines() if "GM-keymsg" not in line]
    background.write_text("\n".join(kept), "utf-8")
    result = ran("rules", "check")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[0] == "statements 130 of 131, additions 60 of 60"
    assert "GM-keymsg: cited by nothing, and not listed in background.yaml with a reason" in result.stdout


def test_the_check_names_the_file_of_a_book_that_is_not_understood(copied: Path) -> None:
    (copied / "rules" / "breathless.yaml").write_text("id: breathless\nid: twice\n", "utf-8")
    result = ran("rules", "check")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith("Error: the rule book does not load: rules/breathless.yaml: ")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "words",
    [
        # of the rule `breathless`                                       # comment
        "Shortness of breath rule breathless, topic: Shortness of breath and fainting, status: draft.",
        "No clinician has reviewed this.",
        "HOLDS WHEN",
        "ambulance Cleveland Clinic, Upper Back Pain (2026-01-21) [CC-911-breath]",
        "emergency source:GM: General Medicine alone",
        "ambulance strictest:",
        "within-24h long-standing and unchanged breathlessness",  # the reconciled row of its topic
        "pulmonary embolism: fits",
        "because no article makes an exception",  # when it errs
        "fired Has been short of breath for an hour.",
        "undecided Nobody asked about breathing, only about fainting.",
    ],
)
def test_a_rule_is_explained_with(words: str) -> None:
    result = ran("rules", "explain", "breathless")
    assert result.exit_code == 0
    assert words in flowing(result.stdout)


def test_terms_inside_a_condition_are_explained_below_it() -> None:
    printed = flowing(ran("rules", "explain", "fever-with-second-sign").stdout)
    assert "WHAT ITS TERMS MEAN * any sign of nerve or spinal cord trouble (term nerve-sign)" in printed
    assert "(term infection-risk-strong)" in printed  # a term inside a term inside the term


def test_a_term_is_explained_with_the_rules_that_use_it() -> None:
    printed = flowing(ran("rules", "explain", "nerve-sign").stdout)
    assert "any of: " in printed
    assert "fever-with-sepsis-signs: Fever with signs of sepsis or meningitis" in printed


def test_a_withholding_is_explained_with_what_it_keeps_out_and_why() -> None:
    printed = flowing(ran("rules", "explain", "nsaid-pregnancy").stdout)
    assert "KEEPS OUT OF THE PLAN - Take an anti-inflammatory painkiller if the pain needs it" in printed
    assert BOOK.withholdings["nsaid-pregnancy"].because in printed
    assert "[GL-w-nsaid2]" in printed


@pytest.mark.parametrize("kind", ["rules", "terms", "withholdings"])
def test_everything_that_has_an_id_can_be_explained(kind: str) -> None:
    for name in getattr(BOOK, kind):
        result = ran("rules", "explain", name)
        assert result.exit_code == 0, name
        assert f" {name}" in flowing(result.stdout)
        assert max(map(len, result.stdout.splitlines())) <= 80


# fmt: off
UNKNOWN = [
    # asked for        first suggestion      comment
    ("breathles",      "breathless",         "a letter short"),
    ("jaundice",       "any-jaundice",       "a word of the title"),
    ("Jaundice",       "any-jaundice",       "in another case"),
]
# fmt: on


@pytest.mark.parametrize(("name", "suggested", "comment"), UNKNOWN)
def test_an_unknown_id_gets_suggestions(name: str, suggested: str, comment: str) -> None:
    result = ran("rules", "explain", name)
    assert result.exit_code == 1
    assert f"'{name}'; did you mean {suggested}" in result.stderr, comment


def test_an_unknown_id_that_is_like_nothing_gets_no_suggestion() -> None:
    result = ran("rules", "explain", "qqqq")
    assert result.stderr == "Error: no rule, term or withholding has the id 'qqqq'\n"


def test_the_page_says_on_top_that_no_clinician_has_reviewed_it() -> None:
    before_the_rules = PAGE.partition('<h2 id="rules">')[0]
    assert "No clinician has reviewed these rules." in before_the_rules
    assert "not a diagnosis" in before_the_rules


def test_the_page_holds_everything_of_the_book() -> None:
    expected = [
        *(f'id="rule-{one}"' for one in BOOK.rules),
        *(f'id="topic-{one}"' for one in BOOK.topics),
        *(f'id="term-{one}"' for one in BOOK.terms),
        *(f'id="activity-{one}"' for one in BOOK.activities),
        *(f'id="withholding-{one}"' for one in BOOK.withholdings),
        *(f'id="cause-{one}"' for one in BOOK.causes),
        *(f"<code>{one}</code>" for one in BOOK.red_flags),
        *(f"<code>{one.id}</code>" for one in BOOK.derivations),
        *(f"<code>{one.id}</code>" for one in BOOK.contradictions),
        *(f"<code>{one}</code>" for one in BOOK.statements if one.startswith("RC-")),
        *(text(rule.limits) for rule in BOOK.rules.values()),
        *(text(case.says) for rule in BOOK.rules.values() for case in rule.cases),
        *(text(one.reason) for one in BOOK.background),
        *(text(one.why) for one in NOT_ADOPTED),
    ]
    assert [one for one in expected if one not in PAGE] == []


def test_the_table_gives_each_sources_level_and_the_results_of_the_live_policies() -> None:
    row = PAGE.partition('id="rule-any-fever"')[2].partition("</tr>")[0]
    cells = re.findall(r"<td>(.*?)</td>", row, re.DOTALL)[2:]
    levels = [" ".join(re.findall(r">([^<>]+)</span>", cell)) for cell in cells]
    assert levels == ["emergency", "appointment", "", "", "within-24h", "emergency", "within-24h"]
    #                  GM           CC             SP  add. own row       strictest    reconciled


def text(words: str) -> str:
    return escape(words).replace("&quot;", "&#34;").replace("&#x27;", "&#39;")


class Outline(HTMLParser):
    """Collect what must hold for any page: that tags close in order, ids stand once, and nothing is fetched."""

    VOID = frozenset({"meta", "br", "link", "img"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.links += [value or "" for name, value in attrs if name in ("href", "src", "action", "data")]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def outline(page: str) -> Outline:
    found = Outline()
    found.feed(page)
    found.close()
    assert found.open == []
    return found


def test_the_page_needs_nothing_beside_it_and_its_links_lead_somewhere() -> None:
    found = outline(PAGE)
    assert found.tags.isdisjoint({"script", "link", "img", "iframe", "object"})
    assert {link[0] for link in found.links} == {"#"}
    assert {link[1:] for link in found.links} <= set(found.ids)
    assert len(found.ids) == len(set(found.ids))
    assert "url(" not in PAGE
    assert "@import" not in PAGE


def test_words_of_the_book_are_never_read_as_html() -> None:
    rule = replace(BOOK.rules["breathless"], title="<script>alert(1)</script>", limits='"><img src=x onerror=y>')
    page = rules_page(replace(BOOK, rules={**BOOK.rules, "breathless": rule}), NOT_ADOPTED)
    assert "<script>" not in page
    assert "<img" not in page
    assert "&lt;script&gt;" in page
    outline(page)


def test_the_page_is_the_same_whatever_the_hash_seed_and_the_place(tmp_path: Path) -> None:
    for seed in ("0", "1"):
        result = ran_alone("rules", "docs", "--output", tmp_path / seed / "rules.html", env={"PYTHONHASHSEED": seed})
        assert result.returncode == 0, result.stderr
        assert (tmp_path / seed / "rules.html").read_text("utf-8") == PAGE


def test_a_stale_page_is_told_from_a_fresh_one(tmp_path: Path) -> None:
    page = tmp_path / "docs" / "rules.html"
    options = ("rules", "docs", "--output", page)
    assert ran(*options, "--check").exit_code == 1  # missing
    assert not page.exists()
    assert ran(*options).exit_code == 0
    assert ran(*options, "--check").exit_code == 0
    page.write_text(f"{PAGE} ", "utf-8")
    stale = ran(*options, "--check")
    assert stale.exit_code == 1
    assert "stale" in stale.stderr
    assert page.read_text("utf-8") == f"{PAGE} "  # a check writes nothing


def test_a_page_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = ran("rules", "docs", "--output", tmp_path / "file" / "rules.html")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1


def test_a_book_that_fails_a_check_stops_every_other_command(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (copied / "background.yaml").write_text("background: []\n", "utf-8")
    monkeypatch.setattr(start, "load", lambda: load(copied))
    monkeypatch.setattr(start, "checked_book", lambda: checked_book(copied))
    for command in (
        ("run",),
        ("run", "--unproven"),
        ("triage", "-"),
        ("triage", "--unproven", "-"),
        ("rules", "explain", "breathless"),
        ("profiles", "check"),
    ):
        result = ran(*command)
        assert result.exit_code == 1
        assert result.stderr.startswith("Error: the rule book does not load: ")
        assert "more; 'triage rules check' lists them)" in result.stderr
        assert result.stderr.count("\n") == 1
