"""The guideline additions about infection, general illness and pregnancy, read a second time; not the rule book."""

from .case import Case, Row
from .terms import (
    belly_pain,
    grave_infection_risk,
    infection_risk,
    nerve_sign,
    persistent,
    pregnant_before_20,
    pregnant_from_20,
    rash,
    severe,
    six_weeks_after_birth,
    vomits,
    worsening,
)


def _infection_now(c: Case) -> bool:
    hot_or_cold = c.any_of("fever rigors low-temperature")
    return (hot_or_cold and infection_risk(c)) or (c.yes("feels-unwell") and grave_infection_risk(c))


def _sepsis(c: Case) -> bool:
    return c.yes("fever") and (c.any_of("neck-stiff confusion rigors jaundice dyspnoea") or nerve_sign(c))


def _spinal_procedure(c: Case) -> bool:
    sign = c.any_of("fever feels-unwell") or worsening(c) or nerve_sign(c)
    return c.yes("hx-spinal-procedure") and sign


def _preeclampsia(c: Case) -> bool:
    sign = c.any_of("headache-severe headache-sudden visual-disturbance abdominal-pain face-hand-swelling")
    return (pregnant_from_20(c) or six_weeks_after_birth(c)) and (sign or vomits(c))


def _ectopic(c: Case) -> bool:
    sign = c.any_of("shoulder-tip vaginal-bleeding syncope dizziness") or belly_pain(c)
    return pregnant_before_20(c) and sign


def _calcium(c: Case) -> bool:
    risk = c.any_of("fatigue confusion weight-loss hx-cancer") or c.at_least("age", 60)
    return c.any_of("thirst constipation") and risk


def _lung_cancer(c: Case) -> bool:
    sign = c.any_of("cough fatigue dyspnoea weight-loss") or persistent(c)
    return c.at_least("age", 40) and c.yes("hx-smoker") and sign


INFECTION: tuple[Row, ...] = (
    Row("GL-infection.emergency", "IFOMPT", "emergency", _infection_now),
    Row("GL-infection.within-24h", "IFOMPT", "within-24h", lambda c: c.yes("feels-unwell") and infection_risk(c)),
    Row(
        "GL-infection-risk",
        "IFOMPT",
        "within-24h",
        lambda c: c.any_of("constant-at-rest night-waking midline-bony") and infection_risk(c),
    ),
    Row("GL-sepsis", "PROJECT", "emergency", _sepsis),
    Row("GL-spinal-procedure", "IFOMPT", "emergency", _spinal_procedure),
    Row("GL-shingles.within-24h", "PROJECT", "within-24h", rash),
    Row(
        "GL-shingles.emergency",
        "PROJECT",
        "emergency",
        lambda c: rash(c) and c.yes("hx-immunosuppressed") and c.any_of("fever feels-unwell"),
    ),
    Row(
        "GL-confusion",
        "PROJECT",
        "ambulance",
        lambda c: c.yes("confusion") or (c.yes("fever") and c.yes("rash-nonblanching")),
    ),
)

GENERAL: tuple[Row, ...] = (
    Row(
        "GL-sickle",
        "PROJECT",
        "emergency",
        lambda c: c.yes("hx-sickle") and (severe(c) or c.any_of("fever cough dyspnoea")),
    ),
    Row("GL-myeloma", "PROJECT", "within-24h", _calcium),
    Row("GL-smoker", "PROJECT", "appointment", _lung_cancer),
)

PREGNANCY: tuple[Row, ...] = (
    Row("GL-preeclampsia", "NG133", "emergency", _preeclampsia),
    Row("GL-ectopic.emergency", "PROJECT", "emergency", _ectopic),
    Row("GL-ectopic.ambulance", "PROJECT", "ambulance", lambda c: pregnant_before_20(c) and c.yes("syncope")),
    Row(
        "GL-abruption",
        "PROJECT",
        "emergency",
        lambda c: pregnant_from_20(c) and c.any_of("vaginal-bleeding pregnancy-alarm"),
    ),
)

ILLNESS: tuple[Row, ...] = INFECTION + GENERAL + PREGNANCY
