"""Reads the record beside a response into facts, its own patient's resources only; the answers are not looked at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from service.engine.facts import Fact, Value
from service.errors import Issue
from service.knowledge.context import Context
from service.knowledge.model import RuleBook
from service.mapping.body import Resource
from service.mapping.context.observations import told_by_observation
from service.mapping.context.person import told_by_patient
from service.mapping.context.problems import told_by_allergy, told_by_condition, told_by_medicine
from service.mapping.context.subject import CONTAINED, Subject, contained_in, is_about, subject_of
from service.mapping.context.told import Told, notice
from service.mapping.identity import content_digest

ANOTHER = "not used, because its subject is not the subject of the response"
NOBODY = "not used, because the response names no subject that is one patient"


@dataclass(frozen=True, slots=True)
class RecordPlace:
    """The type of a resource, and the FHIRPath expression of its place in what was sent."""

    kind: str
    expression: str


@dataclass(frozen=True, slots=True)
class RecordFacts:
    """What the record of one patient says.

    ``facts`` holds one fact per finding, but for a measure the least and the greatest value where they differ.
    ``used`` are the references of the resources that gave a fact, ``places`` where each of them stands in the body.
    ``digest_input`` names the content of every resource that was read, whatever their order and their addresses.
    """

    facts: Mapping[str, tuple[Fact, ...]]
    used: tuple[str, ...]
    notices: tuple[Issue, ...]
    digest_input: tuple[str, ...]
    places: Mapping[str, RecordPlace]


@dataclass(slots=True)
class _Reading:
    values: dict[str, dict[Value, list[str]]] = field(default_factory=dict)
    places: dict[str, RecordPlace] = field(default_factory=dict)
    notices: list[Issue] = field(default_factory=list)
    digests: list[str] = field(default_factory=list)
    unrecognised: dict[str, list[str]] = field(default_factory=dict)


def places_of_own_record(response: Resource, record: Sequence[Resource]) -> frozenset[str]:
    """Name the places of the sound resources that speak of the response's own subject."""
    subject = subject_of(response, record)
    own = (one for one in record if subject is not None and not one.faults and is_about(subject, one))
    return frozenset(resource.place for resource in own)


def facts_of_record(
    book: RuleBook,
    response: Resource,
    record: Sequence[Resource],
    at: datetime,
    told_elsewhere: frozenset[str] = frozenset(),
) -> RecordFacts:
    """Read what stands in the response or beside it and speaks of the response's own subject.

    ``at`` is the moment the answers are from. Every resource that is not used for its subject or its faults is named
    in one warning by type and place, except those in ``told_elsewhere``: places that another response of the same body
    uses or names.
    """
    reading = _Reading()
    subject = subject_of(response, record)
    for resource in (*contained_in(response), *record):
        unusable = _unusable(resource, subject)
        if unusable is None:
            reading.digests.append(content_digest(resource.content))
            _take(reading, resource, _told(book.context, resource, at))
        elif resource.faults or resource.place not in told_elsewhere:
            reading.notices.append(unusable)
    return RecordFacts(
        facts={finding: _facts(book.context, finding, values) for finding, values in reading.values.items()},
        used=tuple(reading.places),
        notices=(*reading.notices, *_unrecognised(reading)),
        digest_input=tuple(sorted(reading.digests)),
        places=reading.places,
    )


def _unusable(resource: Resource, subject: Subject | None) -> Issue | None:
    if resource.faults:
        first = resource.faults[0]
        kind = resource.content["resourceType"]
        return Issue("warning", first.code, f"{kind}: not used, because {first.text}", first.expression)
    if subject is None:
        return notice(resource, NOBODY, "warning", "business-rule")
    return None if is_about(subject, resource) else notice(resource, ANOTHER, "warning", "business-rule")


def _told(context: Context, resource: Resource, at: datetime) -> Told:
    match resource.content["resourceType"]:
        case "Patient":
            return told_by_patient(context, resource, at)
        case "Condition":
            return told_by_condition(context, resource, at)
        case "Observation":
            return told_by_observation(context, resource, at)
        case "AllergyIntolerance":
            return told_by_allergy(context, resource)
        case _:
            return told_by_medicine(context, resource)


def _take(reading: _Reading, resource: Resource, told: Told) -> None:
    kind = resource.content["resourceType"]
    reading.notices.extend(told.notices)
    if not told.recognised:
        reading.unrecognised.setdefault(kind, []).append(resource.place)
    reference = _reference(resource)
    for finding, value in told.values:
        reading.places.setdefault(reference, RecordPlace(kind, resource.place))
        references = reading.values.setdefault(finding, {}).setdefault(value, [])
        if reference not in references:
            references.append(reference)


def _reference(resource: Resource) -> str:
    """Name a resource by its fullUrl, else its type and id, else its place; a contained one has only the last."""
    if CONTAINED in resource.place:
        return resource.place
    if resource.full_url or "id" not in resource.content:
        return resource.full_url or resource.place
    return f"{resource.content['resourceType']}/{resource.content['id']}"


def _facts(context: Context, finding: str, values: Mapping[Value, list[str]]) -> tuple[Fact, ...]:
    """Keep of several values the more dangerous: present, the gender that comes first, or the ends of a measure."""
    return tuple(Fact(value, "record", tuple(values[value])) for value in _kept(context, finding, list(values)))


def _kept(context: Context, finding: str, values: Sequence[Value]) -> tuple[Value, ...]:
    numbers = [value for value in values if isinstance(value, Decimal)]
    if numbers:
        ends = (max(numbers),) if context.measures[finding].several == "greatest" else (min(numbers), max(numbers))
        return tuple(dict.fromkeys(ends))
    if finding == "sex":
        return (next(frozenset([gender]) for gender in context.genders if frozenset([gender]) in values),)
    return (True in values,)


def _unrecognised(reading: _Reading) -> list[Issue]:
    """Say once per type how many resources hold no code that may be read in, so that nobody believes they were."""
    return [
        Issue(
            "information",
            "informational",
            f"{kind}: of {len(places)} nothing was read, because they hold no code that these rules read",
            places[0],
        )
        for kind, places in reading.unrecognised.items()
    ]
