"""Random ways through the form: which question is answered next and how, and what a form must then show.

What is shown is decided by R4's enableWhen alone (tests/mapping/form_oracle.py); nothing here knows a browser.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from random import Random

from service.knowledge.form import Group, Item, Unit
from service.mapping.canonical import ALONE, NONE_OF_THESE, NOT_SURE
from tests.mapping.form_oracle import shown
from tests.mapping.responses import FORM, GENERATED, Said, response

DANGER = (0.0, 0.01, 0.05, 0.25)
"""How often a path says yes where a yes ends the form, in turn: a form that ends at once shows little."""
YES = 0.4
MOST_CHANGES = 6
PARTS: tuple[Group | Item, ...] = (*FORM.groups, *FORM.items())
ENDING = frozenset(finding for part in PARTS for finding in part.ended_by)
SHOWN_AT_FIRST = shown(GENERATED, response({}))


@dataclass(frozen=True, slots=True)
class Step:
    """One answer (None takes it back), and the linkIds that are shown once it is given."""

    link_id: str
    said: Said
    shown: frozenset[str]


@dataclass(frozen=True, slots=True)
class Path:
    """The steps of one person through the form, and all that was said, also of questions that are hidden again."""

    steps: tuple[Step, ...]
    said: dict[str, Said]


def told(*answers: tuple[str, Said]) -> Path:
    """Walk with exactly these answers."""
    said: dict[str, Said] = {}
    steps = []
    for link_id, one in answers:
        said[link_id] = one
        steps.append(Step(link_id, one, shown(GENERATED, response(said))))
    return Path(tuple(steps), said)


def path(number: int) -> Path:
    """Walk through the form: mostly in its order, with leaps, changed answers, and optional questions left out."""
    random = Random(number)  # noqa: S311  # cases, not secrets
    said: dict[str, Said] = {}
    return Path(tuple(_steps(random, DANGER[number % len(DANGER)], said)), said)


def _steps(random: Random, danger: float, said: dict[str, Said]) -> Iterator[Step]:
    left_out: set[str] = set()
    visible, changes = SHOWN_AT_FIRST, 0
    while True:
        questions = [item for item in FORM.items() if item.link_id in visible]
        answered = [item for item in questions if said.get(item.link_id) is not None]
        unanswered = [item for item in questions if item not in answered and item.link_id not in left_out]
        if answered and changes < MOST_CHANGES and random.random() < 0.06:
            item, changes = random.choice(answered), changes + 1
            said[item.link_id] = _another(random, item, said[item.link_id])
        elif unanswered:
            item = random.choice(unanswered) if random.random() < 0.1 else unanswered[0]
            if not item.required and random.random() < 0.2:
                left_out.add(item.link_id)
                continue
            said[item.link_id] = _answer(random, item, YES if ENDING.isdisjoint(item.findings) else danger)
        else:
            return
        visible = shown(GENERATED, response(said))
        yield Step(item.link_id, said[item.link_id], visible)


def _another(random: Random, item: Item, before: Said) -> Said:
    """Change an answer; a yes or no may also be taken back."""
    answer = None if item.kind == "boolean" and random.random() < 0.3 else _answer(random, item, 0.5)
    return not before if answer == before and item.kind == "boolean" else answer


def _answer(random: Random, item: Item, yes: float) -> Said:  # noqa: PLR0911 - one return for each kind of question
    match item.kind:
        case "boolean":
            return random.random() < (0.9 if item.link_id == "upper-back-pain" else yes)
        case "yes-no-not-sure":
            return random.choice(["yes", NOT_SURE]) if random.random() < yes else "no"
        case "checklist":
            some = random.sample([*item.findings, NOT_SURE], random.randint(1, 3))
            return some if random.random() < yes else [NONE_OF_THESE]
        case "choices":
            several = [option for option in item.options if option not in ALONE]
            return random.sample(several, 2) if random.random() < yes else [item.options[-1]]
        case "choice":
            return random.choice(item.options)
        case "integer":
            return random.randint(int(item.minimum or 0), int(item.maximum or 0))
        case "quantity":
            return _measured(random, item)
        case _:
            return 'It began at work: a 2 kg box & "two" more; déjà vu.'


def _measured(random: Random, item: Item) -> tuple[Decimal, str]:
    """Measure in any unit that the question offers, inside its bounds."""
    unit = random.choice(item.units)
    lowest, highest = (_in_unit(bound or Decimal(0), unit) for bound in (item.minimum, item.maximum))
    number = lowest + (highest - lowest) * random.randint(1, 9) / 10
    return number.quantize(Decimal("0.1")).normalize() + 0, unit.code


def _in_unit(value: Decimal, unit: Unit) -> Decimal:
    """Turn a value of the unit that rules compare in into another unit: the inverse of ``Unit.convert``."""
    return value * unit.by / unit.times + unit.minus


@cache
def paths() -> tuple[Path, ...]:
    """Walk fifty paths, from a number on from which every question is asked in at least one of them."""
    return tuple(path(number) for number in range(800, 850))
