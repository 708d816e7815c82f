"""XML and FHIR 5.0: the same resource in another form, wherever it is offered; errors too."""

import json
from typing import Any

import pytest
from fhir.resources import get_fhir_model_class
from lxml import etree

from service.mapping.writing.json_bytes import dump
from service.mapping.xml_reader import from_xml
from service.mapping.xml_writer import to_xml

from .stored_service import RESPONSES, Stored, response

XML = "application/fhir+xml"
TRIAGE = f"{RESPONSES}/$triage"
RELEASE_5 = "application/fhir+json; fhirVersion=5.0"


def posted_xml(stored: Stored, resource: dict[str, Any], path: str = RESPONSES, **headers: str) -> Any:
    named = {"Content-Type": XML, "Accept": XML, **headers}
    return stored.client.post(path, data=to_xml(resource), headers=named)


def test_a_response_in_xml_is_stored_and_answered_in_xml_and_read_in_both_forms(stored: Stored) -> None:
    answer = posted_xml(stored, response(1))
    assert (answer.status_code, answer.mimetype) == (201, XML)
    written = from_xml(answer.data)
    path = f"{RESPONSES}/{written['id']}"
    assert (
        json.loads(dump(written))
        == json.loads(stored.get(path).data)
        == json.loads(stored.get(path, Accept="*/*").data)
    )
    assert from_xml(stored.get(path, Accept=XML).data) == written
    assert from_xml(stored.get(f"{path}?_format=xml").data) == written


def test_the_same_response_in_xml_and_in_json_is_one_response(stored: Stored) -> None:
    first, second = posted_xml(stored, response(1)), stored.post(response(1))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.headers["Location"] == second.headers["Location"]


def test_a_triage_says_the_same_in_both_forms(stored: Stored) -> None:
    in_json = json.loads(stored.post(response(1), TRIAGE).data)
    in_xml = from_xml(posted_xml(stored, response(1), TRIAGE).data)
    levels = [[_level(each["resource"]) for each in one["entry"][:1]] for one in (in_json, in_xml)]
    assert levels[0] == levels[1]


def _level(risk: Any) -> str:
    extension = next(one for one in risk["extension"] if one["url"].endswith("/triage-level"))
    return str(extension["valueCodeableConcept"]["coding"][0]["code"])


@pytest.mark.parametrize(
    ("accept", "media_type", "comment"),
    [
        ("application/fhir+xml;q=1.0, application/fhir+json;q=1.0, application/xml+fhir;q=0.9", "application/fhir+json",
         "HAPI's client: of equals JSON, which is what we store"),
        ("application/fhir+xml, application/fhir+json;q=0.9", XML, "XML is liked better"),
        ("application/xml", "application/xml", "a generic type is answered in kind"),
        ("text/xml", "text/xml", "another"),
    ],
)  # fmt: skip
def test_the_form_that_is_liked_best_is_answered(stored: Stored, accept: str, media_type: str, comment: str) -> None:
    assert stored.get("/fhir/metadata", Accept=accept).mimetype == media_type, comment


def test_an_error_comes_in_the_form_that_was_asked_for(stored: Stored) -> None:
    answer = stored.get("/fhir/CarePlan/none", Accept=XML)
    assert (answer.status_code, answer.mimetype) == (404, XML)
    assert from_xml(answer.data)["resourceType"] == "OperationOutcome"


@pytest.mark.parametrize(
    "body", [b"<", b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/hostname'>]><a>&x;</a>", b"{}", b"<Patient/>"]
)
def test_what_is_no_fhir_xml_is_400(stored: Stored, body: bytes) -> None:
    answer = stored.client.post(RESPONSES, data=body, headers={"Content-Type": XML})
    assert answer.status_code == 400
    assert json.loads(answer.data)["issue"][0]["severity"] == "error"


def test_the_answer_in_xml_is_indented_where_asked(stored: Stored) -> None:
    plain, pretty = (stored.get(f"/fhir/metadata?_format=xml{more}").data for more in ("", "&_pretty=true"))
    assert len(pretty.splitlines()) > len(plain.splitlines())
    assert etree.fromstring(pretty) is not None


@pytest.mark.parametrize(
    "kind", ["QuestionnaireResponse", "RiskAssessment", "CarePlan", "ServiceRequest", "Provenance", "AuditEvent"]
)
def test_what_is_stored_is_read_in_the_shape_of_r5(stored: Stored, kind: str) -> None:
    stored.post(response(1))
    (found,) = stored.ids(f"/fhir/{kind}")
    answer = stored.get(f"/fhir/{found}", Accept=RELEASE_5)
    assert answer.status_code == 200
    assert "fhirVersion=5.0" in answer.headers["Content-Type"]
    get_fhir_model_class(kind).model_validate_json(answer.data)


def test_a_triage_and_a_search_are_answered_in_the_shape_of_r5(stored: Stored) -> None:
    stored.post(response(1))
    for answer in (stored.post(response(2), TRIAGE, Accept=RELEASE_5), stored.get("/fhir/CarePlan", Accept=RELEASE_5)):
        get_fhir_model_class("Bundle").model_validate_json(answer.data)
        assert b"plannedActivityReference" in answer.data


def test_a_type_without_a_shape_of_r5_is_406_and_writing_is_not_offered_in_r5(stored: Stored) -> None:
    assert stored.get("/fhir/OperationDefinition/triage", Accept=RELEASE_5).status_code == 406
    assert stored.post(response(1), Accept=RELEASE_5).status_code == 406
