"""Reads Observations: the code asks and the value decides; a value that is not understood decides nothing."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from service.knowledge.context import Context, Measure, Sign
from service.mapping.body import Resource
from service.mapping.canonical import UCUM
from service.mapping.context.codings import codes_of, meanings, standing
from service.mapping.context.span import Span, span_of
from service.mapping.context.told import (
    NOTHING,
    UNRECOGNISED,
    Told,
    When,
    notice,
    told_by_signs,
    untimely_because,
    untimely_notice,
    with_doubt,
)

FOCUSED = "not used, because its focus is not the patient"
NOT_UNDERSTOOD = "its value is not one that is read here; what it asks about stays unknown"


def told_by_observation(context: Context, resource: Resource, at: datetime) -> Told:
    """Read an Observation whose status counts, by its value."""
    content = resource.content
    measured = next(
        (context.measured_by[code] for code in codes_of(content["code"]) if code in context.measured_by), ""
    )
    asked = meanings(context.signs, content["code"])
    if not measured and not asked:
        return UNRECOGNISED
    status = standing(context, resource, "status")
    if status == "no":
        return NOTHING
    if "focus" in content:
        return Told(notices=(notice(resource, FOCUSED, "warning", "business-rule"),))
    when = When(_dated(content), at)
    if measured:
        told = _measurement(context, context.measures[measured], resource, when)
        return with_doubt(resource, told) if status == "doubtful" else told
    signs = _signs_of_value(context, asked, content)
    if not signs:
        return _not_understood(resource)
    return told_by_signs(context, resource, signs, when, doubtful=status == "doubtful")


def _signs_of_value(context: Context, asked: tuple[Sign, ...], content: Mapping[str, Any]) -> list[Sign]:
    """List what a value says of the findings that the code asks about: a yes, or a code of the same finding.

    A no says nothing: only a code with polarity absent makes a finding absent.
    """
    if content.get("valueBoolean") is True:
        return [sign for sign in asked if sign.role != "answer"]
    findings = {sign.finding for sign in asked}
    chosen = meanings(context.signs, content.get("valueCodeableConcept"))
    return [sign for sign in chosen if sign.role != "question" and sign.finding in findings]


def _measurement(context: Context, measure: Measure, resource: Resource, when: When) -> Told:
    number = _number(measure, resource.content)
    if number is None or not _is_possible(measure, number):
        return _not_understood(resource)
    untimely = untimely_because(measure.counts_for_days, context.later_days, when, may_be=False)
    if untimely:
        return Told(notices=(untimely_notice(resource, untimely),))
    return Told(((measure.finding, number),))


def _number(measure: Measure, content: Mapping[str, Any]) -> Decimal | None:
    """Return the value in the unit that rules compare in; None for another unit, a comparator or no number."""
    if "valueInteger" in content and measure.is_whole:
        return Decimal(content["valueInteger"])
    quantity = content.get("valueQuantity", {})
    unit = next((unit for unit in measure.units if unit.code == quantity.get("code")), None)
    if unit is None or quantity.get("system") != UCUM or "comparator" in quantity or "value" not in quantity:
        return None
    return unit.convert(Decimal(quantity["value"]))


def _is_possible(measure: Measure, number: Decimal) -> bool:
    low, high = measure.minimum, measure.maximum
    return (low is None or number >= low) and (high is None or number <= high)


def _not_understood(resource: Resource) -> Told:
    return Told(notices=(notice(resource, NOT_UNDERSTOOD, "warning", "not-supported"),))


def _dated(content: Mapping[str, Any]) -> Span | None:
    """Return when it was observed, never when it was written down; of a period, its end where it has one."""
    written = content.get("effectiveDateTime") or content.get("effectiveInstant")
    if written:
        return span_of(written)
    period = content.get("effectivePeriod", {})
    start, end = period.get("start", period.get("end")), period.get("end", period.get("start"))
    return Span(span_of(start).earliest, span_of(end).latest) if start else None
