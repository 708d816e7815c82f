"""In which form an answer is written, and which announced forms of a body are read."""

import pytest
from werkzeug.datastructures import MultiDict

from service.errors import Refused
from service.web.negotiation import (
    FHIR_JSON,
    Form,
    check_content_encoding,
    check_content_type,
    choose_error_form,
    choose_form,
)

HAPI = (
    "application/fhir+xml;q=1.0, application/fhir+json;q=1.0, application/xml+fhir;q=0.9, application/json+fhir;q=0.9"
)
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

# fmt: off
ACCEPTED = [
    # Accept                                                    answered as              comment
    (None,                                                      FHIR_JSON,               "no header"),
    ("",                                                        FHIR_JSON,               "an empty header"),
    ("*/*",                                                     FHIR_JSON,               "anything"),
    ("application/*",                                           FHIR_JSON,               "any application type"),
    ("text/*",                                                  "text/json",             "any text type"),
    ("application/fhir+json",                                   FHIR_JSON,               "FHIR's own type"),
    ("APPLICATION/FHIR+JSON; Charset=UTF-8",                    FHIR_JSON,               "case does not count"),
    ("application/json",                                        "application/json",      "generic, in kind"),
    ("text/json",                                               "text/json",             "generic, in kind"),
    ("application/json+fhir",                                   "application/json+fhir", "the name before R3"),
    (HAPI,                                                      FHIR_JSON,               "HAPI lists XML first"),
    (BROWSER,                                                   "application/xml",       "a browser likes XML best"),
    ("application/json;q=0.4, application/fhir+json;q=0.3",     "application/json",      "the greater q wins"),
    ("application/json, application/fhir+json",                 FHIR_JSON,               "equal q: our preference"),
    ("*/*, application/fhir+json;q=0",                          "application/json",      "q=0 is a refusal"),
    ("application/fhir+json;fhirVersion=5.0, application/json", "application/json",      "R5 is passed over"),
]

NOT_ACCEPTABLE = [
    # Accept                                                    comment
    ("application/fhir+turtle",                                 "Turtle only"),
    ("text/html",                                               "a page"),
    ("application/fhir+json;q=0",                               "refused by q=0"),
    ("*/*;q=0",                                                 "everything refused"),
    ("application/fhir+json;fhirVersion=5.0",                   "R5 only"),
    ("application/fhir+json;fhirVersion=3.0",                   "STU3 only"),
    ("application/fhir+jsonx",                                  "a longer name"),
]

FORMATS = [
    # _format                              answered as              comment
    ("json",                               FHIR_JSON,               "the short code"),
    ("application/fhir+json",              FHIR_JSON,               "the plus sign escaped"),
    ("application/fhir json",              FHIR_JSON,               "the plus sign not escaped"),
    ("application/json",                   "application/json",      "generic, in kind"),
    ("xml",                                "application/fhir+xml",  "XML by its short code"),
    ("text/xml",                           "text/xml",              "XML by a generic type, in kind"),
]

VERSIONS = [
    # Accept                                                    version     comment
    ("application/fhir+json;fhirVersion=4.0",                   "4.0",      "R4"),
    ('application/fhir+json;fhirVersion="4.0"',                 "4.0",      "R4, quoted"),
    ("application/fhir+json; FHIRVERSION=4.3",                 "4.3",      "R4B, which is the same here; case is none"),
    ("application/fhir+json;fhirVersion=5.0, application/fhir+json;fhirVersion=4.3;q=0.2", "4.3", "what we can"),
    ("application/fhir+json",                                   "",         "none asked for, none named"),
]

REFUSED_FORMATS = ["ttl", "application/fhir+turtle", "", "html", "application/fhir+json; fhirVersion=5.0"]
# fmt: on


def query(*pairs: tuple[str, str]) -> MultiDict[str, str]:
    return MultiDict(pairs)


@pytest.mark.parametrize(("accept", "answered", "comment"), ACCEPTED)
def test_the_best_accepted_form_is_answered(accept: str | None, answered: str, comment: str) -> None:
    assert choose_form(accept, query()) == Form(answered), comment


@pytest.mark.parametrize(("accept", "version", "comment"), VERSIONS)
def test_a_version_of_fhir_is_answered_and_named_where_it_was_asked_for(
    accept: str, version: str, comment: str
) -> None:
    assert choose_form(accept, query()) == Form(FHIR_JSON, fhir_version=version), comment


def test_a_view_may_offer_more_versions_than_every_route_does() -> None:
    asked = "application/fhir+json;fhirVersion=5.0"
    assert choose_form(asked, query(), versions=("4.0", "4.3", "5.0")).fhir_version == "5.0"


@pytest.mark.parametrize(("accept", "comment"), NOT_ACCEPTABLE)
def test_a_client_that_accepts_nothing_we_write_is_told_406(accept: str, comment: str) -> None:
    with pytest.raises(Refused) as refusal:
        choose_form(accept, query())
    assert refusal.value.status == 406, comment


@pytest.mark.parametrize(("wanted", "answered", "comment"), FORMATS)
def test_format_overrides_accept(wanted: str, answered: str, comment: str) -> None:
    assert choose_form("application/fhir+xml", query(("_format", wanted))).media_type == answered, comment


@pytest.mark.parametrize("wanted", REFUSED_FORMATS)
def test_a_format_that_is_not_offered_is_406_whatever_is_accepted(wanted: str) -> None:
    with pytest.raises(Refused) as refusal:
        choose_form("application/fhir+json", query(("_format", wanted)))
    assert refusal.value.status == 406


@pytest.mark.parametrize(("wanted", "pretty"), [("true", True), ("false", False)])
def test_pretty_is_honoured(wanted: str, pretty: bool) -> None:
    assert choose_form(None, query(("_pretty", wanted))).pretty is pretty


@pytest.mark.parametrize(
    "pairs",
    [
        (("_pretty", "yes"),),
        (("_pretty", ""),),
        (("_pretty", "true"), ("_pretty", "false")),
        (("_format", "json"),) * 2,
    ],
    ids=["neither true nor false", "empty", "pretty twice", "format twice"],
)
def test_a_parameter_that_cannot_be_understood_is_400(pairs: tuple[tuple[str, str], ...]) -> None:
    with pytest.raises(Refused) as refusal:
        choose_form(None, query(*pairs))
    assert refusal.value.status == 400


def test_an_error_has_the_form_that_is_asked_for_and_is_fhir_json_where_that_is_none_of_ours() -> None:
    assert choose_error_form(None, query(("_format", "ttl"), ("_pretty", "true"))) == Form(FHIR_JSON, pretty=True)
    assert choose_error_form(None, query(("_format", "xml"))) == Form("application/fhir+xml")
    assert choose_error_form("text/html", query(("_pretty", "perhaps"))) == Form(FHIR_JSON, pretty=False)
    assert choose_error_form("application/json", query()) == Form("application/json")


@pytest.mark.parametrize(
    "content_type",
    [
        "application/fhir+json",
        "application/fhir+json; charset=utf-8",
        'Application/FHIR+JSON;CHARSET="UTF-8"',
        "application/fhir+json; fhirVersion=4.0",
        "application/json",
        "text/json",
        "application/json+fhir",
    ],
)
def test_json_in_utf_8_is_read(content_type: str) -> None:
    check_content_type(content_type, Form())


NOT_READ = [
    # Content-Type                                comment
    (None, "missing"),
    ("", "empty"),
    ("application/fhir+turtle", "Turtle"),
    ("application/fhir+xml; charset=iso-8859-1", "XML in another charset"),
    ("text/plain", "what a page of another site may send without being asked"),
    ("application/x-www-form-urlencoded", "a form"),
    ("multipart/form-data; boundary=x", "a form"),
    ("application/fhir+json; charset=iso-8859-1", "another charset"),
    ("application/json; charset=utf-16", "another charset"),
    ("application/fhir+json; fhirVersion=5.0", "another FHIR version"),
    ("application/fhir+ndjson", "one resource per line"),
]


@pytest.mark.parametrize(("content_type", "comment"), NOT_READ)
def test_any_other_announced_form_is_415(content_type: str | None, comment: str) -> None:
    with pytest.raises(Refused) as refusal:
        check_content_type(content_type, Form())
    assert refusal.value.status == 415, comment


def test_a_body_and_an_answer_in_two_versions_are_400() -> None:
    for asked, status in (("4.3", None), ("4.0", 400), ("", None)):
        form = Form(fhir_version=asked)
        assert refusal_of("application/fhir+json; fhirVersion=4.3", form) == status


def refusal_of(content_type: str, form: Form) -> int | None:
    try:
        check_content_type(content_type, form)
    except Refused as refusal:
        return refusal.status
    return None


@pytest.mark.parametrize("coding", [None, "", "identity", "Identity"])
def test_a_body_that_is_not_compressed_is_read(coding: str | None) -> None:
    check_content_encoding(coding)


@pytest.mark.parametrize("coding", ["gzip", "identity, gzip", "br", "unknown"])
def test_a_compressed_body_is_415(coding: str) -> None:
    with pytest.raises(Refused) as refusal:
        check_content_encoding(coding)
    assert refusal.value.status == 415
