"""What is read at a glance is read as in full: both accept, refuse and understand alike, whatever is sent."""

import os
import sys
from collections import Counter
from copy import deepcopy
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse

from service.errors import Refused
from service.mapping.answers import read_answers
from service.mapping.body import open_body
from service.mapping.gate.quick import is_plainly_right
from service.mapping.gate.structure import check_in_full
from service.mapping.identity import canonical_bytes, canonical_text
from service.mapping.quick_answers import quick_reader
from service.mapping.writing.json_bytes import dump
from service.settings import Settings
from service.usecases.triage import Triage
from tests.mapping.mutations import as_an_ehr_sends_it, damaged
from tests.mapping.reading import LIMITS
from tests.mapping.responses import BOOK, FORM, Json, as_bytes

CASES = int(os.environ.get("RANDOM_CASES", "3000"))
READER = quick_reader(FORM)
QUICK, SLOW = Triage(BOOK, Settings()), Triage(BOOK, Settings())
object.__setattr__(SLOW, "read_quickly", None)


def _padding(size: int) -> Json:
    return {"url": "urn:padding", "valueString": "x" * size}


def _padded(size: int) -> Json:
    return {"code": {"text": "padding"}, "extension": [_padding(size)]}


def bodies() -> list[Json]:
    random = Random(20261121)  # noqa: S311 - a seed, so that a failure can be seen again
    sent = [as_an_ehr_sends_it(random) for _ in range(20)]
    return [*sent, *(damaged(random.choice(sent), random) for _ in range(CASES))]


def test_a_glance_accepts_and_reads_nothing_that_the_full_reader_would_not() -> None:
    counts: Counter[str] = Counter()
    for content in bodies():
        faults = check_in_full(content, "QuestionnaireResponse")
        answers = None if faults else read_answers(FORM, content, "QuestionnaireResponse")
        glance = READER(content, "QuestionnaireResponse") if isinstance(content, dict) else None
        if glance is not None:
            assert (faults, glance) == ((), answers), content
        if is_plainly_right(content):
            assert faults == (), content
        counts["refused" if answers is None or answers.issues else "at a glance" if glance else "in full"] += 1
    sys.stdout.write(f"{sum(counts.values())} bodies: {dict(counts)}\n")
    assert min(counts["refused"], counts["at a glance"], counts["in full"]) > 0


def test_what_is_accepted_is_accepted_by_fhir_resources_too() -> None:
    accepted = 0
    for content in bodies()[: max(CASES // 10, 300)]:
        if not check_in_full(content, "QuestionnaireResponse"):
            QuestionnaireResponse.model_validate(deepcopy(content))
            accepted += 1
    sys.stdout.write(f"{accepted} accepted by both\n")
    assert accepted > 20


def test_the_answers_are_the_same_bytes() -> None:
    for content in bodies()[: max(CASES // 50, 60)]:
        assert _answer(QUICK, content) == _answer(SLOW, content)


def test_the_two_ways_to_write_the_canonical_text_agree() -> None:
    for content in bodies()[:500]:
        assert canonical_bytes(content) == canonical_text(content).encode("utf-8", "surrogatepass")


def test_a_body_opened_at_a_glance_is_the_body_opened_in_full() -> None:
    body = as_bytes(as_an_ehr_sends_it(Random(1)))  # noqa: S311
    glance, full = (open_body(body, LIMITS, reader).responses[0] for reader in (READER, None))
    assert glance.answers == read_answers(FORM, full.content, full.place)
    assert (glance.content, glance.faults, full.answers) == (full.content, full.faults, None)


@pytest.mark.parametrize(
    "content",
    [
        {"resourceType": "QuestionnaireResponse", "item": []},
        {"resourceType": "QuestionnaireResponse", "status": "completed", "item": [1]},
        {"resourceType": "QuestionnaireResponse", "status": "completed", "item": [{"linkId": ["a"]}]},
        {"resourceType": ["QuestionnaireResponse"]},
        {"resourceType": "Bundle", "type": "collection"},
        {},
    ],
)
def test_what_is_no_plain_response_is_never_read_at_a_glance(content: dict[str, Any]) -> None:
    assert READER(content, "QuestionnaireResponse") is None


def _answer(triage: Triage, content: Json) -> object:
    parameters = {
        "resourceType": "Parameters",
        "parameter": [
            {"name": "response", "resource": content},
            {"name": "at", "valueDateTime": "2026-11-21T12:00:00Z"},
        ],
    }
    try:
        return dump(triage(as_bytes(parameters)).resource)
    except Refused as refused:
        return refused.status, refused.issues


LARGE = 256 * 1024
"""A body above this is larger than one response may be, so that each response in it is measured."""


@pytest.mark.parametrize(
    ("changed", "is_read_at_a_glance"),
    [
        # what the second response holds, whether a glance is enough, why
        pytest.param({}, True, id="within every limit"),
        pytest.param({"language": "de"}, True, id="another element that is plainly right"),
        pytest.param({"status": "done"}, False, id="a fault"),
        pytest.param({"item": [{"linkId": f"{n}"} for n in range(1001)]}, False, id="more items than a response may"),
        pytest.param({"extension": [{"url": "urn:a", "valueDecimal": Decimal(2**70)}]}, False, id="71 bits"),
        pytest.param({"extension": [_padding(50_000) for _ in range(6)]}, False, id="more bytes than a response may"),
    ],
)
def test_each_response_of_a_large_bundle_is_opened_as_it_is_in_full(changed: Json, is_read_at_a_glance: bool) -> None:
    random = Random(3)  # noqa: S311
    plain = as_an_ehr_sends_it(random)
    resources = [plain, {**plain, **changed}, *({"resourceType": "Basic", **_padded(60_000)} for _ in range(5))]
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in resources]}
    body = as_bytes(bundle)
    assert len(body) > LARGE
    glance, full = (open_body(body, LIMITS, reader).responses for reader in (READER, None))
    assert [(one.content, one.place, one.faults) for one in glance] == [
        (one.content, one.place, one.faults) for one in full
    ]
    assert [one.answers is not None for one in glance] == [True, is_read_at_a_glance]
    assert glance[0].answers == read_answers(FORM, full[0].content, full[0].place)
