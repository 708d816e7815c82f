"""The independent conditions are checked as a table: whole, sharp at their limits, able to hold and able not to."""

from collections import Counter
from dataclasses import replace
from random import Random

import pytest

from .case import LEVELS, Case, Level
from .example_case import case_of
from .level_oracle import reconciled, source, strictest
from .own_conditions import (
    ARTICLES,
    GUIDELINES,
    RECONCILED,
    REMAINDERS,
    REPLACED,
    WITHHOLDS,
    statement_of,
)
from .random_cases import random_case
from .terms import complete
from .vocabulary import BOOLEANS, REASSURING

STATEMENTS: dict[Level, str] = {
    "ambulance": "CC-911-breath CC-911-chest CC-911-mi-pe",
    "emergency": """
        GM-er-sudden GM-er-bladder GM-er-arm-weakness GM-er-breath GM-er-chest GM-er-dizzy GM-er-nausea GM-er-fever
        GM-er-abdomen GM-pat-severe CC-er-leg-weakness CC-er-incontinence CC-er-retention CC-er-cord CC-er-mi-pe
        SP-breath-severe SP-pe-faint SP-pe-breath SP-pe-spike""",
    "within-24h": """
        GM-radiating GM-breath GM-pat-inhale GM-pat-preeclampsia SP-dr-sudden SP-dr-neuro SP-dr-trauma SP-dr-shock
        SP-dr-bladder""",
    "appointment": """
        GM-burning GM-cancer GM-pat-sharp GM-pat-burning-rash GM-pat-cough GM-pat-neck GM-pat-cough-sick GM-dr-2weeks
        GM-dr-worse GM-dr-neuro-arm GM-dr-disrupts GM-dr-weak-arm GM-dr-despite-care CC-dr-1week CC-dr-neuro-leg
        CC-dr-fever CC-dr-weight SP-dr-worse SP-dr-1week SP-dr-disrupts SP-dr-refractory SP-care-doubt""",
    "self-care": "GM-stiff GM-pat-right GM-pat-pregnancy",
}
"""Every statement of the three articles that asks for a level, under the level it asks for."""

ADDITIONS: dict[str, str] = {
    # one level
    "GL-dissection-risk GL-acs GL-confusion GL-stroke GL-cannot-walk": "ambulance",
    "GL-pe-risk GL-saddle GL-cord GL-sepsis GL-haematoma GL-preeclampsia GL-cholangitis GL-sudden-severe": "emergency",
    "GL-pancreas GL-spinal-procedure GL-sickle GL-abruption GL-pneumothorax GL-spleen": "emergency",
    "GL-pleuritic GL-infection-risk GL-fracture-minor GL-jaundice GL-myeloma": "within-24h",
    "GL-cancer-age GL-elder GL-inflammatory GL-selfcare-gate GL-smoker": "appointment",
    # several
    "GL-dissection GL-fracture-major GL-gi-bleed GL-haemoptysis GL-aaa GL-ectopic": "ambulance emergency",
    "GL-palpitations": "ambulance emergency",
    "GL-exertional GL-nausea-mix GL-cancer GL-infection GL-kidney GL-shingles GL-leg-sensory": "emergency within-24h",
    "GL-dvt GL-band GL-arms-numb": "emergency within-24h",
    "GL-swallow": "emergency appointment",
    "GL-child GL-night": "within-24h appointment",
}
"""The guideline additions that raise -> the levels their words name."""

TOPICS: dict[str, str] = {
    "no improvement": "appointment",
    "sudden severe": "emergency",
    "bladder, bowel": "emergency",
    "weakness": "emergency within-24h",
    "numbness, tingling": "emergency within-24h appointment",
    "fever": "emergency within-24h",
    "pain on a deep breath": "emergency within-24h",
    "breathless, faint": "ambulance within-24h",
    "dizziness": "emergency within-24h",
    "chest pain": "ambulance",
    "nausea": "emergency within-24h appointment",
    "abdominal tenderness": "emergency",
    "weight loss": "appointment",
    "injury": "ambulance emergency within-24h appointment",
    "burning pain with rash": "within-24h",
    "cough pain, lasting": "within-24h appointment",
    "worsening": "within-24h appointment",
    "pregnancy, severe or lasting": "within-24h",
    "sudden sharp between the blades": "emergency within-24h",
}
"""The topics on which the articles disagree -> the levels of their reconciled rows."""

WITHHELD_ROWS = {
    "GL-w-nsaid",
    "GL-w-nsaid2",
    "GL-w-acetaminophen",
    "GL-w-flexion",
    "GL-w-aspirin",
    "GL-w-drive",
    "GL-w-heat",
    "GL-w-bedrest",
    "GL-w-emergency",
    "GL-w-activity",
    "GL-w-needle",
}
ALWAYS = {"GL-w-aspirin", "GL-w-bedrest"}

CASES = 20_000


def _with(case: Case, danger: str) -> Case:
    return complete(replace(case, values={**case.values, danger: True}))


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    rng = Random(20250306)  # noqa: S311 - a repeatable sample, nothing secret
    return [random_case(rng) for _ in range(CASES)]


# The table is whole.


def test_every_statement_with_a_level_stands_in_the_table_once_and_at_its_level() -> None:
    expected = Counter((name, level) for level, names in STATEMENTS.items() for name in names.split())
    assert Counter((row.id, row.level) for row in ARTICLES) == expected
    assert len(expected) == 56


def test_every_guideline_addition_stands_in_the_table_with_each_of_its_levels_once() -> None:
    expected = Counter(
        (name, level) for names, levels in ADDITIONS.items() for name in names.split() for level in levels.split()
    )
    assert Counter((statement_of(row.id), row.level) for row in GUIDELINES) == expected
    assert len({name for name, _ in expected}) == 49


def test_a_part_of_an_addition_carries_its_level_in_its_id() -> None:
    split = [row for row in GUIDELINES if "." in row.id]
    assert split
    assert [row.id for row in split] == [f"{statement_of(row.id)}.{row.level}" for row in split]


def test_every_topic_has_its_reconciled_levels_once() -> None:
    expected = Counter((topic, level) for topic, levels in TOPICS.items() for level in levels.split())
    assert Counter((row.topic, row.level) for row in RECONCILED) == expected
    assert set(REPLACED) == set(TOPICS)


def test_every_withholding_stands_in_the_table() -> None:
    assert {statement_of(row.id) for row in WITHHOLDS} == WITHHELD_ROWS


def test_an_article_row_is_replaced_by_one_topic_only_and_a_divided_row_keeps_its_rest() -> None:
    replaced = [row for rows in REPLACED.values() for row in rows]
    known = {row.id for row in ARTICLES}
    assert len(replaced) == len(set(replaced))
    assert set(replaced) | set(REMAINDERS) <= known
    assert not set(replaced) & set(REMAINDERS)


def test_a_condition_cannot_ask_for_a_finding_that_nobody_has() -> None:
    with pytest.raises(KeyError):
        case_of().yes("dyspnea")
    with pytest.raises(KeyError):
        case_of().number("severity")
    with pytest.raises(KeyError):
        case_of().chosen("age")


# Every row can hold and can fail to.


def test_every_row_holds_for_one_generated_case_and_not_for_another(cases: list[Case]) -> None:
    conditions = [(row.id, row.holds) for row in ARTICLES + GUIDELINES]
    conditions += [(f"{row.topic}, {row.level}", row.holds) for row in RECONCILED]
    conditions += list(REMAINDERS.items())
    stuck = [name for name, holds in conditions if not any(map(holds, cases)) or all(map(holds, cases))]
    assert stuck == []


def test_every_withholding_holds_for_one_generated_case_and_not_for_another(cases: list[Case]) -> None:
    sample = [(case, strictest(case)) for case in cases[::4]]
    stuck = [row.id for row in WITHHOLDS if len({row.holds(case, level) for case, level in sample}) != 2]
    assert set(stuck) == ALWAYS


def test_every_level_is_reached_under_both_live_policies(cases: list[Case]) -> None:
    assert {strictest(case) for case in cases} == set(LEVELS)
    assert {reconciled(case) for case in cases} == set(LEVELS)


# What holds for every case.


def test_reconciled_is_never_above_strictest(cases: list[Case]) -> None:
    above = [case for case in cases if LEVELS.index(reconciled(case)) > LEVELS.index(strictest(case))]
    assert above == []


@pytest.mark.parametrize("article", ["GM", "CC", "SP"])
def test_one_article_alone_is_never_above_strictest(article: str, cases: list[Case]) -> None:
    above = [case for case in cases[::4] if LEVELS.index(source(case, article)) > LEVELS.index(strictest(case))]
    assert above == []


def test_an_unknown_article_is_refused() -> None:
    with pytest.raises(ValueError, match="GL"):
        source(case_of(), "GL")


def test_one_more_danger_never_lowers_the_level(cases: list[Case]) -> None:
    dangers = sorted(BOOLEANS - REASSURING)
    rng = Random(7)  # noqa: S311 - a repeatable sample, nothing secret
    worse = [(case, rng.choice(dangers)) for case in cases[::4]]
    lowered = [
        (danger, policy.__name__)
        for case, danger in worse
        for policy in (strictest, reconciled)
        if LEVELS.index(policy(_with(case, danger))) < LEVELS.index(policy(case))
    ]
    assert lowered == []


def test_what_is_left_of_a_divided_row_is_part_of_it(cases: list[Case]) -> None:
    rows = {row.id: row for row in ARTICLES}
    beyond = [
        name for name, rest in REMAINDERS.items() if any(rest(case) and not rows[name].holds(case) for case in cases)
    ]
    assert beyond == []


def test_a_generated_case_is_plausible(cases: list[Case]) -> None:
    for case in cases:
        assert case.yes("pregnant") or case.number("gestation-weeks") is None
        assert not (case.yes("pregnant") and "male" in case.chosen("sex"))
        assert case.yes("fever") or not case.at_least("temperature", 38)
        assert case.yes("dyspnoea") or not case.yes("dyspnoea-longstanding")
        assert complete(case) == case


def test_the_same_seed_gives_the_same_case() -> None:
    first, second = Random(3), Random(3)  # noqa: S311 - a repeatable sample, nothing secret
    assert random_case(first) == random_case(second)
