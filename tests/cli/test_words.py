"""That what is told of a result is what the engine found, for any answers; and that no text takes a terminal over."""

import pytest
from hypothesis import given, settings

from service.cli.results import NotAResult, Refusal, Result, results_of
from service.cli.terminal import safe
from service.cli.words import Refused, Told, told
from service.engine.assess import assess
from service.engine.assessment import Assessment
from service.engine.facts import Value
from service.mapping.writing.bundle import collection
from service.mapping.writing.outcome import operation_outcome
from service.mapping.writing.questions import questions_about
from service.mapping.writing.results import write_results
from tests.engine.situations import answers, facts_of
from tests.mapping.responses import filled
from tests.mapping.writing.patients import PATIENTS, RUN, Patient, book, entries, header, patient, warning

from .bench import NAME, flowing, triaged

BOOK = book()


def said(resources: tuple[dict[str, object], ...]) -> Told:
    """Read back, in words, what was written of one response."""
    (result,) = results_of(collection(resources))
    words = told(BOOK, result)
    assert isinstance(words, Told)
    return words


def agrees(words: Told, assessment: Assessment) -> None:
    """Compare what is told with the assessment that it was written from."""
    fired = {one.rule: one.asks for one in assessment.trace if one.verdict == "fired"}
    undecided = {one.rule for one in assessment.trace if one.verdict == "undecided"}
    assert (words.level, words.ceiling) == (assessment.level, assessment.ceiling)
    assert {one.rule for one in words.deciding} == {rule for rule, asks in fired.items() if asks == assessment.level}
    assert {one.rule: one.level for one in (*words.deciding, *words.others)} == fired
    assert {one.rule for one in words.undecided} == undecided
    disagreeing = {BOOK.topics[one.topic].title for one in assessment.topics if one.disagree}
    assert {one.topic for one in words.disagreements} == disagreeing
    asked = {one.link_id for one in questions_about(BOOK, assessment.ask_next)}
    assert {one.partition("?")[0] for one in words.ask} == {BOOK.form.item(one).ask.partition("?")[0] for one in asked}
    assert words.out_of_scope == (assessment.scope == "out")


@pytest.mark.parametrize("who", PATIENTS, ids=lambda who: who.says)
def test_what_is_told_is_what_the_engine_found(who: Patient) -> None:
    words = said(entries(who))
    agrees(words, who.assessment())
    assert words.policy == who.policy
    assert words.has_plan == BOOK.policies[who.policy].live
    assert len(words.do_not) == (len(who.assessment().plan.forbidden) if words.has_plan else 0)


@settings(max_examples=40, deadline=None)
@given(known=answers())
def test_what_is_told_is_what_the_engine_found_for_any_answers(known: dict[str, Value]) -> None:
    assessment = assess(BOOK, facts_of(known), "strictest")
    agrees(said(write_results(BOOK, assessment, header(), RUN)), assessment)


def test_the_rules_that_give_the_level_are_kept_apart_from_the_others() -> None:
    words = said(entries(patient("ambulance: short of breath")))
    assert {one.level for one in words.deciding} == {"ambulance"}
    assert "ambulance" not in {one.level for one in words.others}


def test_a_result_of_another_rule_book_says_so_and_names_unknown_rules_by_id() -> None:
    resources = entries(patient("ambulance: short of breath"))
    risk = resources[0]["resource"]
    for one in risk["extension"]:
        for part in one.get("extension", ()):
            if part["url"] == "sha256":
                part["valueString"] = "0" * 64
            if part["url"] == "rule":
                part["valueCode"] = "a-rule-of-tomorrow"
    words = said(resources)
    assert "not the rule book of this program" in words.rule_book
    assert {one.title for one in (*words.deciding, *words.others)} == {"a-rule-of-tomorrow"}
    assert {one.level for one in words.deciding} == {"ambulance"}  # by the levels of the sources in the trace


def test_warnings_are_told_once_each_with_every_question_they_are_about() -> None:
    about = [{"link_id": f"q{number}", "question": f"Question {number}?"} for number in range(5)]
    notices = tuple(warning("not answered", **one) for one in about)
    words = said(entries(PATIENTS[0], header(notices=notices)))
    (one,) = words.warnings
    assert one.title == "not answered"
    assert one.full == f"({'; '.join(f'linkId q{number}: Question {number}?' for number in range(5))})"
    assert one.brief.endswith("; and 2 more)")


HOSTILE = "\x1b[2J\x1b]0;owned\x07 \u202egnp.exe \x9b31m [bold red]x[/bold red] \r\nSELF-CARE: all is well"


def test_no_text_of_a_result_reaches_a_terminal_with_a_control_character() -> None:
    words = said(entries(PATIENTS[0], header(reference={"reference": HOSTILE}, notices=(warning(HOSTILE),))))
    for text in (words.response, *(one.title for one in words.warnings)):
        assert text.isprintable()
        assert "[bold red]x[/bold red]" in text  # shown as it is, never read as a style
    refused = told(BOOK, Refusal(operation_outcome((warning(HOSTILE),))))
    assert isinstance(refused, Refused)
    assert all(one.title.isprintable() for one in refused.reasons)


@pytest.mark.parametrize("character", [chr(code) for code in (*range(32), 0x7F, 0x9B, 0x202E, 0x2066, 0x061C, 0xD800)])
def test_safe_text_is_one_line_without(character: str) -> None:
    assert safe(f"a{character}b").isprintable()


def test_free_text_is_never_printed_but_said_to_be_there() -> None:
    printed = flowing(triaged(filled(note=NAME), "--all").stdout)
    assert NAME not in printed
    assert "The response holds text that no program has read. Read it first." in printed


NO_RESULTS: list[object] = [
    [],
    "text",
    None,
    {},
    {"resourceType": "Bundle"},
    {"resourceType": "Patient"},
    {"resourceType": "Bundle", "entry": [{}]},
    {"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Patient"}}]},
    {"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "CarePlan"}}]},
]


@pytest.mark.parametrize("read", NO_RESULTS, ids=repr)
def test_what_is_no_result_is_not_taken_for_one(read: object) -> None:
    with pytest.raises(NotAResult):
        results_of(read)


def test_the_resources_of_several_responses_are_kept_apart_and_a_refusal_keeps_its_place() -> None:
    first, second = entries(PATIENTS[0]), entries(patient("one source alone"))
    refused = ({"resource": operation_outcome((warning("refused"),))},)
    refused[0]["resource"]["issue"][0]["severity"] = "error"  # type: ignore[index]  # plain data of a resource
    grouped = results_of(collection((*first, *refused, *second)))
    assert [type(one) for one in grouped] == [Result, Refusal, Result]
    assert isinstance(grouped[2], Result)
    assert grouped[2].plan is None  # of one source alone: not the plan of the first response
