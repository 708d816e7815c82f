"""Triages the responses of one request: the only place that joins reading, engine and writing, and that reads the clock."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from service import __version__
from service.engine.assess import assess
from service.engine.assessment import Assessment
from service.engine.facts import Fact, Facts
from service.errors import Issue, Refused, refuse
from service.knowledge.model import Policy, RuleBook
from service.mapping.answered_facts import facts_of_answers
from service.mapping.answers import read_answers
from service.mapping.body import Body, Resource, open_body
from service.mapping.context.join import join
from service.mapping.context.record import facts_of_record
from service.mapping.dates import earliest_moment
from service.mapping.header import Run
from service.mapping.identity import content_digest, sha256_of, uuid_of
from service.mapping.response import faults_of_response, free_texts_of, header_of, notices_of_response
from service.mapping.writing.bundle import collection
from service.mapping.writing.outcome import operation_outcome
from service.mapping.writing.results import write_results
from service.settings import Settings
from service.usecases.answer import Answer

Entries = tuple[dict[str, Any], ...]


def now() -> datetime:
    """Read the clock, with its zone."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Triage:
    """Hold what a triage needs; calling it triages one body. ``clock`` gives the present moment."""

    book: RuleBook
    settings: Settings
    clock: Callable[[], datetime] = now

    def __call__(self, body: bytes) -> Answer:
        """Answer a body with the Bundle of its results; raise Refused where nothing in it can be triaged."""
        opened = open_body(body, self.settings.limits)
        policy = _policy(self.book, self.settings, opened.policy)
        run = self._run(opened, policy)
        outcomes = [
            self._one(response, opened, policy, run, _ignored(opened) if index == 0 else ())
            for index, response in enumerate(opened.responses)
        ]
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

    def _one(
        self, response: Resource, opened: Body, policy: Policy, run: Run, notices: tuple[Issue, ...]
    ) -> Entries | Refused:
        """Triage one response with its own patient's record only, or say why it is refused."""
        if response.faults:
            return Refused(413 if response.faults[0].code == "too-long" else 400, response.faults)
        form = self.book.form
        faults = faults_of_response(form, response)
        answers = read_answers(form, response.content, response.place)
        if faults or answers.issues:
            return Refused(422, (*faults, *answers.issues))
        answered = facts_of_answers(self.book, answers, response.content["status"], response.place)
        authored = _authored(response)
        record = facts_of_record(self.book, response, opened.record, authored or run.at)
        joined = join(self.book, answered.facts, record)
        old = _is_old(authored, run.at, self.settings.max_answer_age_hours)
        candidates = (joined.facts, *joined.alternatives)
        gravest = _gravest(self.book, [_assess(self.book, facts, old, policy) for facts in candidates])
        header = header_of(
            response,
            free_texts_of(form, answers.by_link.get("note")),
            sha256_of(record.digest_input),
            (*notices, *notices_of_response(form, response), *answered.notices, *record.notices, *joined.notices),
        )
        return write_results(self.book, gravest, header, run)


def _assess(book: RuleBook, facts: Facts, old: bool, policy: Policy) -> Assessment:
    return assess(book, {**facts, "answers-old": Fact(old, "service")}, policy.id)


def _gravest(book: RuleBook, assessments: list[Assessment]) -> Assessment:
    """Keep the gravest of the readings where response and record differ: by level, then ceiling, then what fired."""
    return max(
        assessments,
        key=lambda one: (
            book.levels[one.level].rank,
            book.levels[one.ceiling].rank,
            sum(traced.verdict == "fired" for traced in one.trace),
        ),
    )


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
    if chosen.id == "reconciled" and not (settings.policy_signed_by and settings.policy_signed_on):
        text = "the policy 'reconciled' answers only where the settings name who signed it off, and when"
        raise refuse(422, "business-rule", text, _parameter("policy"))
    return chosen


def _parameter(name: str) -> str:
    return f"Parameters.parameter.where(name = '{name}')"


def _authored(response: Resource) -> datetime | None:
    written = response.content.get("authored")
    return earliest_moment(written) if written else None


def _is_old(authored: datetime | None, at: datetime, most_hours: int) -> bool:
    """Tell whether answers have no time, a time in the future, or are older than the limit."""
    return authored is None or authored > at or at - authored > timedelta(hours=most_hours)


def _ignored(opened: Body) -> tuple[Issue, ...]:
    if not opened.ignored_types:
        return ()
    text = f"not read, because these rules use nothing of them: {', '.join(opened.ignored_types)}"
    return (Issue("information", "informational", text, "Bundle.entry"),)


def _all_refused(refused: list[Refused], *, alone: bool) -> Refused:
    """Refuse the request with every issue; a response that came alone keeps its own status."""
    issues = tuple(issue for one in refused for issue in one.issues)
    return Refused(refused[0].status if alone else 422, issues)


def _entries(outcome: Entries | Refused, response: Resource) -> Entries:
    if not isinstance(outcome, Refused):
        return outcome
    name = uuid_of("refused", response.place, content_digest(response.content))
    return ({"fullUrl": name.urn, "resource": operation_outcome(outcome.issues)},)
