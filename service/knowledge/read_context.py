"""Reads context.yaml into the data by which a record is read; no code gets in that codes.yaml keeps out."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from marshmallow import fields, validate

from service.knowledge.context import Code, Context, Measure, Reading, Role, Sign, Standing
from service.knowledge.files import BookFiles, unique
from service.knowledge.form import Form, Unit
from service.knowledge.model import Coding, Finding
from service.knowledge.parse import BookError
from service.knowledge.written_fields import Flag, Row, Words, name, names

FILE = "context.yaml"
MOST_WITH_ENDS = 2
JOINS = validate.OneOf(["more-dangerous", "response-first"])
NOT_A_PROBLEM = ("(qualifier value)", "(substance)")
FAMILY = "Family history"

Codes = Mapping[str, tuple[Coding, ...]]
Written = dict[str, Any]


class _GroupRow(Row):
    """Findings that are read in one way."""

    id = Words(required=True)
    joins = Words(required=True, validate=JOINS)
    counts_for_days = fields.Integer(data_key="counts-for-days", strict=True, load_default=None)
    past_counts = Flag(data_key="past-counts", load_default=False)
    family_counts = Flag(data_key="family-counts", load_default=False)
    findings = fields.List(name(), required=True, validate=validate.Length(min=1))


class _MeasureRow(Row):
    """One number that is read."""

    finding = name(required=True)
    joins = Words(required=True, validate=JOINS)
    counts_for_days = fields.Integer(data_key="counts-for-days", strict=True, load_default=None)
    several = Words(required=True, validate=validate.OneOf(["ends", "greatest"]))
    units = fields.List(Words(), load_default=list)


class _StatusRow(Row):
    """Which statuses of one element count."""

    element = Words(required=True)
    counts = names()
    doubtful = names()
    past = names()


def _concepts_by_finding(data_key: str | None = None) -> fields.Dict:
    return fields.Dict(keys=name(), values=fields.List(Words()), required=True, data_key=data_key)


class _ContextFile(Row):
    """The whole of context.yaml."""

    later_days = fields.Integer(data_key="later-days", strict=True, required=True)
    groups = fields.List(fields.Nested(_GroupRow), required=True)
    more_concepts = _concepts_by_finding("more-concepts")
    medicines = _concepts_by_finding()
    allergies = _concepts_by_finding()
    measures = fields.List(fields.Nested(_MeasureRow), required=True)
    genders = names()
    statuses = fields.List(fields.Nested(_StatusRow), required=True)


class _UnconfirmedRow(Row):
    """One exact meaning for which codes.yaml has no code."""

    group = Words(required=True)
    key = Words(required=True)
    concept = Words(required=True)


def read_context(files: BookFiles, findings: Mapping[str, Finding], form: Form, codes: Codes) -> Context:
    """Read how a record counts; raise BookError where it names what must not be read or nothing could be read of it."""
    written = files.whole(FILE, _ContextFile())
    unconfirmed = {row["key"] for row in files.table("codes.yaml", "unconfirmed", _UnconfirmedRow())}
    readable = {key: codings for key, codings in codes.items() if key not in unconfirmed}
    groups = {finding: group for group in written["groups"] for finding in group["findings"]}
    unique([finding for group in written["groups"] for finding in group["findings"]], FILE)
    concepts = {finding: (finding, *written["more_concepts"].get(finding, ())) for finding in groups}
    context = Context(
        readings={finding: _reading(finding, group) for finding, group in groups.items()},
        measures={row["finding"]: _measure(row, form) for row in written["measures"]},
        signs=_signs(readable, concepts),
        medicines=_substances(readable, written["medicines"]),
        allergies=_substances(readable, written["allergies"]),
        measured_by=_measured_by(readable, written["measures"]),
        statuses={row["element"]: _standings(row) for row in written["statuses"]},
        genders=tuple(written["genders"]),
        later_days=written["later_days"],
    )
    _check_names(written, findings, readable)
    _check_family(groups, concepts, readable)
    _check_readable(context)
    return context


def _reading(finding: str, group: Written) -> Reading:
    return Reading(finding, group["joins"], group["past_counts"], group["counts_for_days"])


def _measure(row: Written, form: Form) -> Measure:
    if row["finding"] not in form.item_of:
        raise BookError(f"{FILE}: measures: '{row['finding']}' is not asked; allowed is a number of the form")
    item = form.item(form.item_of[row["finding"]])
    plain = tuple(Unit(code, code, Decimal(0), Decimal(1), Decimal(1)) for code in row["units"])
    return Measure(
        row["finding"],
        row["joins"],
        row["counts_for_days"],
        row["several"],
        item.units or plain,
        item.kind == "integer",
        item.minimum,
        item.maximum,
    )


def _signs(codes: Codes, concepts: Mapping[str, tuple[str, ...]]) -> dict[Code, tuple[Sign, ...]]:
    signs: dict[Code, tuple[Sign, ...]] = {}
    for finding, keys in concepts.items():
        for coding in _codings(codes, keys):
            role = _role(coding)
            code = (coding.system, coding.code)
            sign = Sign(finding, coding.polarity != "absent", role) if role else None
            if sign is not None and sign not in signs.get(code, ()):
                signs[code] = (*signs.get(code, ()), sign)
    return signs


def _codings(codes: Codes, keys: tuple[str, ...] | list[str]) -> Iterator[Coding]:
    return (coding for key in keys for coding in codes.get(key, ()) if coding.use != "out")


def _role(coding: Coding) -> Role | None:
    """Tell what a code is: LOINC terms ask, its LA codes answer, and a qualifier or a substance is no problem."""
    if coding.system == "loinc":
        return "answer" if coding.code.startswith("LA") else "question"
    return None if coding.display.endswith(NOT_A_PROBLEM) else "finding"


def _substances(codes: Codes, written: Mapping[str, list[str]]) -> dict[Code, tuple[str, ...]]:
    named: dict[Code, tuple[str, ...]] = {}
    for finding, keys in written.items():
        for coding in _codings(codes, keys):
            code = (coding.system, coding.code)
            if coding.polarity != "absent":
                named[code] = tuple(dict.fromkeys((*named.get(code, ()), finding)))
    return named


def _measured_by(codes: Codes, rows: list[Written]) -> dict[Code, str]:
    return {
        (coding.system, coding.code): row["finding"] for row in rows for coding in _codings(codes, (row["finding"],))
    }


def _standings(row: Written) -> dict[str, Standing]:
    kinds: tuple[Standing, ...] = ("counts", "doubtful", "past")
    return {status: kind for kind in kinds for status in row[kind]}


def _check_names(written: Written, findings: Mapping[str, Finding], codes: Codes) -> None:
    """Refuse findings that do not exist or reassure, and concepts that codes.yaml does not have or does not confirm."""
    read = {finding for group in written["groups"] for finding in group["findings"]}
    for finding in read:
        if finding not in findings or findings[finding].kind != "boolean" or findings[finding].reassuring:
            raise BookError(f"{FILE}: groups: '{finding}'; allowed are yes/no findings that do not reassure")
    for table in ("more_concepts", "medicines", "allergies"):
        rows = written[table]
        met = [*sorted(set(rows) - read), *sorted({key for keys in rows.values() for key in keys} - set(codes))]
        if met:
            raise BookError(f"{FILE}: {table}: {met}; allowed are findings of a group and confirmed keys of codes.yaml")
    if sum(row["several"] == "ends" for row in written["measures"]) > MOST_WITH_ENDS:
        raise BookError(f"{FILE}: measures: at most {MOST_WITH_ENDS} may have ends")


def _check_family(groups: Mapping[str, Written], concepts: Mapping[str, tuple[str, ...]], codes: Codes) -> None:
    """Refuse a code that speaks of the family under a finding that is the patient's own."""
    for finding, keys in concepts.items():
        family = [coding.code for coding in _codings(codes, keys) if coding.display.startswith(FAMILY)]
        if family and not groups[finding]["family_counts"]:
            raise BookError(f"{FILE}: '{finding}': the codes {family} speak of the family; family-counts is not set")


def _check_readable(context: Context) -> None:
    """Refuse a finding that no code can ever make known: the table would promise what is not read."""
    spoken = {sign.finding for signs in context.signs.values() for sign in signs if sign.role == "finding"}
    substances = (*context.medicines.values(), *context.allergies.values())
    taken = {finding for named in substances for finding in named}
    silent = sorted(set(context.readings) - spoken - taken)
    if silent:
        raise BookError(f"{FILE}: no code that may be read in says anything of {', '.join(silent)}")
    timed = sorted(finding for finding in taken if context.readings[finding].counts_for_days is not None)
    if timed:
        raise BookError(f"{FILE}: {timed} come from medicines or allergies, whose status decides; leave the days out")
