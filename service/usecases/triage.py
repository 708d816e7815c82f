"""Triages the responses of one body, each by itself, and puts their results into one Bundle; reads the clock."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from service import __version__
from service.errors import Issue, Refused, refuse
from service.knowledge.model import Policy, RuleBook
from service.mapping.body import Body, Resource, open_body
from service.mapping.context.record import places_of_own_record
from service.mapping.header import Run
from service.mapping.identity import content_digest, uuid_of
from service.mapping.quick_answers import QuickReader, quick_reader
from service.mapping.writing.bundle import collection
from service.mapping.writing.kept import Kept
from service.mapping.writing.outcome import operation_outcome
from service.mapping.writing.results import Writing
from service.settings import Settings
from service.usecases.answer import Answer
from service.usecases.triage_one import Entries, OneResponse, triage_one


def now() -> datetime:
    """Read the clock, with its zone."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Triage:
    """Hold what a triage needs; calling it triages one body. ``clock`` gives the present moment.

    With ``kept`` an answer is only for ``json_bytes.dump``; without it, it is plain data.
    """

    book: RuleBook
    settings: Settings
    clock: Callable[[], datetime] = now
    kept: Kept | None = None
    read_quickly: QuickReader = field(init=False)

    def __post_init__(self) -> None:
        """Prepare once what every request needs."""
        object.__setattr__(self, "read_quickly", quick_reader(self.book.form))

    def __call__(self, body: bytes) -> Answer:
        """Answer a body with the Bundle of its results; raise Refused where nothing in it can be triaged."""
        opened = open_body(body, self.settings.limits, self.read_quickly)
        policy = _policy(self.book, self.settings, opened.policy)
        outcomes = self._each(opened, policy, self._run(opened, policy))
        refused = [outcome for outcome in outcomes if isinstance(outcome, Refused)]
        if len(refused) == len(outcomes):
            raise _all_refused(refused, alone=opened.alone)
        pairs = zip(outcomes, opened.responses, strict=True)
        return Answer(200, collection(tuple(entry for pair in pairs for entry in _entries(*pair))))

    def _run(self, opened: Body, policy: Policy) -> Run:
        if opened.at is not None and not self.settings.allow_replay_at:
            text = "this server does not let a request set the moment with 'at'"
            raise refuse(422, "business-rule", text, _parameter("at"))
        return Run(
            at=opened.at or self.clock(),
            replay=opened.at is not None or not policy.live,
            policy_signed_by=self.settings.policy_signed_by or "",
            policy_signed_on=str(self.settings.policy_signed_on or ""),
            emergency_number=self.settings.emergency_number,
            software_version=__version__,
        )

    def _each(self, opened: Body, policy: Policy, run: Run) -> list[Entries | Refused]:
        """Triage every response; what is to be said of the body as a whole is said once, with the first result."""
        told_elsewhere = _told_elsewhere(opened)
        notices = _ignored(opened)
        outcomes: list[Entries | Refused] = []
        for response in opened.responses:
            one = OneResponse(response, opened.record, told_elsewhere, notices, Writing(self.kept))
            outcome = triage_one(self.book, policy, run, self.settings.max_answer_age_hours, one)
            outcomes.append(outcome)
            if not isinstance(outcome, Refused):
                told_elsewhere = frozenset(resource.place for resource in opened.record)
                notices = ()
        return outcomes


def _told_elsewhere(opened: Body) -> frozenset[str]:
    """Name what belongs to the patient of one of several responses: the others need not warn of it."""
    if len(opened.responses) == 1:
        return frozenset()
    return frozenset().union(*(places_of_own_record(response, opened.record) for response in opened.responses))


def _policy(book: RuleBook, settings: Settings, named: str) -> Policy:
    """Choose the policy: the setting's, or the request's where a setting allows it."""
    if named and named not in book.policies:
        allowed = ", ".join(book.policies)
        text = f"met a policy that does not exist; allowed are {allowed}"
        raise refuse(422, "code-invalid", text, _parameter("policy"))
    if named and named != settings.policy and not settings.allow_request_policy:
        text = "this server does not let a request name another policy than its own"
        raise refuse(422, "business-rule", text, _parameter("policy"))
    chosen = book.policies[named or settings.policy]
    if chosen.needs_sign_off and not (settings.policy_signed_by and settings.policy_signed_on):
        text = f"the policy '{chosen.id}' answers only where the settings name who signed it off, and when"
        raise refuse(422, "business-rule", text, _parameter("policy"))
    return chosen


def _parameter(name: str) -> str:
    return f"Parameters.parameter.where(name = '{name}')"


def _ignored(opened: Body) -> tuple[Issue, ...]:
    if not opened.ignored_types:
        return ()
    text = f"not read, because these rules use nothing of them: {', '.join(opened.ignored_types)}"
    return (Issue("information", "informational", text, "Bundle.entry"),)


def _all_refused(refused: list[Refused], *, alone: bool) -> Refused:
    """Refuse the request with every issue; a response that came alone keeps its own status."""
    issues = tuple(issue for one in refused for issue in one.issues)
    return Refused(refused[0].status if alone else 422, issues)


def _entries(outcome: Entries | Refused, response: Resource) -> tuple[dict[str, Any], ...]:
    if not isinstance(outcome, Refused):
        return outcome
    name = uuid_of("refused", response.place, content_digest(response.content))
    return ({"fullUrl": name.urn, "resource": operation_outcome(outcome.issues)},)
