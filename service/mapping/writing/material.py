"""What every part of a result is written from, and what follows from it at once; it holds no words and no FHIR."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from service.engine.assessment import Assessment
from service.knowledge.model import Activity, Policy, RuleBook
from service.mapping.header import ResponseHeader, Run
from service.mapping.identity import uuid_of
from service.mapping.writing.json_bytes import Written, dump
from service.mapping.writing.kept import Parts, array, value_and_origin
from service.mapping.writing.xhtml import escaped

RESULTS = ("RiskAssessment", "CarePlan", "ServiceRequest")
UNFINISHED = ("in-progress", "stopped")


Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class Material:
    """The rule book, one assessment made by it, and what the response and the run add."""

    book: RuleBook
    assessment: Assessment
    header: ResponseHeader
    run: Run
    single_dangers: Mapping[str, str]
    """Open findings whose yes alone means an emergency, each with the level it would mean."""
    urns: Mapping[str, str]
    """The name of each result by its resource type."""
    references: Mapping[str, str]
    """By which name each result is referred to, by its resource type."""
    kept: Parts | None = None
    """What was written before under the same policy; without it everything is written anew, and stays plain data."""
    said: dict[str, Any] = field(default_factory=dict)
    """What was worked out for this one result, and is said in more than one place."""

    @property
    def policy(self) -> Policy:
        """The policy that the assessment was made under."""
        return self.book.policies[self.assessment.policy]

    @property
    def is_test_data(self) -> bool:
        """True for a replay, for a policy that is not live, and for rules that are not proven."""
        return self.run.replay or not self.policy.live or not self.book.proven

    @property
    def answers_old(self) -> bool:
        """True where the answers have no time, a time in the future, or are older than the limit."""
        return answers_count_as_old(self.assessment)

    @property
    def status(self) -> Literal["preliminary", "final"]:
        """The status of the RiskAssessment."""
        unfinished = self.header.status in UNFINISHED or self.header.has_blanks
        return "final" if self.assessment.final and not unfinished else "preliminary"

    @property
    def level_activity(self) -> Activity:
        """The activity that is the level's own first step."""
        level = self.assessment.level
        return self.once(
            ("first step", level), lambda: next(one for one in self.book.activities.values() if one.level == level)
        )

    def rank(self, level: str) -> int:
        """Return the rank of a level; no level at all ranks below every level."""
        return self.book.levels[level].rank if level else 0

    def asks(self, rule: str) -> str:
        """Name the level that the policy gives a rule; empty where it gives none."""
        return self.book.rule_levels[self.assessment.policy][rule]

    def once(self, key: tuple[Hashable, ...], write: Callable[[], Part]) -> Part:
        """Write what follows from the book, the policy, the emergency number and this key alone."""
        return write() if self.kept is None else self.kept.of(key, write)

    def json_once(self, key: tuple[Hashable, ...], write: Callable[[], object]) -> Any:  # noqa: ANN401 - plain data, or its JSON
        """Write a part of a resource as ``once`` does; where parts are kept, it is JSON already."""
        return write() if self.kept is None else self.kept.of(key, lambda: Written(dump(write())))

    def listed(self, parts: Iterable[object]) -> Any:  # noqa: ANN401 - a list, or its JSON
        """Put parts into a list of a resource; where parts are kept, the list is JSON already."""
        return list(parts) if self.kept is None else array(parts)

    def again(self, name: str, write: Callable[[], Part]) -> Part:
        """Work out once what this one result says in more than one place."""
        if name not in self.said:
            self.said[name] = write()
        said: Part = self.said[name]
        return said

    def known(self, findings: Iterable[str]) -> tuple[Hashable, ...]:
        """Name what is known of these findings and by whom, as a key; never a reference into the record."""
        facts = self.assessment.facts
        return tuple(value_and_origin(facts.get(one)) for one in findings)

    def escape(self, text: str) -> str:
        """Make a text of the rule book safe for XHTML."""
        return escaped(text) if self.kept is None else self.kept.escape(text)


def answers_count_as_old(assessment: Assessment) -> bool:
    """Tell whether the answers have no time, a time in the future, or are older than the limit."""
    fact = assessment.facts.get("answers-old")
    return fact is not None and fact.value is True


def names_of_results(
    book: RuleBook, assessment: Assessment, header: ResponseHeader, tenant: str, kinds: Iterable[str]
) -> dict[str, str]:
    """Name results of some types: the same for the same response, content, context, book, policy and old answers."""
    made_of = (
        header.content_digest,
        header.context_digest,
        book.digest,
        assessment.policy,
        "true" if answers_count_as_old(assessment) else "false",
    )
    return {kind: uuid_of(str(uuid_of(tenant, header.identity, kind)), *made_of).urn for kind in kinds}
