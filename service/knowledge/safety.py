"""Reads the clinical safety file: intended use, risk scheme, hazards with controls; it is printed, never served."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marshmallow import fields, validate

from service.knowledge.files import BookFiles, unique
from service.knowledge.parse import BookError
from service.knowledge.written_fields import Row, Words, name, one_of

FOLDER = Path("fhir_profiles/safety")
PARTS = ("answers", "record", "rules", "plan", "result", "service")
SOME = validate.Length(min=1, error="allowed is at least one")


@dataclass(frozen=True, slots=True)
class Guidance:
    """One document that says what decision support must show, and what a result carries for each thing it asks."""

    id: str
    title: str
    publisher: str
    year: int
    asks: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class IntendedUse:
    """Who uses the service, for whom, where and what for; what it is not; its limits; what guidance asks of it."""

    users: str
    patients: str
    setting: str
    purpose: str
    not_for: tuple[str, ...]
    limits: tuple[str, ...]
    review: str
    guidance: tuple[Guidance, ...]


@dataclass(frozen=True, slots=True)
class Grade:
    """One step of severity, of likelihood or of risk, with its meaning."""

    id: str
    means: str


@dataclass(frozen=True, slots=True)
class Scheme:
    """How a risk is rated: ``matrix[likelihood][severity]`` is the risk, 1 to 5; ``accepted`` says what each means."""

    source: str
    says: str
    severities: tuple[Grade, ...]
    likelihoods: tuple[Grade, ...]
    matrix: Mapping[str, Mapping[str, int]]
    accepted: tuple[Grade, ...]


@dataclass(frozen=True, slots=True)
class Rating:
    """How grave and how likely harm is, and the risk that the scheme makes of it."""

    severity: str
    likelihood: str
    risk: int


@dataclass(frozen=True, slots=True)
class Mutant:
    """One way to break a control: ``find`` stands once in ``file`` and is replaced by ``put``."""

    breaks: str
    file: str
    find: str
    put: str


@dataclass(frozen=True, slots=True)
class Control:
    """One measure against a hazard, the test that proves it (a pytest node id), and what that test must notice."""

    id: str
    says: str
    test: str
    mutant: Mutant


@dataclass(frozen=True, slots=True)
class Hazard:
    """One way to harm a patient: causes, effect, risk before and after its controls, and what remains."""

    id: str
    part: str
    hazard: str
    causes: tuple[str, ...]
    effect: str
    before: Rating
    after: Rating
    controls: tuple[Control, ...]
    remains: str


@dataclass(frozen=True, slots=True)
class SafetyFile:
    """The whole clinical safety file; hazards by the part of the service they arise in, then by id."""

    intended_use: IntendedUse
    scheme: Scheme
    hazards: tuple[Hazard, ...]


class _AskRow(Row):
    what = Words(required=True)
    carried = Words(required=True)


class _GuidanceRow(Row):
    id = name(required=True)
    title = Words(required=True)
    publisher = Words(required=True)
    year = fields.Integer(required=True, strict=True)
    asks = fields.List(fields.Nested(_AskRow), required=True, validate=SOME)


class _IntendedUseFile(Row):
    users = Words(required=True)
    patients = Words(required=True)
    setting = Words(required=True)
    purpose = Words(required=True)
    not_for = fields.List(Words(), data_key="not-for", required=True, validate=SOME)
    limits = fields.List(Words(), required=True, validate=SOME)
    review = Words(required=True)
    guidance = fields.List(fields.Nested(_GuidanceRow), required=True, validate=SOME)


class _GradeRow(Row):
    id = name(required=True)
    means = Words(required=True)


class _SchemeFile(Row):
    source = Words(required=True)
    says = Words(required=True)
    severities = fields.List(fields.Nested(_GradeRow), required=True, validate=SOME)
    likelihoods = fields.List(fields.Nested(_GradeRow), required=True, validate=SOME)
    matrix = fields.Dict(
        keys=name(), values=fields.List(fields.Integer(strict=True, validate=validate.Range(1, 5))), required=True
    )
    accepted = fields.List(fields.Nested(_GradeRow), required=True, validate=SOME)


class _RatingRow(Row):
    severity = name(required=True)
    likelihood = name(required=True)


class _MutantRow(Row):
    breaks = Words(required=True)
    file = Words(required=True, validate=validate.Regexp(r"service/[a-z_0-9/.-]+\Z"))
    find = Words(required=True)
    put = fields.String(required=True)


class _ControlRow(Row):
    id = name(required=True)
    says = Words(required=True)
    test = Words(required=True, validate=validate.Regexp(r"tests/[a-z_0-9/]+\.py::test_\w+\Z"))
    mutant = fields.Nested(_MutantRow, required=True)


class _HazardFile(Row):
    id = name(required=True)
    part = Words(required=True, validate=one_of(*PARTS))
    hazard = Words(required=True)
    causes = fields.List(Words(), required=True, validate=SOME)
    effect = Words(required=True)
    before = fields.Nested(_RatingRow, required=True)
    after = fields.Nested(_RatingRow, required=True)
    controls = fields.List(fields.Nested(_ControlRow), required=True, validate=SOME)
    remains = Words(required=True)


def read_safety_file(folder: Path = FOLDER) -> SafetyFile:
    """Read the safety file of a folder; raise BookError where it is not clear, or a hazard or control lacks a part."""
    files = BookFiles(folder)
    scheme = _scheme(files.whole("scheme.yaml", _SchemeFile()))
    hazards = [_hazard(row, scheme) for row in files.one_per_file("hazards", _HazardFile())]
    if not hazards:
        raise BookError(f"{folder}/hazards: no hazard; allowed is one file for each")
    hazards.sort(key=lambda one: PARTS.index(one.part))
    return SafetyFile(_intended_use(files.whole("intended-use.yaml", _IntendedUseFile())), scheme, tuple(hazards))


def controls_of(file: SafetyFile) -> Iterator[tuple[str, Hazard, Control]]:
    """Visit every control with the name it goes by: the hazard's id, a point, its own id."""
    for hazard in file.hazards:
        for control in hazard.controls:
            yield f"{hazard.id}.{control.id}", hazard, control


def _intended_use(row: dict[str, Any]) -> IntendedUse:
    guidance = tuple(_guidance(one) for one in row["guidance"])
    return IntendedUse(
        **{**row, "not_for": tuple(row["not_for"]), "limits": tuple(row["limits"]), "guidance": guidance}
    )


def _guidance(row: dict[str, Any]) -> Guidance:
    return Guidance(**{**row, "asks": tuple((one["what"], one["carried"]) for one in row["asks"])})


def _scheme(row: dict[str, Any]) -> Scheme:
    severities, likelihoods, accepted = (
        tuple(Grade(**one) for one in row[key]) for key in ("severities", "likelihoods", "accepted")
    )
    columns = [one.id for one in severities]
    lines = {one.id: row["matrix"].get(one.id, []) for one in likelihoods}
    if set(row["matrix"]) != set(lines) or any(len(line) != len(columns) for line in lines.values()):
        raise BookError("scheme.yaml: matrix: allowed is one line for each likelihood with a risk for each severity")
    matrix = {likelihood: dict(zip(columns, line, strict=True)) for likelihood, line in lines.items()}
    return Scheme(row["source"], row["says"], severities, likelihoods, matrix, accepted)


def _hazard(row: dict[str, Any], scheme: Scheme) -> Hazard:
    where = f"hazards/{row['id']}.yaml"
    unique([one["id"] for one in row["controls"]], where)
    before, after = (_rating(row[when], scheme, f"{where}: {when}") for when in ("before", "after"))
    if after.risk > before.risk:
        raise BookError(f"{where}: after: met a risk above the one before; controls lower a risk or leave it")
    controls = tuple(Control(**{**one, "mutant": Mutant(**one["mutant"])}) for one in row["controls"])
    return Hazard(**{**row, "causes": tuple(row["causes"]), "before": before, "after": after, "controls": controls})


def _rating(row: dict[str, str], scheme: Scheme, where: str) -> Rating:
    risks = scheme.matrix.get(row["likelihood"], {})
    if row["severity"] not in risks:
        raise BookError(f"{where}: met a severity or likelihood that scheme.yaml does not have")
    return Rating(row["severity"], row["likelihood"], risks[row["severity"]])
