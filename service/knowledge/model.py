"""The rule book as plain, frozen data. It is read by every layer above; nothing here evaluates anything."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from service.knowledge.condition import Condition
from service.knowledge.context import Context
from service.knowledge.form import Form

Origin = Literal["article", "guideline", "project", "reconciled"]
Fit = Literal["fits", "partly-fits"]


@dataclass(frozen=True, slots=True)
class Level:
    """One of the five triage levels; a higher rank is more urgent. ``within`` is an ISO 8601 duration."""

    id: str
    rank: int
    means: str
    within: str
    priority: str


@dataclass(frozen=True, slots=True)
class Source:
    """Who says something: an article, a guideline that was read or quoted, or this project itself."""

    id: str
    name: str
    origin: Origin
    date: str = ""
    checked: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """What one source asks for or says.

    ``row`` is the id before it was split; ``level`` is empty where none is asked.
    """

    id: str
    row: str
    source: str
    origin: Origin
    kind: str
    level: str
    when: str
    says: str
    reading: str = ""
    see: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What can be known of a patient. ``kind``: boolean, integer, quantity, choice, choices (repeats) or text."""

    id: str
    group: str
    kind: str
    label: str
    reassuring: bool = False
    unsure_means_present: bool = False
    unit: str = ""
    options: tuple[str, ...] = ()
    asked: bool = True
    step: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Derivation:
    """A fact that follows from others. ``only_where_unknown`` never overrides an answer."""

    id: str
    when: Condition
    finding: str
    present: bool
    only_where_unknown: bool
    says: str


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two answers that cannot both be right; ``finding`` then counts as ``present`` says: the dangerous reading."""

    id: str
    when: Condition
    finding: str
    present: bool
    says: str


@dataclass(frozen=True, slots=True)
class Topic:
    """One clinical matter, under which rules are compared and disagreement is shown."""

    id: str
    title: str
    order: int
    safety_net_order: int
    safety_net_when: Condition


@dataclass(frozen=True, slots=True)
class Allowed:
    """A deliberate exception from a check, with its reason."""

    check: str
    about: str
    reason: str


@dataclass(frozen=True, slots=True)
class Case:
    """One example of a rule, term or withholding as a sentence, its facts and the verdict that must come out."""

    says: str
    facts: Mapping[str, object]
    verdict: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One matter as a condition, and whose statement that condition is; its level follows from them by the policy."""

    id: str
    title: str
    topic: str
    when: Condition
    statements: tuple[str, ...]
    supports: tuple[str, ...]
    causes: Mapping[str, Fit]
    plan: tuple[str, ...]
    limits: str
    status: str
    sign: str
    cases: tuple[Case, ...]
    allowed: tuple[Allowed, ...] = ()


@dataclass(frozen=True, slots=True)
class NamedTerm:
    """A phrase of the sources with one meaning for the whole book."""

    id: str
    says: str
    when: Condition
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Cause:
    """A cause that a result may list as suspected, never as confirmed."""

    id: str
    label: str
    dangerous: bool
    rests_on: tuple[str, ...]
    code_key: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Activity:
    """What a plan may suggest, and when it may. ``below_emergency`` is what its detail adds below that level."""

    id: str
    title: str
    section: str
    detail: str
    levels: tuple[str, ...]
    when: Condition
    rests_on: tuple[str, ...]
    kind: str = ""
    level: str = ""
    code_key: str = ""
    below_emergency: str = ""
    do_not: str = ""
    no_withholding_because: str = ""


@dataclass(frozen=True, slots=True)
class Withholding:
    """Why an activity is not suggested: while the condition holds, and while it is open."""

    id: str
    title: str
    items: tuple[str, ...]
    when: Condition
    statement: str
    because: str
    shown: str
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """Which statements count. ``live`` policies may answer a patient; the others compare, replay and audit.

    ``needs_sign_off`` policies answer only where the settings name who signed them off, and when.
    """

    id: str
    title: str
    live: bool
    sources: tuple[str, ...] = ()
    rows_replace_articles: bool = False
    needs_sign_off: bool = False


@dataclass(frozen=True, slots=True)
class Background:
    """A statement from which nothing is computed, and why."""

    statement: str
    reason: str


@dataclass(frozen=True, slots=True)
class Coding:
    """An external code that may be sent, and read in unless ``use`` is out."""

    system: str
    code: str
    display: str
    polarity: str = ""
    use: str = ""


@dataclass(frozen=True, slots=True, eq=False)  # compared by identity: what is prepared for a book is found by it
class RuleBook:
    """Everything clinical that the service knows, checked as a whole when it is loaded.

    ``rule_levels[policy][rule]`` is the level id the policy gives the rule; a rule without a level there asks for none.
    ``red_flags`` are the findings that alone, with others or by what follows from them can ask for emergency or above.
    ``proven`` is true only where the certificate was demanded; without it every result is marked as test data.
    """

    version: str
    digest: str
    levels: Mapping[str, Level]
    sources: Mapping[str, Source]
    statements: Mapping[str, Statement]
    findings: Mapping[str, Finding]
    terms: Mapping[str, NamedTerm]
    derivations: tuple[Derivation, ...]
    contradictions: tuple[Contradiction, ...]
    topics: Mapping[str, Topic]
    rules: Mapping[str, Rule]
    causes: Mapping[str, Cause]
    activities: Mapping[str, Activity]
    withholdings: Mapping[str, Withholding]
    policies: Mapping[str, Policy]
    background: tuple[Background, ...]
    codes: Mapping[str, tuple[Coding, ...]]
    scope_out: Condition
    scope_says: str
    intended_use: str
    form: Form
    context: Context
    rule_levels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    red_flags: frozenset[str] = frozenset()
    proven: bool = False
