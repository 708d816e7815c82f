"""What is left out of a resource, and that what remains says so and is still valid."""

from decimal import Decimal
from typing import Any

import pytest

from service.mapping.search.subset import TAG, Subset, shortened

PLAN: dict[str, Any] = {
    "resourceType": "CarePlan",
    "id": "p1",
    "meta": {"versionId": "2", "tag": [{"code": "kept"}]},
    "text": {"status": "generated", "div": "<div/>"},
    "status": "draft",
    "_status": {"id": "s"},
    "intent": "proposal",
    "title": "Plan",
    "subject": {"reference": "Patient/1"},
    "note": [{"text": "a note"}],
}

# fmt: off
KEPT = [
    # subset                                      beyond resourceType, id, meta                      comment
    (Subset("true"),                              {"status", "_status", "intent", "title", "subject"}, "R4's summary"),
    (Subset("text"),                          {"text", "status", "_status", "intent", "subject"}, "text and mandatory"),
    (Subset("data"),                            {"status", "_status", "intent", "title", "subject", "note"}, "no text"),
    (Subset(elements=("note",)),                  {"note", "status", "_status", "intent", "subject"}, "mandatory stay"),
    (Subset(elements=("CarePlan.note", "x")),     {"note", "status", "_status", "intent", "subject"}, "with its type"),
    (Subset(elements=("note.text",)),             {"note", "status", "_status", "intent", "subject"}, "whole elements"),
    (Subset("true", ("note",)),                   {"note", "status", "_status", "intent", "title", "subject"}, "both"),
]
# fmt: on


@pytest.mark.parametrize(("subset", "kept", "comment"), KEPT)
def test_what_is_kept(subset: Subset, kept: set[str], comment: str) -> None:
    left = shortened(PLAN, subset)
    assert left.keys() - {"resourceType", "id", "meta"} == kept, comment
    assert left["meta"] == {"versionId": "2", "tag": [{"code": "kept"}, TAG]}, comment


def test_the_whole_resource_is_not_tagged() -> None:
    assert shortened(PLAN, Subset()) == PLAN


def test_one_kind_of_a_choice_is_kept_for_the_choice() -> None:
    request = {
        "resourceType": "ServiceRequest",
        "id": "1",
        "quantityQuantity": {"value": Decimal("1.0")},
        "quantityX": 1,
    }
    assert "quantityQuantity" in shortened(request, Subset("true"))


@pytest.mark.parametrize("element", ["supportingInfo", "relevantHistory", "insurance", "quantitative"])
def test_what_is_no_kind_of_a_choice_is_left_out(element: str) -> None:
    """R4's summary of a ServiceRequest has quantity[x], occurrence[x] and asNeeded[x], and none of these."""
    assert shortened({"resourceType": "ServiceRequest", element: 1}, Subset("true")).keys() == {"resourceType", "meta"}


def test_of_a_type_without_a_list_nothing_stays_but_what_always_does() -> None:
    patient = {"active": True, "text": {"status": "empty"}, "meta": {"versionId": "1"}, "resourceType": "Patient"}
    for summary, kept in (("true", {}), ("text", {"text": {"status": "empty"}}), ("data", {"active": True})):
        left = shortened(patient, Subset(summary))
        assert left == {"resourceType": "Patient", **kept, "meta": {"versionId": "1", "tag": [TAG]}}
    assert shortened({**patient, "id": "p"}, Subset(elements=("active",))).keys() >= {"id", "active"}


def test_a_resource_begins_with_its_type_and_its_id() -> None:
    written_last = {"meta": {}, "status": "draft", "id": "p", "resourceType": "CarePlan"}
    assert list(shortened(written_last, Subset("data"))) == ["resourceType", "id", "meta", "status"]
    assert "id" not in shortened({"resourceType": "CarePlan"}, Subset("data"))


def test_the_resource_itself_is_left_as_it_is() -> None:
    before = {**PLAN, "meta": dict(PLAN["meta"])}
    shortened(PLAN, Subset("true"))
    assert before == PLAN
