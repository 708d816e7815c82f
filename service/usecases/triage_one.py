"""Triages one response with its own patient's record: reads, joins, assesses, writes; its refusal is its own."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from service.engine.assess import assess
from service.engine.facts import Fact, Facts
from service.engine.gravest import gravest
from service.errors import Issue, Refused
from service.knowledge.model import Policy, RuleBook
from service.mapping.answered_facts import facts_of_answers
from service.mapping.answers import Answers, read_answers
from service.mapping.body import Resource
from service.mapping.context.join import join
from service.mapping.context.record import facts_of_record
from service.mapping.dates import earliest_moment
from service.mapping.header import Run
from service.mapping.identity import sha256_of
from service.mapping.response import (
    faults_of_response,
    faults_with_questions,
    free_texts_of,
    header_of,
    notices_of_response,
)
from service.mapping.writing.results import ANEW, Writing, write_results

Entries = tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class OneResponse:
    """One response of a body, with the record beside it.

    ``told_elsewhere`` are the places of the record that need no warning here; ``notices`` speak of the whole body;
    ``writing`` says how the results are written.
    """

    response: Resource
    record: tuple[Resource, ...]
    told_elsewhere: frozenset[str]
    notices: tuple[Issue, ...]
    writing: Writing = ANEW


@dataclass(frozen=True, slots=True)
class _Read:
    """What response and record say together: each reading of the facts, what was noticed, and the record's content."""

    readings: tuple[Facts, ...]
    notices: tuple[Issue, ...]
    record_digest: str


def triage_one(book: RuleBook, policy: Policy, run: Run, most_hours: int, one: OneResponse) -> Entries | Refused:
    """Return the entries of one response, or why it is refused: 400 and 413 for its form, 422 for its content."""
    response = one.response
    if response.faults:
        status = 413 if response.faults[0].code == "too-long" else 400
        return Refused(status, faults_with_questions(book.form, response))
    faults = faults_of_response(book.form, response)
    answers = response.answers or read_answers(book.form, response.content, response.place)
    if faults or answers.issues:
        return Refused(422, (*faults, *answers.issues))
    written = response.content.get("authored")
    authored = earliest_moment(written) if written else None
    doubts = _doubts_of_time(response, authored, run.at, most_hours)
    read = _read(book, one, answers, authored or run.at)
    facts = ({**reading, "answers-old": Fact(bool(doubts), "service")} for reading in read.readings)
    assessment = gravest(book, [assess(book, reading, policy.id) for reading in facts])
    notices = (*one.notices, *doubts, *notices_of_response(book.form, response), *read.notices)
    free_texts = free_texts_of(book.form, answers.by_link.get("note"))
    header = header_of(response, free_texts, read.record_digest, notices)
    return write_results(book, assessment, header, run, one.writing)


def _read(book: RuleBook, one: OneResponse, answers: Answers, at: datetime) -> _Read:
    response = one.response
    answered = facts_of_answers(book, answers, response.content["status"], response.place)
    record = facts_of_record(book, response, one.record, at, one.told_elsewhere)
    joined = join(book, answered.facts, record)
    return _Read(
        readings=(joined.facts, *joined.alternatives),
        notices=(*answered.notices, *record.notices, *joined.notices),
        record_digest=sha256_of(record.digest_input),
    )


def _doubts_of_time(response: Resource, authored: datetime | None, at: datetime, most_hours: int) -> tuple[Issue, ...]:
    """Warn of answers that may be out of date: without a time, with one in the future, or older than the limit."""
    if authored is None:
        return (_doubt("the response does not say when it was answered", response.place),)
    if authored > at:
        return (_doubt("the time of the answers is in the future", f"{response.place}.authored"),)
    if at - authored > timedelta(hours=most_hours):
        return (_doubt(f"the answers are older than {most_hours} hours", f"{response.place}.authored"),)
    return ()


def _doubt(what: str, place: str) -> Issue:
    text = f"{what}: the result is preliminary, and the first step is to ask again"
    return Issue("warning", "business-rule", text, place)
