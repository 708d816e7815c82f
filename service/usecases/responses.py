"""Stores and triages responses: create, update, amend, void; the store and the rules do the work, this joins them.

Nothing is searched for in order to be created: what is stored is read, the next versions are made from it, and the
store's unique keys say whether somebody else was first. Whoever was second reads again, and meets a resend.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from service import __version__
from service.edges.store.records import NewVersion, Record, VersionTaken
from service.edges.store.store import Store
from service.errors import Issue, Refused, refuse
from service.knowledge.model import RuleBook
from service.mapping.body import Resource
from service.mapping.header import Run
from service.mapping.quick_answers import QuickReader, quick_reader
from service.mapping.search.query import Query
from service.mapping.search.read_query import read_condition
from service.mapping.stored import REQUESTS, RESPONSE, RESULTS, stored_id
from service.mapping.writing.kept import Kept
from service.mapping.writing.results import Writing
from service.settings import Settings
from service.usecases.accesses import sent_again
from service.usecases.caller import Caller
from service.usecases.incoming import ENTERED_IN_ERROR, Incoming, read_incoming
from service.usecases.standing import Standing, judge_next, resent_version, standing_of
from service.usecases.triage import now
from service.usecases.triage_one import Entries, OneResponse, triage_one
from service.usecases.versions import Maker, Versions, accepted, issues_of, moment_after

ATTEMPTS = 20
"""So many writers may be first, one after another, before a request is sent away to come again."""


@dataclass(frozen=True, slots=True)
class Create:
    """A response to be stored: the bytes received, or the resource where it came inside something else.

    ``if_none_exist`` is the header as sent, empty without one; ``record`` the patient's record that came beside it.
    ``received`` are the bytes to be kept where they are not the JSON of the response itself (XML, for one).
    """

    body: bytes | Mapping[str, Any]
    if_none_exist: str = ""
    record: tuple[Resource, ...] = ()
    received: bytes | None = None


@dataclass(frozen=True, slots=True)
class Update:
    """A next version of a stored response; ``if_match`` is the version that the sender has seen, None where unsaid."""

    response_id: str
    body: bytes | Mapping[str, Any]
    if_match: int | None = None
    record: tuple[Resource, ...] = ()
    received: bytes | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of one response: its record, 201 for a first version and 200 else, its results, what was noticed.

    ``results`` are RiskAssessment, CarePlan, ServiceRequest in this order, as they were first stored.
    """

    record: Record
    status: int
    results: tuple[Record, ...]
    issues: tuple[Issue, ...]


@dataclass(frozen=True, slots=True)
class _Plan:
    """What one action comes to; ``versions`` is None where it came again, and nothing but that is on record."""

    stored: Stored
    versions: Versions | None = None


@dataclass(frozen=True, slots=True)
class Responses:
    """Store and triage responses. ``clock`` gives the present moment; ``kept`` are parts of results, to be shared.

    Every method raises Refused (400, 405, 409, 412, 413, 422, 503) and StoreDown. 405 is an update of an id that was
    never stored: ids are given by this service alone. 503 is a store that is too busy.
    """

    book: RuleBook
    settings: Settings
    store: Store
    clock: Callable[[], datetime] = now
    kept: Kept | None = None
    read_quickly: QuickReader = field(init=False)

    def __post_init__(self) -> None:
        """Prepare once what every response needs."""
        object.__setattr__(self, "read_quickly", quick_reader(self.book.form))

    def create(self, caller: Caller, body: bytes | Mapping[str, Any], if_none_exist: str = "") -> Stored:
        """Store a response and its results; return after the commit is durable."""
        return self.together(caller, (Create(body, if_none_exist),))[0]

    def update(
        self, caller: Caller, response_id: str, body: bytes | Mapping[str, Any], if_match: int | None = None
    ) -> Stored:
        """Store the next version of a response and of its results."""
        return self.together(caller, (Update(response_id, body, if_match),))[0]

    def together(self, caller: Caller, actions: Sequence[Create | Update]) -> tuple[Stored, ...]:
        """Do all of it in one transaction, or nothing; one Stored per action, in order."""
        incoming = [self._read(action) for action in actions]
        for _ in range(ATTEMPTS):
            plans = [self._plan(caller, *pair) for pair in zip(actions, incoming, strict=True)]
            _refuse_one_identity_twice(plans)
            if self._written(plans, self._sent_again(caller, actions, plans)):
                return tuple(plan.stored for plan in plans)
        raise refuse(503, "lock-error", "others keep changing the same response; send it again")

    def _read(self, action: Create | Update) -> Incoming:
        return read_incoming(action.body, action.received, self.book.form, self.settings.limits, self.read_quickly)

    def _sent_again(
        self, caller: Caller, actions: Sequence[Create | Update], plans: Sequence[_Plan]
    ) -> list[NewVersion]:
        """Make an AuditEvent for each response that came again: its sender reads what was stored before."""
        if not self.settings.audit_reads:
            return []
        return [
            sent_again(caller, "update" if isinstance(action, Update) else "create", plan.stored.record, self.clock())
            for action, plan in zip(actions, plans, strict=True)
            if plan.versions is None
        ]

    def _written(self, plans: Sequence[_Plan], events: Sequence[NewVersion]) -> bool:
        """Write what the plans hold in one transaction; False where somebody else was first, and nothing was written.

        Always in the order of the ids: two transactions with the same responses would else wait for each other.
        """
        versions = [plan.versions for plan in plans if plan.versions is not None]
        versions.sort(key=lambda one: one.response.record.id)
        new = [*(each for one in versions for each in one.all), *events]
        if not new:
            return True
        try:
            self.store.write(new, [one.received for one in versions])
        except VersionTaken:
            return False
        return True

    def _plan(self, caller: Caller, action: Create | Update, incoming: Incoming) -> _Plan:
        if isinstance(action, Update):
            return self._plan_update(caller, action, incoming)
        if action.if_none_exist:
            query = read_condition(RESPONSE, action.if_none_exist, caller.base)
            existing = self._existing(caller, query)
            if existing is not None:
                return _Plan(self._first_answer(caller.tenant, existing.id, existing.version))
        id_ = stored_id(caller.tenant, incoming.identity, RESPONSE)
        standing = standing_of(self.store, caller.tenant, id_, incoming.identity)
        if standing is None:
            return self._plan_first(caller, action, incoming)
        return self._plan_next(caller, action, incoming, standing)

    def _existing(self, caller: Caller, query: Query) -> Record | None:
        """Find what a condition names; None for nothing, Refused 412 where it names several."""
        page = self.store.search(caller.tenant, Query(RESPONSE, query.criteria, count=2), want_total=False)
        if len(page.records) > 1:
            raise refuse(412, "multiple-matches", "If-None-Exist is met by more than one stored response")
        return page.records[0] if page.records else None

    def _plan_update(self, caller: Caller, action: Update, incoming: Incoming) -> _Plan:
        if incoming.content.get("id") != action.response_id:
            text = "the id in the body is missing, or is not the id in the address"
            raise refuse(400, "invalid", text, f"{RESPONSE}.id")
        standing = standing_of(self.store, caller.tenant, action.response_id, None)
        if action.if_match is not None and (standing is None or standing.latest.version != action.if_match):
            raise refuse(412, "conflict", "If-Match does not name the version that is stored", RESPONSE)
        if standing is None:
            text = "nothing is stored under this id, and ids are given by this service alone; create it with POST"
            raise refuse(405, "not-supported", text, f"{RESPONSE}.id")
        return self._plan_next(caller, action, incoming, standing)

    def _plan_first(self, caller: Caller, action: Create | Update, incoming: Incoming) -> _Plan:
        if incoming.status == ENTERED_IN_ERROR and incoming.identifier is None:
            text = (
                "a response without an identifier is withdrawn by an update of its id: by its content alone, nothing "
                "that is stored can be found"
            )
            raise refuse(422, "business-rule", text, f"{RESPONSE}.status")
        maker = Maker(caller, self.book, incoming, incoming.identity, 1, moment_after(self.clock(), None), ())
        plan = self._made(action, maker)
        if incoming.status != "amended":
            return plan
        text = "the response says that it is amended, but nothing with its identity was stored: it is stored as new"
        issue = Issue("warning", "not-found", text, f"{RESPONSE}.status")
        told = plan.stored
        return _Plan(Stored(told.record, told.status, told.results, (issue, *told.issues)), plan.versions)

    def _plan_next(self, caller: Caller, action: Create | Update, incoming: Incoming, standing: Standing) -> _Plan:
        is_update = isinstance(action, Update)
        id_ = standing.latest.id
        resent = resent_version(standing, incoming, is_update=is_update)
        if resent is not None:
            return _Plan(self._first_answer(caller.tenant, id_, resent))
        judge_next(standing, incoming, is_update=is_update)
        moment = moment_after(self.clock(), standing.latest)
        earlier = self.store.latest_of_response(caller.tenant, id_, RESULTS)
        version = standing.latest.version + 1
        return self._made(action, Maker(caller, self.book, incoming, standing.identity, version, moment, earlier))

    def _made(self, action: Create | Update, maker: Maker) -> _Plan:
        if maker.incoming.status == ENTERED_IN_ERROR:
            issues: tuple[Issue, ...] = ()
            versions = maker.voided()
        else:
            entries = accepted(self._triage(action, maker))
            issues = issues_of(entries)
            versions = maker.triaged(entries)
        results = tuple(one.record for one in versions.results)
        return _Plan(Stored(versions.response.record, 201 if maker.version == 1 else 200, results, issues), versions)

    def _triage(self, action: Create | Update, maker: Maker) -> Entries | Refused:
        policy = self.book.policies[self.settings.policy]
        content = {**maker.incoming.content, "id": maker.response_id}
        response = Resource(content, maker.response_reference, RESPONSE, (), maker.incoming.answers)
        run = Run(
            at=maker.moment,
            replay=not policy.live,
            policy_signed_by=self.settings.policy_signed_by or "",
            policy_signed_on=str(self.settings.policy_signed_on or ""),
            emergency_number=self.settings.emergency_number,
            software_version=__version__,
            tenant=maker.caller.tenant,
        )
        one = OneResponse(response, action.record, frozenset(), (), Writing(self.kept, maker.names()))
        return triage_one(self.book, policy, run, self.settings.max_answer_age_hours, one)

    def _first_answer(self, tenant: str, response_id: str, version: int) -> Stored:
        """Return what was answered when a version was stored first, as the store holds it."""
        stored = self.store.stored_with(tenant, response_id, version)
        response = next(one for one in stored if one.resource_type == RESPONSE)
        results = [one for kind in RESULTS for one in stored if one.resource_type == kind]
        # A proposal of a second version is one that was revoked or voided then, and not a result of that storing.
        new = [one for one in results if one.resource_type not in REQUESTS or one.version == 1]
        was_voided = len(new) == len(results) or not any(one.resource_type in REQUESTS for one in new)
        return Stored(response, 200, tuple(results if was_voided else new), ())


def _refuse_one_identity_twice(plans: Sequence[_Plan]) -> None:
    names = [plan.stored.record.id for plan in plans]
    if len(set(names)) != len(names):
        raise refuse(400, "duplicate", "two entries are one response: they have the same identity")
