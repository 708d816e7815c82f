"""Patients of the writing tests: complete answers with a few changed, put through the real engine and the real book."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from service.engine.assess import assess
from service.engine.assessment import Assessment
from service.engine.facts import Fact, Facts
from service.errors import Issue
from service.knowledge.model import RuleBook
from service.mapping.header import FreeText, ResponseHeader, Run
from service.mapping.writing.results import write_results
from tests.real_book import proven_book

AUTHORED = "2026-05-01T10:00:00+02:00"
RESPONSE = {"reference": "urn:uuid:00000000-0000-4000-8000-000000000001", "type": "QuestionnaireResponse"}
HEALTHY_MEASURES = {"age": "40", "severity-now": "3", "severity-onset": "4", "duration-days": "2"}
"""A man of 40 with mild pain for two days: below every threshold of the book."""

RUN = Run(
    at=datetime(2026, 5, 1, 9, 0, tzinfo=UTC),
    replay=False,
    policy_signed_by="",
    policy_signed_on="",
    emergency_number="your local emergency number",
    software_version="9.8.7",
)


@cache
def book() -> RuleBook:
    return proven_book()


@dataclass(frozen=True)
class Patient:
    """One set of answers: every asked yes/no finding is answered no, except ``yes`` and ``unanswered``."""

    says: str
    yes: tuple[str, ...] = ()
    measures: Mapping[str, str] = field(default_factory=dict)
    chosen: Mapping[str, frozenset[str]] = field(default_factory=dict)
    record: Mapping[str, str] = field(default_factory=dict)
    unanswered: tuple[str, ...] = ()
    old: bool = False
    blank: bool = False
    policy: str = "strictest"

    def facts(self) -> Facts:
        known: dict[str, Fact] = {} if self.blank else dict(_everything_denied())
        known.update({name: Fact(True, "response", (_asked_by(name),)) for name in self.yes})
        known.update({name: Fact(Decimal(value), "response", (name,)) for name, value in self.measures.items()})
        known.update({name: Fact(value, "response", (name,)) for name, value in self.chosen.items()})
        known.update({name: Fact(True, "record", (reference,)) for name, reference in self.record.items()})
        known["answers-old"] = Fact(self.old, "service")
        return {name: fact for name, fact in known.items() if name not in self.unanswered}

    def assessment(self) -> Assessment:
        return assess(book(), self.facts(), self.policy)


def _asked_by(finding: str) -> str:
    return book().form.item_of.get(finding, finding)


@cache
def _everything_denied() -> Mapping[str, Fact]:
    asked = [one for one in book().findings.values() if one.kind == "boolean" and one.asked]
    denied = {one.id: Fact(False, "response", (_asked_by(one.id),)) for one in asked}
    denied["upper-back-pain"] = Fact(True, "response", ("upper-back-pain",))
    denied["sex"] = Fact(frozenset({"male"}), "response", ("sex",))
    denied["tried"] = Fact(frozenset({"none"}), "response", ("tried",))
    denied["free-text"] = Fact(False, "service")
    denied.update({name: Fact(Decimal(value), "response", (name,)) for name, value in HEALTHY_MEASURES.items()})
    return denied


MUSCLE = ("strain-event", "mechanical", "tender-to-touch")

PATIENTS = (
    Patient("self-care: a sore muscle after lifting, all danger signs denied", MUSCLE),
    Patient("self-care under reconciled", (*MUSCLE, "improving"), {"duration-days": "9"}, policy="reconciled"),
    Patient("appointment: pain for three weeks", MUSCLE, {"duration-days": "21"}),
    Patient("within a day: a rash, a liver disease in the record, an anti-inflammatory taken", (*MUSCLE, "rash"),
            chosen={"tried": frozenset({"nsaid", "heat"})}, record={"hx-liver": "Condition/liver"}),
    Patient("emergency: black stools", ("gi-bleeding",)),
    Patient("ambulance: short of breath", ("dyspnoea",)),
    Patient("open: nobody asked about breath, everything else denied", MUSCLE, unanswered=("dyspnoea",)),
    Patient("open: nobody asked about black stools", MUSCLE, unanswered=("gi-bleeding",)),
    Patient("open: nobody asked how bad the pain is, and it was worst at once", ("max-at-onset",),
            unanswered=("severity-now", "severity-onset")),
    Patient("blank: nothing answered", blank=True),
    Patient("contradiction: improving and worsening", (*MUSCLE, "improving", "worsening")),
    Patient("old answers", MUSCLE, old=True),
    Patient("out of scope: the pain is only elsewhere", ("other-site-only",), unanswered=("upper-back-pain",)),
    Patient("one source alone", ("dyspnoea",), policy="source:GM"),
    Patient("fever measured, with two decimals", ("fever",), {"temperature": "38.50"}),
)  # fmt: skip

BY_SAYS = {patient.says: patient for patient in PATIENTS}


def patient(beginning: str) -> Patient:
    """Find the patient whose sentence begins so."""
    return next(one for one in PATIENTS if one.says.startswith(beginning))


def header(**changes: Any) -> ResponseHeader:
    plain = ResponseHeader(
        reference=RESPONSE,
        subject={"reference": "Patient/1"},
        encounter={"reference": "Encounter/2"},
        authored=AUTHORED,
        status="completed",
        identity="identity",
        content_digest="content",
        context_digest="context",
        free_texts=(),
        has_blanks=False,
        notices=(),
    )
    return replace(plain, **changes)


def free_text(text: str) -> tuple[FreeText, ...]:
    return (FreeText("note", "What else should a clinician know?", text),)


def warning(text: str, **place: str) -> Issue:
    return Issue("warning", "business-rule", text, **place)


def results(who: Patient, head: ResponseHeader | None = None, run: Run = RUN) -> dict[str, dict[str, Any]]:
    """Write a patient's results and return the resources by type."""
    return {one["resource"]["resourceType"]: one["resource"] for one in entries(who, head, run)}


def entries(who: Patient, head: ResponseHeader | None = None, run: Run = RUN) -> tuple[dict[str, Any], ...]:
    return write_results(book(), who.assessment(), head or header(), run)


def extensions(element: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """Return the extensions of an element whose URL ends in this name."""
    return [one for one in element.get("extension", ()) if one["url"].rpartition("/")[2] == name]


def parts(extension: Mapping[str, Any], name: str) -> list[Any]:
    """Return the values of the parts of a complex extension."""
    found = [one for one in extension["extension"] if one["url"] == name]
    return [one.get("extension") or next(value for key, value in one.items() if key != "url") for one in found]


def codes(concept: Mapping[str, Any]) -> list[str]:
    return [coding["code"] for coding in concept["coding"]]


def texts(value: object) -> Iterable[str]:
    """Visit every human text of a result: not the codes, names and addresses."""
    skipped = {
        "url",
        "system",
        "code",
        "value",
        "valueCode",
        "reference",
        "fullUrl",
        "profile",
        "instantiatesCanonical",
    }
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in skipped:
                yield from texts(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from texts(inner)
    elif isinstance(value, str):
        yield value
