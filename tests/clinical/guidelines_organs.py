"""The guideline additions about heart, vessels, lungs and belly, read a second time; not the rules of the rule book."""

from .case import Case, Row
from .terms import (
    aortic_risk,
    belly_pain,
    breath_pain_exempt,
    clot_risk,
    coughs_blood,
    nerve_sign,
    pregnant_from_20,
    severe,
    sick,
    sudden,
    vomits,
)


def _dissection_pain(c: Case) -> bool:
    return severe(c) and c.any_of("max-at-onset tearing")


def _dissection_exempt(c: Case) -> bool:
    reassured = c.yes("tender-to-touch") and c.yes("mechanical") and c.under("age", 40)
    against = c.any_of("constant-at-rest hx-hypertension chest-pain syncope sweating")
    return reassured and not (against or aortic_risk(c) or belly_pain(c) or nerve_sign(c))


def _acs(c: Case) -> bool:
    adult = c.at_least("age", 18) and c.any_of("sweating syncope jaw-arm-pressure")
    return adult or (c.yes("exertional") and c.yes("exertional-change"))


def grave_nausea(c: Case) -> bool:
    """Say whether nausea or vomiting comes with a sign or risk that makes it grave (GL-nausea-mix)."""
    no_meal_pattern = not c.yes("after-meals") and (c.yes("hx-diabetes") or c.at_least("age", 50))
    pain = sudden(c) or severe(c) or c.yes("chest-pain") or belly_pain(c)
    return sick(c) and (pain or no_meal_pattern or pregnant_from_20(c) or c.any_of("sweating syncope"))


def other_nausea(c: Case) -> bool:
    """Say whether nausea or vomiting lacks one of the reassurances that would leave it out (GL-nausea-mix)."""
    reassured = c.yes("recurrent") and c.yes("after-meals") and c.under("severity-now", 4) and c.under("age", 50)
    return sick(c) and not (reassured and not c.yes("hx-diabetes") and not vomits(c))


def _urinary_or_flank(c: Case) -> bool:
    return c.any_of("flank-groin haematuria dysuria")


def _grave_kidney(c: Case) -> bool:
    sign = c.any_of("fever rigors pregnant hx-single-kidney hx-kidney urinary-retention") or vomits(c)
    return (_urinary_or_flank(c) and sign) or (c.yes("flank-groin") and c.at_least("age", 60))


def _aneurysm(c: Case) -> bool:
    place = belly_pain(c) or c.any_of("flank-groin low-thoracic")
    return c.at_least("age", 60) and sudden(c) and place and c.any_of("syncope sweating hx-aneurysm")


def _spleen(c: Case) -> bool:
    place = c.any_of("interscapular shoulder-tip")
    return sudden(c) and place and (c.any_of("blow-left-side syncope") or belly_pain(c))


HEART_AND_VESSELS: tuple[Row, ...] = (
    Row(
        "GL-dissection.ambulance",
        "HSIB20",
        "ambulance",
        lambda c: _dissection_pain(c) and not _dissection_exempt(c),
    ),
    Row(
        "GL-dissection.emergency",
        "HSIB20",
        "emergency",
        lambda c: _dissection_pain(c) or c.yes("tearing"),
    ),
    Row("GL-dissection-risk", "HSIB20", "ambulance", lambda c: (sudden(c) or severe(c)) and aortic_risk(c)),
    Row("GL-acs", "AHA21", "ambulance", _acs),
    Row(
        "GL-exertional.emergency",
        "AHA21",
        "emergency",
        lambda c: c.yes("exertional") and c.yes("exertional-change"),
    ),
    Row("GL-exertional.within-24h", "AHA21", "within-24h", lambda c: c.yes("exertional")),
    Row("GL-sudden-severe", "HSIB20", "emergency", lambda c: sudden(c) and severe(c)),
    Row("GL-palpitations.emergency", "PROJECT", "emergency", lambda c: c.yes("palpitations")),
    Row(
        "GL-palpitations.ambulance",
        "PROJECT",
        "ambulance",
        lambda c: c.yes("palpitations") and c.any_of("syncope dyspnoea chest-pain"),
    ),
    Row("GL-aaa.ambulance", "PROJECT", "ambulance", _aneurysm),
    Row(
        "GL-aaa.emergency",
        "PROJECT",
        "emergency",
        lambda c: c.at_least("age", 60) and c.yes("flank-groin"),
    ),
)

LUNGS: tuple[Row, ...] = (
    Row("GL-pe-risk", "AFP-PL", "emergency", lambda c: c.yes("worse-deep-breath") and clot_risk(c)),
    Row(
        "GL-pleuritic",
        "AFP-PL",
        "within-24h",
        lambda c: c.yes("worse-deep-breath") and not breath_pain_exempt(c),
    ),
    Row(
        "GL-pneumothorax",
        "AFP-PL",
        "emergency",
        lambda c: c.yes("worse-deep-breath") and sudden(c) and not c.yes("tender-to-touch"),
    ),
    Row("GL-haemoptysis.emergency", "PROJECT", "emergency", coughs_blood),
    Row(
        "GL-haemoptysis.ambulance",
        "PROJECT",
        "ambulance",
        lambda c: c.yes("haemoptysis-more") or (coughs_blood(c) and c.any_of("dyspnoea syncope")),
    ),
    Row("GL-dvt.within-24h", "PROJECT", "within-24h", lambda c: c.yes("calf-swelling")),
    Row(
        "GL-dvt.emergency",
        "PROJECT",
        "emergency",
        lambda c: c.yes("calf-swelling") and c.any_of("worse-deep-breath dyspnoea syncope"),
    ),
)

BELLY: tuple[Row, ...] = (
    Row("GL-nausea-mix.emergency", "AHA21", "emergency", grave_nausea),
    Row("GL-nausea-mix.within-24h", "AHA21", "within-24h", other_nausea),
    Row("GL-gi-bleed.emergency", "PROJECT", "emergency", lambda c: c.yes("gi-bleeding")),
    Row(
        "GL-gi-bleed.ambulance",
        "PROJECT",
        "ambulance",
        lambda c: c.yes("vomiting-blood") or (c.yes("gi-bleeding") and c.yes("syncope")),
    ),
    Row(
        "GL-cholangitis",
        "PROJECT",
        "emergency",
        lambda c: c.yes("jaundice") and c.any_of("abdominal-pain fever"),
    ),
    Row("GL-jaundice", "PROJECT", "within-24h", lambda c: c.yes("jaundice")),
    Row("GL-kidney.within-24h", "PROJECT", "within-24h", _urinary_or_flank),
    Row("GL-kidney.emergency", "PROJECT", "emergency", _grave_kidney),
    Row("GL-swallow.appointment", "NG12", "appointment", lambda c: c.yes("dysphagia")),
    Row(
        "GL-swallow.emergency",
        "NG12",
        "emergency",
        lambda c: c.any_of("dysphagia-total after-violent-vomiting"),
    ),
    Row(
        "GL-pancreas",
        "PROJECT",
        "emergency",
        lambda c: c.yes("abdominal-pain") and (severe(c) or c.any_of("better-leaning-forward repeated-vomiting")),
    ),
    Row("GL-spleen", "PROJECT", "emergency", _spleen),
)

ORGANS: tuple[Row, ...] = HEART_AND_VESSELS + LUNGS + BELLY
