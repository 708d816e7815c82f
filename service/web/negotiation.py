"""Decides in which form to answer and whether a body's form is understood; it reads headers, never a body.

Another FHIR version is named by the views that can write it.
"""

from dataclasses import dataclass

from werkzeug.datastructures import MIMEAccept, MultiDict
from werkzeug.http import parse_accept_header, parse_options_header

from service.errors import Refused, refuse

FHIR_JSON = "application/fhir+json"
JSON_TYPES = (FHIR_JSON, "application/json", "text/json", "application/json+fhir")
FHIR_XML = "application/fhir+xml"
XML_TYPES = (FHIR_XML, "application/xml", "text/xml", "application/xml+fhir")
MEDIA_TYPES = JSON_TYPES + XML_TYPES
"""Every media type that is read and answered, in the order in which we would choose."""

FORMAT_CODES = ("json", "xml")
"""What the CapabilityStatement names."""

FORMATS = {"json": FHIR_JSON, "xml": FHIR_XML} | {media_type: media_type for media_type in MEDIA_TYPES}
ALLOWED = ", ".join(MEDIA_TYPES)

VERSIONS = ("4.0", "4.3")
"""The values of fhirVersion that every route takes: what is served is structurally the same in R4 and R4B."""

RELEASE_5 = "5.0"
READ_VERSIONS = (*VERSIONS, RELEASE_5)
"""The values that reads and ``$triage`` take: their answers have a shape of R5 as well."""

Query = MultiDict[str, str]


@dataclass(frozen=True, slots=True)
class Form:
    """Say how to write an answer: the media type without parameters, whether to indent it, and the FHIR version.

    ``fhir_version`` is empty where the client named none; R4 is written then.
    """

    media_type: str = FHIR_JSON
    pretty: bool = False
    fhir_version: str = ""

    @property
    def is_xml(self) -> bool:
        """Tell whether the answer is XML."""
        return self.media_type in XML_TYPES

    @property
    def content_type(self) -> str:
        """Return the Content-Type header; FHIR is always UTF-8, and a version is named where one was asked for."""
        version = f"; fhirVersion={self.fhir_version}" if self.fhir_version else ""
        return f"{self.media_type}; charset=utf-8{version}"


# What most clients send, so that the usual request is not parsed.
USUAL = {accept: Form() for accept in ("", "*/*", FHIR_JSON)} | {"application/json": Form("application/json")}


def choose_form(accept: str | None, query: Query, versions: tuple[str, ...] = VERSIONS) -> Form:
    """Choose the form of the answer from the Accept header, or from ``_format``, which overrides it, and ``_pretty``.

    Raises Refused: 406 where only forms are accepted that we cannot write, 400 for a ``_pretty`` that is neither true
    nor false and for a parameter given twice.
    """
    if not query:
        usual = USUAL.get((accept or "").strip())
        if usual is not None:
            return usual
    wanted = _single(query, "_format")
    form = _from_accept(accept, versions) if wanted is None else _from_format(wanted, versions)
    if form is None:
        allowed = f"{ALLOWED}; fhirVersion {', '.join(versions)}"
        raise refuse(
            406, "not-supported", f"The answer was asked for in a form that is not offered; allowed: {allowed}."
        )
    return Form(form.media_type, _read_pretty(query), form.fhir_version)


def choose_error_form(accept: str | None, query: Query) -> Form:
    """Choose the form of an error: the one that was asked for where it is offered, else FHIR JSON."""
    try:
        return choose_form(accept, query)
    except Refused:
        return Form(pretty=query.get("_pretty") == "true")


def check_content_type(content_type: str | None, form: Form, versions: tuple[str, ...] = VERSIONS) -> None:
    """Raise Refused: 415 where the body is not announced as FHIR in UTF-8, 400 for another version than asked."""
    if content_type == FHIR_JSON:
        return
    media_type, parameters = parse_options_header(content_type)
    if media_type.lower() not in MEDIA_TYPES:
        met = "an unknown media type" if media_type else "no Content-Type"
        raise refuse(415, "not-supported", f"The body came with {met}; allowed: {ALLOWED}.")
    if parameters.get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
        raise refuse(415, "not-supported", "The body came in another charset; allowed: utf-8.")
    version = parameters.get("fhirversion", "")
    if version and version not in versions:
        raise refuse(415, "not-supported", f"The body came in another FHIR version; allowed: {', '.join(versions)}.")
    if version and form.fhir_version and version != form.fhir_version:
        raise refuse(400, "value", "The body and the answer that is asked for name two FHIR versions; allowed: one.")


def check_content_encoding(content_encoding: str | None) -> None:
    """Raise Refused (415) where the body is compressed: what a few bytes may grow into is not bounded."""
    codings = [each.strip().lower() for each in (content_encoding or "").split(",")]
    if any(coding not in ("", "identity") for coding in codings):
        raise refuse(415, "not-supported", "The body came with a Content-Encoding; allowed: none, or identity.")


def _single(query: Query, name: str) -> str | None:
    values = query.getlist(name)
    if len(values) > 1:
        raise refuse(400, "value", f"The query parameter {name} was given more than once; allowed: once.")
    return values[0] if values else None


def _from_format(wanted: str, versions: tuple[str, ...]) -> Form | None:
    media_type, parameters = parse_options_header(wanted)
    # A plus sign that was not escaped reaches us as a space: application/fhir+json is often sent that way.
    offered = FORMATS.get(media_type.strip().lower().replace(" ", "+"))
    version = parameters.get("fhirversion", "")
    return Form(offered, fhir_version=version) if offered and version in ("", *versions) else None


def _read_pretty(query: Query) -> bool:
    wanted = _single(query, "_pretty")
    if wanted not in (None, "true", "false"):
        raise refuse(400, "value", "The query parameter _pretty has a value that is not allowed; allowed: true, false.")
    return wanted == "true"


def _from_accept(accept: str | None, versions: tuple[str, ...]) -> Form | None:
    """Return the best of our forms for an Accept header, or None; the first of equals is the one we prefer."""
    if not (accept or "").strip():
        return Form()
    ranges = parse_accept_header(accept, MIMEAccept)
    rated = [(*_best_range(offered, ranges, versions), offered) for offered in MEDIA_TYPES]
    quality, version, offered = max(rated, key=lambda each: each[0])
    return Form(offered, fhir_version=version) if quality > 0 else None


def _best_range(offered: str, ranges: MIMEAccept, versions: tuple[str, ...]) -> tuple[float, str]:
    """Return the quality that the most specific matching range gives to a media type, and the version it names.

    The quality is 0 where none matches; of ranges that are equally specific the best counts.
    """
    best, version = (-1, 0.0), ""
    for value, quality in ranges:
        media_range, parameters = parse_options_header(value)
        named = parameters.get("fhirversion", "")
        rank = (_specificity(media_range.lower(), offered), quality)
        if rank[0] >= 0 and named in ("", *versions) and rank > best:
            best, version = rank, named
    return best[1], version


def _specificity(media_range: str, offered: str) -> int:
    """Return how exactly a range names a media type: 2 in full, 1 by its main type, 0 as anything, -1 not at all."""
    main_type = offered.partition("/")[0]
    return {offered: 2, f"{main_type}/*": 1, "*/*": 0}.get(media_range, -1)
