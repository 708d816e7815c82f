"""Complete, plausible cases at random, most of their measures at a limit of some rule; no case of a real person."""

from decimal import Decimal
from random import Random

from .case import Case, Value
from .terms import complete
from .vocabulary import BOOLEANS, REASSURING

AGES = (3, 4, 5, 9, 10, 15, 16, 17, 18, 30, 39, 40, 41, 49, 50, 59, 60, 64, 65, 66, 80)
SEVERITIES = (0, 2, 3, 3, 4, 5, 6, 6, 7, 8)
DAYS = ("0", "1", "3", "6", "6.9", "7", "8", "13", "13.9", "14", "14.1", "15", "83", "84", "85")
TEMPERATURES = ("35.5", "35.9", "36", "36.1", "37.2", "37.9", "38", "38.1", "39.4")
WEEKS_PREGNANT = ("5", "12", "19", "19.9", "20", "20.1", "34")
DAYS_SINCE_INJURY = ("0", "1", "2", "2.1", "3", "3.1", "10", "41", "42")
WEEKS_SINCE_BIRTH = ("1", "5", "6", "6.1", "20")
DENSITIES = (0.003, 0.01, 0.03, 0.12)

MEANS: tuple[tuple[str, str], ...] = (
    ("haemoptysis-more", "haemoptysis"),
    ("dysphagia-total", "dysphagia"),
    ("repeated-vomiting", "vomiting"),
    ("vomiting-blood", "vomiting"),
    ("headache-sudden", "headache-severe"),
    ("headache-severe", "headache"),
    ("rash-blisters", "rash"),
    ("blow-left-side", "trauma-minor"),
    ("after-activity", "sudden-onset"),
)
"""Who has the left has the right as well; in an order that one pass can follow."""

ONLY_WITH: tuple[tuple[str, str], ...] = (
    ("dyspnoea-longstanding", "dyspnoea"),
    ("dizziness-standing", "dizziness"),
    ("exertional-change", "exertional"),
    ("hydrated", "urinary-retention"),
    ("vaginal-bleeding", "pregnant possibly-pregnant"),
    ("pregnancy-alarm", "pregnant"),
    ("rib-shoulder-injury", "trauma-major trauma-minor"),
)
"""The left is asked only of someone who has one of the right."""

NEVER_TOGETHER: tuple[tuple[str, str], ...] = (
    ("possibly-pregnant", "pregnant"),
    ("postpartum", "pregnant"),
    ("improving", "worsening"),
    ("improving", "worsening-rapidly"),
)
"""The left is dropped where the right is present."""


def _one(rng: Random, values: tuple[str, ...]) -> Decimal:
    return Decimal(rng.choice(values))


def _findings(rng: Random) -> dict[str, bool]:
    density = rng.choice(DENSITIES)
    # Reassuring findings are common in real life, and every exemption needs several at once.
    common = rng.choice((density, 0.5))
    found = {name: rng.random() < (common if name in REASSURING else density) for name in sorted(BOOLEANS)}
    return found | {"upper-back-pain": True, "other-site-only": False, "low-temperature": False}


def _made_plausible(found: dict[str, bool], may_bear: bool) -> dict[str, bool]:
    found = dict(found)
    if not may_bear:
        found |= dict.fromkeys(("pregnant", "possibly-pregnant", "postpartum", "breastfeeding"), False)
    for graver, milder in MEANS:
        found[milder] = found[milder] or found[graver]
    for child, parents in ONLY_WITH:
        found[child] = found[child] and any(found[parent] for parent in parents.split())
    for dropped, present in NEVER_TOGETHER:
        found[dropped] = found[dropped] and not found[present]
    return found


def _temperature_and_fever(rng: Random, found: dict[str, bool]) -> dict[str, Value]:
    """Return temperature and fever that agree: a lower temperature leaves a fever open only behind a medicine."""
    if rng.random() < 0.6:
        return {}
    temperature = _one(rng, TEMPERATURES)
    hidden = found["masked-fever"] or found["fever-felt"]
    return {"temperature": temperature, "fever": temperature >= 38 or (found["fever"] and hidden)}


def _measures(rng: Random, found: dict[str, bool]) -> dict[str, Value]:
    measures: dict[str, Value] = {
        "severity-now": Decimal(rng.choice(SEVERITIES)),
        "severity-onset": Decimal(rng.choice(SEVERITIES)),
        "duration-days": _one(rng, DAYS),
    }
    if found["trauma-major"] or found["trauma-minor"]:
        measures["trauma-days"] = _one(rng, DAYS_SINCE_INJURY)
    if found["pregnant"] and rng.random() < 0.8:
        measures["gestation-weeks"] = _one(rng, WEEKS_PREGNANT)
    if found["postpartum"] and rng.random() < 0.8:
        measures["postpartum-weeks"] = _one(rng, WEEKS_SINCE_BIRTH)
    if found["rash"]:
        measures["rash-days"] = _one(rng, ("0", "2", "3", "4"))
    return measures


def _choices(rng: Random) -> dict[str, Value]:
    treatments = ("heat", "cold", "massage", "stretching", "rest", "acetaminophen", "nsaid")
    tried = frozenset(name for name in treatments if rng.random() < 0.15)
    eased = ("rest", "movement", "heat", "cold", "massage", "stretching", "medicine", "nothing")
    patterns = ("constant", "comes-and-goes", "only-on-movement", "rest-or-night")
    return {
        "tried": tried or frozenset({"none"}),
        "relieved-by": frozenset({rng.choice(eased)}),
        "pattern": frozenset({rng.choice(patterns)}),
        "answered-by": frozenset({rng.choice(("person", "parent", "carer", "clinician"))}),
    }


def random_case(rng: Random) -> Case:
    """Return a complete case with its derived findings; the same state of `rng` gives the same case.

    Findings are sparse, with a density drawn per case; measures lie at, just below or just above a limit.
    The pain is always in the upper back, so that no case is out of scope but by age.
    """
    age = rng.choice(AGES)
    sex = rng.choice(("female", "female", "male", "other", "unknown"))
    found = _made_plausible(_findings(rng), may_bear=sex != "male" and 12 <= age <= 55)
    values: dict[str, Value] = {**found, "age": Decimal(age), "sex": frozenset({sex})}
    values |= _measures(rng, found) | _temperature_and_fever(rng, found) | _choices(rng)
    return complete(Case(values))
