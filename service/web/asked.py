"""Reads what every view asks of a request: its form, its parameters, our own address; it answers nothing."""

import re
from dataclasses import dataclass
from typing import get_args
from urllib.parse import parse_qsl

from flask import Request
from werkzeug.datastructures import MultiDict
from werkzeug.http import parse_options_header

from service.errors import refuse
from service.mapping.search.read_query import FORM_PARAMETERS, Summary
from service.mapping.search.subset import Subset
from service.mapping.writing.json_bytes import dump
from service.mapping.xml_reader import from_xml
from service.settings import Settings
from service.web.body import read_body
from service.web.negotiation import (
    FHIR_JSON,
    VERSIONS,
    XML_TYPES,
    Form,
    Query,
    check_content_encoding,
    check_content_type,
    choose_form,
)
from service.web.route import FHIR

FORM = "application/x-www-form-urlencoded"
HOST = re.compile(r"(?:[A-Za-z0-9._-]{1,255}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?", re.ASCII)
MOST_PARAMETERS, MOST_FORM_BYTES = 200, 64 * 1024


@dataclass(frozen=True, slots=True)
class Sent:
    """The body of a request: the bytes received, and as JSON, which they are unless XML was sent."""

    received: bytes
    json: bytes


@dataclass(frozen=True, slots=True)
class SearchSent:
    """The parameters of a search, and the request as it came: its line, and the form behind an empty line."""

    parameters: Query
    written: str


def form_of(request: Request, query: Query | None = None, versions: tuple[str, ...] = VERSIONS) -> Form:
    """Choose the form of the answer; raise Refused where none is acceptable."""
    return choose_form(request.headers.get("Accept"), request.args if query is None else query, versions)


def base_address(request: Request, settings: Settings) -> str:
    """Return the address of the FHIR base: the one that is set, else the one the request was sent to.

    Raises Refused (400) where none is set and the Host header names no host: no link could be written.
    """
    if settings.base_url:
        return settings.base_url
    # Not request.host, which is empty for a name with an underscore, as containers have.
    host = request.headers.get("Host") or request.host
    if not HOST.fullmatch(host):
        raise refuse(400, "value", "The Host header names no host; allowed: a name or an address, and a port.")
    return f"{request.scheme}://{host}{FHIR}"


def subset_of(query: Query) -> Subset:
    """Read ``_summary`` and ``_elements`` of a read; raise Refused (400) for a summary that a read has not."""
    summary = query.get("_summary") or "false"
    allowed = [code for code in get_args(Summary) if code != "count"]
    if summary not in allowed:
        raise refuse(400, "value", f"_summary has a value that is not allowed here; allowed: {', '.join(allowed)}.")
    elements = tuple(part.strip() for part in query.get("_elements", "").split(",") if part.strip())
    return Subset(summary, elements)


def body_of(request: Request, settings: Settings, form: Form) -> bytes:
    """Return the body as JSON, as ``sent_by`` reads it."""
    return sent_by(request, settings, form).json


def sent_by(request: Request, settings: Settings, form: Form) -> Sent:
    """Return the body, announced as FHIR; raise Refused where it is not, and what ``read_body`` raises.

    A parameter in the query is refused: a policy or a condition there would look as if it had been applied.
    """
    if not request.args.keys() <= frozenset(FORM_PARAMETERS):
        text = (
            "The query has a parameter that is not read; allowed: _format, _pretty. Parameters of an operation stand "
            "in a Parameters resource in the body, a condition of a create in the header If-None-Exist."
        )
        raise refuse(400, "not-supported", text)
    content_type = request.headers.get("Content-Type")
    check_content_type(content_type, form)
    check_content_encoding(request.headers.get("Content-Encoding"))
    body = read_body(request.environ, settings.limits.body_bytes, settings.receive_seconds)
    if content_type == FHIR_JSON or parse_options_header(content_type)[0].lower() not in XML_TYPES:
        return Sent(body, body)
    return Sent(body, dump(from_xml(body)))


def has_body(request: Request) -> bool:
    """Tell whether a body is announced."""
    return "Transfer-Encoding" in request.headers or request.headers.get("Content-Length", "0") != "0"


def search_sent(request: Request, settings: Settings) -> SearchSent:
    """Return the parameters of a search, in order: those of the URL, and behind them those of a form that was posted.

    Raises Refused: 415 for a body that is no form, 400 for one that is not well formed, and what ``read_body`` raises.
    """
    written = request_line(request)
    if request.method != "POST":
        return SearchSent(request.args, written)
    form = _posted(request, settings)
    pairs = [*request.args.items(multi=True), *_pairs(form)]
    return SearchSent(MultiDict(pairs), f"{written}\n\n{form}" if form else written)


def request_line(request: Request) -> str:
    """Return method, path and query as they were sent; the query may name a patient, so it never goes into a log."""
    query = request.query_string.decode("latin-1")
    return f"{request.method} {request.path}{'?' if query else ''}{query}"


def _posted(request: Request, settings: Settings) -> str:
    check_content_encoding(request.headers.get("Content-Encoding"))
    if not has_body(request):
        return ""
    media_type, parameters = parse_options_header(request.headers.get("Content-Type"))
    if media_type.lower() != FORM or parameters.get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
        raise refuse(415, "not-supported", f"The search came in another form; allowed: {FORM} in UTF-8.")
    body = read_body(request.environ, MOST_FORM_BYTES, settings.receive_seconds)
    return body.decode("latin-1")


def _pairs(form: str) -> list[tuple[str, str]]:
    try:
        form.encode("ascii")
        return parse_qsl(form, keep_blank_values=True, errors="strict", max_num_fields=MOST_PARAMETERS)
    except ValueError:
        text = f"The form is not well formed; allowed: name=value joined by &, in UTF-8, at most {MOST_PARAMETERS}."
        raise refuse(400, "structure", text) from None
