"""What went into a result: each known finding with its value and where it came from, and each open one by its name."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from service.engine.facts import Fact
from service.mapping.canonical import BASE
from service.mapping.writing.results import write_results
from tests.mapping.writing.patients import RESPONSE, RUN, book, extensions, header, patient

UCUM = "http://unitsofmeasure.org"


def risk(**facts: Fact) -> dict[str, Any]:
    """Write the RiskAssessment of somebody of whom this is known, too."""
    assessment = patient("ambulance").assessment()
    known = {**assessment.facts, **{name.replace("_", "-"): fact for name, fact in facts.items()}}
    written: dict[str, Any] = write_results(book(), replace(assessment, facts=known), header(), RUN)[0]["resource"]
    return written


def link(link_id: str) -> dict[str, str]:
    return {"url": "linkId", "valueString": link_id}


USED: list[tuple[str, Fact, list[dict[str, Any]], str, list[dict[str, Any]], str]] = [
    # finding, what is known, its values, origin, places, comment
    ("dyspnoea", Fact(True, "response", ("dyspnoea",)), [{"valueBoolean": True}], "response",
     [link("dyspnoea")], "yes"),
    ("rigors", Fact(False, "response", ("list-general",)), [{"valueBoolean": False}], "response",
     [link("list-general")], "no, in a checklist"),
    ("severity-now", Fact(Decimal(3), "response", ("severity-now",)), [{"valueInteger": 3}], "response",
     [link("severity-now")], "a whole number"),
    ("temperature", Fact(Decimal("38.50"), "response", ("temperature",)),
     [{"valueQuantity": {"value": Decimal("38.50"), "system": UCUM, "code": "Cel"}}], "response",
     [link("temperature")], "a number with a unit"),
    ("tried", Fact(frozenset({"nsaid", "heat"}), "response", ("tried",)),
     [{"valueCode": "heat"}, {"valueCode": "nsaid"}], "response", [link("tried")], "options, in the order of the book"),
    ("hx-liver", Fact(True, "record", ("Condition/1", "Bundle.entry[3].resource")), [{"valueBoolean": True}], "record",
     [{"url": "resource", "valueReference": {"reference": "Condition/1"}},
      {"url": "resource", "valueReference": {"display": "Bundle.entry[3].resource"}}], "two resources of the record"),
    ("arm-weak", Fact(True, "derived", ("arm-weak-severe",)), [{"valueBoolean": True}], "derived",
     [{"url": "finding", "valueCode": "arm-weak-severe"}], "it follows from another finding"),
    ("improving", Fact(False, "contradiction", ("improving", "worsening")), [{"valueBoolean": False}], "contradiction",
     [{"url": "finding", "valueCode": "improving"}, {"url": "finding", "valueCode": "worsening"}], "against others"),
    ("pregnant", Fact(False, "not-shown", ("sex",)), [{"valueBoolean": False}], "not-shown", [link("sex")],
     "another answer hid the question"),
    ("free-text", Fact(True, "service"), [{"valueBoolean": True}], "service", [], "the service itself knows it"),
]  # fmt: skip


@pytest.mark.parametrize(("finding", "fact", "values", "origin", "places", "_comment"), USED)
def test_what_was_used_names_the_finding_its_values_and_where_they_are_from(
    finding: str,
    fact: Fact,
    values: list[dict[str, Any]],
    origin: str,
    places: list[dict[str, Any]],
    _comment: str,
) -> None:
    expected = {
        "url": f"{BASE}/StructureDefinition/input-used",
        "extension": [
            {"url": "finding", "valueCode": finding},
            *({"url": "value", **one} for one in values),
            {"url": "from", "extension": [{"url": "origin", "valueCode": origin}, *places]},
        ],
    }
    written = extensions(risk(**{finding: fact}), "input-used")
    assert [one for one in written if one["extension"][0] == {"url": "finding", "valueCode": finding}] == [expected]
    order = [one["extension"][0]["valueCode"] for one in written]
    assert order == [name for name in book().findings if name in order]


def test_a_number_without_a_unit_that_need_not_be_whole_is_a_decimal() -> None:
    without = replace(book().findings["temperature"], unit="")
    rules = replace(book(), findings={**book().findings, "temperature": without})
    who = patient("fever measured")
    (written, *_) = write_results(rules, who.assessment(), header(), RUN)
    used = [one["extension"] for one in extensions(written["resource"], "input-used")]
    assert {"url": "value", "valueDecimal": Decimal("38.50")} in next(
        one for one in used if one[0]["valueCode"] == "temperature"
    )


def test_what_is_open_is_named_in_the_order_of_the_engine() -> None:
    (written, *_) = write_results(book(), patient("open: nobody asked how bad").assessment(), header(), RUN)
    assert extensions(written["resource"], "input-missing") == [
        {"url": f"{BASE}/StructureDefinition/input-missing", "valueCode": one}
        for one in ("severity-now", "severity-onset")
    ]


def test_the_basis_names_each_resource_of_the_record_once_in_the_order_of_the_findings() -> None:
    told = {
        "hx_diabetes": Fact(True, "record", ("Condition/2", "Condition/1")),
        "hx_liver": Fact(True, "record", ("Condition/1", "Condition/3")),
    }
    first, then = sorted(told, key=lambda name: list(book().findings).index(name.replace("_", "-")))
    places = dict.fromkeys([*told[first].where, *told[then].where])
    for facts in (told, dict(reversed(told.items()))):
        assert risk(**facts)["basis"] == [RESPONSE, *({"reference": one} for one in places)]
