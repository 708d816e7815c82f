"""What every part of a result is written from, and what follows from it at once; it holds no words and no FHIR."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from service.engine.assessment import Assessment
from service.knowledge.model import Activity, Policy, RuleBook
from service.mapping.header import ResponseHeader, Run
from service.mapping.identity import uuid_of

UNFINISHED = ("in-progress", "stopped")


@dataclass(frozen=True, slots=True)
class Material:
    """The rule book, one assessment made by it, and what the response and the run add."""

    book: RuleBook
    assessment: Assessment
    header: ResponseHeader
    run: Run
    single_dangers: Mapping[str, str]
    """Open findings whose yes alone means an emergency, each with the level it would mean."""

    @property
    def policy(self) -> Policy:
        """The policy that the assessment was made under."""
        return self.book.policies[self.assessment.policy]

    @property
    def is_test_data(self) -> bool:
        """True for a replay and for a policy that is not live."""
        return self.run.replay or not self.policy.live

    @property
    def answers_old(self) -> bool:
        """True where the answers have no time, a time in the future, or are older than the limit."""
        fact = self.assessment.facts.get("answers-old")
        return fact is not None and fact.value is True

    @property
    def status(self) -> Literal["preliminary", "final"]:
        """The status of the RiskAssessment."""
        unfinished = self.header.status in UNFINISHED or self.header.has_blanks
        return "final" if self.assessment.final and not unfinished else "preliminary"

    @property
    def level_activity(self) -> Activity:
        """The activity that is the level's own first step."""
        return next(one for one in self.book.activities.values() if one.level == self.assessment.level)

    def rank(self, level: str) -> int:
        """Return the rank of a level; no level at all ranks below every level."""
        return self.book.levels[level].rank if level else 0

    def asks(self, rule: str) -> str:
        """Name the level that the policy gives a rule; empty where it gives none."""
        return self.book.rule_levels[self.assessment.policy][rule]

    def urn(self, resource_type: str) -> str:
        """Name one result: the same name for the same response, content, context, rule book, policy and old answers."""
        stored = uuid_of(self.run.tenant, self.header.identity, resource_type)
        return uuid_of(
            str(stored),
            self.header.content_digest,
            self.header.context_digest,
            self.book.digest,
            self.assessment.policy,
            "true" if self.answers_old else "false",
        ).urn
