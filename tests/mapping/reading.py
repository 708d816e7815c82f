"""The whole way from a body to facts and levels, as the use case goes it, without a record, a clock or HTTP."""

from dataclasses import dataclass
from functools import cache

from service.engine.assess import assess
from service.engine.assessment import Assessment
from service.engine.facts import Fact, Facts, Value
from service.errors import Issue, Refused
from service.mapping.answered_facts import facts_of_answers
from service.mapping.answers import read_answers
from service.mapping.body import Resource, open_body
from service.mapping.response import faults_of_response, faults_with_questions, notices_of_response
from service.settings import Limits
from tests.mapping.responses import BOOK, FORM, Json, as_bytes

LIMITS = Limits()
POLICIES = ("strictest", "reconciled")


@dataclass(frozen=True, slots=True)
class Read:
    """The facts of a response that was understood, and every warning."""

    facts: Facts
    notices: tuple[Issue, ...]


def read(content: Json) -> Read:
    """Read a response that is sent alone; raise Refused with all issues where it is refused."""
    (response,) = open_body(as_bytes(content), LIMITS).responses
    return read_resource(response)


def read_resource(response: Resource) -> Read:
    """Read one response of a body; raise Refused with all issues where it is refused."""
    if response.faults:
        raise Refused(400, faults_with_questions(FORM, response))
    answers = read_answers(FORM, response.content, response.place)
    faults = (*faults_of_response(FORM, response), *answers.issues)
    if faults:
        raise Refused(422, faults)
    answered = facts_of_answers(BOOK, answers, response.content["status"], response.place)
    return Read(answered.facts, (*notices_of_response(FORM, response), *answered.notices))


def facts_of(content: Json) -> Facts:
    """Return the facts of a response that is known to be admissible, without the gate."""
    answers = read_answers(FORM, content, "QuestionnaireResponse")
    assert not answers.issues
    return facts_of_answers(BOOK, answers, content["status"], "QuestionnaireResponse").facts


def refusal(content: Json) -> tuple[Issue, ...]:
    """Return why a response is refused; empty where it is read."""
    try:
        read(content)
    except Refused as refused:
        return refused.issues
    return ()


def assessed(facts: Facts, policy: str) -> Assessment:
    """Assess facts that are not old."""
    return assess(BOOK, {**facts, "answers-old": Fact(False, "service")}, policy)


def rank(facts: Facts, policy: str) -> int:
    """Return the rank of the level that the facts get; where they come from makes no difference to it."""
    return _ranks(frozenset((finding, fact.value) for finding, fact in facts.items()), policy)[0]


def highest_rank(facts: Facts, policy: str) -> int:
    """Return the rank of the ceiling: the highest level that open questions could still lead to."""
    return _ranks(frozenset((finding, fact.value) for finding, fact in facts.items()), policy)[1]


@cache
def _ranks(known: frozenset[tuple[str, Value]], policy: str) -> tuple[int, int]:
    assessment = assessed({finding: Fact(value, "response") for finding, value in known}, policy)
    return BOOK.levels[assessment.level].rank, BOOK.levels[assessment.ceiling].rank


def values(content: Json) -> dict[str, object]:
    """Return what is known after reading, by finding."""
    return {finding: fact.value for finding, fact in read(content).facts.items()}
