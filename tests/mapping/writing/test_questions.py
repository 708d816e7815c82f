"""Open findings are asked in the form's own words, each question once."""

import pytest

from service.mapping.writing.questions import Question, asked_for, questions_about, together
from tests.mapping.writing.patients import book

NOW = "Do you have any of these now?"

ASKED = [
    # findings, the questions that tell them, comment
    (["dyspnoea"], [Question("dyspnoea", "Are you short of breath?")], "a question of its own"),
    (
        ["gi-bleeding", "dyspnoea", "palpitations", "gi-bleeding"],
        [
            Question("list-danger-2", NOW, ("Black stools", "A heart that races, thumps or skips")),
            Question("dyspnoea", "Are you short of breath?"),
        ],
        "options of one checklist stand together, where its first one comes, each once",
    ),
    (
        ["low-temperature"],
        [
            Question("temperature", "If you measured it, what is your temperature?"),
        ],
        "a finding that follows from others is asked by their questions",
    ),
    (["pattern"], [], "nothing asks for it"),
    ([], [], "nothing is open"),
]


@pytest.mark.parametrize(("findings", "questions", "comment"), ASKED)
def test_open_findings_are_asked_by_the_questions_of_the_form(
    findings: list[str], questions: list[Question], comment: str
) -> None:
    assert questions_about(book(), findings) == tuple(questions), comment


def test_every_asked_finding_has_a_question() -> None:
    for finding in book().findings.values():
        assert not finding.asked or questions_about(book(), [finding.id])


FOLLOWS = [
    # finding, the findings with a question of their own that tell it, comment
    ("dyspnoea", ["dyspnoea"], "itself"),
    ("worsening", ["worsening"], "itself, though it follows from another, too"),
    ("one-sided", ["left-side", "right-side"], "both that make it present; what makes it absent asks for no more"),
    ("pattern", [], "nothing tells it"),
]


@pytest.mark.parametrize(("finding", "told_by", "comment"), FOLLOWS)
def test_a_finding_is_told_by_itself_or_by_those_it_follows_from(
    finding: str, told_by: list[str], comment: str
) -> None:
    assert list(asked_for(book(), finding)) == told_by, comment


TOGETHER = [
    # questions, one text, comment
    ([], "", "nothing to ask"),
    ([Question("a", "Pain?")], "Pain?", "one"),
    ([Question("a", "Any of these?", ("Rash", "Fever"))], "Any of these? Rash; Fever.", "a checklist"),
    (
        [Question("a", "Any?", ("Rash",)), Question("b", "Pain?"), Question("c", "Any?", ("Fever",))],
        "Any? Rash; Fever. Pain?",
        "two checklists that ask with the same words",
    ),
]


@pytest.mark.parametrize(("questions", "text", "comment"), TOGETHER)
def test_several_questions_are_one_text(questions: list[Question], text: str, comment: str) -> None:
    assert together(questions) == text, comment
