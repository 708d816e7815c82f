"""What one resource of a record tells: values by finding, and notices; not which reading counts in the end."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from service.engine.facts import Value
from service.errors import Issue, Severity
from service.knowledge.context import Context, Sign
from service.mapping.body import Resource
from service.mapping.context.span import Span

UNDATED = "not used, because it has no date, and what it says counts for a time only"
TOO_OLD = "not used, because what it says counts for a time only, and that time is over"
LATER = "not used, because it is dated after the answers"
DOUBTFUL = "its status is not certain; it counts all the same, because it may speak for danger"


@dataclass(frozen=True, slots=True)
class Told:
    """What one resource tells; ``recognised`` is false where none of its codes is one that may be read in."""

    values: tuple[tuple[str, Value], ...] = ()
    notices: tuple[Issue, ...] = ()
    recognised: bool = True


NOTHING = Told()
UNRECOGNISED = Told(recognised=False)


@dataclass(frozen=True, slots=True)
class When:
    """The time a resource is dated with, None where it has none, and the moment the answers are from."""

    dated: Span | None
    answers: datetime


def notice(resource: Resource, text: str, severity: Severity = "information", code: str = "informational") -> Issue:
    """Name a resource by its type and place, never by its content."""
    return Issue(severity, code, f"{resource.content['resourceType']}: {text}", resource.place)


def told_by_signs(
    context: Context,
    resource: Resource,
    signs: Iterable[Sign],
    when: When,
    *,
    over: bool = False,
    doubtful: bool = False,
) -> Told:
    """Tell what signs say that is neither over nor out of its time; what is over or doubtful makes nothing absent."""
    values: list[tuple[str, Value]] = []
    notices: list[Issue] = []
    for sign in signs:
        reading = context.readings[sign.finding]
        if (over and not reading.past_counts) or ((over or doubtful) and not sign.present):
            continue
        untimely = untimely_because(reading.counts_for_days, context.later_days, when, may_be=sign.present)
        if untimely:
            notices.append(untimely_notice(resource, untimely))
        else:
            values.append((sign.finding, sign.present))
    told = Told(tuple(values), tuple(dict.fromkeys(notices)))
    return with_doubt(resource, told) if doubtful else told


def with_doubt(resource: Resource, told: Told) -> Told:
    """Add the notice that the status is not certain, where the resource told anything."""
    return replace(told, notices=(*told.notices, notice(resource, DOUBTFUL))) if told.values else told


def untimely_because(days: int | None, later_days: int, when: When, *, may_be: bool) -> str:
    """Say why a date keeps a resource from counting; empty where it counts.

    A partial date can mean many moments. With ``may_be`` one in time is enough, because what is said speaks for
    danger; without it all have to be.
    """
    if days is None:
        return ""
    if when.dated is None:
        return UNDATED
    for_age, for_later = when.dated.earliest, when.dated.latest
    if may_be:
        for_age, for_later = for_later, for_age
    if for_later - when.answers > timedelta(days=later_days):
        return LATER
    return TOO_OLD if when.answers - for_age > timedelta(days=days) else ""


def untimely_notice(resource: Resource, because: str) -> Issue:
    """Warn where a date is missing or in the future; that something is old is no fault."""
    if because == TOO_OLD:
        return notice(resource, because)
    return notice(resource, because, "warning", "incomplete" if because == UNDATED else "business-rule")
