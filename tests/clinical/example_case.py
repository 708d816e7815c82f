"""One short way to write down a complete case as an example; not how a response is read."""

from decimal import Decimal

from .case import Case, Value
from .terms import complete
from .vocabulary import BOOLEANS, MEASURES


def case_of(present: str = "", **measures: str) -> Case:
    """Return a complete case of a 30 year old with mild pain of yesterday; measures are spelled with underscores."""
    values: dict[str, Value] = {**dict.fromkeys(BOOLEANS, False), **dict.fromkeys(present.split(), True)}
    numbers = {"age": "30", "severity_now": "3", "severity_onset": "3", "duration_days": "1"} | measures
    values |= {name.replace("_", "-"): Decimal(number) for name, number in numbers.items()}
    unheard = set(values) - BOOLEANS - MEASURES
    if unheard:
        raise KeyError(*unheard)
    return complete(Case(values))
