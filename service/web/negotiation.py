"""Decides in which form to answer and whether a body's form is understood; it reads headers, never a body."""

from dataclasses import dataclass

from werkzeug.datastructures import MIMEAccept, MultiDict
from werkzeug.http import parse_accept_header, parse_options_header

from service.errors import refuse

FHIR_JSON = "application/fhir+json"
JSON_TYPES = (FHIR_JSON, "application/json", "text/json", "application/json+fhir")
"""Every media type that is read and answered, in the order in which we would choose."""

FHIR_VERSION = "4.0"
FORMATS = {"json": FHIR_JSON} | {media_type: media_type for media_type in JSON_TYPES}
ALLOWED = ", ".join(JSON_TYPES)


@dataclass(frozen=True, slots=True)
class Form:
    """Say how to write an answer: the media type without parameters, and whether to indent it."""

    media_type: str = FHIR_JSON
    pretty: bool = False

    @property
    def content_type(self) -> str:
        """Return the Content-Type header; FHIR is always UTF-8."""
        return f"{self.media_type}; charset=utf-8"


def choose_form(accept: str | None, query: MultiDict[str, str]) -> Form:
    """Choose the form of the answer from the Accept header, or from ``_format``, which overrides it, and ``_pretty``.

    Raises Refused: 406 where only forms are accepted that we cannot write, 400 for a ``_pretty`` that is neither true
    nor false and for a parameter given twice.
    """
    wanted = _single(query, "_format")
    media_type = _from_accept(accept) if wanted is None else _from_format(wanted)
    if media_type is None:
        raise refuse(
            406, "not-supported", f"The answer was asked for in a form that is not offered; allowed: {ALLOWED}."
        )
    return Form(media_type, pretty=_read_pretty(query))


def choose_error_form(query: MultiDict[str, str]) -> Form:
    """Choose the form of an error: always FHIR JSON, so that every client finds the text; indented where asked."""
    return Form(pretty=query.get("_pretty") == "true")


def check_content_type(content_type: str | None) -> None:
    """Raise Refused (415) where the body is not announced as FHIR R4 JSON in UTF-8."""
    media_type, parameters = parse_options_header(content_type)
    if media_type.lower() not in JSON_TYPES:
        met = "an unknown media type" if media_type else "no Content-Type"
        raise refuse(415, "not-supported", f"The body came with {met}; allowed: {ALLOWED}.")
    if parameters.get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
        raise refuse(415, "not-supported", "The body came in another charset; allowed: utf-8.")
    if not _is_our_version(parameters):
        raise refuse(415, "not-supported", f"The body came in another FHIR version; allowed: {FHIR_VERSION}.")


def check_content_encoding(content_encoding: str | None) -> None:
    """Raise Refused (415) where the body is compressed: what a few bytes may grow into is not bounded."""
    codings = [each.strip().lower() for each in (content_encoding or "").split(",")]
    if any(coding not in ("", "identity") for coding in codings):
        raise refuse(415, "not-supported", "The body came with a Content-Encoding; allowed: none, or identity.")


def _single(query: MultiDict[str, str], name: str) -> str | None:
    values = query.getlist(name)
    if len(values) > 1:
        raise refuse(400, "value", f"The query parameter {name} was given more than once; allowed: once.")
    return values[0] if values else None


def _from_format(wanted: str) -> str | None:
    media_type, parameters = parse_options_header(wanted)
    # A plus sign that was not escaped reaches us as a space: application/fhir+json is often sent that way.
    offered = FORMATS.get(media_type.strip().lower().replace(" ", "+"))
    return offered if _is_our_version(parameters) else None


def _read_pretty(query: MultiDict[str, str]) -> bool:
    wanted = _single(query, "_pretty")
    if wanted not in (None, "true", "false"):
        raise refuse(400, "value", "The query parameter _pretty has a value that is not allowed; allowed: true, false.")
    return wanted == "true"


def _from_accept(accept: str | None) -> str | None:
    """Return the best of our media types for an Accept header, or None; the first of equals is the one we prefer."""
    if not (accept or "").strip():
        return FHIR_JSON
    ranges = parse_accept_header(accept, MIMEAccept)
    qualities = {offered: _quality(offered, ranges) for offered in JSON_TYPES}
    best = max(JSON_TYPES, key=lambda offered: qualities[offered])
    return best if qualities[best] > 0 else None


def _quality(offered: str, ranges: MIMEAccept) -> float:
    """Return the quality that the most specific matching range gives to a media type; 0 where none matches."""
    found = (-1, 0.0)
    for value, quality in ranges:
        media_range, parameters = parse_options_header(value)
        specificity = _specificity(media_range.lower(), offered)
        if specificity >= 0 and _is_our_version(parameters):
            found = max(found, (specificity, quality))
    return found[1]


def _specificity(media_range: str, offered: str) -> int:
    """Return how exactly a range names a media type: 2 in full, 1 by its main type, 0 as anything, -1 not at all."""
    main_type = offered.partition("/")[0]
    return {offered: 2, f"{main_type}/*": 1, "*/*": 0}.get(media_range, -1)


def _is_our_version(parameters: dict[str, str]) -> bool:
    """Compare the fhirVersion parameter, whose name the parser has lowered, with the version that is spoken here."""
    return parameters.get("fhirversion", FHIR_VERSION) == FHIR_VERSION
