"""The narrative reads on its own, the level first, and holds nothing but plain, escaped text."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.engine.derive import Conflict
from service.mapping.writing.results import write_results
from service.mapping.writing.xhtml import Section, escaped, narrative
from tests.mapping.writing.patients import (
    PATIENTS,
    RUN,
    Patient,
    book,
    entries,
    free_text,
    header,
    patient,
    results,
    texts,
    warning,
)

everyone = pytest.mark.parametrize("who", PATIENTS, ids=[one.says for one in PATIENTS])
XHTML = "{http://www.w3.org/1999/xhtml}"
HOSTILE = "</li></ul><script>alert('x')</script><img src=x onerror=\"y\"> & &amp; \u202e \x0b \ufffe ]]> <!-- {{7*7}}"


def div(who: Patient, kind: str = "RiskAssessment", **changes: Any) -> ET.Element:
    return ET.fromstring(results(who, header(**changes))[kind]["text"]["div"])  # noqa: S314 - our own output


def headings(element: ET.Element) -> list[str]:
    return [one.text or "" for one in element.iter(f"{XHTML}h3")]


def under(element: ET.Element, heading: str) -> list[str]:
    """Return the paragraphs and points below a heading."""
    found: list[str] = []
    inside = False
    for one in element:
        if one.tag == f"{XHTML}h3":
            inside = one.text == heading
        elif inside:
            found += [one.text or ""] if one.tag == f"{XHTML}p" else [point.text or "" for point in one]
    return found


@everyone
def test_every_narrative_is_xml_of_headings_paragraphs_and_lists_without_attributes(who: Patient) -> None:
    for resource in results(who, header(free_texts=free_text(HOSTILE))).values():
        if resource["resourceType"] == "OperationOutcome":
            continue
        assert resource["text"]["status"] == "generated"
        root = ET.fromstring(resource["text"]["div"])  # noqa: S314 - our own output
        assert root.tag == f"{XHTML}div"
        assert {one.tag.removeprefix(XHTML) for one in root.iter()} <= {"div", "h3", "p", "ul", "li"}
        assert all(not one.attrib for one in root.iter())
        assert all((one.text or "").strip() or len(one) for one in root.iter()), "nothing is empty"


def test_hostile_text_arrives_as_text() -> None:
    (shown,) = under(
        div(patient("ambulance"), free_texts=free_text(HOSTILE)), "Read this first: text that no program has read"
    )
    seen = HOSTILE.replace("\u202e", "\ufffd").replace("\x0b", "\ufffd").replace("\ufffe", "\ufffd")
    assert shown == f"What else should a clinician know? “{seen}”"


@given(st.text())
def test_any_text_survives_as_the_text_of_one_element(text: str) -> None:
    root = ET.fromstring(narrative((Section("h", (text,)),), escaped)["div"])  # noqa: S314 - our own output
    assert [one.tag.removeprefix(XHTML) for one in root] == ["h3", "p"]
    kept = root[1].text or ""
    assert all(b in (a, "\ufffd") for a, b in zip(text.replace("\r\n", "\n").replace("\r", "\n"), kept, strict=True))


@pytest.mark.parametrize("character", ["<", ">", "&", '"', "'", "\x00", "\x0b", "\x7f", "\u202e", "\u2066", "\ud800"])
def test_no_character_that_could_break_out_or_mislead_stays(character: str) -> None:
    assert escaped(character) != character
    assert character not in escaped(character).removeprefix("&")


@everyone
def test_unread_text_stands_right_below_the_level(who: Patient) -> None:
    assert headings(div(who, free_texts=free_text("note")))[1] == "Read this first: text that no program has read"


@everyone
@pytest.mark.parametrize("kind", ["RiskAssessment", "CarePlan", "ServiceRequest"])
def test_every_narrative_says_what_it_is_not(who: Patient, kind: str) -> None:
    if kind in results(who):
        said = " ".join(under(div(who, kind), "About this result"))
        assert "not a diagnosis" in said
        assert "No clinician has reviewed the rules" in said
        assert "professional use" in said


def test_a_fired_rule_is_shown_with_the_answer_and_by_whose_word() -> None:
    why = " ".join(under(div(patient("ambulance")), "Why"))
    assert "Are you short of breath? Yes" in why
    assert "Cleveland Clinic, Upper Back Pain (2026-01-21)" in why


def test_whose_word_it_is_says_what_is_not_an_article() -> None:
    everything = " ".join(text for who in PATIENTS for text in texts(entries(who)))
    assert re.search(r"asked for by [^.]*\(guideline addition, ", everything, re.IGNORECASE)
    assert "a safety addition of this project, awaiting clinical review" in everything
    assert "a reconciliation by this project" in everything
    assert "date unknown" in everything


def test_a_statement_that_was_read_in_our_own_way_says_our_reading() -> None:
    who = Patient("getting worse: the spine-care site's level is our reading", ("worsening",))
    assert "our reading of" in results(who)["RiskAssessment"]["text"]["div"]


def test_a_disagreement_names_each_source_its_level_and_what_the_policy_took() -> None:
    shown = under(div(patient("ambulance")), "Where the sources disagree")
    (breath,) = [one for one in shown if one.startswith("Shortness of breath")]
    assert "General Medicine" in breath
    assert "go to an emergency department now" in breath
    assert "Cleveland Clinic" in breath
    assert breath.endswith("Taken here: call your local emergency number now (policy strictest).")


def test_a_policy_that_takes_less_than_a_source_asks_for_says_so() -> None:
    who = patient("self-care under reconciled")
    assert who.assessment().level == "self-care"
    shown = " ".join(under(div(who), "Where the sources disagree"))
    assert "Not getting better" in shown
    assert "Taken here: nothing (policy reconciled)" in shown


def test_an_open_question_is_shown_in_the_words_of_the_form() -> None:
    breath = under(div(patient("open: nobody asked about breath")), "Not answered, and it matters for the level")
    assert "Are you short of breath?" in breath
    stools = under(div(patient("open: nobody asked about black stools")), "Not answered, and it matters for the level")
    assert "Do you have any of these now? Black stools." in stools


def test_a_rule_that_is_not_ruled_out_and_keeps_the_level_is_said() -> None:
    who = patient("open: nobody asked about breath")
    assert who.assessment().level == "within-24h", "an undecided emergency lifts to within-24h"
    (point,) = [one for one in under(div(who), "Why") if "call your local emergency number" in one]
    assert point.startswith("Not ruled out, because questions are open")
    assert book().rules["breathless"].title in point


def test_a_contradiction_names_both_questions_and_the_reading_that_counts() -> None:
    (shown,) = under(div(patient("contradiction")), "Answers that do not fit together")
    assert "It gets clearly better day by day" in shown
    assert "It slowly gets worse" in shown
    assert "more dangerous reading counts" in shown


def test_old_answers_are_said_at_once() -> None:
    who = patient("old answers")
    element = div(who)
    first = under(element, headings(element)[0])
    assert any("the answers are old, or their time is not known" in one for one in first)


def test_notices_are_shown_with_their_question_and_required_ones_are_gathered() -> None:
    notices = (
        replace(warning("not answered", link_id="age", question="How old are you?"), code="required"),
        replace(warning("not answered", link_id="chest-pain", question="Do you have chest pain?"), code="required"),
        warning("met two readings", link_id="rash", question="A rash?"),
        warning("no subject is named"),
    )
    assert under(div(patient("ambulance"), notices=notices), "Noticed about the response") == [
        "Required, but not answered: How old are you? Do you have chest pain?",
        "Met two readings. (Question: A rash?)",
        "No subject is named.",
    ]


def test_what_must_not_be_done_is_shown_with_the_fact_that_forbids_it() -> None:
    shown = under(div(patient("within a day")), "What must not be done")
    (liver,) = [one for one in shown if "acetaminophen" in one]
    assert "Liver disease: yes (from the record)" in liver
    assert "By the word of: a safety addition of this project" in liver


def test_a_policy_that_is_not_live_has_no_plan_in_its_narrative() -> None:
    assert "The plan" not in headings(div(patient("one source alone")))
    assert "The plan" in headings(div(patient("ambulance")))


def test_a_conflict_over_a_finding_that_is_never_asked_uses_its_label() -> None:
    who = patient("ambulance")
    assessed = replace(
        who.assessment(), conflicts=(Conflict("one-sided", True, ("one-sided", "left-side"), "one side"),)
    )
    (written, *_) = write_results(book(), assessed, header(), RUN)
    assert book().findings["one-sided"].label in written["resource"]["text"]["div"]


@everyone
def test_nothing_tells_anyone_to_stop_a_medicine_that_was_prescribed(who: Patient) -> None:
    medicine = r"(medicine|tablet|pill|steroid|anticoagulant|blood thinner|aspirin|ibuprofen|acetaminophen|prescri)"
    stopping = re.compile(
        rf"(stop|quit|discontinue|leave off|come off|do not take|don't take)\b[^.;:]*{medicine}", re.I
    )
    for text in texts(entries(who)):
        assert not stopping.search(text), text


@everyone
def test_no_text_holds_an_emergency_number_that_no_setting_gave(who: Patient) -> None:
    known = re.compile(r"\b(0?00|10[0-9]|11[0-9]|12[0-9]|15|17|18|19[0-9]|9[0-9][0-9])\b")
    call = re.compile(rf"(call|dial|ring|number)[^.;]*{known.pattern}", re.IGNORECASE)
    for text in texts(entries(who)):
        assert not call.search(text), text


def test_the_emergency_number_is_the_one_of_the_setting() -> None:
    written = results(patient("ambulance"), run=replace(RUN, emergency_number="4711"))
    assert written["RiskAssessment"]["mitigation"].startswith("Call 4711 now.")
    assert written["ServiceRequest"]["patientInstruction"].startswith("Call 4711 now.")
