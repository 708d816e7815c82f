"""What a response says of itself: its Questionnaire, its status, its subject, and what results carry over from it."""

from dataclasses import replace

import pytest

from service.errors import Issue
from service.mapping.body import Resource, open_body
from service.mapping.canonical import BASE, QUESTIONNAIRE
from service.mapping.gate.structure import check
from service.mapping.header import FreeText
from service.mapping.identity import DIGEST_SYSTEM, content_digest, sha256_of
from service.mapping.response import (
    faults_of_response,
    faults_with_questions,
    free_texts_of,
    header_of,
    notices_of_response,
    subject_of,
)
from tests.mapping.reading import LIMITS, read, refusal
from tests.mapping.responses import FORM, ITEMS, Json, as_bytes, filled, item_in, response

ROOT = "QuestionnaireResponse"


def resource(content: Json, full_url: str = "") -> Resource:
    """Return a valid response as the body holds it."""
    assert check(content, ROOT) == ()
    return Resource(content, full_url, ROOT, ())


def met(content: Json) -> list[tuple[str, str]]:
    """Return code and place of every issue."""
    return [(issue.code, issue.expression) for issue in refusal(content)]


def warned(content: Json) -> list[str]:
    """Return the place of every warning of the response itself."""
    notices = notices_of_response(FORM, resource(content))
    assert all((notice.severity, notice.code) == ("warning", "incomplete") for notice in notices)
    return [notice.expression.removeprefix(ROOT) for notice in notices]


# The Questionnaire

CANONICALS: list[tuple[str, str | None, str, list[str]]] = [
    # comment, canonical, code of the issue (empty where it is read), warnings
    ("the current version", f"{QUESTIONNAIRE}|1.0.0", "", []),
    ("the version without its patch", f"{QUESTIONNAIRE}|1.0", "", []),
    ("the major version alone", f"{QUESTIONNAIRE}|1", "", []),
    ("no version: the current one, with a warning", QUESTIONNAIRE, "", [".questionnaire"]),
    ("a bar and no version", f"{QUESTIONNAIRE}|", "", [".questionnaire"]),
    ("a later patch", f"{QUESTIONNAIRE}|1.0.1", "not-found", []),
    ("a later minor version", f"{QUESTIONNAIRE}|1.1", "not-found", []),
    ("a later major version", f"{QUESTIONNAIRE}|2.0.0", "not-found", []),
    ("a version that only begins alike", f"{QUESTIONNAIRE}|1.0.00", "not-found", []),
    ("a longer version", f"{QUESTIONNAIRE}|1.0.0.0", "not-found", []),
    ("half a number", f"{QUESTIONNAIRE}|1.", "not-found", []),
    ("another number that begins alike", f"{QUESTIONNAIRE}|10", "not-found", []),
    ("another Questionnaire", f"{BASE}/Questionnaire/low-back-pain|1.0.0", "not-found", []),
    ("a longer name", f"{QUESTIONNAIRE}s|1.0.0", "not-found", []),
    ("the address on a server", "https://ehr.example.org/fhir/Questionnaire/upper-back-pain", "not-found", []),
    ("other letters", QUESTIONNAIRE.upper(), "not-found", []),
    ("none", None, "required", []),
]


@pytest.mark.parametrize(("canonical", "code", "warnings"), [pytest.param(*row[1:], id=row[0]) for row in CANONICALS])
def test_only_our_own_questionnaire_in_a_known_version_is_read(
    canonical: str | None, code: str, warnings: list[str]
) -> None:
    content = {key: value for key, value in {**filled(), "questionnaire": canonical}.items() if value is not None}
    assert met(content) == ([(code, f"{ROOT}.questionnaire")] if code else [])
    if not code:
        assert warned(content) == warnings


def test_extensions_in_place_of_the_canonical_name_no_questionnaire() -> None:
    content = {key: value for key, value in filled().items() if key != "questionnaire"}
    extensions = {"extension": [{"url": "urn:example:title", "valueString": "Upper back pain"}]}
    assert met({**content, "_questionnaire": extensions}) == [("required", f"{ROOT}.questionnaire")]


def test_the_shorter_version_of_a_later_form_is_its_own() -> None:
    later = replace(FORM, version="2.3.4")
    for version, is_read in (("2.3.4", True), ("2.3", True), ("2", True), ("2.3.3", False), ("1.0.0", False)):
        content = {**filled(), "questionnaire": f"{QUESTIONNAIRE}|{version}"}
        assert (faults_of_response(later, resource(content)) == ()) is is_read, version


# The status

STATUSES: list[tuple[str, bool, list[str]]] = [
    # status, is it triaged, warnings
    ("completed", True, []),
    ("amended", True, []),
    ("in-progress", True, [".status"]),
    ("stopped", True, [".status"]),
    ("entered-in-error", False, []),
]


@pytest.mark.parametrize(("status", "is_triaged", "warnings"), STATUSES)
def test_a_response_is_triaged_unless_it_was_entered_in_error(
    status: str, is_triaged: bool, warnings: list[str]
) -> None:
    content = {**filled(), "status": status}
    assert met(content) == ([] if is_triaged else [("business-rule", f"{ROOT}.status")])
    if is_triaged:
        assert warned(content) == warnings


def test_extensions_in_place_of_the_status_are_no_status() -> None:
    content = {key: value for key, value in filled().items() if key != "status"}
    extensions = {"extension": [{"url": "urn:example:why", "valueString": "lost"}]}
    (issue,) = refusal({**content, "_status": extensions})
    assert (issue.code, issue.expression) == ("business-rule", f"{ROOT}.status")
    assert "without a status" in issue.text


# The subject

PATIENT: Json = {"resourceType": "Patient", "id": "p"}
GROUP: Json = {"resourceType": "Group", "id": "g", "type": "person", "actual": True}
TYPE_ADDRESS = "http://hl7.org/fhir/StructureDefinition"

SUBJECTS: list[tuple[str, Json, bool]] = [
    # comment, subject, is it read
    ("a Patient", {"reference": "Patient/1"}, True),
    ("a Patient of another server", {"reference": "https://ehr.example.org/fhir/Patient/1"}, True),
    ("a version of a Patient", {"reference": "https://ehr.example.org/fhir/Patient/1/_history/2"}, True),
    ("a UUID, which tells no type", {"reference": "urn:uuid:6ba7b810-9dad-41d1-80b4-00c04fd430c8"}, True),
    ("an identifier alone", {"identifier": {"system": "urn:example:mrn", "value": "1"}}, True),
    ("a name alone", {"display": "the patient"}, True),
    ("a path that is no type", {"reference": "https://EHR/1"}, True),
    ("a contained Patient", {"reference": "#p"}, True),
    ("its type, Patient", {"type": "Patient", "identifier": {"value": "1"}}, True),
    ("its type as an address, Patient", {"type": f"{TYPE_ADDRESS}/Patient", "display": "a"}, True),
    ("a Group", {"reference": "Group/1"}, False),
    ("a Practitioner of another server", {"reference": "https://ehr.example.org/fhir/Practitioner/1"}, False),
    ("a version of a Device", {"reference": "Device/1/_history/2"}, False),
    ("a contained Group", {"reference": "#g"}, False),
    ("its type, Group", {"type": "Group", "display": "a family"}, False),
    ("its type as an address, Group", {"type": f"{TYPE_ADDRESS}/Group", "display": "a"}, False),
    ("two types that differ", {"type": "Patient", "reference": "Group/1"}, False),
]


@pytest.mark.parametrize(("subject", "is_read"), [pytest.param(*row[1:], id=row[0]) for row in SUBJECTS])
def test_the_subject_is_a_patient(subject: Json, is_read: bool) -> None:
    content = {**filled(), "subject": subject, "contained": [PATIENT, GROUP]}
    assert met(content) == ([] if is_read else [("value", f"{ROOT}.subject")])


def test_a_response_without_a_subject_is_read_with_a_warning() -> None:
    content = {key: value for key, value in filled().items() if key != "subject"}
    assert met(content) == []
    assert warned(content) == [""]


def test_everything_that_is_wrong_is_said_at_once() -> None:
    content = {
        **filled(),
        "questionnaire": "urn:example:other",
        "status": "entered-in-error",
        "subject": {"type": "Group"},
    }
    item_in(content, "age")["answer"] = [{"valueInteger": 200}]
    assert [code for code, _ in met(content)] == ["not-found", "business-rule", "value", "value"]


ALLOWED = "which is not triaged; allowed are completed, amended, in-progress, stopped"
NO_STATUS = {"_status": {"extension": [{"url": "urn:example:why", "valueString": "lost"}]}}

SAID: list[tuple[Json, tuple[str, ...], Issue]] = [
    # what the response has, what it lacks, all that is said
    (
        {},
        ("questionnaire",),
        Issue(
            "error",
            "required",
            f"the response does not name its Questionnaire; allowed is {QUESTIONNAIRE}|1.0.0",
            f"{ROOT}.questionnaire",
        ),
    ),
    (
        {"questionnaire": "urn:example:other"},
        (),
        Issue("error", "not-found", f"met another Questionnaire; allowed is {QUESTIONNAIRE}", f"{ROOT}.questionnaire"),
    ),
    (
        {"questionnaire": f"{QUESTIONNAIRE}|2"},
        (),
        Issue(
            "error",
            "not-found",
            "met a version of the Questionnaire that is not known here; allowed is 1.0.0",
            f"{ROOT}.questionnaire",
        ),
    ),
    (
        {"status": "entered-in-error"},
        (),
        Issue("error", "business-rule", f"met a response that was entered in error, {ALLOWED}", f"{ROOT}.status"),
    ),
    (
        NO_STATUS,
        ("status",),
        Issue("error", "business-rule", f"met a response without a status, {ALLOWED}", f"{ROOT}.status"),
    ),
    (
        {"subject": {"reference": "Group/1"}},
        (),
        Issue(
            "error",
            "value",
            "met a subject that is not a Patient; allowed is a Patient, or a reference that does not tell its type",
            f"{ROOT}.subject",
        ),
    ),
]


@pytest.mark.parametrize(("has", "lacks", "issue"), SAID)
def test_a_refusal_says_what_was_met_and_what_is_allowed(has: Json, lacks: tuple[str, ...], issue: Issue) -> None:
    content = {key: value for key, value in filled().items() if key not in lacks} | has
    assert faults_of_response(FORM, resource(content)) == (issue,)


WARNED: list[tuple[Json, tuple[str, ...], str, str]] = [
    # what the response has, what it lacks, all that is said, where
    (
        {"questionnaire": QUESTIONNAIRE},
        (),
        "the response names no version of the Questionnaire; it was read as the current one, 1.0.0",
        ".questionnaire",
    ),
    (
        {},
        ("subject",),
        "the response has no subject: the results say data-absent-reason unknown, and no record was used",
        "",
    ),
    (
        {"subject": {"reference": "#p"}, "contained": [PATIENT]},
        (),
        "the subject is contained and has no identifier: the results cannot name it",
        ".subject",
    ),
    ({"status": "in-progress"}, (), "the response is in-progress: the result is preliminary", ".status"),
    ({"status": "stopped"}, (), "the response is stopped: the result is preliminary", ".status"),
]


@pytest.mark.parametrize(("has", "lacks", "text", "element"), WARNED)
def test_a_warning_says_what_is_doubtful(has: Json, lacks: tuple[str, ...], text: str, element: str) -> None:
    content = {key: value for key, value in filled().items() if key not in lacks} | has
    assert notices_of_response(FORM, resource(content)) == (Issue("warning", "incomplete", text, f"{ROOT}{element}"),)


# What results carry over


def test_the_header_holds_what_was_sent() -> None:
    content = {**filled(note="since I moved house"), "id": "r1", "encounter": {"reference": "Encounter/7"}}
    notice = Issue("warning", "incomplete", "a warning")
    header = header_of(resource(content), free_texts_of(FORM, "since I moved house"), "0" * 64, (notice,))
    assert header.reference == {"reference": "QuestionnaireResponse/r1", "type": ROOT}
    assert (header.subject, header.encounter) == ({"reference": "Patient/1"}, {"reference": "Encounter/7"})
    assert (header.authored, header.status) == ("2026-11-21T10:00:00Z", "completed")
    assert header.identity == header.content_digest == content_digest(content)
    assert header.free_texts == (FreeText("note", ITEMS["note"].ask, "since I moved house"),)
    assert (header.context_digest, header.notices, header.has_blanks) == ("0" * 64, (notice,), False)


def test_the_header_names_a_response_by_its_full_url_and_its_identifier() -> None:
    content = {**filled(), "id": "r1", "identifier": {"system": "urn:example:form", "value": "7"}}
    header = header_of(resource(content, "urn:uuid:6ba7b810-9dad-41d1-80b4-00c04fd430c8"), (), "", ())
    assert header.reference == {"reference": "urn:uuid:6ba7b810-9dad-41d1-80b4-00c04fd430c8", "type": ROOT}
    assert header.identity == sha256_of({"system": "urn:example:form", "value": "7"})
    assert header.content_digest == content_digest(content)


def test_the_header_tells_that_a_required_question_was_left_blank() -> None:
    blank = Issue("warning", "required", "a required question is not answered", link_id="severity-now")
    of_the_record = Issue("warning", "required", "Condition: not used, because its subject is missing")
    assert header_of(resource(filled()), (), "", (blank,)).has_blanks is True
    assert header_of(resource(filled()), (), "", (of_the_record,)).has_blanks is False


def test_the_header_of_the_least_response_is_empty_but_for_its_digest() -> None:
    content = {key: value for key, value in response({}).items() if key not in ("subject", "authored")}
    header = header_of(resource(content), free_texts_of(FORM, None), "", ())
    digest = content_digest(content)
    assert header.reference == {"type": ROOT, "identifier": {"system": DIGEST_SYSTEM, "value": digest}}
    assert (header.subject, header.encounter, header.authored, header.free_texts) == (None, None, "", ())


IDENTIFIER = {"system": "urn:example:mrn", "value": "1"}
CONTAINED: list[tuple[str, Json, Json, Json | None, list[str]]] = [
    # comment, subject, what the contained Patient says, the subject of the results, warnings
    ("its identifier stands for it", {"reference": "#p"}, {"identifier": [IDENTIFIER]}, {"identifier": IDENTIFIER}, []),
    (
        "the reference's own identifier comes first",
        {"reference": "#p", "identifier": {"value": "2"}},
        {"identifier": [IDENTIFIER]},
        {"identifier": {"value": "2"}},
        [],
    ),
    ("what is shown is kept", {"reference": "#p", "display": "A"}, {}, {"display": "A"}, []),
    ("nothing names it", {"reference": "#p"}, {}, None, [".subject"]),
    (
        "of two identifiers the first",
        {"reference": "#p"},
        {"identifier": [IDENTIFIER, {"value": "2"}]},
        {"identifier": IDENTIFIER},
        [],
    ),
    ("nothing is there", {"reference": "#q"}, {"identifier": [IDENTIFIER]}, None, [".subject"]),
]


@pytest.mark.parametrize(
    ("subject", "patient", "expected", "warnings"), [pytest.param(*row[1:], id=row[0]) for row in CONTAINED]
)
def test_a_contained_subject_is_named_by_what_can_leave_the_response(
    subject: Json, patient: Json, expected: Json | None, warnings: list[str]
) -> None:
    content = {**filled(), "subject": subject, "contained": [{**PATIENT, **patient}]}
    assert header_of(resource(content), (), "", ()).subject == subject_of(content) == expected
    assert warned(content) == warnings


# The question a fault stands under


def faults(content: Json) -> list[tuple[str, str]]:
    """Return the place below the response and the linkId of each fault that the gate finds."""
    (opened,) = open_body(as_bytes(content), LIMITS).responses
    named = faults_with_questions(FORM, opened)
    assert [replace(one, link_id="", question="") for one in named] == list(opened.faults)
    assert all((one.question == ITEMS[one.link_id].ask) if one.link_id in ITEMS else True for one in named)
    assert {one.question for one in named if not one.link_id} <= {""}
    return [(one.expression.removeprefix(f"{ROOT}."), one.link_id) for one in named]


def item_with(**elements: object) -> Json:
    """Return a response whose only question has these elements."""
    return response({}, item=[{"linkId": "group-danger-now", "item": [{"linkId": "sweating", **elements}]}])


FAULTS: list[tuple[str, Json, list[tuple[str, str]]]] = [
    # comment, response, place and linkId of the faults
    (
        "a wrong JSON type in an answer",
        item_with(answer=[{"valueBoolean": "no"}]),
        [("item[0].item[0].answer[0].value", "sweating")],
    ),
    ("null for the answers", item_with(answer=None), [("item[0].item[0].answer", "sweating")]),
    ("null for an answer", item_with(answer=[None]), [("item[0].item[0].answer[0]", "sweating")]),
    (
        "an item of an answer without a linkId",
        item_with(answer=[{"valueBoolean": True, "item": [{"text": "a"}]}]),
        [("item[0].item[0].answer[0].item[0]", "sweating")],
    ),
    (
        "an unknown element of a group",
        response({}, item=[{"linkId": "group-danger-now", "colour": "red"}]),
        [("item[0]", "group-danger-now")],
    ),
    (
        "an item of no known name",
        response({}, item=[{"linkId": "x", "colour": "red"}]),
        [("item[0]", "")],
    ),
    ("a linkId that is no string", response({}, item=[{"linkId": ["sweating"]}]), [("item[0].linkId", "")]),
    ("null for an item", response({}, item=[None]), [("item[0]", "")]),
    ("null for all items", response({}, item=None), [("item", "")]),
    ("a fault outside the items", {**filled(), "authored": "yesterday"}, [("authored", "")]),
    (
        "a fault in a contained response, whose items are not ours",
        {**filled(), "contained": [{**response({}), "id": "c", "item": [{"linkId": "sweating", "colour": "red"}]}]},
        [("contained[0].item[0]", "")],
    ),
]


@pytest.mark.parametrize(("content", "expected"), [pytest.param(*row[1:], id=row[0]) for row in FAULTS])
def test_a_fault_of_the_gate_names_the_question_it_stands_under(content: Json, expected: list[tuple[str, str]]) -> None:
    assert faults(content) == expected


def test_a_valid_response_has_no_faults() -> None:
    assert faults(filled()) == []
    assert read(filled()).notices == ()
