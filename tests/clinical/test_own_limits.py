"""The independent conditions at their limits, as examples; every expected level says which words it comes from."""

import pytest

from .case import Level
from .example_case import case_of
from .level_oracle import reconciled, source, strictest
from .own_conditions import row_level, topic_level, withheld


@pytest.mark.parametrize(
    ("present", "derived"),
    [
        ("arm-weak-severe", "arm-weak"),
        ("breath-spike", "worse-deep-breath"),
        ("left-side", "one-sided"),
        ("right-side", "one-sided"),
        ("burning-strip", "burning"),
        ("max-at-onset", "sudden-onset"),
        ("night-waking", "sleep-disrupted"),
        ("hx-connective", "hx-aortic-family"),
        ("fever-felt", "fever"),
    ],
)
def test_a_finding_that_implies_another_makes_it_present(present: str, derived: str) -> None:
    assert not case_of().yes(derived)
    assert case_of(present).yes(derived)


@pytest.mark.parametrize(
    ("temperature", "present", "fever", "low"),
    [
        ("35.9", "", False, True),  # below 36
        ("36", "", False, False),
        ("37.9", "", False, False),
        ("38.0", "", True, False),  # 38.0 or more
        ("37.0", "fever-felt", True, False),  # felt counts whatever was measured
        ("37.0", "fever", True, False),  # a contradiction: the more dangerous reading counts
    ],
)
def test_temperature_makes_fever_and_low_temperature(temperature: str, present: str, fever: bool, low: bool) -> None:
    case = case_of(present, temperature=temperature)
    assert (case.yes("fever"), case.yes("low-temperature")) == (fever, low)


STRAINED_RIB = "worse-deep-breath tender-to-touch strain-event"
MUSCLE = "strain-event mechanical tender-to-touch"

LIMITS: list[tuple[str, str, dict[str, str], Level | None]] = [
    # statement, findings, measures, level asked: why
    ("GM-dr-2weeks", "", {"duration_days": "14"}, None),  # two weeks are not more than two weeks
    ("GM-dr-2weeks", "", {"duration_days": "14.1"}, "appointment"),
    ("SP-dr-1week", "improving", {"duration_days": "7"}, "appointment"),  # gone is more than improving
    ("CC-dr-1week", "improving", {"duration_days": "7"}, None),  # better after a week
    ("CC-dr-1week", "easing", {"duration_days": "7"}, "appointment"),  # eased once is not improving
    ("SP-dr-sudden", "sudden-onset", {"severity_onset": "9", "severity_now": "6"}, None),  # no longer severe
    ("SP-dr-sudden", "sudden-onset", {"severity_now": "7"}, "within-24h"),
    ("GM-er-sudden", "max-at-onset worsening-rapidly", {"severity_onset": "7"}, "emergency"),
    ("GM-er-sudden", "max-at-onset worsening-rapidly", {"severity_onset": "6"}, None),
    ("GM-pat-severe", "stroke-signs", {"severity_now": "7"}, "emergency"),  # neurological is wider than nerve sign
    ("GL-dissection", "tearing", {"severity_now": "6"}, "emergency"),  # tearing with less than 7
    ("GL-dissection", "tearing", {"severity_now": "7"}, "ambulance"),
    ("GL-dissection", f"max-at-onset {MUSCLE}", {"severity_onset": "7", "age": "39"}, "emergency"),  # all answered
    ("GL-dissection", f"max-at-onset {MUSCLE}", {"severity_onset": "7", "age": "40"}, "ambulance"),  # not under 40
    ("GL-dissection", f"max-at-onset {MUSCLE} arm-numb", {"severity_onset": "7"}, "ambulance"),  # a nerve sign
    ("GL-dissection", f"max-at-onset {MUSCLE}", {"severity_onset": "6"}, None),
    ("GL-acs", "sweating", {"age": "17"}, None),
    ("GL-acs", "sweating", {"age": "18"}, "ambulance"),
    ("GL-exertional", "exertional", {}, "within-24h"),
    ("GL-exertional", "exertional exertional-change", {}, "emergency"),
    ("GL-nausea-mix", "nausea recurrent after-meals", {"age": "49"}, None),  # all reassurances
    ("GL-nausea-mix", "nausea recurrent after-meals", {"age": "50"}, "within-24h"),  # 50, but with a meal pattern
    ("GL-nausea-mix", "nausea recurrent", {"age": "50"}, "emergency"),  # 50 without one
    ("GL-nausea-mix", "nausea recurrent after-meals", {"severity_now": "4"}, "within-24h"),
    ("GL-nausea-mix", "nausea recurrent after-meals pregnant", {"gestation_weeks": "20"}, "emergency"),
    ("GL-nausea-mix", "nausea recurrent after-meals pregnant", {"gestation_weeks": "19.9"}, None),
    ("GL-nausea-mix", "nausea recurrent after-meals pregnant", {}, "emergency"),  # weeks unknown
    ("GL-pleuritic", STRAINED_RIB, {}, None),  # tender, strained, 3 or less, nothing else
    ("GL-pleuritic", STRAINED_RIB, {"severity_onset": "4"}, "within-24h"),
    ("GL-pleuritic", f"{STRAINED_RIB} cough", {}, "within-24h"),
    ("GL-pneumothorax", "worse-deep-breath sudden-onset tender-to-touch", {}, None),
    ("GL-pneumothorax", "worse-deep-breath sudden-onset", {}, "emergency"),
    ("GL-saddle", "arm-weak arm-both-sides", {}, "emergency"),
    ("GL-saddle", "arm-numb arm-both-sides", {}, None),  # numb in both arms is GL-arms-numb
    ("GL-infection", "feels-unwell hx-diabetes", {}, "within-24h"),
    ("GL-infection", "feels-unwell hx-ivdu", {}, "emergency"),
    ("GL-infection", "hx-diabetes", {"temperature": "35.9"}, "emergency"),
    ("GL-fracture-major", "trauma-major", {"severity_now": "8", "trauma_days": "3"}, "ambulance"),  # 72 hours
    ("GL-fracture-major", "trauma-major", {"severity_now": "8", "trauma_days": "3.1"}, "emergency"),
    ("GL-fracture-major", "trauma-major", {"severity_now": "6", "trauma_days": "1"}, "emergency"),
    ("GL-fracture-minor", "strain-event", {"age": "65"}, "within-24h"),
    ("GL-fracture-minor", "strain-event", {"age": "64"}, None),
    ("GL-preeclampsia", "pregnant visual-disturbance", {"gestation_weeks": "19"}, None),
    ("GL-preeclampsia", "pregnant visual-disturbance", {"gestation_weeks": "20"}, "emergency"),
    ("GL-preeclampsia", "postpartum visual-disturbance", {"postpartum_weeks": "6"}, "emergency"),
    ("GL-preeclampsia", "postpartum visual-disturbance", {"postpartum_weeks": "7"}, None),
    ("GL-preeclampsia", "postpartum visual-disturbance", {}, "emergency"),  # weeks unknown
    ("GL-gi-bleed", "gi-bleeding", {}, "emergency"),
    ("GL-gi-bleed", "gi-bleeding syncope", {}, "ambulance"),
    ("GL-kidney", "dysuria", {"age": "60"}, "within-24h"),  # the aneurysm's sign is flank to groin pain
    ("GL-kidney", "flank-groin", {"age": "60"}, "emergency"),
    ("GL-child", "", {"age": "9"}, "within-24h"),
    ("GL-child", "", {"age": "10"}, "appointment"),
    ("GL-child", "night-waking", {"age": "17"}, "within-24h"),
    ("GL-child", "night-waking", {"age": "18"}, None),
    ("GL-elder", "posture-load mechanical", {"age": "65"}, "appointment"),  # a posture is no strain
    ("GL-elder", MUSCLE, {"age": "65"}, None),
    ("GL-selfcare-gate", MUSCLE, {"duration_days": "6.9"}, None),
    ("GL-selfcare-gate", MUSCLE, {"duration_days": "7"}, "appointment"),
    ("GL-selfcare-gate", f"{MUSCLE} improving", {"duration_days": "13.9"}, None),
    ("GL-selfcare-gate", f"{MUSCLE} improving", {"duration_days": "14"}, "appointment"),
    ("GL-selfcare-gate", f"{MUSCLE} trauma-minor", {}, "appointment"),  # with an injury no cause is clear
    ("GL-selfcare-gate", MUSCLE, {"severity_onset": "7"}, "appointment"),  # once above 6
    ("GL-aaa", "sudden-onset low-thoracic syncope", {"age": "60"}, "ambulance"),
    ("GL-aaa", "sudden-onset low-thoracic syncope", {"age": "59"}, None),
    ("GL-ectopic", "pregnant pelvic-pain", {"gestation_weeks": "19.9"}, "emergency"),
    ("GL-ectopic", "pregnant pelvic-pain", {"gestation_weeks": "20"}, None),
    ("GL-ectopic", "possibly-pregnant syncope", {}, "ambulance"),
    ("GL-abruption", "pregnant pregnancy-alarm", {"gestation_weeks": "20"}, "emergency"),
    ("GL-cancer-age", "weight-loss", {"age": "59"}, None),
    ("GL-cancer-age", "weight-loss", {"age": "60"}, "appointment"),
    ("GL-smoker", "hx-smoker cough", {"age": "39"}, None),
    ("GL-smoker", "hx-smoker cough", {"age": "40"}, "appointment"),
]


@pytest.mark.parametrize(("statement", "present", "measures", "level"), LIMITS)
def test_a_statement_asks_for_its_level_on_one_side_of_its_limit(
    statement: str, present: str, measures: dict[str, str], level: Level | None
) -> None:
    assert row_level(case_of(present, **measures), statement) == level


@pytest.mark.parametrize(
    ("topic", "present", "measures", "level"),
    [
        ("no improvement", "improving", {"duration_days": "13.9"}, None),  # self-care may stand until day 14
        ("no improvement", "improving", {"duration_days": "14"}, "appointment"),
        ("no improvement", "", {"duration_days": "7"}, "appointment"),
        ("fever", "fever", {"age": "30"}, "within-24h"),  # a well adult, nothing else
        ("fever", "fever", {"age": "65"}, "emergency"),
        ("fever", "fever", {"age": "17"}, "emergency"),
        ("dizziness", "dizziness dizziness-standing", {}, "within-24h"),
        ("dizziness", "dizziness dizziness-standing", {"severity_now": "7"}, "emergency"),
        ("dizziness", "dizziness", {}, "emergency"),
        ("breathless, faint", "dyspnoea dyspnoea-longstanding", {}, "within-24h"),
        ("breathless, faint", "dyspnoea", {}, "ambulance"),
        ("weakness", "arm-weak", {}, "within-24h"),
        ("weakness", "arm-weak-severe", {}, "emergency"),
        ("numbness, tingling", "arm-numb", {}, "appointment"),
        ("numbness, tingling", "arm-numb arm-spread", {}, "within-24h"),
        ("numbness, tingling", "leg-numb leg-both-sides", {}, "emergency"),
        ("nausea", "nausea recurrent after-meals", {}, "appointment"),  # where GL-nausea-mix does not raise
        ("pain on a deep breath", STRAINED_RIB, {}, None),  # exempt exactly as GL-pleuritic
        ("injury", "trauma-minor", {}, "within-24h"),
        ("injury", "sharp after-activity", {}, "appointment"),
        ("worsening", "worsening night-waking", {}, "within-24h"),
        ("sudden sharp between the blades", "sudden-onset sharp interscapular", {}, "within-24h"),
        ("sudden sharp between the blades", f"sudden-onset sharp interscapular {MUSCLE}", {}, None),
        ("sudden sharp between the blades", "sudden-onset sharp interscapular", {"severity_now": "7"}, "emergency"),
    ],
)
def test_a_reconciled_row_asks_for_its_level(
    topic: str, present: str, measures: dict[str, str], level: Level | None
) -> None:
    assert topic_level(case_of(present, **measures), topic) == level


@pytest.mark.parametrize(
    ("present", "measures", "level", "items"),
    [
        ("", {}, "self-care", "aspirin bed-rest"),  # never suggested to anyone
        ("hx-poor-circulation", {}, "self-care", "aspirin bed-rest cold"),
        (
            "trauma-minor",
            {"trauma_days": "3"},
            "self-care",
            "aspirin bed-rest stretching forward-fold massage foam-roller",
        ),
        ("hx-spine", {}, "self-care", "aspirin bed-rest forward-fold"),
        ("", {"age": "15"}, "self-care", "aspirin bed-rest acetaminophen nsaid"),  # under 16
        (
            "",
            {},
            "within-24h",
            "aspirin bed-rest nsaid stretching forward-fold massage foam-roller stay-active safe-lifting",
        ),
    ],
)
def test_an_activity_is_withheld_for_its_reason_and_no_other(
    present: str, measures: dict[str, str], level: Level, items: str
) -> None:
    assert withheld(case_of(present, **measures), level) == set(items.split())


def test_muscle_pain_of_yesterday_is_cared_for_at_home_under_every_policy() -> None:
    case = case_of(MUSCLE)
    assert {strictest(case), reconciled(case), *(source(case, article) for article in ("GM", "CC", "SP"))} == {
        "self-care"
    }


def test_the_policies_differ_where_the_articles_do() -> None:
    case = case_of(f"{MUSCLE} dizziness dizziness-standing")
    assert (strictest(case), reconciled(case), source(case, "CC")) == ("emergency", "within-24h", "self-care")
