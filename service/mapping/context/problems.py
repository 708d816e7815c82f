"""Reads what Conditions, medicines and allergies say: their codes name findings, their statuses whether they count."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from service.knowledge.context import Context
from service.mapping.body import Resource
from service.mapping.context.codings import meanings, standing
from service.mapping.context.span import Span, span_of
from service.mapping.context.told import NOTHING, UNRECOGNISED, Told, When, notice, told_by_signs, with_doubt

ABATED = frozenset(f"abatement{kind}" for kind in ("DateTime", "Age", "Period", "Range", "String"))
ELSEWHERE = "not used, because its medicine stands in another resource; allowed are a code or a contained Medication"


def told_by_condition(context: Context, resource: Resource, at: datetime) -> Told:
    """Read a Condition by its code, unless it is refuted; one that is uncertain counts as present."""
    content = resource.content
    signs = [sign for sign in meanings(context.signs, content.get("code")) if sign.role == "finding"]
    if not signs:
        return UNRECOGNISED
    clinical = standing(context, resource, "clinicalStatus")
    verification = standing(context, resource, "verificationStatus")
    if "no" in (clinical, verification):
        return NOTHING
    over = clinical == "past" or ("clinicalStatus" not in content and not ABATED.isdisjoint(content))
    when = When(_dated(content), at)
    return told_by_signs(context, resource, signs, when, over=over, doubtful=verification == "doubtful")


def told_by_medicine(context: Context, resource: Resource) -> Told:
    """Read a medicine that is taken, will be, or may be; a request that forbids one says nothing."""
    content = resource.content
    findings = meanings(context.medicines, *_medicines(content))
    if not findings and "medicationReference" in content and not list(_medicines(content)):
        return Told(notices=(notice(resource, ELSEWHERE),))
    elements = ("status", "intent") if content["resourceType"] == "MedicationRequest" else ("status",)
    if content.get("doNotPerform"):
        return NOTHING
    return _told_by_substance(context, resource, findings, elements)


def told_by_allergy(context: Context, resource: Resource) -> Told:
    """Read an AllergyIntolerance by its own code and those of the substances that caused a reaction."""
    content = resource.content
    substances = (reaction.get("substance") for reaction in content.get("reaction", ()))
    findings = meanings(context.allergies, content.get("code"), *substances)
    return _told_by_substance(context, resource, findings, ("clinicalStatus", "verificationStatus"))


def _told_by_substance(
    context: Context, resource: Resource, findings: tuple[str, ...], elements: tuple[str, ...]
) -> Told:
    if not findings:
        return UNRECOGNISED
    standings = {standing(context, resource, element) for element in elements}
    if "no" in standings:
        return NOTHING
    told = Told(tuple((finding, True) for finding in findings))
    return with_doubt(resource, told) if "doubtful" in standings else told


def _medicines(content: Mapping[str, Any]) -> Iterator[object]:
    """List what names a medicine: its own concept, or the code and ingredients of a contained Medication."""
    if "medicationCodeableConcept" in content:
        yield content["medicationCodeableConcept"]
    target = content.get("medicationReference", {}).get("reference")
    for one in content.get("contained", ()):
        if one["resourceType"] == "Medication" and f"#{one.get('id')}" == target:
            yield one.get("code")
            yield from (part.get("itemCodeableConcept") for part in one.get("ingredient", ()))


def _dated(content: Mapping[str, Any]) -> Span | None:
    """Return when a Condition was recorded, else when it began."""
    written = content.get("recordedDate") or content.get("onsetDateTime") or content.get("onsetPeriod", {}).get("start")
    return span_of(written) if written else None
