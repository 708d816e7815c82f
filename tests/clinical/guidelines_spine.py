"""The guideline additions about nerves, cord, bones and the pain itself, read a second time; not the rule book."""

from .case import Case, Row
from .terms import (
    bladder_change,
    clear_mechanical_cause,
    clear_strain,
    injury,
    leg_change,
    leg_weakness,
    limb_or_cord_change,
    nerve_sign,
    neurological,
    persistent,
    recent_injury,
    severe,
    sphincter_change,
    sudden,
    unusual_or_systemic,
    weak_in_both_arms,
    worsening,
)


def _electric_cord_sign(c: Case) -> bool:
    limb = c.any_of("arm-weak arm-numb leg-numb") or leg_weakness(c)
    return c.yes("electric-shock") and (limb or bladder_change(c))


def unstable_fracture(c: Case) -> bool:
    """Say whether a serious accident of the last 72 hours needs lying still (GL-fracture-major, ambulance)."""
    sign = severe(c) or nerve_sign(c) or c.any_of("midline-bony hx-spine dyspnoea cannot-walk")
    return c.yes("trauma-major") and recent_injury(c, 3) and (sign or c.at_least("age", 65))


def fragile_fracture(c: Case) -> bool:
    """Say whether a weak bone may have broken, or the back changed its shape (GL-fracture-minor)."""
    weak_bone = c.any_of("hx-osteoporosis hx-steroid") or c.at_least("age", 65)
    load = injury(c) or sudden(c) or c.any_of("strain-event cough-at-onset midline-bony")
    return (weak_bone and load) or c.yes("deformity-lump")


def _child_today(c: Case) -> bool:
    signs = persistent(c) or worsening(c) or unusual_or_systemic(c) or neurological(c)
    return c.under("age", 10) or (c.under("age", 18) and signs)


def _fit_for_self_care(c: Case) -> bool:
    mild = not severe(c) and c.at_least("age", 18)
    short = c.under("duration-days", 7) or (c.yes("improving") and c.under("duration-days", 14))
    return mild and short and clear_mechanical_cause(c)


NERVES: tuple[Row, ...] = (
    Row(
        "GL-saddle",
        "NHS-BP",
        "emergency",
        lambda c: c.any_of("saddle-numb leg-both-sides") or weak_in_both_arms(c),
    ),
    Row("GL-cord", "NG234", "emergency", lambda c: c.any_of("unsteady-gait trunk-numb") or _electric_cord_sign(c)),
    Row("GL-cannot-walk", "NG234", "ambulance", lambda c: c.yes("cannot-walk")),
    Row("GL-leg-sensory.within-24h", "NG234", "within-24h", lambda c: c.yes("leg-numb")),
    Row(
        "GL-leg-sensory.emergency",
        "NG234",
        "emergency",
        lambda c: c.yes("leg-numb") and (sphincter_change(c) or c.any_of("unsteady-gait leg-both-sides hx-cancer")),
    ),
    Row("GL-band.within-24h", "NG234", "within-24h", lambda c: c.any_of("band-like trunk-numb-strip")),
    Row(
        "GL-band.emergency",
        "NG234",
        "emergency",
        lambda c: (
            c.any_of("band-like trunk-numb-strip") and (leg_change(c) or sphincter_change(c) or c.yes("unsteady-gait"))
        ),
    ),
    Row("GL-arms-numb.within-24h", "NHS-BP", "within-24h", lambda c: c.yes("arm-numb") and c.yes("arm-both-sides")),
    Row(
        "GL-arms-numb.emergency",
        "NHS-BP",
        "emergency",
        lambda c: (
            c.yes("arm-numb")
            and c.yes("arm-both-sides")
            and (leg_change(c) or sphincter_change(c) or c.yes("unsteady-gait"))
        ),
    ),
    Row("GL-stroke", "PROJECT", "ambulance", lambda c: c.any_of("stroke-signs headache-sudden")),
)

BONES: tuple[Row, ...] = (
    Row("GL-fracture-major.emergency", "PROJECT", "emergency", lambda c: c.yes("trauma-major")),
    Row("GL-fracture-major.ambulance", "PROJECT", "ambulance", unstable_fracture),
    Row("GL-fracture-minor", "ACR24", "within-24h", fragile_fracture),
    Row(
        "GL-haematoma",
        "PROJECT",
        "emergency",
        lambda c: c.yes("hx-anticoagulant") and (sudden(c) or severe(c) or injury(c) or nerve_sign(c)),
    ),
    Row("GL-cancer.within-24h", "NG234", "within-24h", lambda c: c.yes("hx-cancer")),
    Row("GL-cancer.emergency", "NG234", "emergency", lambda c: c.yes("hx-cancer") and limb_or_cord_change(c)),
    Row("GL-cancer-age", "NG12", "appointment", lambda c: c.at_least("age", 60) and c.yes("weight-loss")),
)

PAIN: tuple[Row, ...] = (
    Row("GL-child.within-24h", "AFP-CH", "within-24h", _child_today),
    Row("GL-child.appointment", "AFP-CH", "appointment", lambda c: c.under("age", 18)),
    Row("GL-elder", "IFOMPT", "appointment", lambda c: c.at_least("age", 65) and not clear_strain(c)),
    Row("GL-inflammatory", "NG59", "appointment", lambda c: c.yes("morning-stiff-better-moving")),
    Row("GL-selfcare-gate", "NHS-BP", "appointment", lambda c: not _fit_for_self_care(c)),
    Row(
        "GL-night.within-24h",
        "NHS-BP",
        "within-24h",
        lambda c: c.yes("constant-at-rest") and c.yes("night-waking"),
    ),
    Row("GL-night.appointment", "NHS-BP", "appointment", lambda c: c.any_of("constant-at-rest night-waking")),
)

SPINE: tuple[Row, ...] = NERVES + BONES + PAIN
