"""Reads what a response says of itself: which Questionnaire it answers, its status, subject and time; not its answers."""

from collections.abc import Mapping
from typing import Any

from service.errors import Issue
from service.knowledge.form import Form
from service.mapping.body import Resource
from service.mapping.canonical import QUESTIONNAIRE
from service.mapping.header import FreeText, ResponseHeader
from service.mapping.identity import content_digest, response_identity, response_reference

TRIAGED = ("completed", "amended", "in-progress", "stopped")


def faults_of_response(form: Form, response: Resource) -> tuple[Issue, ...]:
    """Name why a structurally valid response cannot be triaged: another Questionnaire, another version, its status."""
    content, place = response.content, response.place
    faults = list(_faults_of_questionnaire(form, str(content.get("questionnaire", "")), place))
    if content["status"] not in TRIAGED:
        text = f"a response that was entered in error is not triaged; allowed are {', '.join(TRIAGED)}"
        faults.append(Issue("error", "business-rule", text, f"{place}.status"))
    subject = content.get("subject", {})
    named = str(subject.get("type", "") or str(subject.get("reference", "")).rpartition("/")[0].rpartition("/")[2])
    if named and named[0].isupper() and named != "Patient":
        faults.append(Issue("error", "value", "the subject is not a Patient", f"{place}.subject"))
    return tuple(faults)


def _faults_of_questionnaire(form: Form, canonical: str, place: str) -> list[Issue]:
    url, _, version = canonical.partition("|")
    if not canonical:
        text = f"the response does not name its Questionnaire; allowed is {QUESTIONNAIRE}|{form.version}"
        return [Issue("error", "required", text, f"{place}.questionnaire")]
    if url != QUESTIONNAIRE:
        text = f"met another Questionnaire; allowed is {QUESTIONNAIRE}"
        return [Issue("error", "not-found", text, f"{place}.questionnaire")]
    if version and not _accepts(form.version, version):
        text = f"met a version of the Questionnaire that is not known here; allowed is {form.version}"
        return [Issue("error", "not-found", text, f"{place}.questionnaire")]
    return []


def _accepts(current: str, named: str) -> bool:
    """Accept the version itself and a shorter form of it: 1.0.0, 1.0 and 1."""
    return f"{current}.".startswith(f"{named}.")


def notices_of_response(form: Form, response: Resource) -> tuple[Issue, ...]:
    """Name what is doubtful about a response that is triaged all the same."""
    content, place = response.content, response.place
    notices = []
    if "|" not in str(content.get("questionnaire", "")):
        text = f"the response names no version of the Questionnaire; it was read as the current one, {form.version}"
        notices.append(Issue("warning", "incomplete", text, f"{place}.questionnaire"))
    if "subject" not in content:
        text = "the response has no subject: the results say data-absent-reason unknown, and no record was used"
        notices.append(Issue("warning", "incomplete", text, place))
    if content["status"] in ("in-progress", "stopped"):
        text = f"the response is {content['status']}: the result is preliminary"
        notices.append(Issue("warning", "incomplete", text, f"{place}.status"))
    return tuple(notices)


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
        notices=notices,
    )


def _outside(content: Mapping[str, Any], element: str) -> Mapping[str, Any] | None:
    """Return the reference as it can stand in another resource: one to a contained resource becomes its identifier."""
    reference = content.get(element)
    if not isinstance(reference, Mapping):
        return None
    target = str(reference.get("reference", ""))
    if not target.startswith("#"):
        return reference
    contained = next((one for one in content.get("contained", ()) if f"#{one.get('id')}" == target), {})
    kept = {key: value for key, value in reference.items() if key not in ("reference", "identifier")}
    identifiers = contained.get("identifier", ())
    return {**kept, "identifier": identifiers[0]} if identifiers else (kept or None)
