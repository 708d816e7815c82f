"""The conditions of the three articles, read a second time from the statements; not the rules of the rule book."""

from .case import Case, Condition, Level, Row
from .terms import (
    heart_or_lung_alarm,
    injury,
    leg_weakness,
    neurological,
    persistent,
    radiating,
    severe,
    sick,
    sudden,
    unusual_or_systemic,
    weak_in_both_arms,
    worsening,
)


def _row(statement: str, level: Level, holds: Condition) -> Row:
    return Row(statement, statement[:2], level, holds)


def tingling_that_radiates(c: Case) -> bool:
    """Say whether the pain spreads to shoulder or arm with tingling or numbness (GM-radiating)."""
    return radiating(c) and c.any_of("arm-numb tingling")


def sharp_after_activity(c: Case) -> bool:
    """Say whether a sudden sharp pain followed physical activity (GM-pat-sharp)."""
    return c.yes("sharp") and (c.yes("after-activity") or (sudden(c) and c.yes("strain-event")))


def lasting_pain_on_coughing(c: Case) -> bool:
    """Say whether there is persistent pain on coughing (GM-pat-cough)."""
    return c.yes("worse-cough-sneeze") and persistent(c)


def _neck(c: Case) -> bool:
    arm = c.any_of("arm-spread arm-numb arm-weak tingling")
    stiff = persistent(c) and c.any_of("limited-movement neck-stiff")
    return c.any_of("neck-spread neck-shoulder-spread") and (arm or stiff)


def _cord_or_nerve(c: Case) -> bool:
    both_legs = c.yes("leg-both-sides") and c.any_of("leg-weak leg-numb")
    return both_legs or weak_in_both_arms(c) or c.any_of("saddle-numb unsteady-gait trunk-numb cannot-walk")


def _cared_for(c: Case) -> bool:
    return c.yes("not-responding") or bool(c.chosen("tried") - {"none"})


GENERAL_MEDICINE: tuple[Row, ...] = (
    _row("GM-stiff", "self-care", lambda c: c.yes("stiffness-spasm")),
    _row("GM-radiating", "within-24h", tingling_that_radiates),
    _row("GM-breath", "within-24h", lambda c: c.yes("worse-deep-breath") and c.any_of("dyspnoea fever")),
    _row(
        "GM-burning",
        "appointment",
        lambda c: c.any_of("burning sharp") and (persistent(c) or unusual_or_systemic(c)),
    ),
    _row("GM-cancer", "appointment", lambda c: persistent(c) or worsening(c) or unusual_or_systemic(c)),
    _row("GM-pat-severe", "emergency", lambda c: severe(c) and (c.any_of("dyspnoea chest-pain") or neurological(c))),
    _row("GM-pat-sharp", "appointment", sharp_after_activity),
    _row(
        "GM-pat-burning-rash",
        "appointment",
        lambda c: c.yes("burning") and (unusual_or_systemic(c) or c.yes("rash-nonblanching")),
    ),
    _row("GM-pat-inhale", "within-24h", lambda c: c.yes("worse-deep-breath")),
    _row("GM-pat-cough", "appointment", lasting_pain_on_coughing),
    _row("GM-pat-right", "self-care", lambda c: c.yes("right-side") and (severe(c) or persistent(c))),
    _row("GM-pat-neck", "appointment", _neck),
    _row("GM-pat-pregnancy", "self-care", lambda c: c.yes("pregnant")),
    _row("GM-pat-preeclampsia", "within-24h", lambda c: c.yes("pregnant") and (severe(c) or persistent(c))),
    _row(
        "GM-pat-cough-sick",
        "appointment",
        lambda c: lasting_pain_on_coughing(c) and c.any_of("fever dyspnoea"),
    ),
    _row("GM-er-sudden", "emergency", lambda c: sudden(c) and severe(c) and c.yes("worsening-rapidly")),
    _row("GM-er-bladder", "emergency", lambda c: c.any_of("bladder-incontinence bowel-incontinence")),
    _row("GM-er-arm-weakness", "emergency", lambda c: c.yes("arm-weak-severe")),
    _row("GM-er-breath", "emergency", lambda c: c.yes("dyspnoea")),
    _row("GM-er-chest", "emergency", lambda c: c.yes("chest-pain")),
    _row("GM-er-dizzy", "emergency", lambda c: c.yes("dizziness")),
    _row("GM-er-nausea", "emergency", sick),
    _row("GM-er-fever", "emergency", lambda c: c.yes("fever")),
    _row("GM-er-abdomen", "emergency", lambda c: c.yes("severe-abdo-tenderness")),
    # More than two weeks is over 14 days: the fourteenth day is not yet more.
    _row("GM-dr-2weeks", "appointment", lambda c: c.over("duration-days", 14)),
    _row("GM-dr-worse", "appointment", worsening),
    _row("GM-dr-neuro-arm", "appointment", lambda c: c.yes("arm-numb")),
    _row("GM-dr-disrupts", "appointment", lambda c: c.any_of("interferes sleep-disrupted")),
    _row("GM-dr-weak-arm", "appointment", lambda c: c.yes("arm-weak")),
    _row("GM-dr-despite-care", "appointment", lambda c: worsening(c) and _cared_for(c)),
)

CLEVELAND_CLINIC: tuple[Row, ...] = (
    _row("CC-911-breath", "ambulance", lambda c: c.yes("dyspnoea")),
    _row("CC-911-chest", "ambulance", lambda c: c.yes("chest-pain")),
    _row("CC-911-mi-pe", "ambulance", heart_or_lung_alarm),
    _row("CC-er-leg-weakness", "emergency", leg_weakness),
    _row("CC-er-incontinence", "emergency", lambda c: c.any_of("bladder-incontinence bowel-incontinence")),
    _row("CC-er-retention", "emergency", lambda c: c.yes("urinary-retention")),
    _row("CC-er-cord", "emergency", _cord_or_nerve),
    _row("CC-er-mi-pe", "emergency", heart_or_lung_alarm),
    _row("CC-dr-1week", "appointment", lambda c: c.at_least("duration-days", 7) and not c.yes("improving")),
    _row("CC-dr-neuro-leg", "appointment", lambda c: c.any_of("leg-numb saddle-numb")),
    _row("CC-dr-fever", "appointment", lambda c: c.yes("fever")),
    _row("CC-dr-weight", "appointment", lambda c: c.yes("weight-loss")),
)

SPINE_SITE: tuple[Row, ...] = (
    _row("SP-breath-severe", "emergency", lambda c: c.yes("worse-deep-breath") and severe(c)),
    # For sudden severe pain, persistent means still 7 or more now.
    _row("SP-dr-sudden", "within-24h", lambda c: sudden(c) and c.at_least("severity-now", 7)),
    _row("SP-dr-worse", "appointment", worsening),
    _row("SP-dr-1week", "appointment", lambda c: c.at_least("duration-days", 7)),
    _row("SP-dr-disrupts", "appointment", lambda c: c.yes("interferes")),
    _row("SP-dr-refractory", "appointment", lambda c: c.yes("not-responding")),
    _row("SP-dr-neuro", "within-24h", lambda c: c.any_of("arm-numb leg-numb arm-weak") or leg_weakness(c)),
    _row("SP-dr-trauma", "within-24h", injury),
    _row("SP-care-doubt", "appointment", lambda c: persistent(c) or c.yes("interferes")),
    _row("SP-pe-faint", "emergency", lambda c: c.yes("syncope")),
    _row("SP-pe-breath", "emergency", lambda c: c.yes("dyspnoea")),
    _row("SP-pe-spike", "emergency", lambda c: c.yes("breath-spike")),
    _row("SP-dr-shock", "within-24h", lambda c: c.yes("electric-shock")),
    _row("SP-dr-bladder", "within-24h", lambda c: c.any_of("bladder-incontinence bowel-incontinence")),
)

ARTICLES: tuple[Row, ...] = GENERAL_MEDICINE + CLEVELAND_CLINIC + SPINE_SITE
