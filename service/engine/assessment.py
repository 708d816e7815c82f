"""What the engine answers: the assessment as plain data, before anyone puts it into words or into FHIR."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from service.engine.derive import Conflict
from service.engine.facts import Facts

Scope = Literal["in", "out"]
Fit = Literal["fits", "partly-fits", "not-excluded"]


@dataclass(frozen=True, slots=True)
class Traced:
    """One rule that fired or is undecided.

    ``asks`` is the level the rule asks for under the policy (empty: none); ``lifts_to`` what an undecided rule makes of
    the result; ``findings`` are those that made it fire, or those whose answers would decide it; ``pointing`` those
    that already speak for an undecided rule.
    """

    rule: str
    verdict: Literal["fired", "undecided"]
    asks: str
    lifts_to: str
    findings: tuple[str, ...]
    pointing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SuspectedCause:
    """One cause to think of, never confirmed: how well it fits, and by which rules."""

    cause: str
    fit: Fit
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TopicView:
    """What each source asks for on one topic; ``levels`` holds the highest level of its fired rules by source id."""

    topic: str
    levels: Mapping[str, str]
    disagree: bool


@dataclass(frozen=True, slots=True)
class Suggested:
    """One activity of the plan, with the rules and statements it rests on."""

    activity: str
    rests_on: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Forbidden:
    """One activity that a known fact forbids, and the findings that do; ``shown`` is do-not or ask-first."""

    activity: str
    withholding: str
    shown: str
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One activity that is not suggested because a question is open, or because it never is."""

    activity: str
    withholding: str
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What the plan holds, in order; ``watch_for`` are the signs of the safety net."""

    suggested: tuple[Suggested, ...]
    forbidden: tuple[Forbidden, ...]
    left_out: tuple[LeftOut, ...]
    watch_for: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Assessment:
    """The whole result for one response under one policy.

    ``level`` stands; ``ceiling`` is the highest level that an open answer could still lead to. ``deciding`` are the
    rules that gave the level. ``ask_next`` are the findings whose answers could raise it, or gave it by being open,
    gravest first; ``missing`` are the open findings of every undecided rule. ``final`` is true where no undecided rule
    could raise the level and the answers are not old.
    """

    policy: str
    level: str
    ceiling: str
    final: bool
    scope: Scope
    trace: tuple[Traced, ...]
    deciding: tuple[str, ...]
    ask_next: tuple[str, ...]
    causes: tuple[SuspectedCause, ...]
    topics: tuple[TopicView, ...]
    conflicts: tuple[Conflict, ...]
    plan: Plan
    facts: Facts
    missing: tuple[str, ...]
