"""Reads what a response says of itself: its Questionnaire, status, subject and time; not its answers."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from service.errors import Issue
from service.knowledge.form import Form
from service.mapping.answers import words_of
from service.mapping.body import Resource
from service.mapping.canonical import QUESTIONNAIRE
from service.mapping.gate.definitions import r4
from service.mapping.header import FreeText, ResponseHeader
from service.mapping.identity import content_digest, response_identity, response_reference

TRIAGED = ("completed", "amended", "in-progress", "stopped")
PRELIMINARY = ("in-progress", "stopped")
ADDRESS = re.compile(r"(?:.*/)?([A-Za-z]+)/[A-Za-z0-9.-]{1,64}(?:/_history/.*)?")
ITEMS_AND_ANSWERS = re.compile(r"(?:\.(?:item|answer)\[\d+\])*")
STEP = re.compile(r"\.(item|answer)\[(\d+)\]")


def faults_of_response(form: Form, response: Resource) -> tuple[Issue, ...]:
    """Name why a structurally valid response cannot be triaged: its Questionnaire, version, status or subject."""
    content, place = response.content, response.place
    faults = [*_faults_of_questionnaire(form, str(content.get("questionnaire", "")), place)]
    status = content.get("status")
    if status not in TRIAGED:
        met = "a response without a status" if status is None else "a response that was entered in error"
        text = f"met {met}, which is not triaged; allowed are {', '.join(TRIAGED)}"
        faults.append(Issue("error", "business-rule", text, f"{place}.status"))
    if any(kind in r4().resources and kind != "Patient" for kind in _types_of_subject(content)):
        text = "met a subject that is not a Patient; allowed is a Patient, or a reference that does not tell its type"
        faults.append(Issue("error", "value", text, f"{place}.subject"))
    return tuple(faults)


def _faults_of_questionnaire(form: Form, canonical: str, place: str) -> Iterator[Issue]:
    url, _, version = canonical.partition("|")
    if not canonical:
        text = f"the response does not name its Questionnaire; allowed is {QUESTIONNAIRE}|{form.version}"
        yield Issue("error", "required", text, f"{place}.questionnaire")
    elif url != QUESTIONNAIRE:
        text = f"met another Questionnaire; allowed is {QUESTIONNAIRE}"
        yield Issue("error", "not-found", text, f"{place}.questionnaire")
    elif version and not _accepts(form.version, version):
        text = f"met a version of the Questionnaire that is not known here; allowed is {form.version}"
        yield Issue("error", "not-found", text, f"{place}.questionnaire")


def _accepts(current: str, named: str) -> bool:
    """Accept the version itself and a shorter form of it: 1.0.0, 1.0 and 1."""
    return f"{current}.".startswith(f"{named}.")


def _types_of_subject(content: Mapping[str, Any]) -> Iterator[str]:
    """Name every type that the reference tells: as its type, in its address, and of what it refers to inside."""
    subject = content.get("subject", {})
    target = str(subject.get("reference", ""))
    yield str(subject.get("type", "")).rpartition("/")[2]
    address = ADDRESS.fullmatch(target)
    if address:
        yield address[1]
    yield from (one["resourceType"] for one in _contained(content, target))


def _contained(content: Mapping[str, Any], target: str) -> Sequence[Mapping[str, Any]]:
    return [one for one in content.get("contained", ()) if f"#{one.get('id')}" == target]


def faults_with_questions(form: Form, response: Resource) -> tuple[Issue, ...]:
    """Return the faults that the gate found, each with the question of our own Questionnaire that it stands under."""
    words = words_of(form)
    return tuple(_with_question(words, response, fault) for fault in response.faults)


def _with_question(words: Mapping[str, str], response: Resource, fault: Issue) -> Issue:
    link_id, node = "", response.content
    way = ITEMS_AND_ANSWERS.match(fault.expression.removeprefix(response.place))
    for element, index in STEP.findall(way.group() if way else ""):
        node = node[element][int(index)]
        named = node.get("linkId") if isinstance(node, Mapping) else None
        if isinstance(named, str) and named in words:
            link_id = named
    return replace(fault, link_id=link_id, question=words.get(link_id, ""))


def notices_of_response(form: Form, response: Resource) -> tuple[Issue, ...]:
    """Name what is doubtful about a response that is triaged all the same."""
    return tuple(
        Issue("warning", "incomplete", text, f"{response.place}{element}")
        for text, element in _doubts(form, response.content)
    )


def _doubts(form: Form, content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if not str(content["questionnaire"]).partition("|")[2]:
        text = f"the response names no version of the Questionnaire; it was read as the current one, {form.version}"
        yield text, ".questionnaire"
    if "subject" not in content:
        yield "the response has no subject: the results say data-absent-reason unknown, and no record was used", ""
    elif _outside(content, "subject") is None:
        yield "the subject is contained and has no identifier: the results cannot name it", ".subject"
    if content["status"] in PRELIMINARY:
        yield f"the response is {content['status']}: the result is preliminary", ".status"


def free_texts_of(form: Form, note: object) -> tuple[FreeText, ...]:
    """List the texts of the response, each with the question it stands under."""
    return (FreeText("note", form.item("note").ask, str(note)),) if note else ()


def header_of(
    response: Resource, free_texts: tuple[FreeText, ...], context_digest: str, notices: tuple[Issue, ...]
) -> ResponseHeader:
    """Gather what the results carry over from the response."""
    content = response.content
    digest = content_digest(content)
    return ResponseHeader(
        reference=response_reference(content, response.full_url, digest),
        subject=_outside(content, "subject"),
        encounter=_outside(content, "encounter"),
        authored=str(content.get("authored", "")),
        status=content["status"],
        identity=response_identity(content, digest),
        content_digest=digest,
        context_digest=context_digest,
        free_texts=free_texts,
        has_blanks=any(notice.code == "required" and notice.link_id for notice in notices),
        notices=notices,
    )


def subject_of(content: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the subject as a reference that can stand in another resource; None where the response names none."""
    return _outside(content, "subject")


def _outside(content: Mapping[str, Any], element: str) -> Mapping[str, Any] | None:
    """Return the reference as it can stand in another resource: one to a contained resource becomes its identifier."""
    reference: Mapping[str, Any] | None = content.get(element)
    target = str(reference.get("reference", "")) if reference else ""
    if reference is None or not target.startswith("#"):
        return reference
    kept = {key: value for key, value in reference.items() if key != "reference"}
    identifiers = [identifier for one in _contained(content, target) for identifier in one.get("identifier", ())]
    return {"identifier": identifiers[0], **kept} if identifiers else (kept or None)
