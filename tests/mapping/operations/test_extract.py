"""What ``$extract`` writes of each kind of answer, whole; and what it leaves out."""

import uuid
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from service.engine.facts import Fact, Origin, Value
from service.mapping.canonical import BASE
from service.mapping.header import ResponseHeader
from service.mapping.operations.extract import codings_of, extracted
from tests.mapping.responses import BOOK

Json = dict[str, Any]

HEADER = ResponseHeader(
    reference={"reference": "QuestionnaireResponse/r1", "type": "QuestionnaireResponse"},
    subject={"reference": "Patient/1"},
    encounter={"reference": "Encounter/1"},
    authored="2026-11-21T10:00:00Z",
    status="completed",
    identity="the identity of the response",
    content_digest="c",
    context_digest="d",
    free_texts=(),
    has_blanks=False,
    notices=(),
)
FEVER = {"system": "http://snomed.info/sct", "code": "386661006", "display": "Fever"}
CODINGS = {"fever": (FEVER,)}
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, BASE)
OPTION = f"{BASE}/CodeSystem/finding-option"


def entries(header: ResponseHeader = HEADER, origin: Origin = "response", **said: Value) -> list[Json]:
    """Extract what was answered; a finding is written with underscores for its hyphens."""
    facts = {name.replace("_", "-"): Fact(value, origin) for name, value in said.items()}
    bundle = extracted(BOOK, CODINGS, facts, header)
    assert (bundle["resourceType"], bundle["type"]) == ("Bundle", "transaction")
    found: list[Json] = bundle.get("entry", [])
    return found


def name_of(finding: str) -> str:
    """Name the resource of a finding: the same response always gives the same name."""
    return str(uuid.uuid5(NAMESPACE, f'["extracted", "the identity of the response", "{finding}"]'))


def identifier(finding: str) -> list[Json]:
    return [{"system": f"{BASE}/identifier/extracted", "value": name_of(finding)}]


def concept(finding: str, *external: Json) -> Json:
    label = BOOK.findings[finding].label
    own = {"system": f"{BASE}/CodeSystem/finding", "code": finding, "display": label}
    return {"coding": [own, *external], "text": label}


def observation(finding: str, *external: Json, **value: object) -> Json:
    return {
        "resourceType": "Observation",
        "identifier": identifier(finding),
        "status": "final",
        "category": [
            {
                "coding": [
                    {
                        "system": "http://terminology.hl7.org/CodeSystem/observation-category",
                        "code": "survey",
                        "display": "Survey",
                    }
                ]
            }
        ],
        "code": concept(finding, *external),
        "subject": {"reference": "Patient/1"},
        "encounter": {"reference": "Encounter/1"},
        "effectiveDateTime": "2026-11-21T10:00:00Z",
        "issued": "2026-11-21T10:00:00Z",
        "derivedFrom": [{"reference": "QuestionnaireResponse/r1", "type": "QuestionnaireResponse"}],
        **value,
    }


CANCER: Json = {
    "resourceType": "Condition",
    "identifier": identifier("hx-cancer"),
    "verificationStatus": {
        "coding": [
            {
                "system": "http://terminology.hl7.org/CodeSystem/condition-ver-status",
                "code": "unconfirmed",
                "display": "Unconfirmed",
            }
        ],
        "text": "Answered in a questionnaire, confirmed by nobody",
    },
    "code": concept("hx-cancer"),
    "subject": {"reference": "Patient/1"},
    "encounter": {"reference": "Encounter/1"},
    "recordedDate": "2026-11-21T10:00:00Z",
    "evidence": [{"detail": [{"reference": "QuestionnaireResponse/r1", "type": "QuestionnaireResponse"}]}],
}


def chosen(finding: str, code: str) -> Json:
    system = "http://hl7.org/fhir/administrative-gender" if finding == "sex" else OPTION
    return {"coding": [{"system": system, "code": code, "display": BOOK.form.words[code]}]}


KINDS: list[tuple[str, Value, Json]] = [
    # finding, what was answered, the whole resource
    ("fever", True, observation("fever", FEVER, valueBoolean=True)),
    ("fever", False, observation("fever", FEVER, valueBoolean=False)),
    ("hx-cancer", True, CANCER),
    ("hx-cancer", False, observation("hx-cancer", valueBoolean=False)),
    ("severity-now", Decimal(7), observation("severity-now", valueInteger=7)),
    (
        "age",
        Decimal(46),
        observation("age", valueQuantity={"value": Decimal(46), "system": "http://unitsofmeasure.org", "code": "a"}),
    ),
    (
        "temperature",
        Decimal("38.50"),
        observation(
            "temperature",
            valueQuantity={"value": Decimal("38.50"), "system": "http://unitsofmeasure.org", "code": "Cel"},
        ),
    ),
    ("sex", frozenset({"female"}), observation("sex", valueCodeableConcept=chosen("sex", "female"))),
    ("tried", frozenset({"heat"}), observation("tried", valueCodeableConcept=chosen("tried", "heat"))),
    (
        "tried",
        frozenset({"rest", "heat"}),
        observation(
            "tried",
            component=[
                {"code": chosen("tried", "heat"), "valueBoolean": True},
                {"code": chosen("tried", "rest"), "valueBoolean": True},
            ],
        ),
    ),
]


def _named(finding: str, value: Value) -> str:
    return f"{finding} {'+'.join(sorted(value)) if isinstance(value, frozenset) else value}"


@pytest.mark.parametrize(("finding", "value", "resource"), KINDS, ids=[_named(*row[:2]) for row in KINDS])
def test_an_answer_is_created_as_a_resource_unless_it_was_before(finding: str, value: Value, resource: Json) -> None:
    kind, name = resource["resourceType"], name_of(finding)
    (entry,) = entries(**{finding.replace("-", "_"): value})
    assert entry == {
        "fullUrl": f"urn:uuid:{name}",
        "resource": resource,
        "request": {
            "method": "POST",
            "url": kind,
            "ifNoneExist": f"identifier={BASE}/identifier/extracted|{name}",
        },
    }


def test_an_option_without_words_is_shown_by_its_code() -> None:
    book = replace(BOOK, form=replace(BOOK.form, words={}))
    bundle = extracted(book, {}, {"sex": Fact(frozenset({"male"}), "response")}, HEADER)
    (coding,) = bundle["entry"][0]["resource"]["valueCodeableConcept"]["coding"]
    assert coding["display"] == "male"


def test_a_number_without_a_unit_that_may_have_a_point_is_a_quantity_without_one() -> None:
    book = replace(BOOK, findings={**BOOK.findings, "temperature": replace(BOOK.findings["temperature"], unit="")})
    bundle = extracted(book, {}, {"temperature": Fact(Decimal("38.5"), "response")}, HEADER)
    assert bundle["entry"][0]["resource"]["valueQuantity"] == {"value": Decimal("38.5")}


def test_of_an_amended_response_each_resource_is_updated_by_its_name() -> None:
    observed, condition = entries(replace(HEADER, status="amended"), fever=True, hx_cancer=True)
    name, other = name_of("fever"), name_of("hx-cancer")
    assert observed["request"] == {
        "method": "PUT",
        "url": f"Observation?identifier={BASE}/identifier/extracted|{name}",
    }
    assert observed["resource"] == observation("fever", FEVER, valueBoolean=True) | {"status": "amended"}
    assert condition["request"]["url"] == f"Condition?identifier={BASE}/identifier/extracted|{other}"
    assert condition["resource"] == CANCER


@pytest.mark.parametrize(
    ("authored", "effective", "issued"),
    [
        # authored, effectiveDateTime, issued: an instant, which a day is not
        ("2026-11-21T10:00:00Z", "2026-11-21T10:00:00Z", "2026-11-21T10:00:00Z"),
        ("2026-11-21", "2026-11-21", None),
        ("", None, None),
    ],
)
def test_the_time_is_that_of_the_response(authored: str, effective: str | None, issued: str | None) -> None:
    observed, condition = (
        entry["resource"] for entry in entries(replace(HEADER, authored=authored), fever=True, hx_cancer=True)
    )
    assert (observed.get("effectiveDateTime"), observed.get("issued")) == (effective, issued)
    assert condition.get("recordedDate") == effective


@pytest.mark.parametrize("status", ["in-progress", "stopped"])
def test_what_an_unfinished_response_says_is_preliminary(status: str) -> None:
    (entry,) = entries(replace(HEADER, status=status), fever=True)
    assert entry["resource"]["status"] == "preliminary"


def test_without_an_encounter_none_is_named() -> None:
    for entry in entries(replace(HEADER, encounter=None), fever=True, hx_cancer=True):
        assert "encounter" not in entry["resource"]
        assert entry["resource"]["subject"] == {"reference": "Patient/1"}


@pytest.mark.parametrize("origin", ["record", "not-shown", "derived", "contradiction", "service"])
def test_what_nobody_answered_is_not_written(origin: Origin) -> None:
    assert extracted(BOOK, CODINGS, {"fever": Fact(True, origin)}, HEADER) == {
        "resourceType": "Bundle",
        "type": "transaction",
    }


def test_answers_stand_in_the_order_of_the_findings_and_a_text_is_no_answer() -> None:
    written = [
        entry["resource"]["code"]["coding"][0]["code"]
        for entry in entries(age=Decimal(46), note=frozenset({"a"}), hx_cancer=True, fever=False)
    ]
    assert written == [finding for finding in BOOK.findings if finding in ("age", "hx-cancer", "fever")]


def test_only_a_code_that_means_the_finding_itself_stands_beside_it() -> None:
    def target(code: str, equivalence: str) -> Json:
        return {"code": code, "display": f"display of {code}", "equivalence": equivalence}

    def element(code: str, *targets: Json) -> Json:
        return {"code": code, "target": list(targets)}

    concept_map = {
        "group": [
            {
                "target": "urn:one",
                "element": [
                    element("fever", target("1", "equivalent"), target("2", "wider"), target("3", "equal")),
                    element("cough", target("4", "narrower"), target("5", "inexact")),
                ],
            },
            {"target": "urn:two", "element": [element("fever", target("6", "equivalent"))]},
        ]
    }
    assert codings_of(concept_map) == {
        "fever": (
            {"system": "urn:one", "code": "1", "display": "display of 1"},
            {"system": "urn:one", "code": "3", "display": "display of 3"},
            {"system": "urn:two", "code": "6", "display": "display of 6"},
        )
    }
