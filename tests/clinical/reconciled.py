"""The reconciled rows of the guidance, and which article rows each replaces; not the policies of the engine."""

from collections.abc import Mapping

from .articles import lasting_pain_on_coughing, sharp_after_activity, tingling_that_radiates
from .case import Case, Condition, Reconciled
from .guidelines_organs import grave_nausea, other_nausea
from .guidelines_spine import unstable_fracture
from .terms import (
    another_sign_of_dizziness,
    breath_pain_exempt,
    clear_mechanical_cause,
    clot_risk,
    injury,
    leg_weakness,
    persistent,
    radiating,
    rash,
    second_sign_of_fever,
    severe,
    sick,
    sphincter_change,
    sudden,
    unusual_or_systemic,
    weak_in_both_arms,
    worsening,
)


def _not_improving(c: Case) -> bool:
    return c.at_least("duration-days", 7) and not (c.yes("improving") and c.under("duration-days", 14))


def _numb_today(c: Case) -> bool:
    arm = c.yes("arm-numb") and (radiating(c) or c.any_of("arm-both-sides arm-weak") or worsening(c))
    return c.yes("leg-numb") or arm or tingling_that_radiates(c)


def _grave_breath_pain(c: Case) -> bool:
    grave = clot_risk(c) or c.any_of("dyspnoea syncope") or (sudden(c) and not c.yes("tender-to-touch"))
    return c.yes("worse-deep-breath") and grave


def _sharp_between_blades(c: Case) -> bool:
    return sudden(c) and c.yes("sharp") and c.yes("interscapular")


RECONCILED: tuple[Reconciled, ...] = (
    Reconciled("no improvement", "appointment", _not_improving),
    Reconciled("sudden severe", "emergency", lambda c: sudden(c) and severe(c)),
    Reconciled("bladder, bowel", "emergency", sphincter_change),
    Reconciled(
        "weakness",
        "emergency",
        lambda c: leg_weakness(c) or weak_in_both_arms(c) or c.yes("arm-weak-severe"),
    ),
    Reconciled("weakness", "within-24h", lambda c: c.yes("arm-weak")),
    Reconciled(
        "numbness, tingling",
        "emergency",
        lambda c: c.yes("saddle-numb") or (c.yes("leg-numb") and c.yes("leg-both-sides")),
    ),
    Reconciled("numbness, tingling", "within-24h", _numb_today),
    Reconciled("numbness, tingling", "appointment", lambda c: c.yes("arm-numb")),
    Reconciled("fever", "emergency", lambda c: c.yes("fever") and second_sign_of_fever(c)),
    Reconciled("fever", "within-24h", lambda c: c.yes("fever")),
    Reconciled("pain on a deep breath", "emergency", _grave_breath_pain),
    Reconciled(
        "pain on a deep breath",
        "within-24h",
        lambda c: c.yes("worse-deep-breath") and not breath_pain_exempt(c),
    ),
    Reconciled(
        "breathless, faint",
        "ambulance",
        lambda c: c.yes("syncope") or (c.yes("dyspnoea") and not c.yes("dyspnoea-longstanding")),
    ),
    Reconciled("breathless, faint", "within-24h", lambda c: c.yes("dyspnoea")),
    Reconciled(
        "dizziness",
        "emergency",
        lambda c: c.yes("dizziness") and (not c.yes("dizziness-standing") or another_sign_of_dizziness(c)),
    ),
    Reconciled("dizziness", "within-24h", lambda c: c.yes("dizziness")),
    Reconciled("chest pain", "ambulance", lambda c: c.yes("chest-pain")),
    Reconciled("nausea", "emergency", grave_nausea),
    Reconciled("nausea", "within-24h", other_nausea),
    Reconciled("nausea", "appointment", sick),
    Reconciled("abdominal tenderness", "emergency", lambda c: c.yes("severe-abdo-tenderness")),
    Reconciled("weight loss", "appointment", lambda c: c.yes("weight-loss")),
    Reconciled("injury", "ambulance", unstable_fracture),
    Reconciled("injury", "emergency", lambda c: c.yes("trauma-major")),
    Reconciled("injury", "within-24h", injury),
    Reconciled("injury", "appointment", sharp_after_activity),
    Reconciled("burning pain with rash", "within-24h", lambda c: c.yes("burning") and rash(c)),
    Reconciled("cough pain, lasting", "within-24h", lambda c: lasting_pain_on_coughing(c) and c.yes("fever")),
    Reconciled("cough pain, lasting", "appointment", lasting_pain_on_coughing),
    Reconciled("worsening", "within-24h", lambda c: worsening(c) and (severe(c) or c.yes("night-waking"))),
    Reconciled("worsening", "appointment", worsening),
    Reconciled(
        "pregnancy, severe or lasting",
        "within-24h",
        lambda c: c.yes("pregnant") and (severe(c) or persistent(c)),
    ),
    Reconciled("sudden sharp between the blades", "emergency", lambda c: _sharp_between_blades(c) and severe(c)),
    Reconciled(
        "sudden sharp between the blades",
        "within-24h",
        lambda c: _sharp_between_blades(c) and not clear_mechanical_cause(c),
    ),
)

REPLACED: Mapping[str, tuple[str, ...]] = {
    "no improvement": ("GM-dr-2weeks", "CC-dr-1week", "SP-dr-1week"),
    "sudden severe": ("GM-er-sudden", "SP-dr-sudden"),
    "bladder, bowel": ("GM-er-bladder", "CC-er-incontinence", "CC-er-retention", "SP-dr-bladder"),
    # SP-dr-neuro names numbness and weakness; the two topics together cover all of it.
    "weakness": ("GM-dr-weak-arm", "GM-er-arm-weakness", "CC-er-leg-weakness", "SP-dr-neuro"),
    "numbness, tingling": ("GM-dr-neuro-arm", "GM-radiating", "CC-dr-neuro-leg"),
    "fever": ("GM-er-fever", "CC-dr-fever"),
    "pain on a deep breath": ("GM-breath", "GM-pat-inhale", "SP-breath-severe", "SP-pe-spike"),
    "breathless, faint": ("GM-er-breath", "CC-911-breath", "SP-pe-faint", "SP-pe-breath"),
    "dizziness": ("GM-er-dizzy",),
    "chest pain": ("GM-er-chest", "CC-911-chest"),
    "nausea": ("GM-er-nausea", "GM-pat-right"),
    "abdominal tenderness": ("GM-er-abdomen",),
    "weight loss": ("CC-dr-weight",),
    "injury": ("GM-pat-sharp", "SP-dr-trauma"),
    "burning pain with rash": ("GM-pat-burning-rash",),
    "cough pain, lasting": ("GM-pat-cough", "GM-pat-cough-sick"),
    "worsening": ("GM-dr-worse", "SP-dr-worse", "GM-dr-despite-care"),
    "pregnancy, severe or lasting": ("GM-pat-preeclampsia",),
    "sudden sharp between the blades": (),
}
"""Topic -> the article rows that its reconciled row stands in place of."""

REMAINDERS: Mapping[str, Condition] = {
    "GM-cancer": unusual_or_systemic,
    "GM-burning": lambda c: c.any_of("burning sharp") and unusual_or_systemic(c),
    "SP-care-doubt": lambda c: c.yes("interferes"),
}
"""What is left of a row whose other parts belong to the topics no improvement and worsening."""
