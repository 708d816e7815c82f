"""An assessment put together by hand, which no new rule of the book changes; its stories, and words of them."""

import re
from dataclasses import replace
from html import unescape
from typing import Any

from service.engine.assessment import (
    Assessment,
    Forbidden,
    LeftOut,
    Plan,
    Suggested,
    SuspectedCause,
    TopicView,
    Traced,
)
from service.engine.derive import Conflict
from service.mapping.header import ResponseHeader, Run
from service.mapping.writing.results import write_results
from tests.mapping.writing.patients import RUN, book, header, patient

AMBULANCE = "Call your local emergency number now"
EMERGENCY = "Go to an emergency department now"
DAY = "See a clinician today or within 24 hours"
CALL, GO, SEE = (f"{one[0].lower()}{one[1:]}" for one in (AMBULANCE, EMERGENCY, DAY))
VISIT = "Make an appointment in the next days (at most a week)"

GENERAL_MEDICINE = "General Medicine, Upper Back Pain: Causes & How to Get Relief (2025-03-06)"
CLEVELAND = "Cleveland Clinic, Upper Back Pain (2026-01-21)"
SPINE_CARE = "unnamed spine-care site, Symptoms of Upper Back Pain (date unknown)"
IBUPROFEN = "NHS ibuprofen guidance (guideline addition, date unknown, known from a quotation)"
REST = "ACR Appropriateness Criteria, Thoracic Back Pain (guideline addition, 2024)"
ASPIRIN = "HSIB 2020 Delayed recognition of acute aortic dissection (guideline addition, 2020)"
PROJECT = "a safety addition of this project, awaiting clinical review"
RECONCILED = "a reconciliation by this project where the articles disagree, awaiting clinical review"

WITHIN_A_DAY = "Call a practice or an urgent care service now, and say that you need to be seen within 24 hours."
INSTRUCTION = (
    f"Answer these now: Are you short of breath? If any is yes, or you cannot tell, {CALL}. Then these: Do you have "
    f"any of these now? Black stools. If any is yes, or you cannot tell, {GO}; if all are no, {SEE}. {WITHIN_A_DAY}"
)
NOT_HEAT = (
    "Do not put heat on the sore place. Why: Skin with a rash gets worse from heat and cold, and skin that feels too "
    "little can be burnt or frozen unnoticed. Known: A new rash on or beside the sore place: yes. By the word of: "
    f"{PROJECT}."
)
NOT_IBUPROFEN = (
    "Do not start an anti-inflammatory painkiller such as ibuprofen or naproxen without asking a pharmacist or "
    "clinician. If it is taken already, ask before taking more. Why: You take an anti-inflammatory already, or a "
    "medicine that does not mix well with one. Ask before you take one, or more of it; change nothing that was "
    "prescribed. Known: What have you tried so far? Heat, Ibuprofen, naproxen or the like; Liver disease: yes (from "
    f"the record). By the word of: {IBUPROFEN}."
)


def rash_and_open_questions() -> Assessment:
    """A rash is known, breath and stools are open, other answers do not fit together."""
    who = patient("within a day")
    facts = {
        name: fact for name, fact in who.facts().items() if name not in ("dyspnoea", "gi-bleeding", "age", "hx-smoker")
    }
    plan = Plan(
        suggested=tuple(
            Suggested(one, ("project",)) for one in ("see-clinician-within-24h", "answer-open-questions", "safety-net")
        ),
        forbidden=(
            Forbidden("heat", "heat-cold-skin", "do-not", ("rash",)),
            Forbidden("nsaid", "nsaid-already-taken", "ask-first", ("tried", "hx-liver")),
        ),
        left_out=(
            LeftOut("stay-active", "activity-while-urgent", ()),
            LeftOut("cold", "cold-circulation", ("hx-poor-circulation", "hx-diabetes")),
            LeftOut("safe-lifting", "activity-while-urgent", ()),
            LeftOut("aspirin", "aspirin-never", ()),
        ),
        watch_for=("breathless", "black-stools", "chest-pain"),
    )
    return replace(
        who.assessment(),
        ceiling="ambulance",
        final=False,
        trace=(
            Traced("black-stools", "undecided", "emergency", "within-24h", ("gi-bleeding",)),
            Traced("breathless", "undecided", "ambulance", "within-24h", ("dyspnoea",)),
            Traced("rash-over-pain", "fired", "within-24h", "within-24h", ("rash",)),
            Traced("poor-body-mechanics", "fired", "", "", ("strain-event", "posture-load")),
            Traced("unusual-or-systemic-symptoms", "fired", "appointment", "appointment", ("rash",)),
        ),
        deciding=("rash-over-pain", "black-stools", "breathless"),
        ask_next=("dyspnoea", "gi-bleeding"),
        missing=("age", "dyspnoea", "gi-bleeding", "hx-smoker"),
        causes=(
            SuspectedCause("shingles", "fits", ("rash-over-pain",)),
            SuspectedCause("lung-cancer", "partly-fits", ("unusual-or-systemic-symptoms",)),
            SuspectedCause("pulmonary-embolism", "not-excluded", ("breathless",)),
            SuspectedCause("heart-attack", "not-excluded", ("breathless",)),
        ),
        topics=(
            TopicView("burning-rash", {"PROJECT": "within-24h"}, disagree=False),
            TopicView("cancer", {"GM": "appointment", "CC": "emergency"}, disagree=True),
            TopicView("breathless-faint", {"RECONCILED": "ambulance", "GM": "emergency"}, disagree=False),
        ),
        conflicts=(Conflict("improving", False, ("improving", "worsening"), "it cannot do both"),),
        plan=plan,
        facts=facts,
    )


def stories(assessed: Assessment, head: ResponseHeader | None = None, run: Run = RUN, **changes: Any) -> dict[str, Any]:
    """Write an assessment and return the headings of each result, each with the texts below it."""
    written = write_results(replace(book(), **changes), assessed, head or header(), run)
    told = {one["resource"]["resourceType"]: one["resource"] for one in written}
    return {kind: _story(one["text"]["div"]) for kind, one in told.items() if kind != "OperationOutcome"}


def _story(div: str) -> list[tuple[str, list[str]]]:
    _, *sections = div.split("<h3>")
    read = (section.partition("</h3>") for section in sections)
    return [
        (unescape(heading), [unescape(text) for text in re.findall(r"<(?:p|li)>(.*?)</(?:p|li)>", rest, re.DOTALL)])
        for heading, _, rest in read
    ]
