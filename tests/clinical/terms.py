"""The defined terms of the clinical guidance as plain predicates, and its derivations; no level is decided here."""

from .case import Case, Value

DERIVED: tuple[tuple[str, str], ...] = (
    ("arm-weak-severe", "arm-weak"),
    ("breath-spike", "worse-deep-breath"),
    ("left-side", "one-sided"),
    ("right-side", "one-sided"),
    ("burning-strip", "burning"),
    ("max-at-onset", "sudden-onset"),
    ("night-waking", "sleep-disrupted"),
    ("hx-connective", "hx-aortic-family"),
    ("fever-felt", "fever"),
)
"""Present on the left makes present on the right. No result is a cause of another, so one pass is enough."""


def complete(case: Case) -> Case:
    """Return the case with every derived finding.

    A fever that was answered yes stays present whatever the thermometer says: the more dangerous reading counts.
    """
    values: dict[str, Value] = dict(case.values)
    for cause, result in DERIVED:
        if case.yes(cause):
            values[result] = True
    if case.at_least("temperature", 38):
        values["fever"] = True
    values["low-temperature"] = case.under("temperature", 36)
    return Case(values)


# Pain and its course.
def severe(c: Case) -> bool:
    return c.at_least("severity-now", 7) or c.at_least("severity-onset", 7)


def sudden(c: Case) -> bool:
    return c.any_of("sudden-onset max-at-onset")


def persistent(c: Case) -> bool:
    return c.at_least("duration-days", 7) or c.yes("constant-at-rest")


def worsening(c: Case) -> bool:
    return c.any_of("worsening worsening-rapidly")


def injury(c: Case) -> bool:
    return c.any_of("trauma-major trauma-minor blow-left-side rib-shoulder-injury")


def recent_injury(c: Case, days: int) -> bool:
    """Say whether an injury is at most so many days old; an injury without a date counts as recent."""
    return injury(c) and not c.over("trauma-days", days)


def clear_mechanical_cause(c: Case) -> bool:
    loaded = c.any_of("strain-event posture-load repetitive-load")
    return loaded and c.any_of("mechanical tender-to-touch") and not injury(c)


def clear_strain(c: Case) -> bool:
    return c.yes("strain-event") and clear_mechanical_cause(c)


def radiating(c: Case) -> bool:
    return c.any_of("neck-shoulder-spread arm-spread")


# Signs.
def nerve_sign(c: Case) -> bool:
    return c.any_of(
        "arm-numb arm-weak leg-numb leg-weak saddle-numb trunk-numb unsteady-gait urinary-retention "
        "bladder-incontinence bowel-incontinence electric-shock"
    )


def neurological(c: Case) -> bool:
    """Say whether there is a nerve sign or another finding that any reader calls neurological."""
    return nerve_sign(c) or c.any_of("cannot-walk trunk-numb-strip stroke-signs confusion")


def limb_or_cord_change(c: Case) -> bool:
    return nerve_sign(c) or c.any_of("cannot-walk trunk-numb-strip leg-both-sides")


def leg_change(c: Case) -> bool:
    return c.any_of("leg-numb leg-weak leg-both-sides cannot-walk")


def bladder_change(c: Case) -> bool:
    return c.any_of("urinary-retention bladder-incontinence")


def sphincter_change(c: Case) -> bool:
    return bladder_change(c) or c.yes("bowel-incontinence")


def leg_weakness(c: Case) -> bool:
    return c.any_of("leg-weak cannot-walk")


def weak_in_both_arms(c: Case) -> bool:
    return c.yes("arm-weak") and c.yes("arm-both-sides")


def belly_pain(c: Case) -> bool:
    return c.any_of("abdominal-pain pelvic-pain severe-abdo-tenderness")


def vomits(c: Case) -> bool:
    return c.any_of("vomiting repeated-vomiting vomiting-blood")


def sick(c: Case) -> bool:
    return c.yes("nausea") or vomits(c)


def coughs_blood(c: Case) -> bool:
    return c.any_of("haemoptysis haemoptysis-more")


def rash(c: Case) -> bool:
    return c.any_of("rash rash-blisters")


def unusual_or_systemic(c: Case) -> bool:
    return c.any_of("weight-loss fatigue feels-unwell fever rigors night-waking") or rash(c)


def heart_or_lung_alarm(c: Case) -> bool:
    """Say whether a sign could come from a heart attack or a clot in the lung (CC-911-mi-pe, the list is ours)."""
    clot = c.yes("calf-swelling") and c.yes("worse-deep-breath")
    return c.any_of("sweating syncope jaw-arm-pressure") or coughs_blood(c) or clot


# Risks.
def pregnant_from_20(c: Case) -> bool:
    return c.yes("pregnant") and not c.under("gestation-weeks", 20)


def pregnant_before_20(c: Case) -> bool:
    return (c.yes("pregnant") and not c.at_least("gestation-weeks", 20)) or c.yes("possibly-pregnant")


def six_weeks_after_birth(c: Case) -> bool:
    return c.yes("postpartum") and not c.over("postpartum-weeks", 6)


def clot_risk(c: Case) -> bool:
    history = c.any_of("hx-vte hx-immobility-surgery hx-oestrogen hx-cancer pregnant postpartum")
    return history or c.yes("calf-swelling") or coughs_blood(c)


def grave_infection_risk(c: Case) -> bool:
    return c.any_of("hx-immunosuppressed hx-ivdu hx-spinal-procedure")


def infection_risk(c: Case) -> bool:
    return grave_infection_risk(c) or c.any_of("hx-diabetes hx-dialysis-line hx-recent-infection")


def aortic_risk(c: Case) -> bool:
    return c.any_of("hx-aortic-family hx-connective hx-aneurysm")


def second_sign_of_fever(c: Case) -> bool:
    sign = c.any_of(
        "feels-unwell rigors constant-at-rest night-waking midline-bony neck-stiff cough worse-deep-breath "
        "flank-groin dysuria jaundice abdominal-pain"
    )
    risk = infection_risk(c) or c.any_of("hx-cancer hx-sickle pregnant postpartum")
    age = c.under("age", 18) or c.at_least("age", 65)
    return sign or risk or age or vomits(c) or rash(c) or nerve_sign(c)


def another_sign_of_dizziness(c: Case) -> bool:
    sign = c.any_of("headache headache-severe headache-sudden palpitations worse-deep-breath gi-bleeding")
    return sign or sick(c) or nerve_sign(c) or severe(c) or c.any_of("pregnant hx-anticoagulant")


def breath_pain_exempt(c: Case) -> bool:
    """Say whether pain on breathing is explained by a strain and nothing speaks against it (GL-pleuritic)."""
    reassured = c.yes("tender-to-touch") and c.yes("strain-event")
    mild = not (c.over("severity-now", 3) or c.over("severity-onset", 3))
    against = clot_risk(c) or c.any_of("cough fever syncope dyspnoea breath-spike")
    return reassured and mild and not against
