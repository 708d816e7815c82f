"""The CarePlan is a draft proposal that begins with the level and names what must not be done."""

import re
from dataclasses import replace
from typing import Any

import pytest

from service import __version__
from service.engine.assessment import Forbidden, LeftOut, Plan, Suggested
from service.knowledge.model import Withholding
from service.mapping.canonical import BASE
from service.mapping.writing.results import write_results
from tests.mapping.writing.patients import (
    AUTHORED,
    MUSCLE,
    PATIENTS,
    RESPONSE,
    RUN,
    Patient,
    book,
    codes,
    extensions,
    free_text,
    header,
    patient,
    results,
)

LIVE = [one for one in PATIENTS if not one.policy.startswith("source:")]
everyone = pytest.mark.parametrize("who", LIVE, ids=[one.says for one in LIVE])


def plan(who: Patient) -> dict[str, Any]:
    return results(who)["CarePlan"]


def activities(written: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {codes(one["detail"]["code"])[0]: one for one in written["activity"] if "detail" in one}


@everyone
def test_it_is_a_draft_a_proposal_and_never_an_order(who: Patient) -> None:
    written = plan(who)
    assert (written["status"], written["intent"]) == ("draft", "proposal")
    assert written["instantiatesCanonical"] == [f"{BASE}/PlanDefinition/upper-back-pain|{book().version}"]
    assert written["meta"]["profile"] == [f"{BASE}/StructureDefinition/triage-care-plan|{__version__}"]


@everyone
def test_title_and_description_begin_with_the_level_in_words(who: Patient) -> None:
    written = plan(who)
    means = book().levels[who.assessment().level].means.partition(";")[0]
    begin = (means[0].upper() + means[1:]).replace("the emergency number", RUN.emergency_number)
    assert written["title"].startswith(begin)
    assert written["description"].startswith(begin)


def test_it_names_patient_date_author_and_what_it_rests_on() -> None:
    who = patient("ambulance")
    risk, written = results(who)["RiskAssessment"], plan(who)
    assert written["subject"] == {"reference": "Patient/1"}
    assert written["encounter"] == {"reference": "Encounter/2"}
    assert written["created"] == AUTHORED
    assert written["author"] == risk["performer"]
    assert written["supportingInfo"] == [{"reference": risk["identifier"][0]["value"]}, RESPONSE]
    assert codes(extensions(written, "triage-level")[0]["valueCodeableConcept"]) == ["ambulance"]


@everyone
def test_the_first_activity_is_the_service_request_and_all_others_are_details(who: Patient) -> None:
    everything = results(who)
    first, *others = everything["CarePlan"]["activity"]
    assert first["reference"] == {"reference": everything["ServiceRequest"]["identifier"][0]["value"]}
    assert all("detail" in one and "reference" not in one for one in others)
    assert all(one["detail"]["status"] == "not-started" for one in others)


@everyone
def test_every_activity_rests_on_something(who: Patient) -> None:
    for one in plan(who)["activity"]:
        ids = [extension["valueCode"] for extension in extensions(one, "rests-on")]
        assert ids
        rows = {statement.row for statement in book().statements.values()}
        assert set(ids) <= book().statements.keys() | rows | {"project"}


def test_the_level_rests_on_the_statements_that_decided_it_and_not_on_milder_ones() -> None:
    (first, *_) = plan(patient("ambulance"))["activity"]
    ids = [extension["valueCode"] for extension in extensions(first, "rests-on")]
    assert "CC-911-breath" in ids
    assert "GM-er-breath" not in ids, "that article asks for emergency, not for the ambulance"
    (first, *_) = plan(patient("emergency"))["activity"]
    assert [extension["valueCode"] for extension in extensions(first, "rests-on")] == ["GL-gi-bleed.emergency"]


def test_where_no_rule_decided_the_level_rests_on_its_own_statements() -> None:
    who = patient("self-care: a sore")
    assert who.assessment().deciding == ()
    ids = [one["valueCode"] for one in extensions(plan(who)["activity"][0], "rests-on")]
    assert ids == list(book().activities["self-care-at-home"].rests_on)


@everyone
def test_the_details_are_what_the_plan_suggests_then_what_it_forbids(who: Patient) -> None:
    assessed = who.assessment().plan
    suggested = [one.activity for one in assessed.suggested if not book().activities[one.activity].level]
    assert list(activities(plan(who))) == [*suggested, *(one.activity for one in assessed.forbidden)]


@everyone
def test_only_what_is_forbidden_must_not_be_performed(who: Patient) -> None:
    forbidden = {one.activity for one in who.assessment().plan.forbidden}
    for activity, written in activities(plan(who)).items():
        expected = activity in forbidden and not activity.startswith("do-not-")
        assert written["detail"].get("doNotPerform", False) is expected


def test_an_activity_that_says_do_not_itself_is_never_negated_twice() -> None:
    who = patient("ambulance")
    assert "doNotPerform" not in activities(plan(who))["do-not-drive-yourself"]["detail"]
    forbidden = _with_plan(who, forbidden=(Forbidden("do-not-move", "test", "do-not", ()),))
    assert "doNotPerform" not in activities(forbidden)["do-not-move"]["detail"]


def test_what_a_known_fact_forbids_says_do_not_why_and_by_which_fact() -> None:
    written = activities(plan(patient("within a day")))
    heat, paracetamol, ibuprofen = (written[one]["detail"]["description"] for one in ("heat", "acetaminophen", "nsaid"))
    assert heat.startswith("Do not put heat on the sore place. Why: ")
    assert "A new rash on or beside the sore place: yes" in heat
    assert paracetamol.startswith("Do not start acetaminophen")
    assert "without asking" in paracetamol
    assert ibuprofen.startswith("Do not start an anti-inflammatory")
    assert "If it is taken already, ask before taking more." in ibuprofen


def test_what_is_left_out_is_named_once_with_its_reason_and_its_question() -> None:
    who = Patient("nobody asked what was tried", MUSCLE, unanswered=("tried",))
    (left_out, _about) = plan(who)["note"]
    assert left_out["text"].startswith("Left out of the plan: ")
    for title in ("Take acetaminophen (paracetamol)", "Take an anti-inflammatory", "Aspirin", "Bed rest"):
        assert left_out["text"].count(title) == 1, title
    assert "Left out until this is answered: Take acetaminophen" in left_out["text"]
    assert "What have you tried so far?" in left_out["text"]
    assert "Never suggested here: Aspirin." in left_out["text"]


def test_activities_left_out_for_one_reason_share_it() -> None:
    left_out = tuple(LeftOut(one, "test", ()) for one in ("heat", "cold"))
    written = _with_plan(patient("ambulance"), left_out=left_out)
    titles = "; ".join(book().activities[one].title for one in ("heat", "cold"))
    assert f"Left out: {titles}. Why: for a test." in written["note"][0]["text"]


def test_reasons_for_what_is_left_out_stand_in_one_note_one_after_the_other() -> None:
    other = next(iter(book().withholdings))
    left_out = (LeftOut("heat", "test", ()), LeftOut("cold", other, ()))
    heat, cold, both = (
        _with_plan(patient("ambulance"), left_out=some)["note"][0]["text"].removeprefix("Left out of the plan: ")
        for some in (left_out[:1], left_out[1:], left_out)
    )
    assert both == f"{heat} {cold}"


def test_without_anything_left_out_the_note_only_says_what_the_plan_is_not() -> None:
    (note,) = _with_plan(patient("ambulance"))["note"]
    assert "not a diagnosis" in note["text"]


def test_a_note_says_that_the_complaint_is_out_of_scope_and_that_text_is_unread() -> None:
    notes = [one["text"] for one in plan(patient("out of scope"))["note"]]
    assert any(one.startswith("Out of scope") for one in notes)
    unread = results(patient("ambulance"), header(free_texts=free_text("words")))["CarePlan"]["note"]
    assert any("no program has read" in one["text"] for one in unread)


def test_the_safety_net_lists_every_sign_by_what_it_calls_for_and_when_to_come_back() -> None:
    who = patient("appointment")
    words = activities(plan(who))["safety-net"]["detail"]["description"]
    signs = [book().rules[one].sign for one in who.assessment().plan.watch_for]
    assert signs
    assert all(sign in words for sign in signs)
    assert words.index("Call your local emergency number now if one of these appears: ") < words.index(
        "Go to an emergency department now if one of these appears: "
    )
    assert "not gone 7 days after it began" in words
    assert "gets worse at any time" in words


def test_the_open_questions_are_listed_in_the_words_of_the_form() -> None:
    words = activities(plan(patient("open: nobody asked about breath")))["answer-open-questions"]["detail"]
    assert "Are you short of breath?" in words["description"]


def test_an_activity_carries_its_kind_and_an_external_code_where_the_book_gives_one() -> None:
    written = activities(plan(patient("self-care: a sore")))
    assert written["safety-net"]["detail"]["kind"] == "CommunicationRequest"
    assert "kind" not in written["heat"]["detail"]
    assert written["heat"]["detail"]["code"]["coding"] == [
        {"system": f"{BASE}/CodeSystem/activity", "code": "heat", "display": "Warm the sore muscle"},
        {"system": "http://snomed.info/sct", "code": "266694003", "display": "Heat therapy"},
    ]
    assert len(written["posture"]["detail"]["code"]["coding"]) <= 2


def test_a_bracket_for_another_policy_is_left_out() -> None:
    strict, reconciled = plan(patient("self-care: a sore")), plan(patient("self-care under reconciled"))
    assert "14" not in strict["title"]
    assert "(14 if clearly improving)" in reconciled["title"]
    assert not re.search("`", f"{strict} {reconciled}")


def test_a_policy_that_is_not_live_has_no_care_plan() -> None:
    assert list(results(patient("one source alone"))) == ["RiskAssessment", "ServiceRequest"]


WITHHOLDING = Withholding(
    "test", "", (), next(iter(book().withholdings.values())).when, "GL-w-heat", "for a test", "left-out", ()
)


def _with_plan(
    who: Patient, forbidden: tuple[Forbidden, ...] = (), left_out: tuple[LeftOut, ...] = ()
) -> dict[str, Any]:
    """Write a patient's CarePlan with another plan, withheld by a withholding of the test's own."""
    changed = replace(book(), withholdings={**book().withholdings, "test": WITHHOLDING})
    level = Suggested("call-ambulance", ())
    assessed = replace(who.assessment(), plan=Plan((level,), forbidden, left_out, ()))
    written: dict[str, Any] = write_results(changed, assessed, header(), RUN)[1]["resource"]
    return written
