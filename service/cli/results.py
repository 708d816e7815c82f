"""Takes a result Bundle apart: which resources answer which response, and what their extensions hold; no words yet."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from service.mapping.writing import canonicals

Resource = Mapping[str, Any]
REFUSING = ("error", "fatal")


class NotAResult(Exception):  # noqa: N818 - reads as what was met: not a result
    """Say that what was read is not a result of this service."""


@dataclass(frozen=True, slots=True)
class Result:
    """The resources that answer one response; ``plan`` is absent for a policy that is not live."""

    risk: Resource
    plan: Resource | None = None
    request: Resource | None = None
    outcome: Resource | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """The OperationOutcome that stands in the place of a response that was refused."""

    outcome: Resource


def results_of(answer: object) -> tuple[Result | Refusal, ...]:
    """Group the resources of an answer by response, in order; raise NotAResult for anything else.

    An OperationOutcome by itself, as a server answers a request it refuses whole, is one refusal.
    """
    if not isinstance(answer, Mapping):
        raise NotAResult("allowed is a Bundle of results, or an OperationOutcome")
    if answer.get("resourceType") == "OperationOutcome":
        return (Refusal(answer),)
    if answer.get("resourceType") != "Bundle" or not isinstance(answer.get("entry"), list):
        raise NotAResult("allowed is a Bundle of results, or an OperationOutcome")
    grouped: list[Result | Refusal] = []
    for entry in answer["entry"]:
        _add(grouped, entry["resource"] if isinstance(entry, Mapping) and "resource" in entry else {})
    return tuple(grouped)


def _add(grouped: list[Result | Refusal], resource: Resource) -> None:
    """Put a resource to the response it belongs to: the one whose RiskAssessment stands last before it."""
    last = grouped[-1] if grouped and isinstance(grouped[-1], Result) else None
    match resource.get("resourceType"):
        case "RiskAssessment":
            grouped.append(Result(resource))
        case "OperationOutcome" if any(issue.get("severity") in REFUSING for issue in resource["issue"]):
            grouped.append(Refusal(resource))
        case "CarePlan" if last:
            grouped[-1] = replace(last, plan=resource)
        case "ServiceRequest" if last:
            grouped[-1] = replace(last, request=resource)
        case "OperationOutcome" if last:
            grouped[-1] = replace(last, outcome=resource)
        case _:
            raise NotAResult("the Bundle holds something else than the results of this service")


def extensions(holder: Resource, url: str) -> Iterator[Resource]:
    """Visit the extensions of one url, in order."""
    return (one for one in holder.get("extension", ()) if one["url"] == url)


def values(holder: Resource, url: str) -> tuple[Any, ...]:
    """Return the values of all extensions of one url, whatever their type."""
    return tuple(value for one in extensions(holder, url) for key, value in one.items() if key.startswith("value"))


def value(holder: Resource, url: str) -> str:
    """Return the one text that an extension holds; empty where there is none."""
    return str(next(iter(values(holder, url)), ""))


def level_of(risk: Resource, url: str = canonicals.TRIAGE_LEVEL) -> str:
    """Name the level that stands, or with the other url the ceiling."""
    concept = next(iter(values(risk, url)), None)
    if concept is None:
        raise NotAResult("a RiskAssessment has no triage level")
    return str(concept["coding"][0]["code"])


def policy_of(risk: Resource) -> Resource:
    """Return the extension that names the policy and who signed it off."""
    return next(extensions(risk, canonicals.POLICY), {"extension": []})


def issues_of(outcome: Resource | None) -> Sequence[Resource]:
    """Return the issues of an OperationOutcome; none where there is no such resource."""
    return outcome["issue"] if outcome else ()
