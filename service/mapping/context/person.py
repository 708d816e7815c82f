"""Reads the Patient: age from the date of birth, the recorded gender, and whether the person has died; nothing else."""

from datetime import datetime
from decimal import Decimal

from service.engine.facts import Value
from service.errors import Issue
from service.knowledge.context import Context
from service.mapping.body import Resource
from service.mapping.context.told import Told, notice
from service.mapping.dates import years_between

DECEASED = "the record says that this patient has died"
IMPOSSIBLE = "the date of birth gives an age that cannot be; it is not used"


def told_by_patient(context: Context, resource: Resource, at: datetime) -> Told:
    """Read the least and the greatest age that the date of birth allows at a moment, and the gender."""
    content = resource.content
    values: list[tuple[str, Value]] = []
    notices: list[Issue] = []
    if "birthDate" in content:
        ages = _ages(context, content["birthDate"], at)
        values.extend(("age", age) for age in ages)
        if not ages:
            notices.append(notice(resource, IMPOSSIBLE, "warning", "value"))
    if content.get("gender") in context.genders:
        values.append(("sex", frozenset([content["gender"]])))
    if content.get("deceasedBoolean") or "deceasedDateTime" in content:
        notices.append(notice(resource, DECEASED, "warning", "business-rule"))
    return Told(tuple(values), tuple(notices))


def _ages(context: Context, birth: str, at: datetime) -> tuple[Decimal, ...]:
    """Return the ages that can be; a birth after the moment, or before anyone alive, gives none."""
    measure = context.measures["age"]
    low, high = measure.minimum or Decimal(0), measure.maximum or Decimal("Infinity")
    least, greatest = (Decimal(years) for years in years_between(birth, at))
    if greatest < low or least > high:
        return ()
    return tuple(dict.fromkeys((max(least, low), min(greatest, high))))
