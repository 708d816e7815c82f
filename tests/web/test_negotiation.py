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
    (BROWSER,                                                   FHIR_JSON,               "a browser's */*"),
    ("application/json;q=0.4, application/fhir+json;q=0.3",     "application/json",      "the greater q wins"),
    ("application/json, application/fhir+json",                 FHIR_JSON,               "equal q: our preference"),
    ("*/*, application/fhir+json;q=0",                          "application/json",      "q=0 is a refusal"),
    ("application/fhir+json;fhirVersion=4.0",                   FHIR_JSON,               "our version"),
    ('application/fhir+json;fhirVersion="4.0"',                 FHIR_JSON,               "our version, quoted"),
    ("application/fhir+json;fhirVersion=5.0, application/json", "application/json",      "R5 is passed over"),
]

NOT_ACCEPTABLE = [
    # Accept                                                    comment
    ("application/fhir+xml",                                    "XML only"),
    ("application/xml, text/xml;q=0.5",                         "XML only, by other names"),
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
    ("application/fhir+json; fhirVersion=4.0", FHIR_JSON,           "our version"),
]

REFUSED_FORMATS = ["xml", "application/fhir+xml", "ttl", "", "html", "application/fhir+json; fhirVersion=5.0"]
# fmt: on


def query(*pairs: tuple[str, str]) -> MultiDict[str, str]:
    return MultiDict(pairs)


@pytest.mark.parametrize(("accept", "answered", "comment"), ACCEPTED)
def test_the_best_accepted_form_is_answered(accept: str | None, answered: str, comment: str) -> None:
    assert choose_form(accept, query()) == Form(answered), comment


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


def test_an_error_is_fhir_json_whatever_is_asked_for_and_pretty_where_asked() -> None:
    assert choose_error_form(query(("_format", "xml"), ("_pretty", "true"))) == Form(FHIR_JSON, pretty=True)
    assert choose_error_form(query(("_pretty", "perhaps"))) == Form(FHIR_JSON, pretty=False)


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
    check_content_type(content_type)


NOT_READ = [
    # Content-Type                                comment
    (None, "missing"),
    ("", "empty"),
    ("application/fhir+xml", "XML"),
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
        check_content_type(content_type)
    assert refusal.value.status == 415, comment


@pytest.mark.parametrize("coding", [None, "", "identity", "Identity"])
def test_a_body_that_is_not_compressed_is_read(coding: str | None) -> None:
    check_content_encoding(coding)


@pytest.mark.parametrize("coding", ["gzip", "identity, gzip", "br", "unknown"])
def test_a_compressed_body_is_415(coding: str) -> None:
    with pytest.raises(Refused) as refusal:
        check_content_encoding(coding)
    assert refusal.value.status == 415
