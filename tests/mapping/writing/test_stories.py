"""The stories of the results, word for word: each is written out as a clinician reads it, heading by heading.

The assessments are put together by hand, so that a new rule of the book changes none.
"""

from dataclasses import replace

import pytest

from service.engine.assessment import Forbidden, Plan, Suggested, Traced
from service.mapping.header import FreeText
from service.mapping.writing.json_bytes import dump
from service.mapping.writing.kept import Kept, Parts
from service.mapping.writing.results import Writing, write_results
from service.mapping.writing.xhtml import escaped
from tests.mapping.writing.assessed import (
    AMBULANCE,
    ASPIRIN,
    CALL,
    CLEVELAND,
    DAY,
    EMERGENCY,
    GENERAL_MEDICINE,
    GO,
    INSTRUCTION,
    NOT_HEAT,
    NOT_IBUPROFEN,
    PROJECT,
    RECONCILED,
    REST,
    SPINE_CARE,
    VISIT,
    rash_and_open_questions,
    stories,
)
from tests.mapping.writing.patients import RUN, book, free_text, header, patient, warning

FINAL = (
    "Final means that every question that could raise the level is answered. It does not mean that a clinician has "
    "seen this result."
)
CALM_NET = (
    "Watch for signs that need help at once. If one of the signs named here appears, do not wait. See a clinician, "
    "too, if the pain is not gone 7 days after it began, or gets worse at any time."
)
OPEN_QUESTIONS = (
    "Answer the questions that are still open. An answer may mean that you need help sooner. If you cannot tell, "
    "count it as a yes and say so."
)

WHY = ("Why", [
    f"New rash over the painful area. A new rash on or beside the sore place: yes. {DAY}: asked for by {PROJECT}.",
    f"Not ruled out, because questions are open ({CALL}): Shortness of breath. Asked for by {CLEVELAND}.",
    f"Not ruled out, because questions are open ({GO}): Black stools. Asked for by {PROJECT}.",
])  # fmt: skip
OPEN = ("Not answered, and it matters for the level", [
    "Are you short of breath?",
    "Do you have any of these now? Black stools.",
])  # fmt: skip
PLAN = [
    ("The plan", [OPEN_QUESTIONS, CALM_NET]),
    ("What must not be done", [
        NOT_HEAT, NOT_IBUPROFEN,
    ]),
    (f"{AMBULANCE} if one of these appears", ["shortness of breath", "chest pain or discomfort"]),
    (f"{EMERGENCY} if one of these appears", ["black stools"]),
    ("Left out of the plan", [
        "Left out: Stay active; Lift with your legs. Why: Until a clinician has seen you, rest in the position that is "
        f"easiest. By the word of: {REST}.",
        "Left out until this is answered: Cool the sore muscle. Do you have, or did you have, any of these? Poor blood "
        "flow in hands, feet or legs; Diabetes. What could speak against it: Cold narrows vessels that carry too "
        f"little blood already. By the word of: {PROJECT}.",
        "Never suggested here: Aspirin. Why: Upper back pain can come from a tear of the great artery or a bleed, "
        "which aspirin makes worse. This does not speak of aspirin that was prescribed to you. By the word of: "
        f"{ASPIRIN}.",
    ]),
]  # fmt: skip
ABOUT = ("About this result", [
    book().intended_use,
    f"Rule book {book().version} (SHA-256 {book().digest}), policy strictest: the highest level that any article, "
    "reconciled row or guideline addition asks for.",
])  # fmt: skip


NOTICES = (
    replace(warning("not answered", question="How old are you?"), code="required"),
    replace(warning("not answered", question="Do you have chest pain?"), code="required"),
    replace(warning("not answered at all"), code="required"),
    warning("two readings", question="A rash?"),
    warning("read once"),
    warning("read once"),
)
HEAD = header(free_texts=free_text("it began at work"), notices=NOTICES)


def test_the_whole_result_is_told_level_first_then_why_then_what_is_open_then_the_plan() -> None:
    assert stories(rash_and_open_questions(), HEAD)["RiskAssessment"] == [
        (DAY, [
            INSTRUCTION,
            "This result is preliminary. Questions that could raise the level are open.",
        ]),
        ("Read this first: text that no program has read", [
            "What else should a clinician know? “it began at work”",
        ]),
        WHY,
        ("Also found", [
            "Lifting, twisting, posture, or a heavy or repeated load. I lifted, twisted or did something I am not used "
            "to: yes; answered no: I sat long at a desk or screen, or bore a heavy bag.",
            "Pain with weight loss, fever, fatigue or another unusual symptom. A new rash on or beside the sore place: "
            f"yes. {VISIT}: asked for by {GENERAL_MEDICINE}.",
        ]),
        ("Where the sources disagree", [
            f"Cancer: {GENERAL_MEDICINE}: {VISIT[0].lower()}{VISIT[1:]}; {CLEVELAND}: {GO}. Taken here: "
            f"{VISIT[0].lower()}{VISIT[1:]} (policy strictest).",
            f"Shortness of breath and fainting: {GENERAL_MEDICINE}: {GO}; {RECONCILED}: {CALL}. Taken here: nothing "
            "(policy strictest).",
        ]),
        OPEN,
        ("Also not answered", [
            "How old are you?",
            "Do you have, or did you have, any of these? You smoke or used to smoke.",
        ]),
        ("Answers that do not fit together", [
            "“It gets clearly better day by day” / “It slowly gets worse”: It cannot do both. The more dangerous "
            "reading counts.",
        ]),
        ("Noticed about the response", [
            "Required, but not answered: How old are you? Do you have chest pain?",
            "Not answered at all.",
            "Two readings. (Question: A rash?)",
            "Read once.",
        ]),
        ("Causes to think of, none of them confirmed", [
            f"Shingles: fits the answers. Points to it: New rash over the painful area. Named by {GENERAL_MEDICINE}.",
            "Lung cancer: fits the answers in part. Points to it: Pain with weight loss, fever, fatigue or another "
            f"unusual symptom. Named by {CLEVELAND}; {SPINE_CARE}. Dangerous, so never shown as less than moderate.",
            "Dangerous, and not excluded while questions are open: pulmonary embolism; heart attack.",
        ]),
        *PLAN,
        ABOUT,
    ]  # fmt: skip


def test_the_plan_is_told_level_first_then_what_to_do_then_what_is_open() -> None:
    told = stories(rash_and_open_questions(), HEAD)["CarePlan"]
    (heading, first), *rest = told
    assert heading == DAY
    assert first == [INSTRUCTION, "The response holds text that no program has read. Read it first."]
    assert rest == [*PLAN, OPEN, ABOUT]


def test_the_request_is_told_level_first_then_why() -> None:
    assert stories(rash_and_open_questions())["ServiceRequest"] == [(DAY, [INSTRUCTION]), WHY, ABOUT]


def test_a_result_that_nothing_decided_is_told_in_the_fewest_words() -> None:
    who = patient("self-care: a sore")
    assessed = replace(who.assessment(), trace=(), causes=(), topics=(), plan=Plan((), (), (), ()))
    home = (
        "Care for yourself at home; see a clinician if it is not gone 7 days after it began, and at once if a listed "
        "sign appears"
    )
    eases = "Most upper back pain eases on its own or with simple care at home."
    why = ("Why", ["No answer asks for more than that."])
    assert stories(assessed) == {
        "RiskAssessment": [(home, [eases, FINAL]), why, ABOUT],
        "CarePlan": [(home, [eases]), ABOUT],
        "ServiceRequest": [(home, [eases]), why, ABOUT],
    }


def test_whatever_limits_the_result_stands_below_the_level_and_who_signed_at_the_end() -> None:
    who = patient("out of scope")
    assessed = replace(who.assessment(), trace=(), deciding=(), topics=(), plan=Plan((), (), (), ()), scope="out")
    run = replace(RUN, replay=True, policy_signed_by="the medical director", policy_signed_on="2026-04-01")
    told = stories(assessed, run=run, proven=False)
    limits = [
        "Test data: not for the care of a patient.",
        "Unproven rules: no proof holds for this rule book and this engine. For development only, not for the care of "
        "a patient.",
        "Ask for a visit in the next days, a week from now at the latest.",
    ]
    scope = f"Out of scope. {book().scope_says} Danger signs still count. No causes and no self-care are given."
    assert told["RiskAssessment"][0] == (VISIT, [*limits, FINAL, scope])
    assert told["CarePlan"][0] == (VISIT, [*limits, scope])
    assert told["ServiceRequest"][0] == (VISIT, limits)
    for story in told.values():
        heading, (intended, made) = story[-1]
        assert (heading, intended) == ("About this result", book().intended_use)
        assert made == ABOUT[1][1].replace(
            "policy strictest: the highest level that any article, reconciled row or guideline addition asks for.",
            "policy strictest: the highest level that any article, reconciled row or guideline addition asks for, "
            "signed off by the medical director on 2026-04-01.",
        )


def test_what_a_single_source_asks_for_is_cited_from_it_alone_and_without_a_plan() -> None:
    who = patient("one source alone")
    assessed = replace(who.assessment(), trace=who.assessment().trace[1:2], causes=(), topics=())
    how = "Let someone take you. Say where the pain is, when it began, and which of your answers were yes."
    level = (EMERGENCY, ["Test data: not for the care of a patient.", how])
    why = (
        "Why",
        [f"Shortness of breath. Are you short of breath? Yes. {EMERGENCY}: asked for by {GENERAL_MEDICINE}."],
    )
    about = ("About this result", [ABOUT[1][0], f"{ABOUT[1][1].partition(', policy')[0]}, policy source:GM: "
             "General Medicine alone."])  # fmt: skip
    assert stories(assessed) == {
        "RiskAssessment": [(level[0], [*level[1], FINAL]), why, about],
        "ServiceRequest": [level, why, about],
    }


def test_the_level_and_the_closing_words_are_paragraphs_and_all_between_are_lists() -> None:
    for entry in write_results(book(), rash_and_open_questions(), HEAD, RUN):
        if entry["resource"]["resourceType"] != "OperationOutcome":
            _, level, *between, about = entry["resource"]["text"]["div"].split("<h3>")
            assert between
            assert not any("<li>" in section for section in (level, about))
            assert not any("<p>" in section for section in between)


def test_a_text_that_stands_under_no_question_is_shown_alone() -> None:
    told = stories(rash_and_open_questions(), header(free_texts=(FreeText("", "", "it began at work"),)))
    assert dict(told["RiskAssessment"])["Read this first: text that no program has read"] == ["“it began at work”"]


def test_what_the_response_says_is_never_given_to_an_escaping_that_keeps_what_it_met() -> None:
    met: list[str] = []

    def keeping(text: str) -> str:
        met.append(text)
        return escaped(text)

    kept = Kept({("strictest", RUN.emergency_number): Parts(escape=keeping)})
    head = header(free_texts=free_text("CANARY in a text"), notices=(warning("CANARY in a notice"),))
    entries = write_results(book(), rash_and_open_questions(), head, RUN, Writing(kept))
    assert "CANARY in a text" in str(dump(entries))
    assert "CANARY in a notice" in str(dump(entries))
    assert len(met) > 10
    assert not any("CANARY" in one for one in met)


@pytest.mark.parametrize(
    ("level", "calm", "comment"),
    [
        ("ambulance", False, "help is on its way"),
        ("emergency", False, "the level itself says when to be seen"),
        ("within-24h", True, "below an emergency it says when to come back, too"),
        ("self-care", True, "all the more at home"),
    ],
)
def test_only_below_an_emergency_is_anyone_told_to_wait_and_see(level: str, calm: bool, comment: str) -> None:
    plan = Plan((Suggested("safety-net", ("project",)),), (), (), ())
    told = stories(replace(patient("ambulance").assessment(), level=level, plan=plan))["CarePlan"]
    grave_net = CALM_NET.partition(" See a clinician")[0]
    assert dict(told)["The plan"] == [CALM_NET if calm else grave_net], comment


def test_what_no_answer_explains_is_said_without_an_answer() -> None:
    who = patient("ambulance")
    plan = Plan((), (Forbidden("heat", "heat-cold-skin", "do-not", ()),), (), ())
    trace = (Traced("severe-pain", "fired", "", "", ()), Traced("breathless", "fired", "ambulance", "", ()))
    told = dict(stories(replace(who.assessment(), trace=trace, deciding=("breathless",), plan=plan))["RiskAssessment"])
    assert told["Why"] == [f"Shortness of breath. {AMBULANCE}: asked for by {CLEVELAND}."]
    assert told["Also found"] == [f"{book().rules['severe-pain'].title}."]
    known = " Known: A new rash on or beside the sore place: yes."
    assert told["What must not be done"] == [NOT_HEAT.replace(known, "")]
