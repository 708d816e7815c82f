"""What to answer at once is said with what each answer means, word for word."""

from dataclasses import replace

import pytest

from service.engine.assessment import Traced
from service.mapping.writing.material import Material
from service.mapping.writing.single_dangers import single_dangers
from service.mapping.writing.urgent_questions import urgent_words
from tests.mapping.writing.patients import RUN, book, header, patient

CALL, GO = "call your local emergency number now", "go to an emergency department now"
SEE, VISIT = "see a clinician today or within 24 hours", "make an appointment in the next days (at most a week)"


def open_rule(rule: str, asks: str, *findings: str) -> Traced:
    return Traced(rule, "undecided", asks, "within-24h", findings)


BREATH = open_rule("breathless", "ambulance", "dyspnoea")
CHEST = open_rule("chest-pain", "ambulance", "chest-pain")
STOOLS = open_rule("black-stools", "emergency", "gi-bleeding")
SUDDEN = open_rule("sudden-severe", "emergency", "severity-now", "severity-onset")
RASH = open_rule("rash-over-pain", "within-24h", "rash")
UNASKED = open_rule("breathless", "ambulance", "pattern")

URGENT = [
    # level, ceiling, trace, words, comment
    ("within-24h", "within-24h", (), "", "nothing is open"),
    ("appointment", "within-24h", (RASH,), "", "what is open is no emergency"),
    ("within-24h", "ambulance", (UNASKED,), "", "what is open cannot be asked"),
    (
        "within-24h",
        "emergency",
        (STOOLS,),
        f"Answer these now: Do you have any of these now? Black stools. If any is yes, or you cannot tell, {GO}; if "
        f"all are no, {SEE}.",
        "one group",
    ),
    (
        "appointment",
        "ambulance",
        (STOOLS, CHEST, BREATH),
        f"Answer these now: Are you short of breath? Do you have chest pain? If any is yes, or you cannot tell, "
        f"{CALL}. Then these: Do you have any of these now? Black stools. If any is yes, or you cannot tell, "
        f"{GO}; if all are no, {VISIT}.",
        "the gravest group first, each in the order of the form",
    ),
    (
        "within-24h",
        "ambulance",
        (BREATH, SUDDEN),
        f"Answer these now: Are you short of breath? If any is yes, or you cannot tell, {CALL}; if all are no, {SEE}. "
        "Then answer what else is open, and have all answers judged again.",
        "a no leaves numbers open",
    ),
    (
        "within-24h",
        "emergency",
        (SUDDEN,),
        "Answer these now, and have all answers judged again: How bad is the pain now? How bad was it when it began? "
        f"If that cannot be done at once, or you cannot tell, {GO}; if the answers change nothing, {SEE}.",
        "numbers alone",
    ),
]


@pytest.mark.parametrize(("level", "ceiling", "trace", "words", "comment"), URGENT)
def test_open_emergency_questions_are_said_with_what_each_answer_means(
    level: str, ceiling: str, trace: tuple[Traced, ...], words: str, comment: str
) -> None:
    told = patient("self-care: a sore").assessment()
    open_ones = {finding for one in trace for finding in one.findings}
    facts = {name: fact for name, fact in told.facts.items() if name not in open_ones}
    told = replace(told, level=level, ceiling=ceiling, trace=trace, facts=facts)
    material = Material(book(), told, header(), RUN, single_dangers(book(), told), {}, {})
    assert urgent_words(material) == words, comment
