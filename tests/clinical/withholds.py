"""When an activity may not be suggested, read a second time; a complete case has nothing unanswered."""

from .case import Case, Level, Withholding, reaches
from .guidelines_illness import ILLNESS
from .guidelines_spine import SPINE, fragile_fracture
from .terms import injury, nerve_sign, pregnant_from_20, rash, recent_injury, vomits

PLAN_ITEMS = frozenset(
    [
        "heat",
        "cold",
        "stretching",
        "forward-fold",
        "massage",
        "foam-roller",
        "relative-rest",
        "acetaminophen",
        "nsaid",
        "supportive-pillows",
        "posture",
        "ergonomics",
        "stay-active",
        "safe-lifting",
        "breaks-in-repetitive-work",
        "info-medicines",
        "info-physical-therapy",
        "info-injections",
        "info-complementary",
        "pain-notes",
        "info-surgery",
        "consult-before-new-methods",
        "questions-for-clinician",
    ]
)
REST_RULES = ("GL-fracture", "GL-cord", "GL-infection", "GL-cancer")


def _nsaid(c: Case, level: Level) -> bool:
    history = c.any_of(
        "pregnant possibly-pregnant hx-ulcer gi-bleeding vomiting-blood hx-kidney hx-single-kidney hx-liver hx-heart "
        "hx-hypertension hx-bowel-stroke hx-anticoagulant hx-steroid hx-nsaid-interaction hx-asthma-nsaid not-drinking"
    )
    age = c.under("age", 16) or c.at_least("age", 65)
    return history or age or vomits(c) or "nsaid" in c.chosen("tried") or reaches(level, "within-24h")


def _acetaminophen(c: Case, level: Level) -> bool:
    history = c.any_of("hx-liver hx-alcohol hx-acetaminophen-caution") or c.under("age", 16)
    return history or "acetaminophen" in c.chosen("tried") or reaches(level, "emergency")


def _flexion(c: Case, level: Level) -> bool:
    history = c.any_of("hx-osteoporosis hx-steroid hx-anticoagulant hx-cancer hx-connective fever")
    return history or fragile_fracture(c) or injury(c) or rash(c) or nerve_sign(c)


def _heat_and_cold(c: Case, level: Level) -> bool:
    numb = c.any_of("arm-numb leg-numb saddle-numb")
    altered = c.any_of("skin-itch tingling trunk-numb trunk-numb-strip")
    return rash(c) or altered or (c.yes("hx-diabetes") and numb)


def _activity(c: Case, level: Level) -> bool:
    fired = (row for row in SPINE + ILLNESS if row.id.startswith(REST_RULES))
    return reaches(level, "within-24h") or any(row.holds(c) for row in fired)


WITHHOLDS: tuple[Withholding, ...] = (
    Withholding(
        "GL-w-nsaid",
        frozenset({"nsaid"}),
        lambda c, level: pregnant_from_20(c),
    ),
    Withholding("GL-w-nsaid2", frozenset({"nsaid"}), _nsaid),
    Withholding("GL-w-acetaminophen", frozenset({"acetaminophen"}), _acetaminophen),
    Withholding("GL-w-flexion", frozenset({"stretching", "forward-fold", "massage", "foam-roller"}), _flexion),
    Withholding("GL-w-flexion.clot", frozenset({"massage"}), lambda c, level: c.any_of("calf-swelling hx-vte")),
    Withholding("GL-w-flexion.spine", frozenset({"forward-fold"}), lambda c, level: c.yes("hx-spine")),
    Withholding(
        "GL-w-flexion.age-or-pregnancy",
        frozenset({"forward-fold", "foam-roller"}),
        lambda c, level: c.at_least("age", 65) or c.yes("pregnant"),
    ),
    Withholding("GL-w-aspirin", frozenset({"aspirin"}), lambda c, level: True),
    Withholding(
        "GL-w-drive",
        frozenset({"drive-yourself"}),
        lambda c, level: (
            reaches(level, "emergency")
            or c.any_of("leg-weak cannot-walk arm-weak syncope dizziness visual-disturbance")
        ),
    ),
    Withholding("GL-w-heat", frozenset({"heat", "cold"}), _heat_and_cold),
    Withholding("GL-w-heat.circulation", frozenset({"cold"}), lambda c, level: c.yes("hx-poor-circulation")),
    Withholding("GL-w-heat.injury", frozenset({"heat"}), lambda c, level: recent_injury(c, 2)),
    Withholding("GL-w-bedrest", frozenset({"bed-rest"}), lambda c, level: True),
    Withholding("GL-w-emergency", PLAN_ITEMS, lambda c, level: reaches(level, "emergency")),
    Withholding(
        "GL-w-activity",
        frozenset({"stretching", "forward-fold", "massage", "foam-roller", "stay-active", "safe-lifting"}),
        _activity,
    ),
    Withholding(
        "GL-w-needle",
        frozenset({"info-complementary"}),
        lambda c, level: c.any_of("hx-anticoagulant hx-immunosuppressed pregnant"),
    ),
)
